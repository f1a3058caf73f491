from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from danqing.errors import Forbidden, InputError, NotAuthenticated, NotFound
from danqing.identity.keys import MOST_KEYS
from support.people import PASSWORD, Town


def test_a_key_is_shown_once_and_kept_as_a_hash(place: Town) -> None:
    lin = place.person("lin")
    made = place.register.keys.add(lin.id, "laptop", by=lin)
    assert made.token.startswith(f"dq_{made.key.prefix}_")
    assert made.token not in repr(made)
    person = place.register.keys.authenticate(made.token)
    assert (person.id, person.key_id, person.role) == (lin.id, made.key.id, "user")
    secret = made.token.rsplit("_", 1)[1]
    assert secret not in place.every_text()
    assert secret not in str(place.lines())


def test_a_key_may_no_more_than_its_own_role_and_its_accounts(place: Town) -> None:
    keys, accounts = place.register.keys, place.register.accounts
    wu = place.person("wu", "operator")
    plain = keys.add(wu.id, "script", by=wu)
    strong = keys.add(wu.id, "admin script", by=wu, role="operator")
    assert keys.authenticate(plain.token).role == "user"
    assert keys.authenticate(strong.token).role == "operator"
    accounts.set_role(wu.id, "reviewer", by=place.owner)
    assert keys.authenticate(strong.token).role == "reviewer"
    with pytest.raises(Forbidden, match="key_role"):
        keys.add(wu.id, "too much", by=wu, role="owner")


@pytest.mark.parametrize("change", ["wrong", "short", "", "dq_aaaaaaaa_" + "a" * 52, "dq_\u00e9"])
def test_anything_else_is_no_key(place: Town, change: str) -> None:
    lin = place.person("lin")
    token = place.register.keys.add(lin.id, "laptop", by=lin).token
    tried = {"wrong": token[:-1] + ("a" if token[-1] != "a" else "b"), "short": token[:-1]}
    with pytest.raises(NotAuthenticated, match="wrong_key"):
        place.register.keys.authenticate(tried.get(change, change))


def test_a_key_ends_when_revoked_run_out_or_its_account_suspended(place: Town) -> None:
    keys = place.register.keys
    lin = place.person("lin")
    revoked, fleeting, left = (
        keys.add(lin.id, "a", by=lin),
        keys.add(lin.id, "b", by=lin, expires_at=place.clock() + timedelta(days=1)),
        keys.add(lin.id, "c", by=lin),
    )
    keys.revoke(revoked.key.prefix, by=lin)
    place.clock.go_on(days=1)
    for gone in (revoked, fleeting):
        with pytest.raises(NotAuthenticated, match="wrong_key"):
            keys.authenticate(gone.token)
    assert keys.authenticate(left.token)
    place.register.accounts.suspend(lin.id, by=place.owner)
    with pytest.raises(NotAuthenticated, match="suspended"):
        keys.authenticate(left.token)


def test_keys_are_ones_own_affair_and_their_managers(place: Town) -> None:
    keys = place.register.keys
    lin, wang, wu = place.person("lin"), place.person("wang"), place.person("wu", "operator")
    made = keys.add(lin.id, "laptop", by=lin)
    for act in (
        lambda: keys.add(lin.id, "x", by=wang),
        lambda: keys.of(lin.id, by=wang),
        lambda: keys.revoke(made.key.prefix, by=wang),
        lambda: keys.add(wu.id, "x", by=lin),
    ):
        with pytest.raises(Forbidden):
            act()
    assert [key.id for key in keys.of(lin.id, by=wu)] == [made.key.id]
    assert keys.revoke(f"dq_{made.key.prefix}", by=wu).revoked_at == place.clock()


def test_a_key_makes_no_other_keys_and_sets_no_passwords(place: Town) -> None:
    register = place.register
    lin = place.person("lin")
    by_key = register.keys.authenticate(register.keys.add(lin.id, "laptop", by=lin).token)
    with pytest.raises(Forbidden, match="not_with_a_key"):
        register.keys.add(lin.id, "another", by=by_key)
    with pytest.raises(Forbidden, match="not_with_a_key"):
        register.accounts.set_password(lin.id, PASSWORD, by=by_key, current=PASSWORD + "!")


def test_bounds(place: Town) -> None:
    keys = place.register.keys
    lin = place.person("lin")
    for name in ("", " ", "x" * 101):
        with pytest.raises(InputError, match="key_name"):
            keys.add(lin.id, name, by=lin)
    with pytest.raises(InputError, match="expired"):
        keys.add(lin.id, "x", by=lin, expires_at=place.clock())
    for number in range(MOST_KEYS):
        keys.add(lin.id, str(number), by=lin)
    with pytest.raises(InputError, match="too_many_keys"):
        keys.add(lin.id, "one more", by=lin)
    with pytest.raises(NotFound):
        keys.revoke("aaaaaaaa", by=lin)
    with pytest.raises(NotFound):
        keys.of(replace(lin, id="01K1JZC6J2R5X8Q3N4M5P6T7V8").id, by=place.owner)


def test_the_last_use_is_noted_to_the_hour(place: Town) -> None:
    keys = place.register.keys
    lin = place.person("lin")
    token = keys.add(lin.id, "laptop", by=lin).token
    first = place.clock()
    keys.authenticate(token)
    place.clock.go_on(minutes=59)
    keys.authenticate(token)
    assert keys.of(lin.id, by=lin)[0].last_used_at == first
    place.clock.go_on(minutes=1)
    keys.authenticate(token)
    assert keys.of(lin.id, by=lin)[0].last_used_at == place.clock()
