"""What OWASP calls broken access control: other people's things, and what is for operators."""

from __future__ import annotations

import base64
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from danqing.store import Stored
from support.attacking import ONES_OWN, drawn_by, error
from support.serving import PASSWORD, Served

NOT_ONE = "01KB9N3V6W4G0C5Q2T8XJ7RM1H"


@pytest.fixture(scope="module")
def queued_picture(team: Served) -> Stored:
    """小王's own, drawn by a job, so that its batch is one of the queue's."""
    asked = {"prompt": "一只兔子", "model": "test-card", "size": "256x256"}
    with team.client("小王") as client:
        answer = client.post("/v1/images/generations", json=asked)
        assert answer.is_success, answer.text
        (newest,) = client.get("/api/artworks", params={"limit": 1}).json()["artworks"]
    return team.house.services.store.show(newest["id"])


@pytest.mark.parametrize(
    ("method", "path"),
    ONES_OWN,
)
def test_another_persons_things_are_not_there(
    team: Served, queued_picture: Stored, method: str, path: str
) -> None:
    """Nor told apart from what nobody has; to whom they belong they are there."""
    real = path.format(id=queued_picture.id, batch=queued_picture.batch_id)
    none = path.format(id=NOT_ONE, batch=NOT_ONE)
    with team.client("小李") as client:
        theirs, nobodys = client.request(method, real), client.request(method, none)
    assert theirs.status_code == nobodys.status_code == 404
    assert error(theirs)["code"] == error(nobodys)["code"]
    with team.client("小王") as client:
        assert client.request(method, real).is_success


def test_nobody_calls_anothers_job_off(team: Served) -> None:
    """Not only is the answer that there is none: it goes on waiting."""
    gate, body = "/api/queue/gates/engine/test-card", {"prompt": "一只兔子"}
    with (
        team.client("oper") as operator,
        team.client("小王") as wang,
        team.client("小李") as li,
    ):
        operator.put(gate, json={"state": "paused"})
        try:
            job = wang.post("/api/jobs", json=body).json()["id"]
            for path in (f"/api/jobs/{job}", f"/v1/images/generations/{job}"):
                assert li.post(f"{path}/cancel").status_code == 404
                assert wang.get(f"/api/jobs/{job}").json()["state"] == "queued"
            assert wang.post(f"/api/jobs/{job}/cancel").json()["state"] == "cancelled"
        finally:
            operator.delete(gate)


def test_another_persons_drawing_is_neither_seen_nor_stopped(team: Served) -> None:
    """`progress`, `interrupt` and `skip` name no job: they are about the caller's own."""
    gate, asked = "/api/queue/gates/engine/test-card", {"prompt": "一只兔子"}

    def waiting(client: httpx.Client) -> int:
        return int(client.get("/sdapi/v1/progress").json()["state"]["job_count"])

    with (
        team.client("oper") as operator,
        team.client("小王") as wang,
        team.client("小李") as li,
        ThreadPoolExecutor() as pool,
    ):
        operator.put(gate, json={"state": "paused"})
        try:
            drawing = pool.submit(wang.post, "/sdapi/v1/txt2img", json=asked)
            patience_ends = time.monotonic() + 60
            while not waiting(wang):
                assert time.monotonic() < patience_ends
                time.sleep(0.02)
            assert waiting(li) == 0
            for way in ("interrupt", "skip"):
                assert li.post(f"/sdapi/v1/{way}").status_code == 200
            assert waiting(wang) == 1
            wang.post("/sdapi/v1/interrupt")
            assert error(drawing.result(60))["code"] == "cancelled"
        finally:
            operator.delete(gate)


def test_a_sentence_is_told_to_whoever_wrote_it_alone(team: Served, picture: Stored) -> None:
    """Not to whoever has the file: prompts are property here."""
    data = team.house.services.store.released_bytes(picture.id)
    asked = {"image": base64.b64encode(data).decode()}
    with team.client("小王") as wang, team.client("小李") as li:
        for way in ("png-info", "interrogate"):
            assert picture.prompt in wang.post(f"/sdapi/v1/{way}", json=asked).text
            theirs = li.post(f"/sdapi/v1/{way}", json=asked)
            assert theirs.status_code == 200
            assert picture.prompt not in theirs.text


def test_another_persons_artwork_is_no_source_and_in_no_pack(team: Served, picture: Stored) -> None:
    with team.client("小李") as client:
        asked = client.post("/api/jobs", json={"prompt": "一只猫", "source": picture.id})
        varied = client.post(f"/api/jobs/variations/{picture.id}", json={})
        packed = client.post("/api/packs", json={"artworks": [picture.id]})
        listed = client.get("/api/artworks").json()["artworks"]
    assert {asked.status_code, varied.status_code, packed.status_code} == {404}
    assert listed == []


