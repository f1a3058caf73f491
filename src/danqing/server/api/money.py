"""/api/money: one's balance and the prices; for operators prices, codes, payments and the account book.

Amounts are whole numbers in the smallest unit of the book's one currency (fen, cents).
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from danqing.billing import Price
from danqing.billing.charges import ANY_ENGINE
from danqing.engines.registry import list_engines
from danqing.errors import NotFound
from danqing.server.caller import CallerDep, MoneyManagerDep
from danqing.server.house import HouseDep
from danqing.server.moments import Moment
from danqing.server.parts import Part
from danqing.server.reaching import ULID_PATTERN, somebody, whose_money

router = Part(prefix="/money", tags=["Money"])
MOST_MINOR = 10**12
"""Of one amount; sums of them stay far below what a database column holds."""
Minor = Annotated[int, Field(ge=0, le=MOST_MINOR, examples=[1000])]
PersonQuery = Annotated[
    str | None,
    Query(pattern=ULID_PATTERN, description="Whose; for operators. Your own unless given."),
]


class BalanceDocument(BaseModel):
    """set_aside_minor: for jobs that wait or run. price_percent: of the listed prices. Limits: absent
    where there are none."""

    person_id: str
    currency: str = Field(examples=["CNY"], description="ISO 4217.")
    balance_minor: int = Field(examples=[1000])
    set_aside_minor: int = Field(examples=[20])
    group: str = Field(examples=["member"])
    price_percent: int = Field(examples=[100])
    pictures_in_24_hours: int = Field(examples=[12])
    pictures_per_day: int | None = Field(None, examples=[500])
    pictures_waiting: int | None = Field(None, examples=[50])


class EnginePrice(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={
        "examples": [{"per_picture_minor": 2, "per_core_hour_minor": 100}]
    })  # fmt: skip

    per_picture_minor: Minor = 0
    per_core_hour_minor: Minor = 0


class PriceDocument(EnginePrice):
    """engine: `*` is any without a price of its own."""

    model_config = ConfigDict(extra="ignore")

    engine: str = Field(examples=["mini"])


class PricesDocument(BaseModel):
    """Empty: all is free. yours_percent: what of it your group pays."""

    currency: str = Field(examples=["CNY"])
    prices: list[PriceDocument]
    yours_percent: int = Field(examples=[100])


class Code(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"code": "7K3M-9QXA-4TPW-2HND"}]}
    )

    code: str = Field(min_length=1, max_length=64, description="However it is typed.")


class RedeemedDocument(BaseModel):
    """amount_minor: what the code held. group: the one you are in now."""

    amount_minor: int
    balance_minor: int
    currency: str
    group: str


class NewCodes(BaseModel):
    """Codes good for one person once, each worth money, a group, or both."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={
        "examples": [{"count": 10, "value_minor": 1000}, {"count": 1, "group": "studio"}]
    })  # fmt: skip

    count: int = Field(ge=1, le=10_000)
    value_minor: Minor = 0
    group: str | None = Field(None, max_length=32)
    expires_at: Moment | None = None


class CodesDocument(BaseModel):
    codes: list[str] = Field(description="Shown this once; only their hashes are kept.")


