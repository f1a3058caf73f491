"""Money over HTTP: what a person sees of their own, what an operator sets, and who may see whose."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.serving import Served, add_people, serving

ASKED = {"prompt": "一只猫", "width_px": 64, "height_px": 64, "seed": 7}
NOT_ONE = "01KB9N3V6W4G0C5Q2T8XJ7RM1H"
PEOPLE = (("掌柜", "owner"), ("oper", "operator"), ("rev", "reviewer"))
USERS = ("小王", "小李", "小张", "小赵", "小孙", "小周")
"""One each for the tests that change what somebody has."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """People, and a price of 7 a picture."""
    with serving(tmp_path_factory.mktemp("shop")) as served:
        add_people(served, *PEOPLE, *((login, "user") for login in USERS))
        with served.client("oper") as operator:
            priced = operator.put("/api/money/prices/*", json={"per_picture_minor": 7})
            assert priced.status_code == 200, priced.text
        yield served


def code_of(answer: Any) -> str:
    return str(answer.json()["error"]["code"])


def draw(served: Served, login: str, n: int = 1) -> dict[str, Any]:
    """A job that has ended, as its owner sees it."""
    with served.client(login) as client:
        asked = client.post("/api/jobs", json=ASKED | {"n": n})
        assert asked.status_code == 202, asked.text
        served.house.queue.wait(asked.json()["id"], timeout_s=60)
        return dict(client.get(f"/api/jobs/{asked.json()['id']}").json())


def test_from_a_code_to_a_line_of_usage(shop: Served) -> None:
    """A code is made, redeemed, drawn for, and the book and the usage agree on what it came to."""
    with shop.client("oper") as operator, shop.client("小王") as user:
        refused = user.post("/api/jobs", json=ASKED)
        assert (refused.status_code, code_of(refused)) == (402, "money.not_enough")
        made = operator.post("/api/money/codes", json={"count": 2, "value_minor": 100})
        assert made.status_code == 201, made.text
        one, _ = made.json()["codes"]
        redeemed = user.post("/api/money/redeem", json={"code": one.lower()}).json()
        assert redeemed == {
            "amount_minor": 100, "balance_minor": 100, "currency": "CNY", "group": "member",
        }  # fmt: skip
        again = user.post("/api/money/redeem", json={"code": one})
        assert (again.status_code, code_of(again)) == (422, "money.code_used")
        job = draw(shop, "小王", n=3)
        assert (job["quoted_minor"], job["charged_minor"]) == (21, 21)
        has = user.get("/api/money").json()
        assert (has["balance_minor"], has["set_aside_minor"]) == (79, 0)
        assert (has["pictures_in_24_hours"], has["group"]) == (3, "member")
        (line,) = user.get("/api/usage").json()["usage"]
        key = user.get("/api/keys").json()["keys"][0]["id"]
        assert (line["person_id"], line["key_id"]) == (shop.people["小王"].id, key)
        assert (line["engine"], line["jobs"], line["pictures"]) == ("test-card", 1, 3)
        assert line["charged_minor"] == 21
        assert line["core_s"] > 0
        table = user.get("/api/usage.csv")
        assert table.headers["content-type"].startswith("text/csv")
        assert "attachment" in table.headers["content-disposition"]
        (row,) = csv.DictReader(io.StringIO(table.text))
        assert {name: str(value) for name, value in line.items()} == row
        assert operator.get("/api/money/check").json() == {"sound": True, "faults": []}


def test_a_payment_is_booked_once_and_can_be_taken_back(shop: Served) -> None:
    payment = {"person_id": shop.people["小李"].id, "amount_minor": 500, "reference": "WX-1"}
    with shop.client("oper") as operator:
        first, second = (operator.post("/api/money/payments", json=payment) for _ in range(2))
        assert (first.json()["booked"], first.json()["balance_minor"]) == (True, 500)
        assert (second.json()["booked"], second.json()["balance_minor"]) == (False, 500)
        back = payment | {"amount_minor": -600, "reference": "WX-1-back"}
        assert operator.post("/api/money/payments", json=back).status_code == 402
        gift = payment | {"amount_minor": 1, "gift": True}
        assert operator.post("/api/money/payments", json=gift).json()["balance_minor"] == 501
        for wrong in ({"amount_minor": 0}, {"reference": "a\nb"}, {"amount_minor": 10**30}):
            assert operator.post("/api/money/payments", json=payment | wrong).status_code == 422
        nobody = operator.post("/api/money/payments", json=payment | {"person_id": NOT_ONE})
        assert nobody.status_code == 404
        assert operator.get("/api/money/check").json()["sound"] is True


def test_a_group_has_its_own_price_and_limits(shop: Served) -> None:
    zhang = shop.people["小张"].id
    with shop.client("oper") as operator, shop.client("小张") as user:
        studio = {"price_percent": 50, "person_pictures_per_day": 3}
        made = operator.put("/api/groups/studio", json=studio)
        assert made.status_code == 200, made.text
        assert made.json()["weight"] == 1
        assert "studio" in {g["name"] for g in operator.get("/api/groups").json()["groups"]}
        joined = operator.put(f"/api/accounts/{zhang}/group", json={"group": "studio"})
        assert joined.json()["name"] == "studio"
        none = operator.put(f"/api/accounts/{zhang}/group", json={"group": "nowhere"})
        assert (none.status_code, code_of(none)) == (404, "money.no_such_group")
        assert user.get("/api/money/prices").json() == {
            "currency": "CNY", "yours_percent": 50,
            "prices": [{"engine": "*", "per_picture_minor": 7, "per_core_hour_minor": 0}],
        }  # fmt: skip
        operator.post(
            "/api/money/payments",
            json={"person_id": zhang, "amount_minor": 100, "reference": "1", "gift": True},
        )
        assert draw(shop, "小张", n=2)["charged_minor"] == 7
        over = user.post("/api/jobs", json=ASKED | {"n": 2})
        assert (over.status_code, code_of(over)) == (429, "money.quota_person")
        assert int(over.headers["retry-after"]) > 0
        operator.put(f"/api/accounts/{zhang}/limits", json={"pictures_per_day": 4})
        assert user.get("/api/money").json()["pictures_per_day"] == 4
        assert operator.get(f"/api/accounts/{zhang}/limits").json() == {
            "pictures_per_day": 4, "pictures_waiting": None,
        }  # fmt: skip
        prefix = user.get("/api/keys").json()["keys"][0]["prefix"]
        operator.put(f"/api/keys/{prefix}/limits", json={"pictures_per_day": 3})
        assert operator.get(f"/api/keys/{prefix}/limits").json() == {"pictures_per_day": 3}
        by_key = user.post("/api/jobs", json=ASKED | {"n": 2})
        assert (by_key.status_code, code_of(by_key)) == (429, "money.quota_key")


def test_a_code_can_hold_a_group(shop: Served) -> None:
    with shop.client("oper") as operator, shop.client("小赵") as user:
        operator.put("/api/groups/friends", json={"price_percent": 0})
        (code,) = operator.post(
            "/api/money/codes", json={"count": 1, "group": "friends"}
        ).json()["codes"]  # fmt: skip
        assert user.post("/api/money/redeem", json={"code": code}).json()["group"] == "friends"
        assert draw(shop, "小赵")["charged_minor"] == 0


def test_guessing_codes_is_slowed(shop: Served) -> None:
    with shop.client("rev") as user:
        answers = [user.post("/api/money/redeem", json={"code": f"{n:016}"}) for n in range(12)]
    assert code_of(answers[0]) == "money.code_unknown"
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0


@pytest.mark.parametrize("path", ["/api/money", "/api/usage", "/api/usage.csv"])
def test_another_persons_money_is_not_there(shop: Served, path: str) -> None:
    """By their id it is as if there were nobody; and for everyone's one has to manage money."""
    theirs = shop.people["小王"].id
    for login in ("小李", "rev"):
        with shop.client(login) as client:
            asked = client.get(path, params={"person": theirs})
            nobody = client.get(path, params={"person": NOT_ONE})
            assert asked.status_code == nobody.status_code == 404
            assert code_of(asked) == code_of(nobody)
            assert theirs not in client.get(path).text
            own = client.get(path, params={"person": shop.people[login].id})
            assert own.status_code == 200
    with shop.client() as stranger:
        assert stranger.get(path).status_code == 401
    with shop.client("oper") as operator:
        assert operator.get(path, params={"person": theirs}).status_code == 200
        assert operator.get(path, params={"person": NOT_ONE}).status_code == 404


