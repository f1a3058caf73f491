from __future__ import annotations

import pytest

from danqing.errors import Forbidden, InputError, NotAuthenticated, NotFound
from danqing.identity.passwords import Passwords, is_guessable
from support.people import PASSWORD, QUICK, Town


def test_a_person_signs_in_with_login_and_password(place: Town) -> None:
    accounts = place.register.accounts
    made = accounts.add("林小雨", by=place.owner, role="reviewer", password=PASSWORD)
    person = accounts.authenticate("林小雨", PASSWORD)
    assert (person.id, person.role, person.local, person.verified) == (
        made.id, "reviewer", False, False,
    )  # fmt: skip
    assert accounts.authenticate(" 林小雨 ", PASSWORD) == accounts.person_of(made.id)


def test_a_login_is_compared_without_case_or_width(place: Town) -> None:
    accounts = place.register.accounts
    made = accounts.add("Lin", by=place.owner, password=PASSWORD)
    assert accounts.authenticate("ＬＩＮ", PASSWORD).id == made.id
    with pytest.raises(InputError, match="login_taken"):
        accounts.add("lin", by=place.owner)


@pytest.mark.parametrize(
    "login", ["x", "a" * 65, "a b", "line\nbreak", "аdmin", "a/b", "01K1JZC6J2R5X8Q3N4M5P6T7V8", ""]
)
def test_logins_not_to_be_had(place: Town, login: str) -> None:
    with pytest.raises(InputError, match="login_shape"):
        place.register.accounts.add(login, by=place.owner)


def test_a_wrong_login_and_a_wrong_password_are_told_alike(place: Town) -> None:
    accounts = place.register.accounts
    accounts.add("lin", by=place.owner, password=PASSWORD)
    accounts.add("keyless", by=place.owner)
    for login, password in (("lin", "not it"), ("nobody", PASSWORD), ("keyless", PASSWORD)):
        with pytest.raises(NotAuthenticated) as told:
            accounts.authenticate(login, password)
        assert (told.value.code, told.value.facts) == ("identity.wrong_password", {})


def test_passwords_are_kept_by_argon2id_alone(place: Town) -> None:
    place.register.accounts.add("lin", by=place.owner, password=PASSWORD)
    everything = place.every_text()
    assert "$argon2id$" in everything
    assert PASSWORD not in everything


def test_a_hash_with_old_parameters_is_made_anew_when_it_is_next_used(place: Town) -> None:
    from argon2 import PasswordHasher

    from danqing.identity import Accounts

    accounts = place.register.accounts
    accounts.add("lin", by=place.owner, password=PASSWORD)
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    later = Accounts(place.register.database, place.clock, Passwords(stronger))
    assert later.authenticate("lin", PASSWORD)
    assert later.authenticate("lin", PASSWORD)  # with the new hash
    assert "m=16,t=2" in place.every_text()


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short", "password_short"),
        ("x" * 257, "password_long"),
        ("aaaaaaaaaaaa", "password_guessable"),
        ("1234567890", "password_guessable"),
        ("qwertyuiop", "password_guessable"),
        ("password1234", "password_guessable"),
        ("lin-at-home1", None),
        ("correct horse battery", None),
        ("春风又绿江南岸明月何时照", None),
    ],
)
def test_which_passwords_are_taken(place: Town, password: str, problem: str | None) -> None:
    accounts = place.register.accounts
    if problem is None:
        accounts.add("lin", by=place.owner, password=password)
    else:
        with pytest.raises(InputError, match=problem):
            accounts.add("lin", by=place.owner, password=password)


def test_the_login_is_no_password() -> None:
    assert is_guessable("xiaoyu.lin@example2026", "xiaoyu.lin@example")
    assert not is_guessable("not so easily found", "xiaoyu.lin@example")


