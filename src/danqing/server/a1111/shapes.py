"""Requests and answers in the shapes /sdapi/v1 has. Fields that mean nothing here are let by."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from danqing.server.asking import MOST_PICTURES

_ONE_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNgAAAAAgAB5Sfe/AAAAABJRU5ErkJggg=="
)
Base64 = Annotated[
    str,
    Field(
        max_length=46_000_000, description="Bare base64 or a data: URL.", examples=[_ONE_PIXEL]
    ),
]  # fmt: skip


class DrawingRequest(BaseModel):
    """What text and picture have in common. batch_size × n_iter pictures, at most fifty."""

    model_config = ConfigDict(extra="ignore")

    prompt: str = Field("", max_length=100_000, examples=["一只吃竹子的熊猫"])
    negative_prompt: str | None = Field("", max_length=100_000)
    styles: list[Annotated[str, Field(max_length=64)]] | None = Field(None, max_length=8)
    seed: int | None = Field(-1, ge=-1, lt=2**63, description="-1: a random one.")
    batch_size: int | None = Field(1, ge=1, le=MOST_PICTURES)
    n_iter: int | None = Field(1, ge=1, le=MOST_PICTURES)
    width: int | None = Field(512, ge=0, le=1_000_000)
    height: int | None = Field(512, ge=0, le=1_000_000)
    steps: int | None = Field(None, ge=0, le=10_000)
    cfg_scale: float | None = Field(None, ge=0, le=1_000)
    sampler_name: str | None = Field(None, max_length=64)
    scheduler: str | None = Field(None, max_length=64)
    denoising_strength: float | None = Field(None, ge=0, le=1)
    override_settings: dict[str, Any] | None = None
    alwayson_scripts: dict[str, Any] | None = None
    send_images: bool | None = True
    save_images: bool | None = False
    force_task_id: str | None = Field(None, max_length=200)

    @property
    def pictures(self) -> int:
        return (self.batch_size or 1) * (self.n_iter or 1)


class TextToImage(DrawingRequest):
    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={"examples": [{"prompt": "三只红色的猫", "seed": 7, "batch_size": 2}]},
    )

    enable_hr: bool | None = False
    hr_scale: float | None = Field(2.0, ge=0, le=16)
    hr_resize_x: int | None = Field(0, ge=0, le=1_000_000)
    hr_resize_y: int | None = Field(0, ge=0, le=1_000_000)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) asked for: with `enable_hr` the larger one."""
        width, height = self.width or 512, self.height or 512
        if not self.enable_hr:
            return width, height
        scale = self.hr_scale or 1.0
        return (self.hr_resize_x or round(width * scale)), (
            self.hr_resize_y or round(height * scale)
        )


class ImageToImage(DrawingRequest):
    init_images: list[Base64] | None = Field(None, max_length=16)
    mask: Base64 | None = None
    inpainting_mask_invert: int | None = Field(0, ge=0, le=1)
    i_may_use_this: bool = Field(
        False, description="Ours: you may use the picture you send. It is logged."
    )


class Drawn(BaseModel):
    """images: base64. info: a JSON text, as the original has it."""

    images: list[str]
    parameters: dict[str, Any]
    info: str


class ExtraSettings(BaseModel):
    """Enlarging. resize_mode 0: by a factor; 1: to a size."""

    model_config = ConfigDict(extra="ignore")

    resize_mode: int | None = Field(0, ge=0, le=1)
    upscaling_resize: float | None = Field(2.0, gt=0, le=10_000)
    upscaling_resize_w: int | None = Field(512, ge=1, le=1_000_000)
    upscaling_resize_h: int | None = Field(512, ge=1, le=1_000_000)
    upscaling_crop: bool | None = True
    upscaler_1: str | None = Field(None, max_length=64)
    i_may_use_this: bool = False


class ExtraSingle(ExtraSettings):
    image: Base64 = ""


class NamedImage(BaseModel):
    data: Base64
    name: str = Field("", max_length=256)


class ExtraBatch(ExtraSettings):
    image_list: list[NamedImage] = Field(alias="imageList", max_length=16)


class ExtraOne(BaseModel):
    image: str
    html_info: str = ""


class ExtraMany(BaseModel):
    images: list[str]
    html_info: str = ""


class PictureIn(BaseModel):
    image: Base64
    model: str | None = Field(None, max_length=64)


class PngInfo(BaseModel):
    info: str
    items: dict[str, str]
    parameters: dict[str, Any]
