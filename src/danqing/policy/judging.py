"""From the words found in a text to reasons: what each rule asks for, and what excuses it."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

from danqing.messages import languages, say
from danqing.policy.folding import Symbol, fold
from danqing.policy.matching import Hit, WordFinder
from danqing.policy.names import Names, shipped_names
from danqing.policy.ngrams import NAME, Likeness, Ngrams
from danqing.policy.rules import Action, Rule, RulePack
from danqing.policy.types import Reason

MAX_REASONS = 20
REMEMBERED = 256
"""Texts a judge knows its findings of."""
CONCEPT_PREFIX = "concept:"
NAMES_PREFIX = "names:"
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mention:
    """A lexicon concept the reading found at text[start:end]."""

    concept: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason with what its rule wants done."""

    action: Action
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Combination:
    """One word of each group together. ordered: in this order, each after the one before."""

    groups: tuple[frozenset[int], ...]
    ordered: bool


@dataclass(frozen=True)
class _Compiled:
    rule: Rule
    pack: str
    words: frozenset[int]
    combinations: tuple[_Combination, ...]
    patterns: tuple[re.Pattern[str], ...]
    innocent: frozenset[int]
    near: frozenset[int]

    @cached_property
    def triggers(self) -> frozenset[int]:
        """Words without any of which only the rule's patterns can apply."""
        return self.words.union(*(g for c in self.combinations for g in c.groups))


class Judge:
    """Applies all rules of several packs to a text. A rule's excuses count in its own pack
    alone, so that one pack more can never let more through. names: what `names:people` and the
    like stand for; those shipped unless given. ngrams: asked where no rule finds anything."""

    def __init__(
        self,
        packs: Sequence[RulePack],
        names: Names | None = None,
        ngrams: Ngrams | None = None,
    ) -> None:
        self._ngrams = ngrams
        self._articles = {
            rule.category: rule.article
            for pack in reversed(packs)
            for rule in reversed(pack.rules)
            if rule.action != "allow"
        }
        self._names = shipped_names() if names is None else names
        self._numbers: dict[str, int] = {}
        spelt: set[int] = set()
        initials: set[int] = set()
        abridged: set[int] = set()
        self._rules: list[_Compiled] = []
        for pack in packs:
            allowed = self._ids(w for r in pack.rules if r.action == "allow" for w in r.words)
            spelt |= allowed
            for rule in pack.rules:
                compiled = self._compile(rule, pack.name, allowed)
                initials |= self._ids(rule.initials)
                if rule.pinyin:
                    groups = tuple(g for c in compiled.combinations for g in c.groups)
                    spelt = spelt.union(compiled.words, compiled.innocent, *groups)
                    if rule.action != "allow":
                        abridged = abridged.union(compiled.words, *groups)
                if rule.action != "allow":
                    self._rules.append(compiled)
        self._concepts = {
            word.removeprefix(CONCEPT_PREFIX): number
            for word, number in self._numbers.items()
            if word.startswith(CONCEPT_PREFIX)
        }
        unwritten = set(self._concepts.values())
        self._finder = WordFinder(
            list(self._numbers), spelt - unwritten, initials, abridged - unwritten
        )
        # A job's words are judged when it is put in line and again when it is drawn: by these very
        # rules they come to the same.
        self._known = lru_cache(REMEMBERED)(self._find)

    def findings(self, text: str, mentions: Iterable[Mention] = ()) -> tuple[Finding, ...]:
        """What the rules say of this text: refusals first, then in order of the text."""
        return self._known(text, tuple(mentions))

    def _find(self, text: str, mentions: tuple[Mention, ...]) -> tuple[Finding, ...]:
        symbols = fold(text)
        found: dict[int, list[Hit]] = defaultdict(list)
        for hit in self._finder.find(symbols):
            found[hit.word].append(hit)
        for mention in mentions:
            number = self._concepts.get(mention.concept)
            if number is not None:
                found[number].append(Hit(number, mention.start, mention.end))
        ruler = Ruler(symbols, len(text))
        findings = [
            Finding(compiled.rule.action, _reason(compiled, text, start, end))
            for compiled in self._rules
            for start, end in _apart(_spans(compiled, found, symbols, ruler))
        ]
        if not findings and self._ngrams is not None:
            likeness = self._ngrams.look(symbols)
            # Only a category some pack in force has: nobody is held under a rule that isn't there.
            if likeness is not None and likeness.category in self._articles:
                findings.append(Finding("hold", self._resembling(likeness, text)))
        findings.sort(key=lambda f: (f.action != "refuse", f.reason.start, f.reason.rule))
        return tuple(findings[:MAX_REASONS])

    def _resembling(self, likeness: Likeness, text: str) -> Reason:
        explained = tuple((tag, say("policy.resembles", tag)) for tag in languages())
        return Reason(
            rule=f"ngrams/{likeness.category}",
            category=likeness.category,
            pack=NAME,
            article=self._articles[likeness.category],
            start=likeness.start,
            end=likeness.end,
            text=text[likeness.start : likeness.end],
            explanation=explained,
        )

    def _ids(self, words: Iterable[str]) -> frozenset[int]:
        every = itertools.chain.from_iterable(map(self._meant, words))
        return frozenset(self._numbers.setdefault(w, len(self._numbers)) for w in every)

    def _meant(self, entry: str) -> tuple[str, ...]:
        """The words an entry stands for: itself, unless it names a list of names."""
        if entry.startswith(NAMES_PREFIX):
            return self._names.get(entry.removeprefix(NAMES_PREFIX), ())
        return (entry,)

    def _compile(self, rule: Rule, pack: str, allowed: frozenset[int]) -> _Compiled:
        phrases = (
            _Combination(tuple(map(self._ids, phrase)), ordered=True) for phrase in rule.phrases
        )
        together = (
            (_Combination(tuple(self._ids(group) for group in rule.all_of), ordered=False),)
            if rule.all_of
            else ()
        )
        return _Compiled(
            rule=rule,
            pack=pack,
            words=self._ids((*rule.words, *rule.initials)),
            combinations=(*phrases, *together),
            patterns=tuple(re.compile(p, re.ASCII | re.IGNORECASE) for p in rule.patterns),
            innocent=self._ids(rule.innocent) | allowed,
            near=self._ids(rule.near),
        )