def test_another_persons_file_does_not_lead_to_their_master(team: Served, picture: Stored) -> None:
    """Brought by somebody else, a released file is one from outside: it has to be declared."""
    data = team.house.services.store.released_bytes(picture.id)
    with team.client("小李") as client:
        answer = client.post(
            "/v1/images/edits", data={"prompt": "一只猫"}, files={"image": ("a.png", data)}
        )
    assert answer.status_code == 403
    assert error(answer)["code"] == "source.not_declared"


def test_keys_are_their_owners_business(team: Served) -> None:
    with team.client("小王") as wang, team.client("小李") as li:
        prefix = wang.get("/api/keys").json()["keys"][0]["prefix"]
        assert error(li.delete(f"/api/keys/{prefix}"))["code"] == "identity.no_such_key"
        assert wang.get("/api/session").status_code == 200
        account = team.people["小王"].id
        assert li.get(f"/api/accounts/{account}").status_code == 404
        changed = li.put(f"/api/accounts/{account}/password", json={"password": PASSWORD + "x"})
        assert changed.status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/ledger", None),
        ("GET", "/api/ledger/check", None),
        ("GET", "/api/ledger/export", None),
        ("GET", "/api/queue", None),
        ("PUT", "/api/queue/gates/engine/mini", {"state": "paused"}),
        ("DELETE", "/api/queue/gates/engine/mini", None),
        ("GET", "/api/accounts", None),
        ("POST", "/api/accounts", {"login": "x1", "password": PASSWORD, "role": "owner"}),
        ("POST", "/api/accounts/{id}/suspend", None),
        ("PUT", "/api/accounts/{id}/role", {"role": "owner"}),
        ("POST", "/api/session/invitations", {"login": "x2"}),
    ],
)
def test_a_user_is_no_operator(team: Served, method: str, path: str, body: Any) -> None:
    path = path.format(id=team.people["小王"].id)
    for login in ("小王", "rev"):
        with team.client(login) as client:
            answer = client.request(method, path, json=body)
        assert answer.status_code == 403, (login, answer.text)
        assert error(answer)["code"].startswith("identity.")


def test_no_ledger_entry_by_id(team: Served, picture: Stored) -> None:
    """Not even the lines about one's own: those who read the ledger see all of it."""
    for login in ("小王", "小李", "rev"):
        with team.client(login) as client:
            answer = client.get("/api/ledger", params={"batch_id": picture.batch_id})
        assert answer.status_code == 403
        assert picture.id not in answer.text
    with team.client("oper") as client:
        lines = client.get("/api/ledger", params={"batch_id": picture.batch_id}).json()["lines"]
    assert lines
    assert {line["batch_id"] for line in lines} == {picture.batch_id}


def test_nothing_for_operators_is_left_open(team: Served) -> None:
    """Every route the document has under that name turns a user away, whatever is sent along."""
    filled = {
        "kind": "engine", "name": "mini", "account_id": team.people["小李"].id, "job_id": NOT_ONE,
        "case_id": NOT_ONE, "prefix": "aaaaaaaa", "engine": "mini", "id": NOT_ONE,
    }  # fmt: skip
    tried = 0
    with team.client("小王") as client:
        for path, methods in client.get("/openapi.json").json()["paths"].items():
            for method, operation in methods.items():
                if "For operators" in operation["tags"]:
                    answer = client.request(method.upper(), path.format(**filled), json={})
                    assert answer.status_code == 403, (method, path, answer.text)
                    tried += 1
    assert tried >= 6


def test_nobody_gets_above_themselves(team: Served) -> None:
    with team.client("oper") as client:
        owner = team.people["掌柜"].id
        assert client.post(f"/api/accounts/{owner}/suspend").status_code == 403
        made = client.post("/api/accounts", json={"login": "x3", "role": "owner"})
        assert made.status_code == 403


def test_a_link_serves_one_file_and_cannot_be_bent(team: Served, picture: Stored) -> None:
    other = drawn_by(team, "小李", "一只蓝色的鸟")
    with team.client("小王") as client:
        link = client.post(f"/api/artworks/{picture.id}/link").json()["url"]
    with httpx.Client() as stranger:
        assert stranger.get(link).content == team.house.services.store.released_bytes(picture.id)
        assert stranger.get(link.replace(picture.id, other.id)).status_code == 403
        later = re.sub(r"until=(\d+)", lambda m: f"until={int(m[1]) + 9999}", link)
        assert stranger.get(later).status_code == 403