class Payment(BaseModel):
    """reference: the payment's own number, by which it is booked once however often it is sent.
    gift: of the house, not paid for. A negative amount takes money out again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={
        "examples": [{"person_id": "01KB9N3V6W4G0C5Q2T8XJ7RM1H", "amount_minor": 5000,
                      "reference": "WX-20261123-0007"}]
    })  # fmt: skip

    person_id: str = Field(pattern=ULID_PATTERN)
    amount_minor: int = Field(ge=-MOST_MINOR, le=MOST_MINOR)
    reference: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
    gift: bool = False


class PaidDocument(BaseModel):
    """booked: false where a payment of this number was booked before, and nothing changed."""

    booked: bool
    balance_minor: int
    currency: str


class BookFaultDocument(BaseModel):
    code: str = Field(examples=["money.unbalanced"])
    subject: str = Field(description="The transfer or account.")


class BookCheck(BaseModel):
    sound: bool
    faults: list[BookFaultDocument]


@router.get("", summary="Your balance, group and limits")
def balance(house: HouseDep, caller: CallerDep, person: PersonQuery = None) -> BalanceDocument:
    who = whose_money(house, caller, person)
    has_minor, set_aside_minor = house.billing.balance(who.id)
    group, limits = house.billing.group_of(who), house.billing.limits_of(who)
    return BalanceDocument(
        person_id=who.id, currency=house.billing.currency(), balance_minor=has_minor,
        set_aside_minor=set_aside_minor, group=group.name, price_percent=group.price_percent,
        pictures_in_24_hours=house.billing.used_today(who.id),
        pictures_per_day=limits.pictures_per_day, pictures_waiting=limits.pictures_waiting,
    )  # fmt: skip


@router.get("/prices", summary="What pictures cost")
def prices(house: HouseDep, caller: CallerDep) -> PricesDocument:
    return PricesDocument(
        currency=house.billing.currency(),
        prices=[PriceDocument(**asdict(price)) for price in house.billing.prices()],
        yours_percent=house.billing.group_of(caller.person).price_percent,
    )


@router.put("/prices/{engine}", summary="Set an engine's price")
def set_price(
    engine: Annotated[
        str, Path(max_length=64, pattern=r"^(\*|[A-Za-z0-9][A-Za-z0-9._-]*)$", examples=["mini"])
    ],
    asked: EnginePrice,
    house: HouseDep,
    caller: MoneyManagerDep,
) -> PricesDocument:
    """`*` is any engine without a price of its own; nothing at all takes a price away. Jobs that
    were quoted keep their quote."""
    if engine not in (ANY_ENGINE, *(entry.name for entry in list_engines())):
        raise NotFound("server.no_such_engine", name=engine)
    house.billing.set_price(Price(engine, asked.per_picture_minor, asked.per_core_hour_minor))
    return prices(house, caller)


@router.post("/redeem", summary="Redeem a code")
def redeem(asked: Code, house: HouseDep, caller: CallerDep) -> RedeemedDocument:
    house.redeeming.take(caller.person.id)
    amount_minor = house.billing.redeem(asked.code, caller.person.id)
    has_minor, _ = house.billing.balance(caller.person.id)
    return RedeemedDocument(
        amount_minor=amount_minor, balance_minor=has_minor, currency=house.billing.currency(),
        group=house.billing.group_of(caller.person).name,
    )  # fmt: skip


@router.post("/codes", status_code=201, summary="Make redeem codes")
def make_codes(asked: NewCodes, house: HouseDep, caller: MoneyManagerDep) -> CodesDocument:  # noqa: ARG001
    made = house.billing.make_codes(
        asked.count, value_minor=asked.value_minor, group=asked.group, expires_at=asked.expires_at
    )
    return CodesDocument(codes=made)


@router.post("/payments", summary="Note a payment, or give a present")
def pay_in(asked: Payment, house: HouseDep, caller: MoneyManagerDep) -> PaidDocument:
    who = somebody(house, asked.person_id)
    booked = house.billing.pay_in(
        who.id, asked.amount_minor, asked.reference, by=caller.person, gift=asked.gift
    )
    has_minor, _ = house.billing.balance(who.id)
    return PaidDocument(booked=booked, balance_minor=has_minor, currency=house.billing.currency())


@router.get("/check", summary="Add the whole account book up again")
def check(house: HouseDep, caller: MoneyManagerDep) -> BookCheck:  # noqa: ARG001 - to be let in
    faults = house.billing.audit()
    found = [BookFaultDocument(code=fault.code, subject=fault.subject) for fault in faults]
    return BookCheck(sound=not found, faults=found)
