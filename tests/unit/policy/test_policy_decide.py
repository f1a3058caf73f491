"""The two decisions, with the packs that are shipped and with an operator's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from danqing.engines.protocol import Pixels
from danqing.errors import PolicyError
from danqing.identity.types import Identified
from danqing.policy import (
    Cleared,
    Held,
    Permit,
    Policy,
    Refusal,
    Withheld,
    load_pack,
    shipped_packs,
)
from danqing.request.types import Source, Understood
from support.asking import NOON, FixedCheck, asked, drawn

HOUSE = """
format: danqing-rules/1
name: house
version: "3"
categories:
  - id: place-names
    risk: A.1.b
    action: refuse
    article: 某地条例第九条
    explanation: {zh-Hans: 本地不画桃花源。, en: Peach Blossom Spring isn't drawn here.}
    rules:
      - id: place-names/one
        words: [桃花源]
      - id: place-names/moonlit-children
        action: hold
        all_of:
          - ["concept:child"]
          - [月亮]
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy(shipped_packs(), FixedCheck(), lambda: NOON)


@pytest.fixture(scope="module")
def house() -> Policy:
    packs = (*shipped_packs(), load_pack(HOUSE.encode()))
    return Policy(packs, FixedCheck(), lambda: NOON)


def test_a_harmless_prompt_gets_a_permit(policy: Policy) -> None:
    identified = asked("纽约唐人街小孩吃烧卖", things=("child", "shumai"))
    permit = policy.decide(identified)
    assert permit == Permit(identified, policy.packs, NOON)


def test_a_refusal_names_rule_span_pack_and_article(policy: Policy) -> None:
    text = "请画一张ＳＥ情海报"
    verdict = policy.decide(asked(text))
    assert isinstance(verdict, Refusal)
    (reason,) = verdict.reasons
    assert (reason.rule, reason.category, reason.pack) == (
        "sexual/explicit",
        "sexual",
        "danqing-sexual",
    )
    assert (reason.start, reason.end, reason.text) == (4, 7, "ＳＥ情")
    assert text[reason.start : reason.end] == reason.text
    assert "第四条" in reason.article
    assert reason.explain("zh-Hant") != reason.explain("zh-Hans") != reason.explain("en")


def test_a_hold_waits_for_a_reviewer_and_a_refusal_outweighs_it(policy: Policy) -> None:
    held = policy.decide(asked("一幅裸体"))
    assert isinstance(held, Held)
    assert held.reasons[0].rule == "sexual/nudity"
    both = policy.decide(asked("一幅裸体，色情"))
    assert isinstance(both, Refusal)
    assert {r.rule for r in both.reasons} == {"sexual/explicit"}
    assert [r.rule for r in policy.examine("一幅裸体，色情")] == [
        "sexual/explicit",
        "sexual/nudity",
    ]


def test_an_operators_pack_refuses_in_its_own_name(policy: Policy, house: Policy) -> None:
    prompt = asked("桃花源里的人家")
    assert isinstance(policy.decide(prompt), Permit)
    verdict = house.decide(prompt)
    assert isinstance(verdict, Refusal)
    assert [(r.pack, r.text, r.article) for r in verdict.reasons] == [
        ("house", "桃花源", "某地条例第九条")
    ]
    assert verdict.packs[-1].name == "house"


def test_concepts_the_reading_found_count_as_words(house: Policy) -> None:
    text = "小盆友看月亮"
    understood = (Understood(0, 3, "小盆友", "child"),)
    verdict = house.decide(asked(text, things=("child",), understood=understood))
    assert isinstance(verdict, Held)
    assert verdict.reasons[0].text == text
    assert isinstance(house.decide(asked(text)), Permit)
    without_place = house.decide(asked(text, things=("child",)))
    assert isinstance(without_place, Held)


def test_minors_are_recognised_by_concept_too(policy: Policy) -> None:
    understood = (Understood(0, 3, "小盆友", "child"),)
    verdict = policy.decide(asked("小盆友，性感", things=("child",), understood=understood))
    assert isinstance(verdict, Refusal)
    assert verdict.reasons[0].category == "minors"


def test_excuses_count_in_their_own_pack_alone() -> None:
    allowing = HOUSE.replace("action: refuse", "action: allow").replace("桃花源", "色情图")
    lax = Policy((*shipped_packs(), load_pack(allowing.encode())), FixedCheck(), lambda: NOON)
    assert isinstance(lax.decide(asked("色情图")), Refusal)


def test_without_a_pack_nothing_is_decided() -> None:
    with pytest.raises(PolicyError, match="no_pack"):
        Policy((), FixedCheck(), lambda: NOON)
    pack = load_pack(HOUSE.encode())
    with pytest.raises(PolicyError, match="pack_named_twice"):
        Policy((pack, replace(pack)), FixedCheck(), lambda: NOON)


def permit_for(policy: Policy, text: str = "一只熊猫") -> Permit:
    permit = policy.decide(asked(text, seeds=(7, 8)))
    assert isinstance(permit, Permit)
    return permit


def test_a_picture_below_the_threshold_is_cleared(policy: Policy) -> None:
    permit = permit_for(policy)
    rendered = drawn(permit.identified, seed=8)
    assert policy.clear(permit, rendered) == Cleared(permit, rendered, (("open-nsfw", 0.0),))


def test_a_picture_at_the_threshold_is_withheld() -> None:
    (rule,) = (r for p in shipped_packs() for r in p.pictures)
    check = FixedCheck(rule.withhold_at)
    policy = Policy(shipped_packs(), check, lambda: NOON)
    permit = permit_for(policy)
    withheld = policy.clear(permit, drawn(permit.identified))
    assert isinstance(withheld, Withheld)
    assert [(r.rule, r.start, r.end, r.text) for r in withheld.reasons] == [(rule.id, 0, 0, "")]
    assert withheld.checks == (("open-nsfw", rule.withhold_at),)
    check.answer = rule.withhold_at - 0.001
    assert isinstance(policy.clear(permit, drawn(permit.identified)), Cleared)


def test_a_picture_of_another_request_is_not_cleared(policy: Policy) -> None:
    permit = permit_for(policy)
    other = asked("一只老虎", seeds=(7, 8))
    read_otherwise = asked("一只熊猫", things=("panda",), seeds=(7, 8))
    for foreign in (
        drawn(other),
        drawn(read_otherwise),
        drawn(permit.identified, seed=9),
        drawn(asked("一只熊猫", language="en", seeds=(7, 8))),
    ):
        with pytest.raises(PolicyError, match="picture_foreign"):
            policy.clear(permit, foreign)


def test_what_is_no_picture_is_not_cleared(policy: Policy) -> None:
    permit = permit_for(policy)
    for pixels in (
        np.zeros((8, 8, 3), np.uint8),
        np.zeros((8, 8), np.uint8),
        np.zeros((0, 8, 4), np.uint8),
        np.zeros((8, 8, 4), np.float32),
    ):
        with pytest.raises(PolicyError, match="picture_unreadable"):
            policy.clear(permit, drawn(permit.identified, pixels=pixels))  # type: ignore[arg-type]


SOURCE = Source("upload", "ab" * 32)
WHITE = np.full((32, 32, 4), 255, np.uint8)


def started(text: str = "一只小狗") -> Identified:
    identified = asked(text)
    request = replace(identified.request, sources=(SOURCE,), strength=0.5)
    return replace(identified, request=request)


def test_a_source_is_looked_at_before_anything_is_drawn(policy: Policy) -> None:
    permit = policy.decide(started(), [WHITE])
    assert isinstance(permit, Permit)
    assert permit.source_checks == (("open-nsfw", 0.0),)


def test_a_source_that_a_picture_rule_would_withhold_is_refused() -> None:
    policy = Policy(shipped_packs(), FixedCheck(0.99), lambda: NOON)
    refusal = policy.decide(started(), [WHITE])
    assert isinstance(refusal, Refusal)
    assert refusal.source_checks == (("open-nsfw", 0.99),)
    (reason,) = refusal.reasons
    assert reason.rule == "sexual/picture"
    assert "您给的底图" in reason.explain("zh-Hans")
    assert "you brought" in reason.explain("en")


def test_words_are_refused_before_the_source_is_looked_at(house: Policy) -> None:
    refusal = house.decide(started("画一幅桃花源"), [WHITE])
    assert isinstance(refusal, Refusal)
    assert refusal.source_checks == ()


@pytest.mark.parametrize("brought", [[], [WHITE, WHITE]])
def test_no_source_goes_unseen(policy: Policy, brought: list[Pixels]) -> None:
    with pytest.raises(PolicyError, match=r"^policy\.source_missing"):
        policy.decide(started(), brought)
    with pytest.raises(PolicyError):
        policy.decide(asked("一只小狗"), [WHITE])


def test_a_picture_drawn_from_nothing_is_not_what_was_permitted(policy: Policy) -> None:
    permit = policy.decide(started(), [WHITE])
    assert isinstance(permit, Permit)
    rendered = drawn(started())
    with pytest.raises(PolicyError, match=r"^policy\.picture_foreign"):
        policy.clear(permit, rendered)
    with_picture = replace(rendered, spec=replace(rendered.spec, picture=WHITE))
    assert isinstance(policy.clear(permit, with_picture), Cleared)
