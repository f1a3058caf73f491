"""The second opinion: what it holds, where it points, and that it never refuses."""

from __future__ import annotations

import numpy as np

from danqing.lexicon import lexicon
from danqing.policy import Held, Policy, shipped_packs
from danqing.policy.folding import fold
from danqing.policy.judging import Judge
from danqing.policy.ngrams import BITS, plain_text, runs, shipped_ngrams, views
from support.asking import NOON, FixedCheck, asked
from support.corpus import half


def test_runs_are_hashed_alike_wherever_they_stand() -> None:
    for length, places in runs("猫和狗和猫"):
        assert len(places) == max(0, 5 - length + 1)
        assert places.max(initial=0) < 1 << BITS
    (_, singles), *_ = runs("猫和狗和猫")
    assert singles[0] == singles[4] != singles[2]
    assert all(len(places) == 0 for _, places in runs(""))


def test_plain_text_keeps_the_way_back() -> None:
    prompt = "画 ｓｅｘｙ 猫!"
    (view,) = views(fold(prompt))
    text, owners = plain_text(view)
    assert text == "画 sexy 猫"
    assert [prompt[view.starts[o]] for o in owners if text][2] == "ｓ"


def test_it_knows_every_category_the_packs_have() -> None:
    categories = {c for p in shipped_packs() for c, _ in p.risks} - {"harmless"}
    assert set(shipped_ngrams().categories) == categories


def test_it_is_asked_only_where_no_rule_speaks_and_only_holds() -> None:
    with_it = Judge(shipped_packs(), ngrams=shipped_ngrams())
    without = Judge(shipped_packs())
    more = 0
    for sample in half("tuning")["blocked"][::3]:
        for _, text in sample.disguised():
            found, rules = with_it.findings(text), without.findings(text)
            if rules:
                assert found == rules
            elif found:
                more += 1
                (only,) = found
                assert only.action == "hold"
                assert only.reason.text == text[only.reason.start : only.reason.end] != ""
    assert more > 0


def test_a_hold_of_its_own_names_it_among_the_packs() -> None:
    policy = Policy(shipped_packs(), FixedCheck(), lambda: NOON)
    judge = Judge(shipped_packs(), ngrams=shipped_ngrams())
    text = next(
        text
        for sample in half("tuning")["blocked"]
        for _, text in sample.disguised()
        for f in judge.findings(text)
        if f.reason.rule.startswith("ngrams/") and len(text) <= 200
    )
    held = policy.decide(asked(text))
    assert isinstance(held, Held)
    assert held.reasons[0].pack in {version.name for version in held.packs}
    assert held.reasons[0].explain("zh-Hans") != held.reasons[0].explain("en")


def test_without_a_rule_of_the_category_in_force_nobody_is_held() -> None:
    packs = [p for p in shipped_packs() if p.name == "danqing-conduct"]
    judge = Judge(packs, ngrams=shipped_ngrams())
    for sample in half("tuning")["blocked"][::50]:
        assert judge.findings(sample.text) == ()


def test_an_empty_text_is_like_nothing() -> None:
    assert shipped_ngrams().look(fold("")) is None
    assert not np.any(shipped_ngrams().probabilities("") > 0)


def test_what_people_mostly_ask_for_passes() -> None:
    """Every name the lexicon has, in wordings the models were not trained with."""
    ngrams = shipped_ngrams()
    names = sorted({n for c in lexicon().concepts() for group in c.names.values() for n in group})
    told = [
        (f"could you draw {n} for my daughter" if n.isascii() else f"请帮孩子画{n}") for n in names
    ]
    held = [text for text in told if ngrams.look(fold(text))]
    assert len(held) <= 0.005 * len(told), held
