"""`danqing account …`: accounts, their roles, passwords and keys."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from danqing.cli.desk import Desk, desk_of
from danqing.cli.exits import Exit
from danqing.cli.people import As, account_document, account_facts, acting, day, secret
from danqing.cli.values import whole_number
from danqing.errors import InputError
from danqing.identity.roles import ROLES
from danqing.identity.types import Role

if TYPE_CHECKING:
    from danqing.identity import Account, ApiKey

Login = Annotated[str, typer.Argument(metavar="LOGIN|ID")]
MOST_KEY_DAYS = 3_650


def add(
    context: typer.Context,
    login: Annotated[str, typer.Argument(metavar="LOGIN")],
    role: Annotated[str, typer.Option("--role", metavar="ROLE")] = "user",
    no_password: Annotated[bool, typer.Option("--no-password")] = False,
    as_login: As = None,
) -> Exit:
    desk = desk_of(context)
    chosen = role_of(role)
    with desk.services() as services:
        by = acting(services, as_login, desk)
        password = None if no_password else secret(desk, "cli.new_password_of", login=login)
        account = services.register.accounts.add(login, by=by, role=chosen, password=password)
    return _told("identity.added", account, desk)


def list_all(context: typer.Context, as_login: As = None) -> Exit:
    from danqing.identity import require

    desk = desk_of(context)
    with desk.services() as services:
        require(acting(services, as_login, desk), "account.read")
        accounts: list[Account] = []
        while page := services.register.accounts.all(after=accounts[-1].id if accounts else None):
            accounts += page
    desk.show({"accounts": [account_document(account) for account in accounts]})
    for account in accounts:
        desk.print("identity.item", **account_facts(account, desk))
    return Exit.DONE


def password(context: typer.Context, login: Login, as_login: As = None) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        accounts = services.register.accounts
        account = accounts.find(login)
        # Who acts as the account has just proved it, so its current password is not asked twice.
        current = None if as_login is None else secret(desk, "cli.password_of", login=as_login)
        by = services.person if as_login is None else accounts.authenticate(as_login, current or "")
        new = secret(desk, "cli.new_password_of", login=account.login or login)
        account = accounts.set_password(account.id, new, by=by, current=current)
    return _told("identity.password_set", account, desk)


def set_role(
    context: typer.Context,
    login: Login,
    role: Annotated[str, typer.Argument(metavar="ROLE")],
    as_login: As = None,
) -> Exit:
    desk = desk_of(context)
    chosen = role_of(role)
    with desk.services() as services:
        accounts = services.register.accounts
        by = acting(services, as_login, desk)
        account = accounts.set_role(accounts.find(login).id, chosen, by=by)
    return _told("identity.role_set", account, desk)


def suspend(context: typer.Context, login: Login, as_login: As = None) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        accounts = services.register.accounts
        by = acting(services, as_login, desk)
        account = accounts.suspend(accounts.find(login).id, by=by)
    return _told("identity.suspended_now", account, desk)


def resume(context: typer.Context, login: Login, as_login: As = None) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        accounts = services.register.accounts
        by = acting(services, as_login, desk)
        account = accounts.resume(accounts.find(login).id, by=by)
    return _told("identity.resumed", account, desk)


def key(
    context: typer.Context,
    login: Login,
    name: Annotated[str, typer.Option("--name", metavar="NAME")] = "key",
    role: Annotated[str, typer.Option("--role", metavar="ROLE")] = "user",
    days: Annotated[str | None, typer.Option("--days", metavar="N")] = None,
    as_login: As = None,
) -> Exit:
    desk = desk_of(context)
    chosen = role_of(role)
    good_for = None if days is None else whole_number(days, "--days")
    if good_for is not None and not 1 <= good_for <= MOST_KEY_DAYS:
        raise InputError("identity.key_expired_already")
    with desk.services() as services:
        by = acting(services, as_login, desk)
        account = services.register.accounts.find(login)
        expires_at = None if good_for is None else services.clock() + timedelta(days=good_for)
        made = services.register.keys.add(
            account.id, name, by=by, role=chosen, expires_at=expires_at
        )
    desk.show({**_key_document(made.key), "token": made.token})
    facts = account_facts(account, desk) | {"prefix": made.key.prefix, "role": made.key.role}
    desk.print("identity.key_made", **facts)
    desk.write(made.token)
    return Exit.DONE


def keys(context: typer.Context, login: Login, as_login: As = None) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        by = acting(services, as_login, desk)
        account = services.register.accounts.find(login)
        found = services.register.keys.of(account.id, by=by)
    desk.show({"keys": [_key_document(key) for key in found]})
    for key in found:
        desk.print("identity.key_item", **_key_facts(key, desk))
    if not found:
        desk.print("identity.no_keys", **account_facts(account, desk))
    return Exit.DONE


def revoke(
    context: typer.Context,
    prefix: Annotated[str, typer.Argument(metavar="PREFIX")],
    as_login: As = None,
) -> Exit:
    desk = desk_of(context)
    with desk.services() as services:
        by = acting(services, as_login, desk)
        gone = services.register.keys.revoke(prefix, by=by)
    desk.show(_key_document(gone))
    desk.print("identity.key_gone", prefix=gone.prefix)
    return Exit.DONE


def role_of(text: str) -> Role:
    """A role by its name. Raises InputError."""
    if text not in ROLES:
        raise InputError("cli.role", value=text, roles=", ".join(ROLES))
    return text


def _told(code: str, account: Account, desk: Desk) -> Exit:
    desk.show(account_document(account))
    desk.print(code, **account_facts(account, desk))
    return Exit.DONE


def _key_document(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "account_id": key.account_id,
        "prefix": key.prefix,
        "name": key.name,
        "role": key.role,
        "created_at": key.created_at.isoformat(),
        "expires_at": None if key.expires_at is None else key.expires_at.isoformat(),
        "revoked_at": None if key.revoked_at is None else key.revoked_at.isoformat(),
        "last_used_at": None if key.last_used_at is None else key.last_used_at.isoformat(),
    }


def _key_facts(key: ApiKey, desk: Desk) -> dict[str, Any]:
    if key.revoked_at is not None:
        state = desk.say("identity.key_revoked", when=day(key.revoked_at))
    elif key.expires_at is not None:
        state = desk.say("identity.key_until", until=day(key.expires_at))
    else:
        state = desk.say("identity.key_in_force")
    return {
        "prefix": key.prefix,
        "name": key.name,
        "role": key.role,
        "made": day(key.created_at),
        "state": state,
    }
