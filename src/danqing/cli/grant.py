"""`danqing grant …`: applications to release without the visible mark (Labelling Measures, Art. 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from danqing.cli.desk import Desk, desk_of
from danqing.cli.exits import Exit
from danqing.cli.people import As, acting, day
from danqing.cli.values import whole_number

if TYPE_CHECKING:
    from danqing.identity.grants import Application

GrantId = Annotated[str, typer.Argument(metavar="ID")]


def agreement(context: typer.Context) -> Exit:
    desk = desk_of(context)
    from danqing.identity.agreement import current_agreement

    text = current_agreement(desk.settings().service)
    desk.show({"version": text.version, "sha256": text.sha256, "text": text.text})
    desk.write(text.text.rstrip("\n") + "\n")
    desk.print("identity.agreement", version=text.version, sha256=text.sha256)
    return Exit.DONE


def ask(
    context: typer.Context,
    recipient: Annotated[str, typer.Option("--for", metavar="WHO")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT")],
    i_accept: Annotated[str, typer.Option("--i-accept", "--我接受", metavar="VERSION")],
    pictures: Annotated[str, typer.Option("--pictures", metavar="N")] = "1",
    as_login: As = None,
) -> Exit:
    desk = desk_of(context)
    count = whole_number(pictures, "--pictures")
    with desk.services() as services:
        by = acting(services, as_login, desk)
        asked = services.register.grants.ask(
            by=by, pictures=count, recipient=recipient, reason=reason, accepts=i_accept
        )
    desk.show(_document(asked))
    desk.print(
        "identity.grant_asked", id=asked.id, pictures=asked.pictures, agreement=asked.agreement
    )
    return Exit.DONE


def give(
    context: typer.Context,
    grant_id: GrantId,
    days: Annotated[str, typer.Option("--days", metavar="N")] = "30",
    as_login: As = None,
) -> Exit:
    desk = desk_of(context)
    good_for = whole_number(days, "--days")
    with desk.services() as services:
        by = acting(services, as_login, desk)
        grant = services.register.grants.give(grant_id, by=by, days=good_for)
    desk.show(
        {
            "id": grant.id,
            "person_id": grant.person_id,
            "pictures": grant.pictures,
            "given_by": grant.given_by,
            "until": grant.until.isoformat(),
        }
    )
    desk.print("identity.grant_given", id=grant.id, pictures=grant.pictures, until=day(grant.until))
    return Exit.DONE


def decline(context: typer.Context, grant_id: GrantId, as_login: As = None) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        declined = services.register.grants.decline(grant_id, by=acting(services, as_login, desk))
    desk.show(_document(declined))
    desk.print("identity.grant_declined", id=declined.id)
    return Exit.DONE


def list_all(context: typer.Context, as_login: As = None) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        found = services.register.grants.all(by=acting(services, as_login, desk))
    desk.show({"grants": [_document(application) for application in found]})
    for one in found:
        desk.print(
            "identity.grant_item",
            id=one.id, used=one.used, pictures=one.pictures, state=_state(one, desk),
            recipient=one.recipient or "—", reason=one.reason or "—",
        )  # fmt: skip
    if not found:
        desk.print("identity.no_grants")
    return Exit.DONE


def _state(application: Application, desk: Desk) -> str:
    if application.given is None:
        return desk.say("identity.grant_waiting")
    if not application.given:
        return desk.say("identity.grant_state_declined")
    return desk.say("identity.grant_state_given", until=day(application.until))


def _document(application: Application) -> dict[str, Any]:
    return {
        "id": application.id,
        "person_id": application.person_id,
        "pictures": application.pictures,
        "used": application.used,
        "agreement": application.agreement,
        "asked_at": application.asked_at.isoformat(),
        "given": application.given,
        "decided_by": application.decided_by,
        "until": None if application.until is None else application.until.isoformat(),
        "recipient": application.recipient,
        "reason": application.reason,
    }
