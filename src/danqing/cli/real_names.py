"""`danqing account attest|phone|rotate|export|erase|prune`: who somebody is, and leaving."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from danqing.cli.desk import Desk, desk_of
from danqing.cli.exits import Exit
from danqing.cli.people import As, account_facts, acting, day, secret
from danqing.errors import InputError
from danqing.identity.types import RealName
from danqing.inputs import read_file

Login = Annotated[str, typer.Argument(metavar="LOGIN|ID")]


def attest(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="CSV")],
    as_login: As = None,
) -> Exit:
    from danqing.identity.attestation import MOST_BYTES, Attestation, read_attestations

    desk = desk_of(context)
    rows = read_attestations(read_file(file, MOST_BYTES))
    with desk.services() as services:
        by = acting(services, as_login, desk)
        accounts, clock = services.register.accounts, services.clock
        people = [accounts.person_of(accounts.find(row.account).id) for row in rows]
        proofs = [
            (person.id, Attestation(row.evidence, clock).begin(person, row.real_name))
            for person, row in zip(people, rows, strict=True)
        ]
        services.register.real_names.record_all(proofs, by=by)
    desk.show({"verified": [person.id for person in people]})
    desk.print("identity.attested", count=len(people))
    return Exit.DONE


def phone(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="PHONE")],
    as_login: As = None,
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        register = services.register
        person = acting(services, as_login, desk)
        provider = register.sms_codes(desk.language)
        provider.begin(person, RealName("phone", number))
        desk.note("identity.code_sent")
        proof = provider.answer(person, secret(desk, "cli.code"))
        register.real_names.record(person.id, proof, by=person)
    desk.show({"verified": [person.id]})
    desk.print("identity.phone_verified")
    return Exit.DONE


def rotate(
    context: typer.Context,
    lost: Annotated[bool, typer.Option("--lost")] = False,
    as_login: As = None,
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        by = acting(services, as_login, desk)
        rotated = services.register.vault.rotate(by=by, lost=lost)
    desk.show({"key_id": rotated.key_id, "encrypted": rotated.boxes, "given_up": rotated.lost})
    desk.print("identity.rotated", key=rotated.key_id, count=rotated.boxes)
    if rotated.lost:
        desk.print("identity.given_up", count=rotated.lost)
    return Exit.DONE


def export(
    context: typer.Context,
    login: Login,
    out: Annotated[Path, typer.Option("--out", metavar="FILE")],
    as_login: As = None,
) -> Exit:
    from danqing.db.faults import file_errors

    desk = desk_of(context)
    if out.exists():
        raise InputError("cli.file_there", file=out)
    count = 0
    with desk.services() as services:
        register = services.register
        by = acting(services, as_login, desk)
        records = register.departures.export(register.accounts.find(login).id, by=by)
        with file_errors(out), out.open("x", encoding="utf-8") as file:
            out.chmod(0o600)
            for record in records:
                file.write(json.dumps(record, ensure_ascii=False) + "\n")
                count += 1
    desk.show({"file": str(out), "records": count})
    desk.print("identity.exported", count=count, file=out)
    return Exit.DONE


def erase(
    context: typer.Context,
    login: Login,
    yes: Annotated[bool, typer.Option("--yes")] = False,
    as_login: As = None,
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        register = services.register
        by = acting(services, as_login, desk)
        account = register.accounts.find(login)
        facts = account_facts(account, desk)
        if not (yes or desk.agrees("cli.erase_sure", login=facts["login"])):
            raise InputError("cli.erase_unsure")
        erased = register.departures.erase(account.id, by=by)
    desk.show(
        {
            "id": erased.person_id,
            "gone": list(erased.gone),
            "kept": [
                {"what": k.what, "until": None if k.until is None else k.until.isoformat()}
                for k in erased.kept
            ],
        }
    )
    desk.print("identity.erased", **facts)
    for what in erased.gone:
        desk.print(f"identity.gone_{what.replace('-', '_')}")
    for kept in erased.kept:
        desk.print(f"identity.kept_{kept.what.replace('-', '_')}", until=day(kept.until))
    return Exit.DONE


def prune(context: typer.Context) -> Exit:
    desk: Desk = desk_of(context)
    with desk.services() as services:
        count = services.register.departures.end_retention()
    desk.show({"accounts": count})
    desk.print("identity.pruned", count=count)
    return Exit.DONE
