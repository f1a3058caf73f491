"""Which words are found where: disguises on one side, innocent neighbours on the other."""

from __future__ import annotations

import pytest

from danqing.policy.folding import fold
from danqing.policy.matching import WordFinder

WORDS = (
    "色情",
    "炸弹",
    "强奸",
    "porn",
    "penis",
    "self-harm",
    "pipe bomb",
    "anal",
    "av",
    "ak47",
    "卖淫",
    "私处",
    "腐尸",
)
FINDER = WordFinder(WORDS, spelt=range(len(WORDS)), initials=(2,))


def found(text: str) -> set[tuple[str, str]]:
    return {(WORDS[h.word], text[h.start : h.end]) for h in FINDER.find(fold(text))}


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        ("画色情图", "色情", "色情"),
        ("画色 情图", "色情", "色 情"),
        ("画色*情图", "色情", "色*情"),
        ("色，情", "色情", "色，情"),
        ("se情", "色情", "se情"),
        ("色qing", "色情", "色qing"),
        ("看seqing图", "色情", "seqing"),
        ("se qing", "色情", "se qing"),
        ("sè qíng", "色情", "sè qíng"),
        ("s.e.q.i.n.g", "色情", "s.e.q.i.n.g"),
        ("woyaokanseqingtupian", "色情", "seqing"),
        ("s3qing", "色情", "s3qing"),
        ("火乍弓单", "炸弹", "火乍弓单"),
        ("强j", "强奸", "强j"),
        ("PORN", "porn", "PORN"),
        ("p o r n", "porn", "p o r n"),
        ("p.o.r.n pics", "porn", "p.o.r.n"),
        ("po-rn", "porn", "po-rn"),
        ("p0rn!", "porn", "p0rn"),
        ("画porn图", "porn", "porn"),
        ("porn2024", "porn", "porn"),
        ("self harm", "self-harm", "self harm"),
        ("selfharm", "self-harm", "selfharm"),
        ("pipe bombs", "pipe bomb", "pipe bombs"),
        ("画fushi的海报", "腐尸", "fushi"),
        ("AK-47", "ak47", "AK-47"),
    ],
)
def test_found_and_shown_as_typed(text: str, word: str, shown: str) -> None:
    assert (word, shown) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "白色，情绪",  # a clause ends between them
        "the pen is red",
        "an al dente pasta",
        "analysis",
        "A N A L Y S I S",
        "java",
        "pegboard",
        "self, harm",
        "you make money",
        "射青",  # a homophone is another word
        "se青",
        "Sichuan",  # not si'chu'an
        "a shop for fushi",  # 服饰 as well as 腐尸
        "basedqing",
        "1ak475",
    ],
)
def test_not_found(text: str) -> None:
    assert found(text) == set()
