"""`danqing usage` and `danqing money …`: groups, quotas, prices, codes, and the account book."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from danqing.billing.types import Group, Price, Quota
from danqing.cli.desk import Desk, desk_of
from danqing.cli.exits import Exit
from danqing.cli.values import whole_number
from danqing.errors import InputError, NotFound

if TYPE_CHECKING:
    from danqing.billing import Billing
    from danqing.services import Services

GroupName = Annotated[str, typer.Argument(metavar="GROUP")]
Login = Annotated[str, typer.Argument(metavar="LOGIN|ID")]
_ENDLESS = ("none", "无", "無")


def usage(
    context: typer.Context,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE")] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE")] = None,
    person: Annotated[str | None, typer.Option("--person", metavar="LOGIN|ID")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE")] = None,
) -> Exit:
    from danqing.billing.book import money
    from danqing.billing.usage import as_csv
    from danqing.outputs import save_copy

    desk = desk_of(context)
    with desk.services() as services:
        billing = billing_of(services)
        person_id = None if person is None else _person_id(services, person)
        lines = billing.usage(since=_date(since), until=_date(until), person_id=person_id)
        currency = billing.currency()
    file = None if csv is None else save_copy(as_csv(lines).encode(), csv)
    desk.show({
        "currency": currency, "file": None if file is None else str(file),
        "usage": [asdict(line) for line in lines],
    })  # fmt: skip
    for line in lines:
        desk.print(
            "money.usage", person=line.person_id, key=line.key_id or "-", engine=line.engine,
            pictures=line.pictures, core_s=f"{line.core_s:.1f}",
            charged=money(line.charged_minor, currency),
        )  # fmt: skip
    if not lines:
        desk.print("money.no_usage")
    if file is not None:
        desk.print("cli.file_at", path=file)
    return Exit.DONE


def list_groups(context: typer.Context) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        groups = billing_of(services).groups()
    desk.show({"groups": [asdict(group) for group in groups]})
    for group in groups:
        _tell_group(group, desk)
    return Exit.DONE


def set_group(
    context: typer.Context,
    group_name: GroupName,
    weight: Annotated[str | None, typer.Option("--weight", metavar="N")] = None,
    price_percent: Annotated[str | None, typer.Option("--price-percent", metavar="N")] = None,
    priority: Annotated[str | None, typer.Option("--priority", metavar="N")] = None,
    per_day: Annotated[str | None, typer.Option("--per-day", metavar="N|none")] = None,
    waiting: Annotated[str | None, typer.Option("--waiting", metavar="N|none")] = None,
    group_per_day: Annotated[str | None, typer.Option("--group-per-day", metavar="N|none")] = None,
) -> Exit:
    desk = desk_of(context)
    given: dict[str, Any] = {}
    if weight is not None:
        given["weight"] = whole_number(weight, "--weight")
    if price_percent is not None:
        given["price_percent"] = whole_number(price_percent, "--price-percent")
    if priority is not None:
        given["highest_priority"] = whole_number(priority, "--priority")
    if per_day is not None:
        given["person_pictures_per_day"] = _limit(per_day, "--per-day")
    if waiting is not None:
        given["person_pictures_waiting"] = _limit(waiting, "--waiting")
    if group_per_day is not None:
        given["group_pictures_per_day"] = _limit(group_per_day, "--group-per-day")
    with desk.services() as services:
        billing = billing_of(services)
        try:
            group = billing.group(group_name)
        except NotFound:
            group = Group(group_name)
        group = replace(group, **given)
        billing.save_group(group)
    desk.show(asdict(group))
    _tell_group(group, desk)
    return Exit.DONE


def join(context: typer.Context, login: Login, group_name: GroupName) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        person_id = _person_id(services, login)
        billing_of(services).join(person_id, group_name)
    desk.show({"person_id": person_id, "group": group_name})
    desk.print("money.joined", login=login, group=group_name)
    return Exit.DONE


def quota(
    context: typer.Context,
    quota_of: Annotated[str, typer.Argument(metavar="LOGIN|ID|KEY")],
    key: Annotated[bool, typer.Option("--key")] = False,
    per_day: Annotated[str | None, typer.Option("--per-day", metavar="N|none")] = None,
    waiting: Annotated[str | None, typer.Option("--waiting", metavar="N|none")] = None,
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        subject = quota_of if key else _person_id(services, quota_of)
        limits = Quota(
            "key" if key else "person",
            subject,
            None if per_day is None else _limit(per_day, "--per-day"),
            None if waiting is None else _limit(waiting, "--waiting"),
        )
        billing_of(services).set_quota(limits)
    desk.show(asdict(limits))
    desk.print(
        "money.quota", subject=quota_of, per_day=_said(limits.pictures_per_day, desk),
        waiting=_said(limits.pictures_waiting, desk),
    )  # fmt: skip
    return Exit.DONE


def price(
    context: typer.Context,
    priced_engine: Annotated[str | None, typer.Argument(metavar="ENGINE")] = None,
    per_picture: Annotated[str, typer.Option("--picture", metavar="N")] = "0",
    per_core_hour: Annotated[str, typer.Option("--core-hour", metavar="N")] = "0",
) -> Exit:
    from danqing.billing.book import money

    desk = desk_of(context)
    with desk.services() as services:
        billing = billing_of(services)
        if priced_engine is not None:
            billing.set_price(
                Price(
                    priced_engine,
                    whole_number(per_picture, "--picture"),
                    whole_number(per_core_hour, "--core-hour"),
                )
            )
        prices, currency = billing.prices(), billing.currency()
    desk.show({"currency": currency, "prices": [asdict(price) for price in prices]})
    for each in prices:
        desk.print(
            "money.price_line", engine=each.engine,
            picture=money(each.per_picture_minor, currency),
            core_hour=money(each.per_core_hour_minor, currency),
        )  # fmt: skip
    if not prices:
        desk.print("money.free")
    return Exit.DONE


def make_codes(
    context: typer.Context,
    count: Annotated[str, typer.Argument(metavar="N")],
    value: Annotated[str, typer.Option("--value", metavar="N")] = "0",
    group: Annotated[str | None, typer.Option("--group", metavar="GROUP")] = None,
    valid_days: Annotated[str | None, typer.Option("--days", metavar="N")] = None,
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        expires_at = None
        if valid_days is not None:
            expires_at = services.clock() + timedelta(days=whole_number(valid_days, "--days"))
        made = billing_of(services).make_codes(
            whole_number(count, "N"), value_minor=whole_number(value, "--value"), group=group,
            expires_at=expires_at,
        )  # fmt: skip
    desk.show({"codes": made})
    for code in made:
        desk.write(code)
    desk.note("money.codes_once")
    return Exit.DONE


def redeem(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE")],
    redeemer: Annotated[str | None, typer.Option("--for-account", metavar="LOGIN|ID")] = None,
) -> Exit:
    from danqing.billing.book import money

    desk = desk_of(context)
    with desk.services() as services:
        billing = billing_of(services)
        person_id = services.person.id if redeemer is None else _person_id(services, redeemer)
        amount_minor = billing.redeem(code, person_id)
        has_minor, _ = billing.balance(person_id)
        currency = billing.currency()
    desk.show({"amount_minor": amount_minor, "balance_minor": has_minor, "currency": currency})
    desk.print(
        "money.redeemed", amount=money(amount_minor, currency), balance=money(has_minor, currency)
    )
    return Exit.DONE


def balance(
    context: typer.Context, holder: Annotated[str | None, typer.Argument(metavar="LOGIN|ID")] = None
) -> Exit:
    from danqing.billing.book import money

    desk = desk_of(context)
    with desk.services() as services:
        billing = billing_of(services)
        person_id = services.person.id if holder is None else _person_id(services, holder)
        has_minor, set_aside_minor = billing.balance(person_id)
        currency, today = billing.currency(), billing.used_today(person_id)
    desk.show({
        "person_id": person_id, "currency": currency, "balance_minor": has_minor,
        "set_aside_minor": set_aside_minor, "pictures_in_24_hours": today,
    })  # fmt: skip
    desk.print(
        "money.balance", balance=money(has_minor, currency),
        set_aside=money(set_aside_minor, currency), pictures=today,
    )  # fmt: skip
    return Exit.DONE


def pay(
    context: typer.Context,
    login: Login,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT")],
    reference: Annotated[str, typer.Argument(metavar="NUMBER")],
    gift: Annotated[bool, typer.Option("--gift")] = False,
    back: Annotated[bool, typer.Option("--back")] = False,
) -> Exit:
    from danqing.billing.book import money

    desk = desk_of(context)
    with desk.services() as services:
        billing = billing_of(services)
        person_id = _person_id(services, login)
        amount_minor = whole_number(amount, "AMOUNT") * (-1 if back else 1)
        booked = billing.pay_in(person_id, amount_minor, reference, by=services.person, gift=gift)
        has_minor, _ = billing.balance(person_id)
        currency = billing.currency()
    desk.show({"booked": booked, "balance_minor": has_minor, "currency": currency})
    code = "money.paid" if booked else "money.paid_before"
    desk.print(code, reference=reference, balance=money(has_minor, currency))
    return Exit.DONE


def check(context: typer.Context) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        faults = billing_of(services).audit()
    desk.show({"sound": not faults, "faults": [asdict(fault) for fault in faults]})
    for fault in faults:
        desk.print(fault.code, subject=fault.subject)
    if not faults:
        desk.print("money.sound")
    return Exit.STORE if faults else Exit.DONE


def billing_of(services: Services) -> Billing:
    from danqing.billing import Billing

    return Billing(services.store.database, services.clock)


def _person_id(services: Services, login: str) -> str:
    """Of an account by login or id, or of whoever is at this machine by theirs."""
    if login == services.person.id:
        return login
    return services.register.accounts.find(login).id


def _date(text: str | None) -> datetime | None:
    """Midnight UTC of that day, or the moment written in full. Raises InputError."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise InputError("money.date", value=text) from problem
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _limit(text: str, option: str) -> int | None:
    return None if text in _ENDLESS else whole_number(text, option)


def _said(limit: int | None, desk: Desk) -> str:
    return desk.say("money.no_limit") if limit is None else str(limit)


def _tell_group(group: Group, desk: Desk) -> None:
    desk.print(
        "money.group_line", name=group.name, weight=group.weight, percent=group.price_percent,
        per_day=_said(group.person_pictures_per_day, desk),
        waiting=_said(group.person_pictures_waiting, desk),
        group_per_day=_said(group.group_pictures_per_day, desk),
    )  # fmt: skip
