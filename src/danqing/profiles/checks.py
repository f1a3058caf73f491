"""Looking whether duties are met: one small function for each kind of duty, named in the profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from danqing.errors import InputError
from danqing.profiles.banks import Bank, Tally, count_banks, count_words
from danqing.profiles.duties import Duty, Finding, duties_of
from danqing.settings import Name, Profile, Settings

if TYPE_CHECKING:
    from danqing.policy.rules import RulePack

Facts = dict[str, Any]
Check = Callable[["Evidence", Mapping[str, Any]], tuple[bool, Facts]]
"""Says whether a duty is met, and the facts its sentences take."""


class Evidence:
    """What checks look at. Rule packs are read when the first check asks for them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def packs(self) -> Sequence[RulePack]:
        from danqing.policy import load_pack, shipped_packs

        return (*shipped_packs(), *map(load_pack, self.settings.policy_packs))

    @cached_property
    def words(self) -> Tally:
        return count_words(self.packs)

    @cached_property
    def banks(self) -> Mapping[Bank, Tally]:
        return count_banks(self.packs, self.settings.service.test_bank)


def check_duties(settings: Settings, profile: Profile | None = None) -> tuple[Finding, ...]:
    """Every duty of the settings' profile, or of another, with whether it is met.

    Raises PolicyError or InputError when a rule pack or the operator's test bank can't be read.
    """
    evidence = Evidence(settings)
    return tuple(_look(duty, evidence) for duty in duties_of(profile or settings.profile))


def require_duties(settings: Settings) -> None:
    """For a service about to start: raises InputError naming the duties that forbid it, while they
    are not met. `check_duties` has the sentences about each."""
    evidence = Evidence(settings)
    findings = [_look(duty, evidence) for duty in duties_of(settings.profile) if duty.start]
    unmet = [finding.duty.id for finding in findings if finding.status == "not-met"]
    if unmet:
        names = ", ".join(unmet)
        raise InputError("duty.cannot_start", profile=settings.profile, duties=names)


def _look(duty: Duty, evidence: Evidence) -> Finding:
    if duty.check is None:
        return Finding(duty, "not-ours", {})
    met, facts = CHECKS[duty.check](evidence, duty.needs)
    return Finding(duty, "met" if met else "not-met", facts)


def _built_in(_: Evidence, needs: Mapping[str, Any]) -> tuple[bool, Facts]:
    """Done by the program on every road, with no switch that turns it off."""
    return True, {"where": needs["where"]}


def _provider_code(evidence: Evidence, _: Mapping[str, Any]) -> tuple[bool, Facts]:
    from danqing.provenance.aigc import provider_code_valid

    code = evidence.settings.content_producer
    return provider_code_valid(code), {"found": code}


_NEEDED_BESIDE: Mapping[str, tuple[Name, ...]] = {
    "sms": (("identity", "sms_gateway"),),
    "oidc": (("oidc", "issuer"), ("oidc", "client_id"), ("server", "public_url")),
}
"""What a way of verifying real names can't do without."""


def _real_name(evidence: Evidence, _: Mapping[str, Any]) -> tuple[bool, Facts]:
    """A way is chosen, and what it needs is set: else it would verify nobody."""
    settings = evidence.settings
    how = settings.service.real_name
    missing = [
        ".".join((group, name))
        for group, name in _NEEDED_BESIDE.get(how, ())
        if not getattr(getattr(settings, group), name)
    ]
    if settings.server.guests:  # nobody knows who they are
        missing.append("server.guests = false")
    met = how != "none" and not missing
    return met, {"found": how, "missing": ", ".join(missing) or "-"}


def _log_retention(evidence: Evidence, needs: Mapping[str, Any]) -> tuple[bool, Facts]:
    days = evidence.settings.ledger.keep_days
    enough = days is None or days >= needs["log_days"]
    return enough, {"found": "∞" if days is None else days, "least": needs["log_days"]}


def _agreement(evidence: Evidence, needs: Mapping[str, Any]) -> tuple[bool, Facts]:
    service = evidence.settings.service
    file = service.agreement_file
    there = (file is not None and file.is_file()) or not needs.get("file", False)
    met = bool(service.agreement_version) and there
    return met, {"version": service.agreement_version or "-", "file": file or "-"}


def _complaints(evidence: Evidence, _: Mapping[str, Any]) -> tuple[bool, Facts]:
    service = evidence.settings.service
    met = bool(service.complaint_contact) and service.complaint_days > 0
    return met, {"contact": service.complaint_contact or "-", "days": service.complaint_days}


def _time_stamp(evidence: Evidence, _: Mapping[str, Any]) -> tuple[bool, Facts]:
    url = evidence.settings.labels.timestamp_url
    return bool(url), {"found": url or "-"}


def _detector(evidence: Evidence, _: Mapping[str, Any]) -> tuple[bool, Facts]:
    return evidence.settings.service.public_detector, {}


def _word_count(evidence: Evidence, needs: Mapping[str, Any]) -> tuple[bool, Facts]:
    return _enough(evidence.words, needs)


def _bank_count(evidence: Evidence, needs: Mapping[str, Any]) -> tuple[bool, Facts]:
    return _enough(evidence.banks[needs["bank"]], needs)


def _enough(tally: Tally, needs: Mapping[str, Any]) -> tuple[bool, Facts]:
    """At least `total` entries, and in each class whose name begins so as many as `each` says."""
    from danqing.policy.risks import RISKS

    least = {
        name: count
        for name in RISKS
        for start, count in needs.get("each", {}).items()
        if name.startswith(start)
    }
    short = tally.short_of(least)
    facts: Facts = {
        "found": tally.total,
        "least": needs["total"],
        "classes": {name: tally.of.get(name, 0) for name in least},
        "short": ", ".join(f"{n} {tally.of.get(n, 0)}/{least[n]}" for n in short) or "-",
    }
    return tally.total >= needs["total"] and not short, facts


CHECKS: Mapping[str, Check] = {
    "agreement": _agreement,
    "bank_count": _bank_count,
    "built_in": _built_in,
    "complaints": _complaints,
    "detector": _detector,
    "log_retention": _log_retention,
    "provider_code": _provider_code,
    "real_name": _real_name,
    "time_stamp": _time_stamp,
    "word_count": _word_count,
}
