"""Watching a picture being drawn, as our own API and A1111's clients do it; and grants over HTTP."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from danqing.engines import load_engine
from danqing.engines.protocol import Capabilities, OnProgress, Preview, Result, Rng, Spec
from danqing.provenance import verify
from support.serving import Served, serving

WAIT_S = 30


class Patient:
    """Goes on showing the card until a preview was asked for and looked at, whoever comes late."""

    name, capabilities, version = "test-card", Capabilities(), "patient"

    def __init__(self) -> None:
        self.previews = 0

    def generate(
        self, specs: Sequence[Spec], rngs: Sequence[Rng], on_progress: OnProgress | None = None
    ) -> Iterator[Result]:
        card = load_engine("test-card")
        ends = time.monotonic() + WAIT_S

        def draw() -> Any:
            self.previews += 1
            return next(card.generate(specs[:1], rngs[:1])).pixels

        while on_progress is not None and not self.previews and time.monotonic() < ends:
            on_progress(0.5, [Preview(0, 0.5, draw)])
            time.sleep(0.01)
        time.sleep(0.5)
        yield from card.generate(specs, rngs)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Served]:
    with serving(tmp_path / "home", engine=Patient()) as served:
        yield served


def events_of(client: httpx.Client, url: str) -> Iterator[tuple[str, dict[str, Any]]]:
    with client.stream("GET", url) as stream:
        name = ""
        for line in stream.iter_lines():
            if line.startswith("event:"):
                name = line.removeprefix("event:").strip()
            elif line.startswith("data:"):
                yield name, json.loads(line.removeprefix("data:"))


def check_picture(served: Served, encoded: str) -> None:
    data = base64.b64decode(encoded)
    with Image.open(BytesIO(data)) as picture:
        assert picture.size == (64, 64)
    found = verify(data, served.house.services.signing_keys.anchors)
    assert found.aigc is not None
    assert found.credential.state == "trusted"


def test_events_have_pictures_on_their_way_for_whoever_asks(watched: Served) -> None:
    with watched.client() as client:
        asked = {"prompt": "一只猫", "width_px": 64, "height_px": 64}
        job = client.post("/api/jobs", json=asked).json()
        got = list(events_of(client, f"/api/jobs/{job['id']}/events?previews=1"))
        assert "preview" in [name for name, _ in got]
        preview = next(data for name, data in got if name == "preview")
        check_picture(watched, preview["b64_json"])
        assert (preview["number"], preview["media_type"]) == (0, "image/png")
        assert got[-1][0] == "end"
        assert got[-1][1]["state"] == "done"
        again = [name for name, _ in events_of(client, f"/api/jobs/{job['id']}/events")]
        assert again == ["end"]
        assert client.get(f"/api/jobs/{job['id']}/events?previews=9").status_code == 422


def test_current_image_of_a1111(watched: Served) -> None:
    with watched.client() as client:
        body = {"prompt": "一只猫", "width": 64, "height": 64}
        drawing = threading.Thread(
            target=lambda: client.post("/sdapi/v1/txt2img", json=body).raise_for_status()
        )
        drawing.start()
        ends, seen = time.monotonic() + WAIT_S, None
        while seen is None and time.monotonic() < ends:
            skipped = client.get("/sdapi/v1/progress?skip_current_image=true").json()
            assert skipped["current_image"] is None
            seen = client.get("/sdapi/v1/progress").json()["current_image"]
            time.sleep(0.02)
        drawing.join()
        assert seen is not None
        check_picture(watched, seen)


def test_a_grant_over_http(studio: Served) -> None:
    grants, owner = studio.house.services.register.grants, studio.house.services.person
    application = grants.ask(
        by=owner, pictures=1, recipient="春风印社", reason="书籍封面",
        accepts=grants.agreement.version,
    )  # fmt: skip
    grant_id = grants.give(application.id, by=replace(owner, role="owner")).id
    with studio.client() as client:
        asked = {"prompt": "一只猫", "width_px": 128, "height_px": 128, "grant": grant_id}
        job = client.post("/api/jobs", json=asked).json()
        assert job["grant"] == grant_id
        *_, (name, ended) = events_of(client, f"/api/jobs/{job['id']}/events")
        assert (name, ended["state"], ended["grant"]) == ("end", "done", grant_id)
        body = {"prompt": "一只猫", "size": "64x64", "grant": grant_id}
        answer = client.post("/v1/images/generations", json=body)
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "identity.grant_used_up"
