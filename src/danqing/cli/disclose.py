"""`danqing account disclose …`: who one person is, for one case, by two operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from danqing.cli.desk import Desk, desk_of
from danqing.cli.exits import Exit
from danqing.cli.people import As, acting, day
from danqing.errors import NotFound

if TYPE_CHECKING:
    from danqing.identity.disclosures import Disclosed, Disclosure
    from danqing.services import Services

DisclosureId = Annotated[str, typer.Argument(metavar="ID")]


def ask(
    context: typer.Context,
    login: Annotated[str, typer.Argument(metavar="LOGIN|ID")],
    case: Annotated[str, typer.Option("--case", metavar="NUMBER")],
    as_login: As = None,
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        by = acting(services, as_login, desk)
        asked = services.register.disclosures.ask(_person_id(services, login), case, by=by)
    desk.show(_document(asked))
    desk.print("identity.disclosure_asked", id=asked.id, case=asked.case_number)
    return Exit.DONE


def approve(context: typer.Context, disclosure_id: DisclosureId, as_login: As = None) -> Exit:
    from danqing.identity.disclosures import GOOD_FOR

    return _decide(context, disclosure_id, as_login, approved=True, days=GOOD_FOR.days)


def decline(context: typer.Context, disclosure_id: DisclosureId, as_login: As = None) -> Exit:
    return _decide(context, disclosure_id, as_login, approved=False, days=0)


def show(context: typer.Context, disclosure_id: DisclosureId, as_login: As = None) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        by = acting(services, as_login, desk)
        disclosed = services.register.disclosures.show(disclosure_id, by=by)
    _tell(disclosed, desk)
    return Exit.DONE


def list_all(context: typer.Context, as_login: As = None) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        found = services.register.disclosures.all(by=acting(services, as_login, desk))
    desk.show({"disclosures": [_document(disclosure) for disclosure in found]})
    states = {None: "waiting", True: "state_approved", False: "state_declined"}
    for one in found:
        state = desk.say(f"identity.disclosure_{states[one.approved]}")
        desk.print(
            "identity.disclosure_item",
            id=one.id, case=one.case_number, person=one.person_id, state=state,
        )  # fmt: skip
    if not found:
        desk.print("identity.no_disclosures")
    return Exit.DONE


def _decide(
    context: typer.Context, disclosure_id: str, login: str | None, *, approved: bool, days: int
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        by = acting(services, login, desk)
        decided = services.register.disclosures.decide(disclosure_id, approve=approved, by=by)
    desk.show(_document(decided))
    if approved:
        desk.print("identity.disclosure_approved", id=decided.id, days=days)
    else:
        desk.print("identity.disclosure_declined", id=decided.id)
    return Exit.DONE


def _person_id(services: Services, account: str) -> str:
    """Of an account by its login or id; or of anybody by the id that the ledger has of them."""
    try:
        return services.register.accounts.find(account).id
    except NotFound:
        return account.strip().upper()


def _tell(disclosed: Disclosed, desk: Desk) -> None:
    name = disclosed.real_name
    one = disclosed.disclosure
    desk.show(
        {
            **_document(one),
            "login": disclosed.login,
            "known_since": disclosed.known_since.isoformat(),
            "verified_by": disclosed.verified_by,
            "verified_at": None
            if disclosed.verified_at is None
            else disclosed.verified_at.isoformat(),
            "real_name": None
            if name is None
            else {"name": name.name, "kind": name.kind, "number": name.number},
        }
    )
    by = disclosed.verified_by
    desk.print(
        "identity.disclosed",
        id=one.id,
        case=one.case_number,
        person=disclosed.person_id,
        login=disclosed.login or desk.say("identity.nobody"),
        since=day(disclosed.known_since),
        verified=desk.say("identity.not_verified")
        if by is None
        else desk.say("identity.verified_by", provider=by),
        name="—" if name is None else name.name or "—",
        kind=desk.say("identity.disclosed_nothing") if name is None else name.kind,
        number="—" if name is None else name.number,
    )


def _document(disclosure: Disclosure) -> dict[str, Any]:
    return {
        "id": disclosure.id,
        "person_id": disclosure.person_id,
        "case_number": disclosure.case_number,
        "asked_by": disclosure.asked_by,
        "asked_at": disclosure.asked_at.isoformat(),
        "decided_by": disclosure.decided_by,
        "approved": disclosure.approved,
    }
