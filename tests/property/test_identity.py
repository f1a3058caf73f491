"""Check digits find slips; no role may more than the one above it; no failure makes a wait shorter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from danqing.identity import MAY, PERMISSIONS, ROLES, Person, Role, may, may_appoint
from danqing.identity.attempts import Limit
from danqing.identity.formats import (
    normal_number,
    resident_id_check_character,
    resident_id_format_ok,
    uscc_check_character,
    uscc_format_ok,
)
from danqing.identity.roles import lesser, rank

USCC_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PROVINCES = ("11", "12", "31", "33", "44", "51", "54", "65", "71", "81", "91")
roles = st.sampled_from(ROLES)


@st.composite
def resident_ids(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1900, 1, 1), date(2026, 1, 1)))
    place = draw(st.sampled_from(PROVINCES)) + f"{draw(st.integers(0, 9999)):04d}"
    first = f"{place}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first + resident_id_check_character(first)


@st.composite
def usccs(draw: st.DrawFn) -> str:
    letters = st.sampled_from(USCC_DIGITS)
    first = draw(st.text(letters, min_size=2, max_size=2)) + f"{draw(st.integers(0, 999999)):06d}"
    first += draw(st.text(letters, min_size=9, max_size=9))
    return first + uscc_check_character(first)


def person(role: Role, **more: object) -> Person:
    made = Person("01K1JZC6J2R5X8Q3N4M5P6T7V8", datetime(2026, 8, 1, tzinfo=UTC), role=role)
    assert not more
    return made


@given(resident_ids())
def test_well_formed_resident_ids_pass_as_they_are_written(number: str) -> None:
    assert resident_id_format_ok(number)
    assert (
        normal_number("resident-id", f"{number[:6]} {number[6:14]}-{number[14:].lower()}") == number
    )


@given(resident_ids(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_digit_of_a_resident_id_is_found(number: str, place: int, digit: str) -> None:
    assume(number[place] != digit)
    assert not resident_id_format_ok(number[:place] + digit + number[place + 1 :])


@given(resident_ids(), st.integers(0, 15))
def test_two_swapped_digits_of_a_resident_id_are_found(number: str, place: int) -> None:
    """All neighbours among the 17 digits, and the last digit with its check character."""
    one, other = number[place], number[place + 1]
    assume(one != other)
    assert not resident_id_format_ok(number[:place] + other + one + number[place + 2 :])


@given(st.text(max_size=24))
def test_no_text_upsets_the_checks(text: str) -> None:
    for kind in ("phone", "resident-id", "uscc", "passport", "other"):
        number = normal_number(kind, text)
        assert number is None or normal_number(kind, number) == number


def test_days_and_places_that_never_were() -> None:
    for first in (
        "11010519490231002",
        "00010519491231002",
        "11010517491231002",
        "21010519491301002",
    ):
        assert not resident_id_format_ok(first + resident_id_check_character(first))


@given(usccs())
def test_well_formed_usccs_pass(code: str) -> None:
    assert uscc_format_ok(code)


@given(usccs(), st.integers(0, 17), st.sampled_from(USCC_DIGITS))
def test_one_wrong_character_of_a_uscc_is_found(code: str, place: int, character: str) -> None:
    assume(code[place] != character)
    assert not uscc_format_ok(code[:place] + character + code[place + 1 :])


def test_the_specimens_of_the_standards() -> None:
    assert resident_id_format_ok("11010519491231002X")  # GB 11643-1999
    assert resident_id_format_ok("440524188001010014")
    assert uscc_format_ok("91350100M000100Y43")  # GB 32100-2015
    for wrong in ("1101051949123100２X", "11010519491231002x", "91350100M000100I43", ""):
        assert not resident_id_format_ok(wrong)
        assert not uscc_format_ok(wrong)


def test_phones_have_one_spelling() -> None:
    spellings = ("13800138000", "138 0013 8000", "+86 138-0013-8000", "0086 13800138000")
    assert {normal_number("phone", spelling) for spelling in spellings} == {"+8613800138000"}
    assert normal_number("phone", "+44 20 7946 0958") == "+442079460958"
    for wrong in ("12800138000", "+8612345678901", "+861380013800", "020 7946 0958", "+1", ""):
        assert normal_number("phone", wrong) is None


def test_every_permission_is_somebodys_and_every_role_has_its_own() -> None:
    assert set().union(*MAY.values()) == set(PERMISSIONS)
    assert set(MAY) == set(ROLES)
    for below, above in pairwise(ROLES):
        assert MAY[below] < MAY[above]


@given(roles, roles)
def test_who_may_appoint_has_more_to_give(one: Role, other: Role) -> None:
    if may_appoint(person(one), other):
        assert one == "owner" or rank(one) > rank(other)
    assert MAY[lesser(one, other)] == MAY[one] & MAY[other]


@given(roles, st.sampled_from(PERMISSIONS))
def test_what_users_and_reviewers_may_not(role: Role, permission: str) -> None:
    sensitive = permission.startswith(("account.", "ledger.", "keys.")) or permission in (
        "disclose", "grant.give", "trace", "settings", "backup", "policy.edit", "artwork.any",
    )  # fmt: skip
    if role in ("user", "reviewer") and sensitive:
        assert not may(person(role), permission)  # type: ignore[arg-type]


@given(st.integers(0, 50), st.integers(1, 100), st.integers(1, 10_000), st.integers(0, 10_000))
def test_another_failure_never_shortens_the_wait(
    free: int, first_s: int, longest_s: int, failures: int
) -> None:
    limit = Limit(free, first_s, longest_s)
    assert limit.wait_s(failures) <= limit.wait_s(failures + 1) <= longest_s
