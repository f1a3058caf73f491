"""A job that failed says why in the language of whoever asked, in each API's shape; a list of jobs costs
what one costs."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from danqing.engines import load_engine
from danqing.messages import say
from danqing.store import Stored
from support.serving import Served, serving

IN_CHINESE = {"accept-language": "zh-CN"}
SENTENCE = say("engine.mode", "zh-Hans", name="test-card")


class FromSentencesOnly:
    """The card, by an engine that starts from no picture."""

    name, version = "test-card", "from-sentences-only"

    def __init__(self) -> None:
        card = load_engine("test-card")
        self.generate = card.generate
        self.capabilities = replace(card.capabilities, modes=("text-to-image",))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home: Path = tmp_path_factory.mktemp("home")
    with serving(home, engine=FromSentencesOnly()) as running:
        yield running


@pytest.fixture(scope="module")
def start(served: Served) -> Stored:
    """A picture of one's own to start from."""
    with served.client() as client:
        drawn = client.post("/v1/images/generations", json={"prompt": "一只猫", "size": "96x96"})
    return served.house.services.store.show(drawn.json()["data"][0]["id"])


def ended(client: httpx.Client, job_id: str) -> dict[str, Any]:
    """A job when it has ended."""
    with client.stream("GET", f"/api/jobs/{job_id}/events") as stream:
        *_, last = (line for line in stream.iter_lines() if line.startswith("data:"))
    document: dict[str, Any] = json.loads(last[len("data:") :])
    return document


def test_our_own_api_says_why_a_job_failed(served: Served, start: Stored) -> None:
    with served.client(headers=IN_CHINESE) as client:
        asked = client.post("/api/jobs", json={"prompt": "一只狗", "source": start.id})
        job = ended(client, asked.json()["id"])
        english = client.get(f"/api/jobs/{job['id']}", headers={"accept-language": "en"}).json()
    assert job["state"] == "failed"
    assert job["problem"] == {"code": "engine.mode", "message": SENTENCE}
    assert english["problem"]["message"] == say("engine.mode", "en", name="test-card")


def test_the_openai_style_api_says_why(served: Served, start: Stored) -> None:
    data = served.house.services.store.released_bytes(start.id)
    form = {"prompt": "一只狗", "size": "96x96"}
    with served.client(headers=IN_CHINESE) as client:
        waited = client.post("/v1/images/edits", data=form, files={"image": ("a.png", data)})
        form["async"] = "true"
        asked = client.post("/v1/images/edits", data=form, files={"image": ("a.png", data)})
        ended(client, asked.json()["id"])
        task = client.get(f"/v1/images/generations/{asked.json()['id']}").json()
    assert waited.status_code == 422
    assert waited.json()["error"]["message"] == SENTENCE
    assert waited.json()["error"]["code"] == "engine.mode"
    assert (task["status"], task["error"]["message"]) == ("failed", SENTENCE)


def test_the_a1111_style_api_says_why(served: Served, start: Stored) -> None:
    data = served.house.services.store.released_bytes(start.id)
    body = {"prompt": "一只狗", "init_images": [base64.b64encode(data).decode()]}
    with served.client(headers=IN_CHINESE) as client:
        answer = client.post("/sdapi/v1/img2img", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["message"] == SENTENCE


def test_a_list_of_jobs_asks_the_database_as_often_as_one(served: Served, start: Stored) -> None:  # noqa: ARG001
    asked: list[str] = []

    def note(_c: object, _k: object, statement: str, *_: object) -> None:
        if "artworks" in statement or "ledger" in statement:  # a worker looks for work meanwhile
            asked.append(statement)

    engine = served.house.services.store.database._engine
    with served.client() as client:
        for prompt in ("一只猫", "两只狗", "三只鸟"):
            job = client.post("/api/jobs", json={"prompt": prompt, "width_px": 96, "height_px": 96})
            ended(client, job.json()["id"])
        event.listen(engine, "before_cursor_execute", note)
        try:
            one = client.get("/api/jobs", params={"limit": 1, "state": "done"}).json()["jobs"]
            for_one = len(asked)
            all_of_them = client.get("/api/jobs", params={"state": "done"}).json()["jobs"]
        finally:
            event.remove(engine, "before_cursor_execute", note)
    assert len(one) == 1
    assert len(all_of_them) >= 4
    assert all(len(job["artworks"]) == 1 for job in all_of_them)
    assert len({job["artworks"][0]["id"] for job in all_of_them}) == len(all_of_them)
    assert len(asked) == 2 * for_one