def test_an_operator_sees_everyones_usage_and_a_user_their_own(shop: Served) -> None:
    with shop.client("oper") as operator, shop.client("小孙") as user:
        for login in ("小孙", "小李"):
            gift = {"person_id": shop.people[login].id, "amount_minor": 50, "reference": login}
            assert operator.post("/api/money/payments", json=gift).json()["booked"]
            draw(shop, login)
        everyone = operator.get("/api/usage", params={"everyone": True}).json()["usage"]
        both = {shop.people["小孙"].id, shop.people["小李"].id}
        assert both <= {line["person_id"] for line in everyone}
        own = user.get("/api/usage").json()["usage"]
        assert {line["person_id"] for line in own} == {shop.people["小孙"].id}
        assert operator.get("/api/usage").json()["usage"] == []
        later = {"everyone": True, "since": "2199-01-01T00:00:00Z"}
        assert operator.get("/api/usage", params=later).json()["usage"] == []
        for path in ("/api/usage", "/api/usage.csv"):
            assert user.get(path, params={"everyone": True}).status_code == 403
            for since in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-11-01"):
                assert user.get(path, params={"since": since}).status_code == 422


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/api/money/prices/mini", {"per_picture_minor": 0}),
        ("POST", "/api/money/codes", {"count": 1, "value_minor": 100}),
        ("POST", "/api/money/payments", {"person_id": "{id}", "amount_minor": 1, "reference": "1"}),
        ("GET", "/api/money/check", None),
        ("GET", "/api/groups", None),
        ("PUT", "/api/groups/mine", {"price_percent": 0}),
        ("PUT", "/api/accounts/{id}/group", {"group": "local"}),
        ("GET", "/api/accounts/{id}/limits", None),
        ("PUT", "/api/accounts/{id}/limits", {}),
        ("GET", "/api/keys/{prefix}/limits", None),
        ("PUT", "/api/keys/{prefix}/limits", {}),
    ],
)
def test_a_user_is_no_treasurer(shop: Served, method: str, path: str, body: Any) -> None:
    for login in ("小周", "rev"):
        with shop.client(login) as client:
            prefix = client.get("/api/keys").json()["keys"][0]["prefix"]
            own = {"id": shop.people[login].id, "prefix": prefix}
            sent = None if body is None else {
                name: value.format(**own) if isinstance(value, str) else value
                for name, value in body.items()
            }  # fmt: skip
            answer = client.request(method, path.format(**own), json=sent)
            assert (answer.status_code, code_of(answer)) == (403, "identity.forbidden"), answer.text
            assert client.get("/api/money").json()["balance_minor"] == 0


def test_alone_at_this_machine_one_has_a_till_as_well(tmp_path: Path) -> None:
    with serving(tmp_path) as served, served.client() as client:
        assert client.get("/api/money").json()["group"] == "local"
        person = client.get("/api/money").json()["person_id"]
        paid = {"person_id": person, "amount_minor": 9, "reference": "1", "gift": True}
        assert client.post("/api/money/payments", json=paid).json()["balance_minor"] == 9
        unknown = client.put("/api/money/prices/no-such", json={"per_picture_minor": 1})
        assert (unknown.status_code, code_of(unknown)) == (404, "server.no_such_engine")
