"""Requests and answers in the shapes that API's clients know (OpenAI's images guide, 2026)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from danqing.request.types import MAX_PROMPT_CHARACTERS, PictureFormat
from danqing.server.asking import MOST_PICTURES

Background = Literal["transparent", "opaque", "auto"]
ResponseFormat = Literal["url", "b64_json"]
OutputFormat = Literal["png", "jpeg", "webp", "svg"]
ALIASES = frozenset({
    "dall-e-2", "dall-e-3", "gpt-image-1", "gpt-image-1-mini", "gpt-image-1.5", "gpt-image-2",
    "chatgpt-image-latest", "danqing",
})  # fmt: skip
"""Names clients send of their own accord; each means the engine set up here."""
_PROMPT_BYTES = 100_000


class ImageRequest(BaseModel):
    """What is asked of /v1/images/generations. `quality`, `moderation` and `user` are taken and have
    no effect: there is one quality, the rules can't be turned down, and the key says who asks."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {"prompt": "一只吃竹子的熊猫", "n": 1, "size": "512x512"},
                {"prompt": "three red cats", "background": "transparent", "async": True},
            ]
        },
    )

    prompt: str = Field(
        max_length=_PROMPT_BYTES,
        description=f"Chinese or English, at most {MAX_PROMPT_CHARACTERS} characters.",
    )
    model: str | None = Field(None, max_length=64, description="An engine from /v1/models.")
    n: int | None = Field(1, ge=1, le=MOST_PICTURES)
    size: str | None = Field(
        None, max_length=32, description="`WIDTHxHEIGHT` or `auto`; the nearest there is is drawn.",
        examples=["512x512"],
    )  # fmt: skip
    response_format: ResponseFormat | None = "b64_json"
    background: Background | None = "auto"
    output_format: OutputFormat | None = "png"
    style: str | None = Field(None, max_length=64)
    seed: int | None = Field(None, ge=0, lt=2**63, description="Ours: the first picture's seed.")
    stream: bool | None = False
    partial_images: int | None = Field(
        0, ge=0, le=3, description="With `stream`: of each picture on its way; labelled, too."
    )
    grant: str | None = Field(
        None, max_length=64,
        description="Ours: a grant's id, by which the pictures leave without their visible mark.",
    )  # fmt: skip
    asynchronous: bool = Field(
        False, alias="async", description="Ours: answer at once with a task to ask for later."
    )
    quality: str | None = Field(None, max_length=32)
    moderation: str | None = Field(None, max_length=32)
    output_compression: int | None = Field(None, ge=0, le=100)
    user: str | None = Field(None, max_length=256)

    @property
    def previews(self) -> int:
        return (self.partial_images or 0) if self.stream else 0

    @property
    def format(self) -> PictureFormat:
        return self.output_format or "png"

    @property
    def transparent(self) -> bool:
        return self.background == "transparent"


class ImageData(BaseModel):
    """One picture. id: ours, to find it again; seed: to draw it again."""

    url: str | None = None
    b64_json: str | None = None
    revised_prompt: str | None = Field(
        None, description="The part of the sentence that was understood, in its own words."
    )
    id: str
    seed: int


class TokensDetails(BaseModel):
    image_tokens: int = 0
    text_tokens: int = 0


class Usage(BaseModel):
    """There are no tokens here; clients that add them up get zeros. core_s: processor seconds."""

    input_tokens: int = 0
    input_tokens_details: TokensDetails = TokensDetails()
    output_tokens: int = 0
    total_tokens: int = 0
    core_s: float = 0.0


class ImagesAnswer(BaseModel):
    """Finished pictures. notes: where they differ from what was asked, in the reader's language."""

    created: int
    data: list[ImageData]
    background: Literal["transparent", "opaque"]
    output_format: OutputFormat
    size: str = Field(examples=["512x512"])
    quality: Literal["low", "medium", "high"] = "high"
    usage: Usage
    id: str = Field(description="Ours: of the task these pictures came from.")
    notes: list[str] = Field(default_factory=list)


class TaskError(BaseModel):
    code: str
    message: str
    reasons: list[dict[str, Any]] = Field(default_factory=list)


class Task(BaseModel):
    """A request that goes on while nobody waits. progress: in percent."""

    id: str = Field(examples=["01KB9N3V6W4G0C5Q2T8XJ7RM1H"])
    object: Literal["generation.task"] = "generation.task"
    status: Literal["queued", "in_progress", "completed", "failed", "cancelled"]
    progress: int = Field(ge=0, le=100, examples=[25])
    created: int
    model: str
    place: int | None = Field(None, description="In line; 1 is next.")
    remaining_s: float | None = Field(None, description="Until it is likely to be done.")
    notes: list[str] = Field(default_factory=list)
    result: ImagesAnswer | None = None
    error: TaskError | None = None
