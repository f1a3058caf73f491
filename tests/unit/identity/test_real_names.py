from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

from danqing.errors import Forbidden, InputError, NotAuthenticated, NotFound, TooManyAttempts
from danqing.identity import Person, Proof, RealName
from danqing.identity.attestation import Attestation, read_attestations
from danqing.identity.real_names import Challenge
from danqing.identity.sms import SENT_A_DAY, TRIES, ConsoleGateway, SmsCode, gateway_of
from danqing.settings import IdentitySettings
from support.people import RESIDENT_ID, USCC, Town

PHONE = "+8613800138000"
HEADER = "account,kind,number,name,evidence\n"


def attested(place: Town, real_name: RealName) -> Proof:
    return Attestation("identity card seen", place.clock).begin(place.owner, real_name)


def test_an_operator_attests_and_the_person_is_verified(place: Town) -> None:
    lin, wu = place.person("lin"), place.person("wu", "operator")
    names = place.register.real_names
    names.record(lin.id, attested(place, RealName("resident-id", RESIDENT_ID, "林小雨")), by=wu)
    assert names.is_verified(lin.id)
    person = place.register.accounts.person_of(lin.id)
    assert person.verified
    assert place.register.accounts.find("lin").verified_by == "attestation"
    line = place.lines("account")[-1]
    assert (line["step"], line["by"], line["account_id"], line["kind"]) == (
        "verified", wu.id, lin.id, "resident-id",
    )  # fmt: skip


def test_who_may_attest_whom(place: Town) -> None:
    lin, wang, wu = place.person("lin"), place.person("wang"), place.person("wu", "operator")
    names = place.register.real_names
    proof = attested(place, RealName("uscc", USCC, None))
    with pytest.raises(Forbidden):
        names.record(lin.id, proof, by=wang)
    with pytest.raises(Forbidden):
        names.record(lin.id, proof, by=lin)  # a user's word for themself
    with pytest.raises(Forbidden, match="attest_oneself"):
        names.record(wu.id, proof, by=wu)
    with pytest.raises(NotFound):
        names.record("01K1JZC6J2R5X8Q3N4M5P6T7V8", proof, by=wu)
    names.record(place.owner.id, proof, by=place.owner)  # alone at one's own machine


def test_a_later_proof_takes_the_place_of_the_earlier(place: Town) -> None:
    lin = place.person("lin")
    names = place.register.real_names
    names.record(lin.id, attested(place, RealName("uscc", USCC, None)), by=place.owner)
    names.record(
        lin.id, attested(place, RealName("resident-id", RESIDENT_ID, "林")), by=place.owner
    )
    assert names.own(lin) == RealName("resident-id", RESIDENT_ID, "林")
    with place.register.database.read() as connection:
        from sqlalchemy import func, select

        from danqing.db.identity_tables import sealed

        assert connection.execute(select(func.count()).select_from(sealed)).scalar_one() == 1


