"""What holds of every decision, whatever the prompt."""

from __future__ import annotations

import unicodedata
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from danqing.policy import Held, Permit, Policy, Refusal, RulePack, load_pack, shipped_packs
from danqing.policy.folding import is_han
from danqing.policy.judging import Judge
from danqing.policy.rules import Rule
from support.asking import NOON, FixedCheck, asked
from support.disguises import (
    BY_SIGHT,
    BY_SOUND,
    Disguise,
    pinyin_joined,
    pinyin_spaced,
    taken_apart,
)

CARRIERS = ("画一张{}", "{}", "a picture of {} please", "把 {} 放在左边，三只猫")


def own_pack(action: str) -> RulePack:
    text = f"""
format: danqing-rules/1
name: own-{action}
version: "1"
categories:
  - id: own
    risk: A.1.h
    action: {action}
    article: 店规
    explanation: {{en: House rules.}}
    rules:
      - id: own/words
        words: [熊猫, 色情, porn, 炸弹, cat, 图]
        all_of: [[猫, 左边], [三只, please]]
        patterns: ['[a-c]{{1,3}}\\d']
"""
    return load_pack(text.encode())


PACKS = (*shipped_packs(), own_pack("refuse"), own_pack("hold"), own_pack("allow"))


@cache
def policy(names: frozenset[str]) -> Policy:
    chosen = tuple(p for p in PACKS if p.name in names)
    return Policy(chosen, FixedCheck(), lambda: NOON)


def listed() -> list[tuple[Rule, str]]:
    """Every word a shipped rule blames by itself."""
    return [
        (rule, word)
        for pack in shipped_packs()
        for rule in pack.rules
        if rule.action != "allow"
        for word in rule.words
    ]


ALL = frozenset(p.name for p in PACKS)
valid_text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=120).map(
    lambda t: unicodedata.normalize("NFC", t)
)
pieces = st.sampled_from(
    [*(word for _, word in listed()),
     "画", "a ", "。", " ", "\u200b", "\u0301", "图", "博物馆", "反诈",
     "child", "小孩", "熊猫", "s", "3", "🇸", "１", "museum", "breast cancer", "裸色",
     "1101011990030777"]
)  # fmt: skip
mixed_text = st.lists(st.one_of(pieces, valid_text), min_size=1, max_size=12).map("".join)
prompts = st.one_of(valid_text, mixed_text)


@given(prompts)
@settings(max_examples=300, deadline=None)
def test_deciding_never_raises_and_spans_are_the_readers_own(text: str) -> None:
    verdict = policy(ALL).decide(asked(text))
    assert isinstance(verdict, Permit | Held | Refusal)
    reasons = policy(ALL).examine(text)
    assert isinstance(verdict, Permit) == (not reasons)
    for reason in reasons:
        assert 0 <= reason.start < reason.end <= len(text)
        assert text[reason.start : reason.end] == reason.text


OWN = frozenset(n for n in ALL if n.startswith("own-"))
SUBSETS = [*(frozenset({n}) for n in sorted(ALL)), OWN, ALL - OWN, ALL]
SEVERITY: dict[type, int] = {Permit: 0, Held: 1, Refusal: 2}


@given(prompts, st.sampled_from(SUBSETS), st.sampled_from(SUBSETS))
@settings(max_examples=200, deadline=None)
def test_more_packs_never_permit_more(
    text: str, some: frozenset[str], others: frozenset[str]
) -> None:
    few = policy(some).decide(asked(text))
    many = policy(some | others).decide(asked(text))
    assert SEVERITY[type(many)] >= SEVERITY[type(few)]


@cache
def judge(pack: str) -> Judge:
    return Judge(tuple(p for p in shipped_packs() if p.name == pack))


def caught(pack: str, text: str) -> bool:
    findings = judge(pack).findings(text)
    for finding in findings:
        reason = finding.reason
        assert text[reason.start : reason.end] == reason.text
    return bool(findings)


def pack_of(rule: Rule) -> str:
    return next(p.name for p in shipped_packs() if rule in p.rules)


SAME_SOUND = {"血腥", "冰毒", "自杀", "假章"}
"""Their pinyin is also that of something harmless the packs let pass: 血型, 病毒, 紫砂, Jia Zhang."""


def applicable(rule: Rule, word: str, disguise: Disguise, carrier: str) -> str | None:
    """The word in this disguise, where it should be seen through.

    Pinyin is looked for amid Chinese; what can be taken apart has a test of its own.
    """
    by_sound = disguise in BY_SOUND
    if by_sound and (not rule.pinyin or word in SAME_SOUND or not any(map(is_han, carrier))):
        return None
    return None if disguise is taken_apart else disguise(word)


@given(st.sampled_from(listed()), st.sampled_from(BY_SIGHT + BY_SOUND), st.sampled_from(CARRIERS))
@settings(max_examples=400, deadline=None)
def test_a_listed_word_is_caught_in_every_disguise(
    entry: tuple[Rule, str], disguise: Disguise, carrier: str
) -> None:
    rule, word = entry
    hidden = applicable(rule, word, disguise, carrier)
    if hidden is not None:
        assert caught(pack_of(rule), carrier.format(hidden))


def test_every_listed_word_in_every_disguise() -> None:
    missed = []
    for rule, word in listed():
        for disguise in BY_SIGHT + BY_SOUND:
            hidden = applicable(rule, word, disguise, CARRIERS[0])
            if hidden is not None and not caught(pack_of(rule), CARRIERS[0].format(hidden)):
                missed.append((disguise.__name__, word, hidden))
    assert not missed


def test_pinyin_without_any_chinese_is_caught_from_three_syllables_on() -> None:
    missed = [
        hidden
        for rule, word in listed()
        if rule.pinyin and len(word) > 2
        for hidden in (pinyin_joined(word), pinyin_spaced(word))
        if hidden is not None and not caught(pack_of(rule), f"a picture of {hidden}")
    ]
    assert not missed


def test_every_listed_word_is_caught_as_it_stands() -> None:
    missed = [
        word
        for rule, word in listed()
        for carrier in CARRIERS
        if not caught(pack_of(rule), carrier.format(word))
    ]
    assert not missed


def test_words_taken_apart_are_nearly_all_caught() -> None:
    """Which two parts belong together is not always clear: 王见 is also 现."""
    hidden = [(rule, taken_apart(word)) for rule, word in listed()]
    tried = [(rule, text) for rule, text in hidden if text is not None]
    found = sum(caught(pack_of(rule), f"画一张{text}") for rule, text in tried)
    assert len(tried) > 400
    assert found >= 0.98 * len(tried)
