"""`danqing verify FILE --who`: which release a file comes from, and how surely. For operators."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from danqing.cli.desk import Desk
from danqing.cli.people import acting

if TYPE_CHECKING:
    from danqing.provenance import Findings
    from danqing.store.origin import Evidence, Origin, Search

MOST_SAID = 30
"""A chance below 1 in 10 to the power of this is said as this: beyond it, the key is likelier to have
been stolen."""


def search(data: bytes, findings: Findings, login: str | None, desk: Desk) -> Search:
    """Asks, and has it noted in the ledger who did. Raises Forbidden, NotAuthenticated."""
    from danqing.provenance import WatermarkKey
    from danqing.store.origin import find_origin

    with desk.services() as services:
        return find_origin(
            services.store.database,
            data,
            findings,
            WatermarkKey.load(services.settings.home / "keys"),
            by=acting(services, login, desk),
            now=services.clock(),
        )


def sentences(found: Search, desk: Desk) -> Iterator[str]:
    """What came of it, in words that claim no more than there is."""
    yield ""
    yield desk.say(_summary(found))
    for origin in found.origins:
        yield ""
        yield desk.say("origin.release", **_release(origin))
        for evidence in origin.evidence:
            yield "  " + desk.say(f"origin.{evidence.kind}_{evidence.strength}", **_facts(evidence))
    yield ""
    if found.unknown is not None:
        yield desk.say("origin.unknown_mark", exponent=_exponent(found.unknown.chance))
    if not found.pixels:
        yield desk.say("origin.no_pixels")
    elif found.too_plain:
        yield desk.say("origin.too_plain")
    yield desk.say("origin.logged")


def document(found: Search) -> dict[str, Any]:
    """The same for programs."""
    return {
        "origins": [
            {
                "id": origin.release.id,
                "batch_id": origin.release.batch_id,
                "person_id": origin.release.person_id,
                "created_at": origin.release.created_at,
                "evidence": [
                    {
                        "kind": evidence.kind,
                        "strength": evidence.strength,
                        "score": evidence.score,
                        "chance": evidence.chance,
                        "distance": evidence.distance,
                    }
                    for evidence in origin.evidence
                ],
            }
            for origin in found.origins
        ],
        "pixels": found.pixels,
        "unknown_mark": found.unknown is not None,
        "too_plain": found.too_plain,
    }


def _summary(found: Search) -> str:
    """The message id of what it comes to."""
    if not found.origins:
        return "origin.none"
    best = found.origins[0].evidence[0].strength
    return f"origin.summary_{best}"


def _release(origin: Origin) -> dict[str, str]:
    release = origin.release
    return {
        "id": release.id,
        "when": f"{release.created_at.astimezone():%Y-%m-%d %H:%M}",
        "person": release.person_id,
    }


def _facts(evidence: Evidence) -> dict[str, object]:
    facts: dict[str, object] = {}
    if evidence.chance is not None:
        facts["exponent"] = _exponent(evidence.chance)
    if evidence.distance is not None:
        facts["distance"] = evidence.distance
    return facts


def _exponent(chance: float) -> int:
    """k, where the chance is at most 1 in 10 to the k."""
    return min(MOST_SAID, math.floor(-math.log10(max(chance, 10.0**-MOST_SAID))))