class Ruler:
    """Measures distances in letters that can be read, so that filling adds nothing to them."""

    def __init__(self, symbols: Sequence[Symbol], length: int) -> None:
        starts = {s.start for s in symbols if s.text.isalnum()}
        self._before = tuple(itertools.accumulate((i in starts for i in range(length)), initial=0))

    def between(self, a: Span, b: Span) -> int:
        """Letters between two spans of the text, 0 when they touch or overlap."""
        before = self._before
        return max(before[b[0]] - before[a[1]], before[a[0]] - before[b[1]], 0)


def _spans(
    compiled: _Compiled, found: dict[int, list[Hit]], symbols: Sequence[Symbol], ruler: Ruler
) -> Iterator[Span]:
    """Where in the text the rule applies."""
    triggers = _hits(compiled.triggers, found)
    if not triggers and not compiled.patterns:
        return
    excuses = _hits(compiled.innocent, found)
    softeners = [  # not those that are but a part of what they would soften: 教育 in 教育部
        s
        for s in _hits(compiled.near, found)
        if not any(h.start <= s.start and s.end <= h.end for h in triggers)
    ]

    def free(start: int, end: int) -> bool:
        return not any(e.start <= start and end <= e.end for e in excuses)

    def blamed(start: int, end: int) -> bool:
        reach = compiled.rule.near_within
        return not any(ruler.between((s.start, s.end), (start, end)) <= reach for s in softeners)

    for hit in _hits(compiled.words, found):
        if free(hit.start, hit.end) and blamed(hit.start, hit.end):
            yield hit.start, hit.end
    for combination in compiled.combinations:
        groups = [[h for h in _hits(g, found) if free(h.start, h.end)] for g in combination.groups]
        if all(groups):
            within = compiled.rule.within
            for start, end in _together(groups, combination.ordered, within, ruler):
                if blamed(start, end):
                    yield start, end
    if compiled.patterns:
        folded = "".join(s.text for s in symbols)
        for pattern in compiled.patterns:
            for match in pattern.finditer(folded):
                if match.end() > match.start():
                    start, end = symbols[match.start()].start, symbols[match.end() - 1].end
                    if free(start, end) and blamed(start, end):
                        yield start, end


def _hits(numbers: frozenset[int], found: dict[int, list[Hit]]) -> list[Hit]:
    return [hit for number, hits in found.items() if number in numbers for hit in hits]


def _together(
    groups: Sequence[Sequence[Hit]], ordered: bool, within: int, ruler: Ruler
) -> Iterator[Span]:
    """Spans from the first to the last of one hit of each group, close enough to each other.

    Unordered, every hit must be near the first group's; ordered, each near the one before it.
    """
    for first in groups[0]:
        start, end = last = (first.start, first.end)
        for group in groups[1:]:
            candidates = [
                (h.start, h.end)
                for h in group
                if ruler.between((h.start, h.end), last) <= within
                and (not ordered or h.start >= last[1])
            ]
            if not candidates:
                break
            nearest = min(candidates, key=partial(ruler.between, last))
            start, end = min(start, nearest[0]), max(end, nearest[1])
            if ordered:
                last = nearest
        else:
            yield start, end


def _apart(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans in order, the longer one where two overlap."""
    reached = -1
    for start, end in sorted(set(spans), key=lambda s: (s[0], -s[1])):
        if start >= reached:
            yield start, end
            reached = end


def _reason(compiled: _Compiled, text: str, start: int, end: int) -> Reason:
    rule = compiled.rule
    return Reason(
        rule=rule.id,
        category=rule.category,
        pack=compiled.pack,
        article=rule.article,
        start=start,
        end=end,
        text=text[start:end],
        explanation=rule.explanation,
    )
