"""Who acts on the command line: whoever sits at this machine, or an account they sign in to."""

from __future__ import annotations

import sys
from datetime import datetime
from getpass import getpass
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from danqing.cli.desk import Desk
from danqing.errors import InputError

if TYPE_CHECKING:
    from danqing.identity import Account, Person
    from danqing.services import Services

As: TypeAlias = Annotated[str | None, typer.Option("--as", metavar="LOGIN")]
"""On every command that could be somebody else's doing."""


def acting(services: Services, login: str | None, desk: Desk) -> Person:
    """The owner at this machine; or, with a login, its person once their password is right.

    Raises NotAuthenticated, TooManyAttempts, InputError.
    """
    if login is None:
        return services.person
    password = secret(desk, "cli.password_of", login=login)
    return services.register.accounts.authenticate(login, password)


def secret(desk: Desk, question: str, **facts: object) -> str:
    """What is asked for, unseen, at a terminal; else the next line of standard input."""
    if sys.stdin.isatty():
        return getpass(f"{desk.say(question, **facts)} ", stream=sys.stderr)
    line = sys.stdin.readline()
    if not line:
        raise InputError("cli.secret_missing")
    return line.rstrip("\r\n")


def account_document(account: Account) -> dict[str, Any]:
    """An account for programs."""
    return {
        "id": account.id,
        "login": account.login,
        "role": account.role,
        "status": account.status,
        "created_at": account.created_at.isoformat(),
        "verified_by": account.verified_by,
        "has_password": account.has_password,
    }


def account_facts(account: Account, desk: Desk) -> dict[str, Any]:
    """An account for sentences."""
    by = account.verified_by
    return {
        "id": account.id,
        "login": account.login or desk.say("identity.nobody"),
        "role": account.role,
        "status": account.status,
        "verified": desk.say("identity.not_verified")
        if by is None
        else desk.say("identity.verified_by", provider=by),
    }


def day(moment: datetime | None) -> str:
    """A day as people write it, at this machine's place."""
    return "" if moment is None else f"{moment.astimezone():%Y-%m-%d}"
