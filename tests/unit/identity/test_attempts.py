from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from danqing.errors import NotAuthenticated, TooManyAttempts
from danqing.identity.attempts import ACCOUNT, ADDRESS, Attempts, Limit, address_subject
from support.people import PASSWORD, Town, town


def fail(place: Town, login: str = "lin", address: str | None = None) -> None:
    with pytest.raises(NotAuthenticated):
        place.register.accounts.authenticate(login, "not it at all", address=address)


def test_after_a_few_failures_an_account_waits_longer_each_time(place: Town) -> None:
    place.person("lin")
    accounts = place.register.accounts
    for _ in range(ACCOUNT.free):
        fail(place)
    waits = []
    for _ in range(8):
        fail(place)
        with pytest.raises(TooManyAttempts) as told:
            accounts.authenticate("lin", PASSWORD + "!")  # even the right one waits
        waits.append(told.value.retry_after_s)
        place.clock.go_on(seconds=told.value.retry_after_s)
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
    assert accounts.authenticate("lin", PASSWORD + "!")
    for _ in range(ACCOUNT.free + 1):  # a good one starts anew
        fail(place)


def test_others_are_not_kept_waiting(place: Town) -> None:
    place.person("lin")
    place.person("wang")
    for _ in range(ACCOUNT.free + 1):
        fail(place, "lin", "192.0.2.1")
    assert place.register.accounts.authenticate("wang", PASSWORD + "!", address="192.0.2.1")


def test_an_address_that_tries_many_accounts_waits(place: Town) -> None:
    place.person("lin")
    for number in range(ADDRESS.free + 1):
        fail(place, f"nobody{number}", "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        place.register.accounts.authenticate("lin", PASSWORD + "!", address="192.0.2.1")
    assert place.register.accounts.authenticate("lin", PASSWORD + "!", address="192.0.2.2")


def test_a_good_password_of_ones_own_wipes_no_slate_of_the_address(place: Town) -> None:
    place.person("lin")
    for number in range(ADDRESS.free):
        fail(place, f"nobody{number}", "192.0.2.1")
        assert place.register.accounts.authenticate("lin", PASSWORD + "!", address="192.0.2.1")
    fail(place, "nobody", "192.0.2.1")
    with pytest.raises(TooManyAttempts):
        place.register.accounts.authenticate("lin", PASSWORD + "!", address="192.0.2.1")


def test_wrong_keys_count_against_the_address(place: Town) -> None:
    lin = place.person("lin")
    token = place.register.keys.add(lin.id, "laptop", by=lin).token
    for _ in range(ADDRESS.free + 1):
        with pytest.raises(NotAuthenticated):
            place.register.keys.authenticate("dq_no", address="192.0.2.1")
    with pytest.raises(TooManyAttempts):
        place.register.keys.authenticate(token, address="192.0.2.1")
    assert place.register.keys.authenticate(token, address="192.0.2.9")


def test_a_restart_forgets_nothing_and_a_day_does(tmp_path: Path) -> None:
    with town(tmp_path) as place:
        place.person("lin")
        for _ in range(ACCOUNT.free + 1):
            fail(place)
    with town(tmp_path) as place:
        with pytest.raises(TooManyAttempts):
            place.register.accounts.authenticate("lin", PASSWORD + "!")
        place.clock.go_on(days=1, seconds=1)
        for _ in range(ACCOUNT.free + 1):
            fail(place)


def test_many_at_once_get_no_further_than_one_after_another(place: Town) -> None:
    place.person("lin")

    def guess(number: int) -> str:
        try:
            place.register.accounts.authenticate("lin", f"guess number {number}")
        except (NotAuthenticated, TooManyAttempts) as problem:
            return problem.code
        raise AssertionError

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(guess, range(40)))
    assert told.count("identity.wrong_password") == ACCOUNT.free + 1


def test_what_was_typed_as_a_login_is_not_kept(place: Town) -> None:
    fail(place, "my secret typed in the wrong box")
    assert "secret typed" not in place.every_text()


def test_the_addresses_of_one_network_are_one() -> None:
    assert address_subject("2001:db8::1") == address_subject("2001:db8::ffff:1")
    assert address_subject("2001:db8::1") != address_subject("2001:db8:0:1::1")
    assert address_subject("::ffff:192.0.2.1") == address_subject("192.0.2.1")
    assert address_subject("192.0.2.1") != address_subject("192.0.2.2")
    assert address_subject("not an address") != address_subject("another")
    assert address_subject(None) is None


def test_waits_double_up_to_a_longest(place: Town) -> None:
    limit = Limit(free=2, first_s=10, longest_s=35)
    assert [limit.wait_s(failures) for failures in range(7)] == [0, 0, 0, 10, 20, 35, 35]
    assert limit.wait_s(10_000) == 35
    attempts = Attempts(place.register.database, place.clock)
    attempts.check({"nobody": limit})