def test_nobody_signs_in_to_a_suspended_account_until_it_is_resumed(place: Town) -> None:
    accounts = place.register.accounts
    lin = place.person("lin")
    before = accounts.find("lin").sessions_from
    place.clock.go_on(minutes=1)
    suspended = accounts.suspend(lin.id, by=place.owner)
    assert suspended.sessions_from > before
    for call in (
        lambda: accounts.authenticate("lin", PASSWORD + "!"),
        lambda: accounts.person_of(lin.id),
    ):
        with pytest.raises(NotAuthenticated, match="suspended"):
            call()
    accounts.resume(lin.id, by=place.owner)
    assert accounts.authenticate("lin", PASSWORD + "!").id == lin.id


def test_a_new_password_ends_sessions_and_needs_the_old_one(place: Town) -> None:
    accounts = place.register.accounts
    lin = place.person("lin")
    before = accounts.find("lin").sessions_from
    place.clock.go_on(seconds=1)
    with pytest.raises(NotAuthenticated):
        accounts.set_password(lin.id, "another good one", by=lin, current="a guess")
    with pytest.raises(NotAuthenticated):
        accounts.set_password(lin.id, "another good one", by=lin)
    changed = accounts.set_password(lin.id, "another good one", by=lin, current=PASSWORD + "!")
    assert changed.sessions_from > before
    assert accounts.authenticate("lin", "another good one")


def test_operators_manage_those_below_them_only(place: Town) -> None:
    accounts = place.register.accounts
    operator, other = place.person("wu", "operator"), place.person("zhao", "operator")
    user = place.person("lin")
    assert accounts.set_role(user.id, "reviewer", by=operator).role == "reviewer"
    with pytest.raises(Forbidden):
        accounts.set_role(user.id, "operator", by=operator)
    with pytest.raises(Forbidden):
        accounts.suspend(other.id, by=operator)
    with pytest.raises(Forbidden):
        accounts.add("new", by=operator, role="operator")
    with pytest.raises(Forbidden):
        accounts.set_password(other.id, "taken over quietly", by=operator)
    for act in (accounts.suspend, accounts.resume, accounts.end_sessions):
        with pytest.raises(Forbidden):
            act(other.id, by=user)
    assert accounts.set_role(user.id, "operator", by=place.owner).role == "operator"


def test_who_signs_up_is_a_user(place: Town) -> None:
    accounts = place.register.accounts
    assert accounts.add("lin", by=None, password=PASSWORD).role == "user"
    with pytest.raises(Forbidden):
        accounts.add("wu", by=None, role="operator", password=PASSWORD)


def test_accounts_are_found_and_listed(place: Town) -> None:
    accounts = place.register.accounts
    made = []
    for login in ("a1", "b2", "c3"):
        place.clock.go_on(seconds=1)
        made.append(accounts.add(login, by=place.owner))
    assert accounts.find("B2") == accounts.find(made[1].id.lower()) == made[1]
    assert accounts.all() == made
    assert accounts.all(after=made[0].id, limit=1) == [made[1]]
    for unknown in ("nobody", place.owner.id, ""):
        with pytest.raises(NotFound):
            accounts.find(unknown)


def test_the_ledger_names_people_by_their_ids_alone(place: Town) -> None:
    lin = place.person("xiaoyu.lin")
    place.register.accounts.set_role(lin.id, "reviewer", by=place.owner)
    steps = [(line["step"], line["by"], line["account_id"]) for line in place.lines("account")]
    assert steps == [
        ("added", place.owner.id, lin.id), ("password", lin.id, lin.id), ("role", place.owner.id, lin.id),
    ]  # fmt: skip
    assert "xiaoyu" not in str(place.lines())


def test_two_passwords_at_a_time_are_hashed(place: Town) -> None:
    from concurrent.futures import ThreadPoolExecutor

    passwords = Passwords(QUICK)
    kept = passwords.hash(PASSWORD)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: passwords.matches(kept, PASSWORD), range(32)))
    assert not passwords.matches(kept, "x")
    assert not passwords.matches(None, PASSWORD)
    assert place
