"""Under `cn` nobody unverified draws, and no picture from outside is edited without its people's consent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from danqing.settings import IdentitySettings, ServiceSettings
from support import sms
from support.serving import PASSWORD, Served, add_people, serving

PHONE = "+8613800138000"
DRAWING = [
    ("/api/jobs", {"prompt": "一只熊猫"}),
    ("/v1/images/generations", {"prompt": "一只熊猫"}),
    ("/sdapi/v1/txt2img", {"prompt": "一只熊猫"}),
]


@pytest.fixture(scope="module")
def lawful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(
        tmp_path_factory.mktemp("cn"),
        profile="cn",
        service=ServiceSettings(real_name="sms"),
        identity=IdentitySettings(sms_gateway=sms.NAME),
    ) as served:
        add_people(served, ("掌柜", "owner"), ("小王", "user"), ("小李", "user"))
        yield served


@pytest.fixture
def wang(lawful: Served) -> Iterator[httpx.Client]:
    """小王 at a browser."""
    with lawful.client() as client:
        asked = {"login": "小王", "password": PASSWORD}
        client.headers["x-csrf-token"] = client.post("/api/session", json=asked).json()["csrf"]
        yield client


def code_of(answer: httpx.Response) -> str:
    said = answer.json()["error"]
    return str(said["code"] if isinstance(said, dict) else said)


def lines(served: Served, kind: str) -> list[dict[str, Any]]:
    database = served.house.services.store.database
    with database.read() as connection:
        return [
            json.loads(line.facts)
            for line in database.ledger.lines(connection)
            if line.kind == kind
        ]


@pytest.mark.parametrize(("path", "body"), DRAWING)
def test_nobody_unverified_draws_by_any_door(lawful: Served, path: str, body: object) -> None:
    with lawful.client("小李") as client:
        refused = client.post(path, json=body)
    assert refused.status_code == 403
    assert "real name" in refused.text
    assert not lines(lawful, "request")


def test_a_code_that_comes_back_opens_the_door(lawful: Served, wang: httpx.Client) -> None:
    assert wang.get("/api/real-name").json() == {"needed": True, "verified": False, "how": "sms"}
    sent = wang.post(
        "/api/real-name/phone", json={"phone": PHONE}, headers={"accept-language": "zh-CN"}
    )
    assert sent.status_code == 202
    phone, text = sms.Kept.sent[-1]
    assert phone == PHONE
    code = re.findall(r"\d{6}", text)[0]
    wrong = wang.post("/api/real-name/code", json={"code": f"{(int(code) + 1) % 10**6:06d}"})
    assert (wrong.status_code, code_of(wrong)) == (401, "identity.wrong_code")
    told = wang.post("/api/real-name/code", json={"code": code}).json()
    assert told == {"needed": True, "verified": True, "how": "sms"}
    assert wang.post("/api/jobs", json={"prompt": "一只熊猫"}).status_code == 202
    assert PHONE not in json.dumps(lines(lawful, "account"))


def test_a_key_verifies_nobody(lawful: Served) -> None:
    with lawful.client("小李") as by_key:
        refused = by_key.post("/api/real-name/phone", json={"phone": PHONE})
    assert (refused.status_code, code_of(refused)) == (403, "identity.not_with_a_key")


def test_an_edit_says_who_is_in_the_picture(lawful: Served) -> None:
    owner = lawful.people["掌柜"]
    from danqing.identity import Proof, RealName

    seen = Proof("sms", RealName("phone", "+8613900139000"), lawful.house.clock(), "code")
    lawful.house.services.register.real_names.record(
        owner.id, seen, by=lawful.house.services.person
    )
    out = BytesIO()
    Image.new("RGB", (96, 96), "red").save(out, "PNG")
    asked = {
        "url": "/v1/images/edits",
        "data": {"prompt": "一只戴帽子的熊猫", "i_may_use_this": "true"},
        "files": {"image": ("a.png", out.getvalue(), "image/png")},
    }
    with lawful.client("掌柜") as client:
        silent = client.post(**asked)
        assert (silent.status_code, code_of(silent)) == (403, "server.no_face_consent")
        assert not lines(lawful, "consent")
        odd = client.post(**asked, headers={"x-people-in-it": "perhaps"})
        assert odd.status_code == 400
        done = client.post(**asked, headers={"x-people-in-it": "nobody"})
        assert done.status_code == 200
        (logged,) = lines(lawful, "consent")
        assert logged["statement"] == "nobody"
        assert client.post(**asked).status_code == 200, "said once of a picture, it holds"


def test_where_it_is_not_by_sms_no_code_is_sent(tmp_path: Path) -> None:
    with serving(tmp_path, service=ServiceSettings(real_name="attestation")) as served:
        add_people(served, ("掌柜", "owner"))
        with served.client() as client:
            begun = client.post("/api/session", json={"login": "掌柜", "password": PASSWORD})
            refused = client.post(
                "/api/real-name/phone",
                json={"phone": PHONE},
                headers={"x-csrf-token": begun.json()["csrf"]},
            )
    assert (refused.status_code, code_of(refused)) == (403, "identity.not_by_sms")
