"""/api/usage: who used what, per person, key and engine, as JSON or CSV."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from fastapi import Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from danqing.billing.usage import as_csv
from danqing.identity import require
from danqing.server.api.money import PersonQuery
from danqing.server.caller import CallerDep
from danqing.server.house import HouseDep
from danqing.server.moments import Moment
from danqing.server.parts import Part
from danqing.server.reaching import whose_money

if TYPE_CHECKING:
    from danqing.billing import UsageLine
    from danqing.server.caller import Caller
    from danqing.server.house import House

router = Part(prefix="/usage", tags=["Money"])
Since = Annotated[
    Moment | None,
    Query(description="Jobs that ended from then on.", examples=["2026-11-01T00:00:00+08:00"]),
]
Until = Annotated[
    Moment | None, Query(description="And before.", examples=["2026-12-01T00:00:00+08:00"])
]
Everyone = Annotated[bool, Query(description="Everybody's; for operators.")]


class UsageLineDocument(BaseModel):
    """key_id: absent for what was asked without a key."""

    person_id: str = Field(examples=["01KB9N3V6W4G0C5Q2T8XJ7RM1H"])
    key_id: str | None = Field(None, examples=["01KB9N4A3R0T5J8M2C6D9F1G7P"])
    engine: str = Field(examples=["mini"])
    jobs: int = Field(examples=[3])
    pictures: int = Field(examples=[12])
    core_s: float = Field(examples=[41.5], description="Processor seconds.")
    charged_minor: int = Field(examples=[24])


class UsageDocument(BaseModel):
    """In order of person, key, engine."""

    currency: str = Field(examples=["CNY"])
    usage: list[UsageLineDocument]


@router.get("", summary="What was drawn, and what it came to")
def usage(
    house: HouseDep,
    caller: CallerDep,
    since: Since = None,
    until: Until = None,
    person: PersonQuery = None,
    everyone: Everyone = False,
) -> UsageDocument:
    lines = _lines(house, caller, since, until, person, everyone)
    return UsageDocument(
        currency=house.billing.currency(),
        usage=[UsageLineDocument(**asdict(line)) for line in lines],
    )


@router.get(
    ".csv",
    summary="The same as CSV",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def usage_csv(
    house: HouseDep,
    caller: CallerDep,
    since: Since = None,
    until: Until = None,
    person: PersonQuery = None,
    everyone: Everyone = False,
) -> Response:
    """RFC 4180, with a heading line: the fields of a line of /api/usage."""
    lines = _lines(house, caller, since, until, person, everyone)
    headers = {"content-disposition": 'attachment; filename="danqing-usage.csv"'}
    return Response(as_csv(lines), media_type="text/csv", headers=headers)


def _lines(
    house: House,
    caller: Caller,
    since: Moment | None,
    until: Moment | None,
    person: str | None,
    everyone: bool,
) -> list[UsageLine]:
    if everyone:
        require(caller.person, "money.manage")
    if person is None and everyone:
        return house.billing.usage(since=since, until=until)
    who = whose_money(house, caller, person)
    return house.billing.usage(since=since, until=until, person_id=who.id)
