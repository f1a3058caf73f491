"""The rule-pack file, as pydantic sees it: the edge where an operator's YAML becomes a RulePack.

docs/rule-packs.md describes the format for people.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from danqing.errors import PolicyError
from danqing.policy.bounded_yaml import read_tree
from danqing.policy.names import KINDS
from danqing.policy.patterns import why_unsafe
from danqing.policy.risks import RISKS
from danqing.policy.rules import (
    Action,
    ConductAction,
    ConductRule,
    Example,
    PictureRule,
    Rule,
    RulePack,
    Sentences,
)
from danqing.policy.types import PackVersion
from danqing.settings import Profile

FORMAT = "danqing-rules/1"
MAX_ENTRIES = 200_000
LIST_PREFIX = "list:"

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._/-]{0,63}$")]
Entry = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Entries = tuple[Entry, ...]
Phrase = Annotated[
    str, StringConstraints(max_length=500, pattern=r"^[^…|]{1,64}([…|]+[^…|]{1,64})*$")
]
Span = Annotated[int, Field(ge=0, le=500)]
Score = Annotated[float, Field(ge=0, le=1)]
Hours = Annotated[int, Field(ge=1, le=24 * 3650)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Explanation(_Part):
    zh_hans: Text | None = Field(None, alias="zh-Hans")
    zh_hant: Text | None = Field(None, alias="zh-Hant")
    en: Text | None = None

    def sentences(self) -> Sentences:
        """All three languages; one that is missing is borrowed from its nearest neighbour."""
        hans = self.zh_hans or self.zh_hant or self.en or ""
        return (("zh-Hans", hans), ("zh-Hant", self.zh_hant or hans), ("en", self.en or hans))


class RuleFile(_Part):
    id: Id
    action: Action | None = None
    article: Text | None = None
    explanation: Explanation | None = None
    words: Entries = ()
    initials: Entries = ()
    phrases: tuple[Phrase, ...] = ()
    patterns: tuple[Annotated[str, StringConstraints(min_length=1, max_length=200)], ...] = ()
    all_of: Annotated[tuple[Entries, ...], Field(max_length=4)] = ()
    innocent: Entries = ()
    near: Entries = ()
    within: Span = 24
    near_within: Span = 24
    pinyin: bool = True


class Examples(_Part):
    caught: tuple[Text, ...] = ()
    passed: tuple[Text, ...] = ()


class CategoryFile(_Part):
    id: Id
    risk: Literal[tuple(RISKS)]  # type: ignore[valid-type]  # the classes are data
    action: Action
    article: Text
    explanation: Explanation
    rules: tuple[RuleFile, ...]
    examples: Examples = Examples()
    final: bool = False


class PictureFile(_Part):
    id: Id
    category: Id
    check: Id
    withhold_at: Score
    profiles: dict[Profile, Score] = {}
    article: Text
    explanation: Explanation


class ConductFile(_Part):
    id: Id
    action: ConductAction
    after: Annotated[int, Field(ge=1, le=1000)]
    within_h: Hours
    for_h: Annotated[int, Field(ge=0, le=24 * 3650)] = 0
    wait_s: Annotated[int, Field(ge=0, le=86_400)] = 0
    categories: tuple[Id, ...] = ()
    article: Text
    explanation: Explanation


class PackFile(_Part):
    format: Literal["danqing-rules/1"]
    name: Id
    version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.+-]{1,32}$")]
    about: Explanation | None = None
    lists: dict[Id, Entries] = {}
    categories: Annotated[tuple[CategoryFile, ...], Field(max_length=200)]
    pictures: tuple[PictureFile, ...] = ()
    conduct: Annotated[tuple[ConductFile, ...], Field(max_length=50)] = ()


def parse(data: bytes, source: str, sha256: str) -> RulePack:
    """A pack from the bytes of its file. source: what to call the file in an error.

    Raises PolicyError, naming the file and the place in it.
    """
    tree = read_tree(data, source)
    try:
        file = PackFile.model_validate(tree, by_alias=True)
    except ValidationError as error:
        raise _explained(error, source) from None
    return _Builder(file, source).pack(sha256)


_PLAIN_FAULTS = {
    "missing": "policy.pack_missing",
    "extra_forbidden": "policy.pack_unknown_key",
    "string_type": "policy.pack_not_text",
}


def _explained(error: ValidationError, source: str) -> PolicyError:
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "?"
    code = _PLAIN_FAULTS.get(first["type"], "policy.pack_malformed")
    facts = {} if code != "policy.pack_malformed" else {"what": first["msg"]}
    return PolicyError(code, file=source, where=where, **facts)


class _Builder:
    """Fills in what a rule inherits and the lists it names, and checks what pydantic can't."""

    def __init__(self, file: PackFile, source: str) -> None:
        self.file = file
        self.source = source
        self.entries = 0

    def pack(self, sha256: str) -> RulePack:
        file = self.file
        rules = tuple(self._rule(c, r) for c in file.categories for r in c.rules)
        ids = [r.id for r in rules] + [p.id for p in file.pictures] + [c.id for c in file.conduct]
        twice = (
            next((i for i in ids if ids.count(i) > 1), None) if len(set(ids)) < len(ids) else None
        )
        if twice is not None:
            raise PolicyError("policy.pack_id_twice", file=self.source, id=twice)
        pictures = tuple(
            PictureRule(
                p.id,
                p.category,
                p.check,
                p.withhold_at,
                p.article,
                self._said(p.explanation, p.id),
                tuple(p.profiles.items()),
            )
            for p in file.pictures
        )
        examples = tuple(
            Example(text, c.id, caught)
            for c in file.categories
            for caught, texts in ((True, c.examples.caught), (False, c.examples.passed))
            for text in texts
        )
        risks = tuple((c.id, str(c.risk)) for c in file.categories)
        version = PackVersion(file.name, file.version, sha256)
        conduct = tuple(map(self._conduct, file.conduct))
        return RulePack(version, rules, pictures, examples, risks, conduct)

    def _conduct(self, rule: ConductFile) -> ConductRule:
        return ConductRule(
            id=rule.id,
            action=rule.action,
            after=rule.after,
            within_h=rule.within_h,
            for_h=rule.for_h,
            wait_s=rule.wait_s,
            categories=rule.categories,
            article=rule.article,
            explanation=self._said(rule.explanation, rule.id),
        )

    def _rule(self, category: CategoryFile, rule: RuleFile) -> Rule:
        for pattern in rule.patterns:
            fault = why_unsafe(pattern)
            if fault is not None:
                raise PolicyError(
                    "policy.pack_pattern",
                    file=self.source,
                    rule=rule.id,
                    pattern=pattern,
                    what=fault,
                )
        explanation = rule.explanation or category.explanation
        return Rule(
            id=rule.id,
            category=category.id,
            action=rule.action or category.action,
            article=rule.article or category.article,
            explanation=self._said(explanation, rule.id),
            words=self._filled(rule.words, rule.id),
            initials=self._filled(rule.initials, rule.id),
            phrases=tuple(self._parts(p, rule.id) for p in rule.phrases),
            patterns=rule.patterns,
            all_of=tuple(self._filled(group, rule.id, concepts=True) for group in rule.all_of),
            innocent=self._filled(rule.innocent, rule.id),
            near=self._filled(rule.near, rule.id),
            within=rule.within,
            near_within=rule.near_within,
            pinyin=rule.pinyin,
            final=category.final,
        )

    def _said(self, explanation: Explanation, where: str) -> Sentences:
        sentences = explanation.sentences()
        if not sentences[0][1]:
            raise PolicyError("policy.pack_missing", file=self.source, where=f"{where}.explanation")
        return sentences

    def _parts(self, phrase: str, rule: str) -> tuple[Entries, ...]:
        """The parts of a phrase in order, each as the entries that may stand there."""
        return tuple(
            self._filled(tuple(e.strip() for e in part.split("|")), rule, concepts=True)
            for part in re.split(r"…+|\.{3,}", phrase)
        )

    def _filled(self, entries: Entries, rule: str, concepts: bool = False) -> Entries:
        """The entries, each `list:name` replaced by that list's own."""
        filled: list[str] = []
        for entry in entries:
            if entry.startswith(LIST_PREFIX):
                name = entry.removeprefix(LIST_PREFIX)
                if name not in self.file.lists:
                    raise PolicyError("policy.pack_no_list", file=self.source, rule=rule, list=name)
                filled.extend(self.file.lists[name])
            else:
                filled.append(entry)
        for entry in filled:
            self._checked(entry, rule, concepts)
        return tuple(dict.fromkeys(filled))

    def _checked(self, entry: str, rule: str, concepts: bool) -> None:
        self.entries += 1
        if self.entries > MAX_ENTRIES:
            raise PolicyError("policy.pack_too_many", file=self.source, limit=MAX_ENTRIES)
        is_concept = entry.startswith("concept:")
        if entry.startswith("names:") and entry.removeprefix("names:") not in KINDS:
            raise PolicyError("policy.pack_no_list", file=self.source, rule=rule, list=entry)
        if not any(c.isalnum() for c in entry) or (is_concept and not concepts):
            raise PolicyError("policy.pack_empty_word", file=self.source, rule=rule, word=entry)
