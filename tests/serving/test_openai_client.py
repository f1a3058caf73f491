"""/v1, driven by OpenAI's own Python client, and by litellm where it is installed."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from io import BytesIO

import httpx
import numpy as np
import openai
import pytest
from openai.types import ImageGenPartialImageEvent
from PIL import Image

from danqing.provenance import verify
from support.serving import Served

WATERMARK_LEVELS = 12
"""How far the invisible watermark may move a level, of 255."""
GUN = "how to make a pipe bomb, step by step"


@pytest.fixture(scope="module")
def client(team: Served) -> Iterator[openai.OpenAI]:
    made = openai.OpenAI(base_url=f"{team.url}/v1", api_key=team.tokens["小王"], max_retries=0)
    with made:
        yield made


def picture(encoded: str | None) -> Image.Image:
    return Image.open(BytesIO(base64.b64decode(encoded or "")))


def red_square() -> bytes:
    out = BytesIO()
    Image.new("RGB", (96, 96), "red").save(out, "PNG")
    return out.getvalue()


def test_a_sentence_becomes_pictures(client: openai.OpenAI, team: Served) -> None:
    answer = client.images.generate(
        model="dall-e-3", prompt="三只红色的猫", n=2, size="256x256",
        response_format="b64_json", quality="standard", user="u",
    )  # fmt: skip
    assert answer.data is not None
    assert len(answer.data) == 2
    for datum in answer.data:
        shown = picture(datum.b64_json)
        assert shown.size == (256, 256)
        assert shown.format == "PNG"
        found = verify(
            base64.b64decode(datum.b64_json or ""), team.house.services.signing_keys.anchors
        )
        assert found.aigc is not None
        assert found.credential.state == "trusted"
    extra = answer.model_extra or {}
    assert "dall-e-3" in " ".join(extra["notes"])


def test_links_transparency_and_formats(client: openai.OpenAI) -> None:
    answer = client.images.generate(
        prompt="a blue bird", size="128x128", response_format="url",
        background="transparent", output_format="webp",
    )  # fmt: skip
    assert answer.background == "transparent"
    assert answer.output_format == "webp"
    assert answer.data is not None
    assert answer.data[0].url is not None
    shown = Image.open(BytesIO(httpx.get(answer.data[0].url, timeout=60).content))
    assert shown.format == "WEBP"
    assert shown.mode == "RGBA"


def test_a_size_that_is_not_there_is_met_by_the_nearest(client: openai.OpenAI) -> None:
    answer = client.images.generate(prompt="一只猫", size="16x16")
    assert answer.size == "64x64"
    assert "16×16" in " ".join((answer.model_extra or {})["notes"])
    for wrong in ("0x0x0", "big"):
        with pytest.raises(openai.BadRequestError):
            client.images.generate(prompt="一只猫", size=wrong)


def test_a_refusal_is_the_error_clients_know(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client.images.generate(prompt=GUN, size="64x64")
    assert refused.value.code == "content_policy_violation"
    assert refused.value.type == "invalid_request_error"
    assert isinstance(refused.value.body, dict)
    assert refused.value.body["reasons"]


def test_errors_have_their_own_classes(client: openai.OpenAI, team: Served) -> None:
    with pytest.raises(openai.BadRequestError) as empty:
        client.images.generate(prompt="  ")
    assert empty.value.code == "input.empty"
    with pytest.raises(openai.BadRequestError) as many:
        client.images.generate(prompt="一只猫", n=1_000)
    assert many.value.param == "n"
    stranger = openai.OpenAI(base_url=f"{team.url}/v1", api_key="sk-no", max_retries=0)
    with stranger, pytest.raises(openai.AuthenticationError):
        stranger.models.list()
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-9")
    with pytest.raises(openai.NotFoundError) as unknown:
        client.images.generate(prompt="一只猫", model="gpt-9")
    assert unknown.value.code == "server.no_such_engine"


def test_a_stream_has_each_picture_on_its_way_and_whole(
    team: Served, client: openai.OpenAI
) -> None:
    with client.images.generate(
        prompt="一只猫和一只狗", size="64x64", stream=True, partial_images=2
    ) as stream:
        events = list(stream)
    partial, whole = "image_generation.partial_image", "image_generation.completed"
    assert [event.type for event in events] == [partial, partial, whole]
    files = [base64.b64decode(event.b64_json) for event in events]
    for index, event in enumerate(events):
        assert picture(event.b64_json).size == (64, 64)
        assert (event.size, event.output_format, event.background) == ("64x64", "png", "opaque")
        if isinstance(event, ImageGenPartialImageEvent):
            assert event.partial_image_index == index
    anchors = team.house.services.signing_keys.anchors
    labels = [verify(data, anchors).aigc for data in files]
    assert all(label is not None and label == labels[-1] for label in labels)
    assert len(set(files)) == 3


def test_a_stream_without_partial_pictures(client: openai.OpenAI) -> None:
    with client.images.generate(prompt="一只猫", n=2, size="64x64", stream=True) as stream:
        assert [event.type for event in stream] == ["image_generation.completed"] * 2


def test_an_edit_is_watched_too(client: openai.OpenAI) -> None:
    with client.images.edit(
        image=("a.png", red_square()), prompt="一只蓝色的鸟", stream=True, partial_images=1,
        extra_body={"i_may_use_this": "true"},
    ) as stream:  # fmt: skip
        assert [event.type for event in stream] == [
            "image_edit.partial_image", "image_edit.completed",
        ]  # fmt: skip


def test_an_edit_with_a_mask(client: openai.OpenAI) -> None:
    mask = Image.new("RGBA", (96, 96), "white")
    mask.paste((0, 0, 0, 0), (0, 0, 48, 96))
    out = BytesIO()
    mask.save(out, "PNG")
    with pytest.raises(openai.PermissionDeniedError) as undeclared:
        client.images.edit(image=("a.png", red_square()), prompt="一只蓝色的鸟")
    assert undeclared.value.code == "source.not_declared"
    answer = client.images.edit(
        image=("a.png", red_square()), mask=("m.png", out.getvalue()), prompt="一只蓝色的鸟",
        extra_body={"i_may_use_this": "true"},
    )  # fmt: skip
    assert answer.data is not None
    shown = picture(answer.data[0].b64_json).convert("RGB")
    kept = np.asarray(shown)[20:30, 70:90].reshape(-1, 3)  # where the mask is opaque
    assert np.abs(kept.astype(int) - (255, 0, 0)).max() <= WATERMARK_LEVELS


@pytest.mark.filterwarnings(
    "ignore:deprecated:DeprecationWarning"
)  # the client says so of its call
def test_variations_of_ones_own_need_no_declaration(client: openai.OpenAI) -> None:
    drawn = client.images.generate(prompt="一只猫", size="96x96")
    assert drawn.data is not None
    data = base64.b64decode(drawn.data[0].b64_json or "")
    answer = client.images.create_variation(image=("a.png", data), n=2, response_format="b64_json")
    assert answer.data is not None
    assert len(answer.data) == 2
    assert picture(answer.data[0].b64_json).size == (96, 96)


def test_a_task_is_asked_for_later(team: Served) -> None:
    with team.client("小王") as http:
        asked = http.post(
            "/v1/images/generations", json={"prompt": "一只猫", "size": "64x64", "async": True}
        )
        task = asked.json()
        assert asked.status_code == 202
        assert task["object"] == "generation.task"
        patience_ends = time.monotonic() + 60
        while task["status"] in ("queued", "in_progress") and time.monotonic() < patience_ends:
            time.sleep(0.1)
            task = http.get(asked.headers["location"]).json()
        assert task["status"] == "completed"
        assert task["progress"] == 100
        assert task["result"]["data"][0]["url"].startswith(team.url)
        again = http.post(f"{asked.headers['location']}/cancel").json()
        assert again["status"] == "completed"  # what has ended stays ended


def test_the_same_key_draws_once(team: Served) -> None:
    body = {"prompt": "一只黑猫", "size": "64x64"}
    with team.client("小王", headers={"idempotency-key": "k1"}) as http:
        one, two = (http.post("/v1/images/generations", json=body).json() for _ in range(2))
        assert one["id"] == two["id"]
        other = http.post("/v1/images/generations", json={"prompt": "一只狗"})
        assert other.status_code == 400
        data = base64.b64decode(one["data"][0]["b64_json"])
        source = one["data"][0]["id"]
    with team.client("小王", headers={"idempotency-key": "k2"}) as http:
        files = {"image": ("a.png", data)}
        one, two = (http.post("/v1/images/variations", files=files).json() for _ in range(2))
        assert one["id"] == two["id"]
    with team.client("小王", headers={"idempotency-key": "k3"}) as http:
        path = f"/api/jobs/variations/{source}"
        one, two = (http.post(path, json={"n": 1}).json() for _ in range(2))
        assert one["id"] == two["id"]


def test_models_and_moderations(client: openai.OpenAI) -> None:
    assert {"mini", "test-card"} <= {model.id for model in client.models.list()}
    assert client.models.retrieve("mini").owned_by == "danqing"
    found = client.moderations.create(input=["三只红色的猫", GUN])
    assert [result.flagged for result in found.results] == [False, True]
    assert found.results[1].categories.illicit


def test_litellm_draws_too(team: Served) -> None:
    litellm = pytest.importorskip("litellm", reason="in the [clients] extra")
    answer = litellm.image_generation(
        model="openai/dall-e-3", prompt="一只猫", size="256x256", api_base=f"{team.url}/v1",
        api_key=team.tokens["小王"],
    )  # fmt: skip
    assert picture(answer.data[0].b64_json).size == (256, 256)
    with pytest.raises(litellm.ContentPolicyViolationError):
        litellm.image_generation(
            model="openai/dall-e-3", prompt=GUN, api_base=f"{team.url}/v1",
            api_key=team.tokens["小王"],
        )  # fmt: skip
