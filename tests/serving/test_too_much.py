"""Bodies, documents and pictures that are too much, and addresses nobody fetches."""

from __future__ import annotations

import base64
from io import BytesIO
from pathlib import Path

from PIL import Image

from support.attacking import error
from support.bombs import png_bomb
from support.serving import Served, serving


def test_a_body_over_the_limit(team: Served) -> None:
    with team.client("小王") as client:
        answer = client.post("/api/jobs", json={"prompt": "x" * 2_000_000})
    assert answer.status_code == 413
    assert error(answer)["code"] == "server.body_too_large"


def test_a_deep_document_is_a_wrong_one(team: Served) -> None:
    with team.client("小王") as client:
        answer = client.post(
            "/api/jobs", content="[" * 100_000, headers={"content-type": "application/json"}
        )
    assert answer.status_code in (400, 422)


def test_a_bomb_is_refused(team: Served) -> None:
    encoded = base64.b64encode(png_bomb(30_000, 30_000)).decode()
    with team.client("小王") as client:
        answer = client.post(
            "/sdapi/v1/img2img",
            json={"prompt": "一只猫", "init_images": [encoded], "i_may_use_this": True},
        )
    assert answer.status_code == 422
    assert error(answer)["code"] == "source.too_many_pixels"


def test_every_picture_is_decoded_in_a_process_of_its_own_first(tmp_path: Path) -> None:
    """One that gets no memory at all reads nothing, and then nor does the server."""
    out = BytesIO()
    Image.new("RGB", (96, 96), "red").save(out, "PNG")
    good, files = out.getvalue(), {"image": ("a.png", out.getvalue())}
    encoded, allowed = base64.b64encode(good).decode(), {"i_may_use_this": True}
    form = {"prompt": "一只猫", "i_may_use_this": "true"}
    with serving(tmp_path, upload_memory_bytes=1) as served, served.client() as client:
        answers = [
            client.post("/v1/images/edits", data=form, files=files),
            client.post("/v1/images/variations", data=form, files=files),
            client.post("/sdapi/v1/img2img", json={"init_images": [encoded]} | form),
            client.post("/sdapi/v1/extra-single-image", json={"image": encoded} | allowed),
            client.post(
                "/sdapi/v1/extra-batch-images",
                json={"imageList": [{"data": encoded, "name": "a"}]} | allowed,
            ),
        ]
        drawn = served.house.services.store.history(limit=1)
    assert [error(answer)["code"] for answer in answers] == ["server.upload_heavy"] * 5
    assert drawn == []


def test_no_address_is_fetched(team: Served) -> None:
    with team.client("小王") as client:
        answer = client.post(
            "/sdapi/v1/img2img",
            json={"prompt": "一只猫", "init_images": ["http://169.254.169.254/latest/"]},
        )
    assert answer.status_code == 422
    assert error(answer)["code"] == "server.no_fetching"
