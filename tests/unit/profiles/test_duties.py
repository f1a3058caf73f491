"""Profiles: what they ask for, what is missing, and that no service starts without it."""

from __future__ import annotations

import importlib
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from danqing.errors import InputError
from danqing.messages import languages, say
from danqing.profiles import Finding, check_duties, duties_of, minimum_log_days, require_duties
from danqing.profiles.checks import CHECKS
from danqing.settings import (
    LabelSettings,
    LedgerSettings,
    OidcSettings,
    Profile,
    ServerSettings,
    ServiceSettings,
    Settings,
)

CODE = "001191110102MACQD9K64010000"
"""A published one: its check character is right."""


@pytest.fixture
def lawful(tmp_path: Path) -> Settings:
    """What an operator under `cn` and `eu` has set."""
    agreement = tmp_path / "agreement.md"
    agreement.write_text("…", "utf-8")
    return Settings(
        tmp_path,
        content_producer=CODE,
        profile="cn",
        service=ServiceSettings(
            agreement_version="2026-11",
            agreement_file=agreement,
            complaint_contact="mailto:report@example.org",
            complaint_days=15,
            real_name="oidc",
            public_detector=True,
        ),
        ledger=LedgerSettings(keep_days=184),
        labels=LabelSettings(timestamp_url="http://tsa.example.org"),
        oidc=OidcSettings(issuer="https://id.example.org", client_id="danqing"),
        server=ServerSettings(public_url="https://draw.example.org"),
    )


def unmet(settings: Settings, profile: Profile) -> set[str]:
    found = check_duties(settings, profile)
    return {f.duty.id for f in found if f.duty.start and f.status == "not-met"}


def finding(settings: Settings, duty_id: str) -> Finding:
    return next(f for f in check_duties(settings, "cn") if f.duty.id == duty_id)


def test_the_open_profile_asks_for_nothing_and_the_others_say_what_is_missing(
    tmp_path: Path,
) -> None:
    bare = Settings(tmp_path)
    require_duties(bare)
    assert unmet(bare, "cn") == {"provider_code", "real_name", "user_agreement", "complaints"}
    assert unmet(bare, "eu") == {"time_stamp", "detector"}


@pytest.mark.parametrize("profile", ["cn", "eu"])
def test_a_service_that_has_all_of_it_starts(lawful: Settings, profile: Profile) -> None:
    require_duties(replace(lawful, profile=profile))


def without(settings: Settings, **service: object) -> Settings:
    return replace(settings, service=replace(settings.service, **service))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spoil", "missing"),
    [
        (lambda s: replace(s, content_producer="Danqing"), "provider_code"),
        (lambda s: replace(s, content_producer=CODE[:20] + "0" + CODE[21:]), "provider_code"),
        (lambda s: replace(s, content_producer=CODE[:-1]), "provider_code"),
        (lambda s: replace(s, ledger=LedgerSettings(keep_days=183)), "log_retention"),
        (lambda s: without(s, real_name="none"), "real_name"),
        (lambda s: replace(s, oidc=OidcSettings()), "real_name"),
        (lambda s: replace(s, server=ServerSettings()), "real_name"),
        (lambda s: without(s, real_name="sms"), "real_name"),
        (lambda s: without(s, agreement_version=""), "user_agreement"),
        (lambda s: without(s, agreement_file=None), "user_agreement"),
        (lambda s: without(s, agreement_file=s.home / "none.md"), "user_agreement"),
        (lambda s: without(s, complaint_contact=""), "complaints"),
        (lambda s: without(s, complaint_days=0), "complaints"),
    ],
)
def test_without_any_one_of_it_the_service_refuses_to_start(
    lawful: Settings, spoil: object, missing: str
) -> None:
    spoilt = spoil(lawful)  # type: ignore[operator]
    with pytest.raises(InputError, match=r"duty\.cannot_start") as caught:
        require_duties(spoilt)
    assert caught.value.facts["duties"] == missing


def test_under_eu_a_time_stamp_and_an_open_detector_are_needed(lawful: Settings) -> None:
    eu = replace(lawful, profile="eu")
    for spoilt in (replace(eu, labels=LabelSettings()), without(eu, public_detector=False)):
        with pytest.raises(InputError, match="cannot_start"):
            require_duties(spoilt)


def test_logs_kept_for_ever_are_kept_long_enough(lawful: Settings) -> None:
    require_duties(replace(lawful, ledger=LedgerSettings()))
    assert (minimum_log_days("cn"), minimum_log_days("open")) == (184, 0)


def test_words_and_test_sentences_are_counted(lawful: Settings) -> None:
    words = finding(lawful, "keyword_library")
    assert words.status == "not-met"
    assert words.facts["found"] > 500
    assert words.facts["classes"]["A.1.a"] == 0  # the political classes are the operator's
    assert words.facts["classes"]["A.1.f"] > 100
    assert "A.1.a 0/200" in words.facts["short"]
    assert finding(lawful, "refusal_bank").facts["found"] >= 10


def test_an_operators_own_pack_and_bank_count(lawful: Settings, tmp_path: Path) -> None:
    before = finding(lawful, "keyword_library").facts["classes"]
    (tmp_path / "ours.yaml").write_text(
        "format: danqing-rules/1\nname: ours\nversion: '1'\ncategories:\n"
        "  - {id: c, risk: A.1.a, action: refuse, article: x, explanation: {en: not here}, rules: [\n"
        f"      {{id: r, words: {[f'词{n}号' for n in range(200)]}}}]}}\n",
        "utf-8",
    )
    rows = [f"refuse,A.{i}.{c},句子{i}{c}{n}" for i, letters in ((1, "abcdefgh"), (2, "abcdefghi"))
            for c in letters for n in range(30)]  # fmt: skip
    (tmp_path / "bank.csv").write_text("bank,class,text\n" + "\n".join(rows), "utf-8")
    ours = without(lawful, test_bank=tmp_path / "bank.csv")
    ours = replace(ours, policy_packs=(tmp_path / "ours.yaml",))
    assert finding(ours, "keyword_library").facts["classes"]["A.1.a"] == before["A.1.a"] + 200
    assert finding(ours, "refusal_bank").status == "met"


@pytest.mark.parametrize(
    "content",
    [b"a,b\n1,2", b"bank,class,text\nno,A.1.a,x", b"\xff\xfe\x00", b"bank,class,text\nrefuse"],
)
def test_a_bank_that_cannot_be_read_is_one_clear_error(
    lawful: Settings, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "bank.csv").write_bytes(content)
    with pytest.raises(InputError, match="bank_unreadable"):
        check_duties(without(lawful, test_bank=tmp_path / "bank.csv"))


@pytest.mark.parametrize("profile", get_args(Profile))
def test_every_duty_is_whole(profile: Profile) -> None:
    duties = duties_of(profile)
    assert len({duty.id for duty in duties}) == len(duties)
    for duty in duties:
        assert duty.article
        assert duty.tag in {"O", "S", "T", "R", "I"}
        assert duty.check is None or duty.check in CHECKS
        assert not (duty.start and duty.check is None), "nobody could ever start"
        if duty.check == "built_in":
            importlib.import_module(duty.needs["where"])


def test_every_finding_can_be_said(lawful: Settings) -> None:
    for profile in get_args(Profile):
        for found in (*check_duties(Settings(Path("h")), profile), *check_duties(lawful, profile)):
            for language in languages():
                assert say(f"duty.{found.duty.id}", language, **found.facts)
                if found.status == "not-met":
                    assert say(f"duty.{found.duty.id}_todo", language, **found.facts)
