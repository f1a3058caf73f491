"""What earlier refusals mean for whoever asks now: not yet, not today, or a word of warning.

Whoever may review is left out of it: they could pardon themselves, and try packs out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from danqing.identity import may
from danqing.identity.types import Identified
from danqing.policy.conduct import Strike, bars, earned, longest_memory, reason
from danqing.policy.docket import Docket
from danqing.policy.rules import ConductRule, RulePack
from danqing.policy.types import Reason


def barred(
    docket: Docket | None, identified: Identified, packs: Sequence[RulePack], now: datetime
) -> tuple[Reason, ...]:
    """Why somebody refused too often may not draw at all just now; nothing when they may."""
    person, pack_of = identified.person, _conduct(packs)
    if docket is None or not pack_of or may(person, "review"):
        return ()
    strikes = docket.strikes(person.id, now - longest_memory(tuple(pack_of)))
    reasons = []
    for rule, until in bars(tuple(pack_of), strikes, now):
        if rule.action == "slow":
            last = docket.last_request(person.id, identified.batch_id)
            if last is None or now - last >= timedelta(seconds=rule.wait_s):
                continue
        reasons.append(reason(rule, pack_of[rule], until))
    return tuple(reasons)


def with_warning(
    docket: Docket | None,
    identified: Identified,
    packs: Sequence[RulePack],
    reasons: tuple[Reason, ...],
    now: datetime,
) -> tuple[Reason, ...]:
    """The reasons of a refusal, with what it brings upon whoever was refused before."""
    person, pack_of = identified.person, _conduct(packs)
    if docket is None or not pack_of or may(person, "review"):
        return reasons
    strikes = docket.strikes(person.id, now - longest_memory(tuple(pack_of)))
    new = Strike(now, frozenset(r.category for r in reasons))
    told = (reason(r, pack_of[r], until) for r, until in earned(tuple(pack_of), strikes, new))
    return (*reasons, *told)


def _conduct(packs: Sequence[RulePack]) -> dict[ConductRule, str]:
    """The rules on repeated refusals, each with its pack's name."""
    return {rule: pack.name for pack in packs for rule in pack.conduct}
