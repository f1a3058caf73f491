"""The two decisions: may this be drawn, and may what was drawn leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property

from danqing.engines.protocol import Pixels, Rendered
from danqing.errors import PolicyError
from danqing.identity.types import Identified
from danqing.messages import languages, say
from danqing.policy.judging import Finding, Judge, Mention
from danqing.policy.pictures import PictureCheck
from danqing.policy.rules import RulePack
from danqing.policy.types import (
    Cleared,
    Held,
    PackVersion,
    Permit,
    Reason,
    Refusal,
    Withheld,
)
from danqing.request.types import Request


class Policy:
    """Decides under these packs. Only here are Permit, Held, Refusal, Cleared and Withheld made.

    picture_check: looks at finished pictures. clock: gives the moment of a decision, UTC,
    aware. Raises PolicyError without any pack, or when two packs have one name, since a refusal
    names its pack. Compiling the packs waits for the first decision.
    """

    def __init__(
        self,
        packs: Sequence[RulePack],
        picture_check: PictureCheck,
        clock: Callable[[], datetime],
    ) -> None:
        if not packs:
            raise PolicyError("policy.no_pack")
        names = [p.name for p in packs]
        for name in names:
            if names.count(name) > 1:
                raise PolicyError("policy.pack_named_twice", pack=name)
        self._packs = tuple(packs)
        self._picture_check = picture_check
        self._clock = clock

    @property
    def packs(self) -> tuple[PackVersion, ...]:
        """The packs in force."""
        return tuple(p.version for p in self._packs)

    @cached_property
    def _judge(self) -> Judge:
        return Judge(self._packs)

    def examine(self, text: str) -> tuple[Reason, ...]:
        """What the rules hold against a text, refusals first; nothing when it may be drawn.

        Spans index `text` itself. This is a try-out: it decides nothing and logs nothing.
        """
        return tuple(f.reason for f in self._judge.findings(text))

    def examine_picture(self, pixels: Pixels) -> tuple[Reason, ...]:
        """What the rules hold against a picture that somebody brings, as `examine` for a text.

        pixels: (H, W, 4) uint8 straight RGBA.
        """
        return tuple(self._picture_reasons(self._picture_check.score(pixels)))

    def decide(
        self, identified: Identified, sources: Sequence[Pixels] = ()
    ) -> Permit | Held | Refusal:
        """Whether this request may be drawn, by its text, the concepts read from it, and the
        pictures it starts from.

        One refusing rule refuses; else one holding rule holds for a reviewer. sources: the pixels
        of each of the request's sources, (H, W, 4) uint8. A picture rule that would withhold a
        result refuses such a source. Raises PolicyError when a source wasn't brought.
        """
        request = identified.request
        if len(sources) != len(request.sources):
            raise PolicyError("policy.source_missing")
        findings = self._judge.findings(request.reading.prompt.text, _mentions(request))
        refused = _reasons(findings, "refuse")
        if refused:
            return Refusal(identified, self.packs, refused)
        scores = [self._picture_check.score(pixels) for pixels in sources]
        checks = tuple((self._picture_check.name, score) for score in scores)
        unusable = tuple(_of_a_source(r) for score in scores for r in self._picture_reasons(score))
        if unusable:
            return Refusal(identified, self.packs, unusable, checks)
        held = _reasons(findings, "hold")
        if held:
            return Held(identified, self.packs, held)
        return Permit(identified, self.packs, self._clock(), checks)

    def clear(self, permit: Permit, rendered: Rendered) -> Cleared | Withheld:
        """Whether a finished picture may leave.

        Raises PolicyError when the picture is not one this permit was given for, or isn't a
        picture: (H, W, 4) uint8.
        """
        if not _belongs(permit.identified.request, rendered):
            raise PolicyError("policy.picture_foreign")
        pixels = rendered.result.pixels
        if pixels.ndim != 3 or pixels.shape[2] != 4 or pixels.dtype != "uint8" or not pixels.size:
            raise PolicyError("policy.picture_unreadable")
        score = self._picture_check.score(pixels)
        checks = ((self._picture_check.name, score),)
        reasons = tuple(self._picture_reasons(score))
        if reasons:
            return Withheld(permit, rendered, reasons, checks)
        return Cleared(permit, rendered, checks)

    def _picture_reasons(self, score: float) -> Iterator[Reason]:
        for pack in self._packs:
            for rule in pack.pictures:
                if rule.check == self._picture_check.name and score >= rule.withhold_at:
                    yield Reason(
                        rule=rule.id,
                        category=rule.category,
                        pack=pack.name,
                        article=rule.article,
                        start=0,
                        end=0,
                        text="",
                        explanation=rule.explanation,
                    )


def _belongs(request: Request, rendered: Rendered) -> bool:
    """Whether the picture was drawn for this request: its words, its reading, one of its seeds,
    and from a picture if and only if it has one."""
    prompt, spec = request.reading.prompt, rendered.spec
    return (
        spec.text == prompt.text
        and spec.language == prompt.language
        and spec.brief == request.reading.brief
        and rendered.seed in request.seeds
        and (spec.picture is not None) == bool(request.sources)
    )


def _of_a_source(reason: Reason) -> Reason:
    """A picture rule's reason in words for a picture that was brought: the pack's own are about one
    that was drawn."""
    said = tuple((language, say("policy.source_unusable", language)) for language in languages())
    return replace(reason, explanation=said)


def _mentions(request: Request) -> Iterator[Mention]:
    """The concepts the reading found in the text, and those only the Brief has."""
    reading = request.reading
    placed = {u.meaning.removeprefix("setting:") for u in reading.understood}
    for part in reading.understood:
        yield Mention(part.meaning.removeprefix("setting:"), part.start, part.end)
    brief = reading.brief
    for concept in (*(t.concept for t in brief.things), *filter(None, (brief.setting,))):
        if concept not in placed:
            yield Mention(concept, 0, 0)


def _reasons(findings: Sequence[Finding], action: str) -> tuple[Reason, ...]:
    return tuple(f.reason for f in findings if f.action == action)
