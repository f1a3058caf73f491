"""The two decisions: may this be drawn, and may what was drawn leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from danqing.engines.protocol import Pixels, Rendered
from danqing.errors import NotDeclared, PolicyError
from danqing.identity.types import Identified
from danqing.messages import languages, say
from danqing.policy.discipline import barred, with_warning
from danqing.policy.docket import Docket
from danqing.policy.judging import Finding, Judge, Mention
from danqing.policy.names import shipped_names
from danqing.policy.ngrams import shipped_ngrams
from danqing.policy.pictures import PictureCheck
from danqing.policy.reading import TextReader
from danqing.policy.rules import RulePack, Sentences
from danqing.policy.rulings import Ruling
from danqing.policy.shelf import InForce, Shelf
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
    """Decides under these rules. Only here are Permit, Held, Refusal, Cleared and Withheld made.

    rules: packs, or a Shelf that reads them again when their files change. picture_check: looks at
    pictures. clock: gives the moment of a decision, UTC, aware. profile: whose law it is
    (`settings.Profile`). docket: earlier refusals, rulings and consents; without one nobody is slowed,
    and no ruling is known. reader: reads the words in pictures.

    Raises PolicyError without any pack, or when two packs have one name, since a refusal names its
    pack. Compiling the rules waits for the first decision.
    """

    def __init__(
        self,
        rules: Sequence[RulePack] | Shelf,
        picture_check: PictureCheck,
        clock: Callable[[], datetime],
        *,
        profile: str = "open",
        docket: Docket | None = None,
        reader: TextReader | None = None,
    ) -> None:
        if not isinstance(rules, Shelf):
            if not rules:
                raise PolicyError("policy.no_pack")
            names = [p.name for p in rules]
            for name in names:
                if names.count(name) > 1:
                    raise PolicyError("policy.pack_named_twice", pack=name)
            rules = tuple(rules)
        self._rules = rules
        self._picture_check = picture_check
        self._clock = clock
        self._profile = profile
        self._docket = docket
        self._reader = reader
        self._compiled: tuple[InForce, Judge] | None = None

    @property
    def packs(self) -> tuple[PackVersion, ...]:
        """What decides at this moment: the n-gram models, and the packs in force."""
        return _versions(self._in_force)

    @property
    def final_rules(self) -> frozenset[str]:
        """Rules no reviewer can overturn."""
        return frozenset(r.id for p in self._in_force.packs for r in p.rules if r.final)

    @property
    def _in_force(self) -> InForce:
        if isinstance(self._rules, Shelf):
            return self._rules.in_force()
        return InForce(self._rules, shipped_names())

    def _judge(self, rules: InForce) -> Judge:
        """The judge of these rules; two threads may both compile it after a change, to no harm."""
        compiled = self._compiled
        if compiled is None or compiled[0].packs is not rules.packs:
            compiled = rules, Judge(rules.packs, rules.names, shipped_ngrams())
            self._compiled = compiled
        return compiled[1]

    def explain(self, pack: str, rule: str, language: str) -> str:
        """What a rule says of itself, for a verdict that was read back from the ledger; nothing where
        the packs in force have no such rule any more."""
        known: dict[tuple[str, str], Sentences] = {}
        for each in self._in_force.packs:
            known |= {(each.name, part.id): part.explanation for part in each.rules}
            known |= {(each.name, part.id): part.explanation for part in each.pictures}
            known |= {(each.name, part.id): part.explanation for part in each.conduct}
        said = dict(known.get((pack, rule), ()))
        return said.get(language) or said.get("en", "")

    def examine(self, text: str) -> tuple[Reason, ...]:
        """What the rules hold against a text, refusals first; nothing when it may be drawn.

        Spans index `text` itself. This is a try-out: it decides nothing and logs nothing.
        """
        return tuple(f.reason for f in self._judge(self._in_force).findings(text))

    def examine_picture(self, pixels: Pixels) -> tuple[Reason, ...]:
        """What the rules hold against a picture that somebody brings, as `examine` for a text.

        pixels: (H, W, 4) uint8 straight RGBA.
        """
        rules = self._in_force
        looked = self._picture_reasons(rules, self._picture_check.score(pixels))
        return (*looked, *(f.reason for f in self._read(rules, pixels)))

    def decide(
        self, identified: Identified, sources: Sequence[Pixels] = ()
    ) -> Permit | Held | Refusal:
        """Whether this request may be drawn, by its text, the concepts read from it, the pictures it
        starts from and the words in them, who asks, and what a reviewer said of it before.

        One refusing rule refuses; else one holding rule holds for a reviewer. sources: the pixels
        of each of the request's sources, (H, W, 4) uint8. A picture rule that would withhold a
        result refuses such a source. Raises PolicyError when a source wasn't brought; under the
        profile `cn` NotDeclared when nothing was said of the people in one (Deep Synthesis
        Provisions, Art. 14).
        """
        request, rules = identified.request, self._in_force
        if len(sources) != len(request.sources):
            raise PolicyError("policy.source_missing")
        self._check_consent(identified)
        versions, now = _versions(rules), self._clock()
        closed = barred(self._docket, identified, rules.packs, now)
        if closed:
            return Refusal(identified, versions, closed)
        ruling = self._ruling(identified)
        if ruling is not None and ruling.decision == "refuse":
            return Refusal(identified, versions, (_ruled(ruling),))
        excused = frozenset(ruling.rules if ruling else ()) - self.final_rules
        judge = self._judge(rules)
        findings = judge.findings(request.reading.prompt.text, _mentions(request))
        for source, pixels in zip(request.sources, sources, strict=True):
            if source.kind == "upload":
                findings = (*findings, *self._read(rules, pixels))
        findings = tuple(f for f in findings if f.reason.rule not in excused)
        refused = _reasons(findings, "refuse")
        if refused:
            told = with_warning(self._docket, identified, rules.packs, refused, now)
            return Refusal(identified, versions, told)
        scores = [self._picture_check.score(pixels) for pixels in sources]
        checks = tuple((self._picture_check.name, score) for score in scores)
        unusable = tuple(
            _of_a_source(r)
            for score in scores
            for r in self._picture_reasons(rules, score)
            if r.rule not in excused
        )
        if unusable:
            told = with_warning(self._docket, identified, rules.packs, unusable, now)
            return Refusal(identified, versions, told, checks)
        held = _reasons(findings, "hold")
        if held:
            return Held(identified, versions, held)
        return Permit(identified, versions, now, checks, tuple(sorted(excused)))

    def clear(
        self, permit: Permit, rendered: Rendered, *, writes_text: bool = False
    ) -> Cleared | Withheld:
        """Whether a finished picture may leave. writes_text: whether its engine can draw words, so
        that they are read and judged too.

        Raises PolicyError when the picture is not one this permit was given for, or isn't a
        picture: (H, W, 4) uint8.
        """
        if not _belongs(permit.identified.request, rendered):
            raise PolicyError("policy.picture_foreign")
        pixels = rendered.result.pixels
        if pixels.ndim != 3 or pixels.shape[2] != 4 or pixels.dtype != "uint8" or not pixels.size:
            raise PolicyError("policy.picture_unreadable")
        rules = self._in_force
        score = self._picture_check.score(pixels)
        checks = ((self._picture_check.name, score),)
        found = tuple(self._picture_reasons(rules, score))
        if writes_text:
            found = (*found, *(f.reason for f in self._read(rules, pixels)))
        reasons = tuple(r for r in found if r.rule not in permit.excused)
        if reasons:
            return Withheld(permit, rendered, reasons, checks)
        return Cleared(permit, rendered, checks)

    def _read(self, rules: InForce, pixels: Pixels) -> tuple[Finding, ...]:
        """What the rules hold against the words in a picture, where a reader is installed."""
        if self._reader is None:
            return ()
        text = "\n".join(self._reader.read(pixels))
        return tuple(
            replace(f, reason=replace(f.reason, start=0, end=0))
            for f in (self._judge(rules).findings(text) if text else ())
        )

    def _check_consent(self, identified: Identified) -> None:
        if self._profile != "cn":
            return
        for source in identified.request.sources:
            person_id = identified.person.id
            if source.kind == "upload" and not (
                self._docket is not None and self._docket.consented(person_id, source.id)
            ):
                raise NotDeclared("policy.no_face_consent", command="danqing consent")

    def _ruling(self, identified: Identified) -> Ruling | None:
        if self._docket is None:
            return None
        return self._docket.ruling_on(identified.request, identified.person.id)

    def _picture_reasons(self, rules: InForce, score: float) -> Iterator[Reason]:
        for pack in rules.packs:
            for rule in pack.pictures:
                threshold = rule.threshold(self._profile)
                if rule.check == self._picture_check.name and score >= threshold:
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


def _versions(rules: InForce) -> tuple[PackVersion, ...]:
    return (shipped_ngrams().version, *(p.version for p in rules.packs))


def _ruled(ruling: Ruling) -> Reason:
    """A reviewer's refusal, for everybody who asks for the same."""
    said = tuple((tag, say("policy.ruled_out", tag)) for tag in languages())
    article = say("policy.by_reviewer", "zh-Hans", id=ruling.id)
    return Reason(f"review/{ruling.id.lower()}", "review", "reviewer", article, 0, 0, "", said)


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
