"""Bodies, documents and pictures that are too much, and addresses nobody fetches."""

from __future__ import annotations

import base64

from support.attacking import error
from support.bombs import png_bomb
from support.serving import Served


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


def test_no_address_is_fetched(team: Served) -> None:
    with team.client("小王") as client:
        answer = client.post(
            "/sdapi/v1/img2img",
            json={"prompt": "一只猫", "init_images": ["http://169.254.169.254/latest/"]},
        )
    assert answer.status_code == 422
    assert error(answer)["code"] == "server.no_fetching"
