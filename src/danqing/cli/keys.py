"""`danqing keys`: what files are signed with, and how that is replaced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from danqing.cli.desk import Desk, desk_of
from danqing.cli.exits import Exit
from danqing.inputs import read_file

if TYPE_CHECKING:
    from danqing.services import Services

_MAX_PEM_BYTES = 1 << 20


def show(context: typer.Context) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        _ = services.signing_keys  # made on first use, here as anywhere
        _tell(services, desk)
    return Exit.DONE


def rotate(context: typer.Context) -> Exit:
    from danqing.provenance.rotation import rotate as replace_signer

    desk = desk_of(context)
    with desk.services() as services:
        _ = services.signing_keys
        replace_signer(_folder(services), services.clock)
        _record(services)
        desk.print("labelling.keys_rotated")
        _tell(services, desk)
    return Exit.DONE


def use(
    context: typer.Context,
    chain: Annotated[Path, typer.Option("--chain", metavar="FILE")],
    key: Annotated[Path, typer.Option("--key", metavar="FILE")],
    root: Annotated[Path, typer.Option("--root", metavar="FILE")],
) -> Exit:
    from danqing.provenance.rotation import use as put_in_place

    desk = desk_of(context)
    pems = {
        name: read_file(file, _MAX_PEM_BYTES)
        for name, file in (("chain", chain), ("key", key), ("root", root))
    }
    with desk.services() as services:
        put_in_place(_folder(services), clock=services.clock, **pems)
        _record(services)
        desk.print("labelling.keys_in_use")
        _tell(services, desk)
    return Exit.DONE


def _folder(services: Services) -> Path:
    return services.settings.home / "keys" / "signing"


def _record(services: Services) -> None:
    from danqing.provenance.rotation import certificates
    from danqing.store.outside import record_keys

    inside = certificates(_folder(services), services.clock)
    record_keys(services.store.database, services.person, inside, services.clock())


def _tell(services: Services, desk: Desk) -> None:
    from danqing.provenance.rotation import certificates

    inside = certificates(_folder(services), services.clock)
    told = [
        {"role": c.role, "subject": c.subject, "sha256": c.sha256, "until": c.until.isoformat()}
        for c in inside
    ]
    desk.show({"certificates": told, "timestamp_url": services.settings.labels.timestamp_url})
    for one in inside:
        role = desk.say(f"labelling.role_{one.role}")
        until = f"{one.until:%Y-%m-%d}"
        desk.print(
            "labelling.certificate",
            role=role,
            subject=one.subject,
            until=until,
            sha256=one.sha256[:16],
        )