@pytest.mark.parametrize(
    ("real_name", "problem"),
    [
        (RealName("resident-id", "110105194912310021", "林"), "number_resident_id"),
        (RealName("uscc", "91350100M000100Y42", None), "number_uscc"),
        (RealName("phone", "12345", None), "number_phone"),
        (RealName("passport", "E1", None), "number_passport"),
        (RealName("other", " ", None), "number_other"),
        (RealName("uscc", USCC, "a\nb"), "name_shape"),
        (RealName("uscc", USCC, "x" * 101), "name_shape"),
    ],
)
def test_malformed_numbers_and_names(place: Town, real_name: RealName, problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        attested(place, real_name)


# A file of attestations


def test_a_file_is_read_in_either_encoding() -> None:
    text = HEADER + f"lin,resident-id,{RESIDENT_ID},林小雨,柜台查验\nw,uscc,{USCC},,licence\n"
    for data in (text.encode(), text.encode("utf-8-sig"), text.encode("gb18030")):
        first, second = read_attestations(data)
        assert (first.account, first.line) == ("lin", 2)
        assert first.real_name == RealName("resident-id", RESIDENT_ID, "林小雨")
        assert first.evidence == "柜台查验"
        assert second.real_name.name is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "attest_header"),
        ("login,number\n", "attest_header"),
        (HEADER, "attest_empty"),
        (HEADER + "lin,resident-id,1,林,seen\n", "attest_number"),
        (HEADER + "lin,driving-licence,1,林,seen\n", "attest_line"),
        (HEADER + f",uscc,{USCC},,seen\n", "attest_line"),
        (HEADER + f"lin,uscc,{USCC},\n", "attest_line"),
        (HEADER + f"lin,uscc,{USCC},,seen,and more\n", "attest_line"),
        (HEADER + '"lin,uscc\n', "attest_line"),
        (HEADER + "x" * (5 << 20), "attest_too_large"),
    ],
)
def test_files_that_are_not_taken(text: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as told:
        read_attestations(text.encode())
    if problem == "attest_number":
        assert told.value.facts["line"] == 2


def test_bytes_in_no_encoding_are_not_taken() -> None:
    with pytest.raises(InputError, match="encoding"):
        read_attestations(b"\xff\xff\xff")


@pytest.mark.parametrize("evidence", ["", "  ", "x" * 201, "a\nb"])
def test_an_attestation_says_what_was_seen(place: Town, evidence: str) -> None:
    with pytest.raises(InputError, match="evidence"):
        Attestation(evidence, place.clock)


def test_a_file_is_taken_whole_or_not_at_all(place: Town) -> None:
    lin = place.person("lin")
    proof = attested(place, RealName("uscc", USCC, None))
    with pytest.raises(NotFound):
        place.register.real_names.record_all(
            [(lin.id, proof), ("01K1JZC6J2R5X8Q3N4M5P6T7V8", proof)], by=place.owner
        )
    assert not place.register.real_names.is_verified(lin.id)


# A code by SMS


class Phone:
    """A person with a phone: what came, and the provider that sends."""

    def __init__(self, place: Town) -> None:
        self.screen = io.StringIO()
        register = place.register
        self.provider = SmsCode(
            register.database, register.vault, ConsoleGateway(self.screen), place.clock
        )

    def code(self) -> str:
        return re.findall(r"验证码 (\d{6})", self.screen.getvalue())[-1]

    def send(self, person: Person, number: str = "138 0013 8000") -> Challenge:
        return self.provider.begin(person, RealName("phone", number, "林小雨"))


def test_a_code_that_comes_back_proves_the_phone(place: Town) -> None:
    lin, phone = place.person("lin"), Phone(place)
    challenge = phone.send(lin)
    assert (challenge.provider, challenge.person_id) == ("sms", lin.id)
    assert f"SMS {PHONE}: " in phone.screen.getvalue()
    proof = phone.provider.answer(lin, f" {phone.code()} ")
    assert proof.real_name == RealName("phone", PHONE, "林小雨")
    place.register.real_names.record(lin.id, proof, by=lin)
    assert place.register.accounts.find("lin").verified_by == "sms"
    everything = place.every_text()
    assert PHONE not in everything
    assert phone.code() not in re.sub(r"\d{7,}", "", everything)


def test_a_code_serves_one_person_once_and_for_a_while(place: Town) -> None:
    lin, wang, phone = place.person("lin"), place.person("wang"), Phone(place)
    phone.send(lin)
    with pytest.raises(NotAuthenticated):
        phone.provider.answer(wang, phone.code())
    assert phone.provider.answer(lin, phone.code())
    with pytest.raises(NotAuthenticated):
        phone.provider.answer(lin, phone.code())
    place.clock.go_on(minutes=2)
    phone.send(lin)
    place.clock.go_on(minutes=10, seconds=1)
    with pytest.raises(NotAuthenticated):
        phone.provider.answer(lin, phone.code())


def test_a_code_is_guessed_at_five_times(place: Town) -> None:
    lin, phone = place.person("lin"), Phone(place)
    phone.send(lin)
    wrong = f"{(int(phone.code()) + 1) % 10**6:06d}"
    for _ in range(TRIES):
        with pytest.raises(NotAuthenticated):
            phone.provider.answer(lin, wrong)
    with pytest.raises(NotAuthenticated):
        phone.provider.answer(lin, phone.code())


def test_codes_are_not_sent_without_end(place: Town) -> None:
    lin, wang, phone = place.person("lin"), place.person("wang"), Phone(place)
    phone.send(lin)
    with pytest.raises(TooManyAttempts, match="sms_wait") as told:
        phone.send(lin)
    assert told.value.retry_after_s == 60
    for number in range(1, SENT_A_DAY):
        place.clock.go_on(minutes=1)
        phone.send(lin, f"1380013800{number}")
    place.clock.go_on(minutes=1)
    with pytest.raises(TooManyAttempts, match="sms_enough"):
        phone.send(lin)
    place.clock.go_on(days=1)
    phone.send(lin)
    assert phone.send(wang, "13900139000")


def test_one_number_is_not_flooded_by_many_accounts(place: Town) -> None:
    phone = Phone(place)
    for number in range(SENT_A_DAY):
        phone.send(place.person(f"lin{number}"))
    with pytest.raises(TooManyAttempts, match="sms_enough"):
        phone.send(place.person("another"))


@pytest.mark.parametrize("stated", [None, RealName("uscc", USCC), RealName("phone", "110")])
def test_a_code_needs_a_phone(place: Town, stated: RealName | None) -> None:
    with pytest.raises(InputError, match="number_phone"):
        Phone(place).provider.begin(place.person("lin"), stated)


def test_ones_own_name_is_told_to_oneself_in_person(place: Town) -> None:
    lin = place.person("lin")
    names = place.register.real_names
    assert names.own(lin) is None
    by_key = place.register.keys.authenticate(
        place.register.keys.add(lin.id, "laptop", by=lin).token
    )
    with pytest.raises(Forbidden, match="not_with_a_key"):
        names.own(by_key)


def test_where_real_names_are_asked_for_the_road_is_shut_to_the_unverified(tmp_path: Path) -> None:
    """Both ways onto it: at once, and through the queue. Whoever sits at the machine is no user."""
    from danqing.flow import draw
    from danqing.jobs import Queue
    from support import queueing

    with queueing.services(tmp_path / "home") as made:
        made.settings = replace(made.settings, profile="cn")
        somebody = queueing.person(made)
        with pytest.raises(Forbidden, match="unverified_draws"):
            next(draw(made, queueing.request(), person=somebody))
        with pytest.raises(Forbidden, match="unverified_draws"):
            Queue(made).submit(queueing.asked(made, somebody))
        with made.store.database.read() as connection:
            assert list(made.store.database.ledger.lines(connection)) == []
        proven = replace(somebody, verified=True)
        assert Queue(made).submit(queueing.asked(made, proven)).state == "queued"
        assert len(list(draw(made, queueing.request()))) == 1


@pytest.mark.parametrize(
    "name", ["support.sms:Kept", "", "support.sms", "no.such:Thing", "io:BytesIO", ":"]
)
def test_a_gateway_is_named_in_the_settings(name: str) -> None:
    settings = IdentitySettings(sms_gateway=name)
    if name in ("", "support.sms:Kept"):
        assert callable(gateway_of(settings).send)
    else:
        with pytest.raises(InputError, match="sms_gateway"):
            gateway_of(settings)
