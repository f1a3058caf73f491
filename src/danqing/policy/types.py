"""May they, and may this leave: the values policy hands out. Only this package builds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from danqing.engines.protocol import Rendered
from danqing.identity.types import Identified


@dataclass(frozen=True, slots=True)
class PackVersion:
    """Which rule pack decided. sha256: of the pack file's bytes."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was held, refused or withheld.

    rule: id in its pack. start, end: span in the reader's own text (0, 0 where no text is to
    blame). text: those characters, as typed. article: the article or clause the rule comes
    from. explanation: language (BCP 47) → one sentence.
    """

    rule: str
    category: str
    pack: str
    article: str
    start: int
    end: int
    text: str
    explanation: tuple[tuple[str, str], ...]

    def explain(self, language: str) -> str:
        """The sentence in this language, else in English."""
        sentences = dict(self.explanation)
        return sentences.get(language) or sentences["en"]


@dataclass(frozen=True, slots=True)
class Permit:
    """This request may be drawn, under these packs, decided at that moment.

    source_checks: what the picture check said of each source: name → score in [0, 1]. excused:
    ids of rules that a reviewer overturned for this person in this matter.
    """

    identified: Identified
    packs: tuple[PackVersion, ...]
    decided_at: datetime
    source_checks: tuple[tuple[str, float], ...] = ()
    excused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A reviewer must decide. On the command line there is none, so it is not drawn."""

    identified: Identified
    packs: tuple[PackVersion, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """May not be drawn, and why. source_checks: as in a Permit, when it is a source's picture
    that may not be used."""

    identified: Identified
    packs: tuple[PackVersion, ...]
    reasons: tuple[Reason, ...]
    source_checks: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Cleared:
    """A picture that was looked at and may leave. checks: name → score in [0, 1]."""

    permit: Permit
    rendered: Rendered
    checks: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Withheld:
    """A picture that may not leave, and why."""

    permit: Permit
    rendered: Rendered
    reasons: tuple[Reason, ...]
    checks: tuple[tuple[str, float], ...]
