"""/sdapi/v1, driven by the `webuiapi` package."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pytest
import webuiapi
from PIL import Image

from danqing.provenance import verify
from support.serving import PASSWORD, Served

WATERMARK_LEVELS = 12
"""How far the invisible watermark may move a level, of 255."""


@pytest.fixture(scope="module")
def api(studio: Served) -> Iterator[webuiapi.WebUIApi]:
    made = webuiapi.WebUIApi(baseurl=f"{studio.url}/sdapi/v1", sampler="Euler a", steps=20)
    yield made
    made.session.close()


def released(studio: Served, info: str | dict[str, object]) -> bytes:
    """The file an answer was about, as it was released."""
    told = json.loads(info) if isinstance(info, str) else info
    return studio.house.services.store.released_bytes(told["danqing"]["artworks"][0])  # type: ignore[index]


def test_txt2img_has_pictures_and_a_real_info(studio: Served, api: webuiapi.WebUIApi) -> None:
    result = api.txt2img(
        prompt="三只红色的猫", negative_prompt="ugly", seed=7, width=96, height=64, batch_size=2
    )
    assert [image.size for image in result.images] == [(96, 64)] * 2
    assert result.info["all_seeds"] == [7, 8]
    assert result.info["seed"] == 7
    assert result.info["prompt"] == "三只红色的猫"
    assert result.info["sd_model_name"] == "test-card"
    assert "Seed: 7" in result.info["infotexts"][0]
    data = released(studio, result.info)
    found = verify(data, studio.house.services.signing_keys.anchors)
    assert found.aigc is not None
    assert found.credential.state == "trusted"


def test_the_label_survives_in_what_comes_back(studio: Served, api: webuiapi.WebUIApi) -> None:
    import base64

    answer = api.session.post(f"{api.baseurl}/txt2img", json={"prompt": "一只猫", "width": 64,
                                                              "height": 64})  # fmt: skip
    data = base64.b64decode(answer.json()["images"][0])
    assert data == released(studio, answer.json()["info"])


def test_img2img_needs_the_declaration(api: webuiapi.WebUIApi) -> None:
    red = Image.new("RGB", (96, 96), "red")
    with pytest.raises(RuntimeError) as refused:
        api.img2img(images=[red], prompt="一只蓝色的鸟", width=96, height=96)
    assert refused.value.args[0] == 403
    result = api.img2img(
        images=[red], prompt="一只蓝色的鸟", width=96, height=96, denoising_strength=0.5,
        alwayson_scripts={"danqing": {"i_may_use_this": True}},
    )  # fmt: skip
    assert result.image.size == (96, 96)
    assert result.info["denoising_strength"] == 0.5


def test_img2img_within_a_mask(api: webuiapi.WebUIApi) -> None:
    red = Image.new("RGB", (96, 96), "red")
    mask = Image.new("L", (96, 96))
    mask.paste(255, (0, 0, 48, 96))
    api.session.headers["X-I-May-Use-This"] = "yes"
    try:
        result = api.img2img(images=[red], mask_image=mask, prompt="一只鸟", width=96, height=96)
    finally:
        del api.session.headers["X-I-May-Use-This"]
    kept = np.asarray(result.image.convert("RGB"))[20:30, 70:90].reshape(-1, 3)
    assert np.abs(kept.astype(int) - (255, 0, 0)).max() <= WATERMARK_LEVELS


def test_enlarging_labels_anew(studio: Served, api: webuiapi.WebUIApi) -> None:
    drawn = api.txt2img(prompt="一只猫", width=64, height=64)
    whole = Image.open(BytesIO(released(studio, drawn.info)))
    with pytest.raises(RuntimeError):  # webuiapi packs the picture again, without its label
        api.extra_single_image(Image.new("RGB", (64, 64), "red"))
    api.session.headers["X-I-May-Use-This"] = "yes"
    try:
        larger = api.extra_single_image(whole, upscaling_resize=2)
        batch = api.extra_batch_images([whole, whole], upscaling_resize=100)
    finally:
        del api.session.headers["X-I-May-Use-This"]
    assert larger.image.size == (128, 128)
    assert [image.size for image in batch.images] == [(2048, 2048)] * 2
    assert "2048×2048" in batch.info


def test_our_own_file_is_known_again(studio: Served, api: webuiapi.WebUIApi) -> None:
    import base64

    drawn = api.txt2img(prompt="一只吃竹子的熊猫", width=96, height=96, seed=3)
    image = base64.b64encode(released(studio, drawn.info)).decode()
    found = api.session.post(f"{api.baseurl}/png-info", json={"image": image}).json()
    assert found["info"].startswith("一只吃竹子的熊猫\nSeed: 3")
    assert found["items"]["AIGC.Label"] == "1"
    said = api.session.post(f"{api.baseurl}/interrogate", json={"image": image}).json()
    assert said == {"caption": "一只吃竹子的熊猫"}
    assert api.png_info(Image.new("RGB", (64, 64))).info == ""


def test_refusals_say_why(api: webuiapi.WebUIApi) -> None:
    with pytest.raises(RuntimeError) as refused:
        api.txt2img(prompt="how to make a pipe bomb, step by step")
    status, text = refused.value.args
    error = json.loads(text)["error"]
    assert status == 403
    assert error["code"] == "refused"
    assert error["reasons"]


def test_choosing_an_engine(api: webuiapi.WebUIApi) -> None:
    assert {"mini", "test-card"} <= set(api.util_get_model_names())
    api.set_options({"sd_model_checkpoint": "no-such-thing.safetensors"})
    assert api.util_get_current_model() == "test-card"
    api.util_set_model("mini")
    assert api.util_get_current_model() == "mini"
    api.util_set_model("test-card")


def test_every_other_route_answers_in_its_shape(api: webuiapi.WebUIApi) -> None:
    progress = api.get_progress()
    assert progress["progress"] == 0.0
    assert progress["state"]["job_count"] == 0
    assert api.get_samplers()[0]["name"]
    assert api.get_schedulers()[0]["label"]
    assert api.get_cmd_flags()["api"] is True
    assert api.get_memory()["ram"]["total"] > 0
    for empty in (api.get_sd_vae, api.get_loras, api.get_hypernetworks, api.get_face_restorers,
                  api.get_realesrgan_models, api.get_artists, api.get_artist_categories):  # fmt: skip
        assert empty() == []
    assert api.get_upscalers()
    assert api.get_latent_upscale_modes()
    assert api.get_embeddings() == {"loaded": {}, "skipped": {}}
    assert api.get_scripts() == {"txt2img": [], "img2img": []}
    assert isinstance(api.get_prompt_styles(), list)
    for nothing in (api.interrupt, api.skip, api.refresh_checkpoints):
        assert nothing() == {}
    api.util_wait_for_ready(check_interval=0.1)


def test_it_can_sign_in_as_such_programs_do(team: Served) -> None:
    api = webuiapi.WebUIApi(
        baseurl=f"{team.url}/sdapi/v1", username="小李".encode(), password=PASSWORD.encode()
    )
    with api.session:
        assert api.get_options()["sd_model_checkpoint"] == "test-card"
    by_key = webuiapi.WebUIApi(
        baseurl=f"{team.url}/sdapi/v1", username="x", password=team.tokens["小李"]
    )
    with by_key.session:
        assert by_key.txt2img(prompt="一只猫", width=64, height=64).image.size == (64, 64)
