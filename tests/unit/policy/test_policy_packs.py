"""Reading rule packs: what is refused, and that it is said where and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from danqing.errors import PolicyError
from danqing.messages import say
from danqing.policy import RISKS, load_pack, shipped_packs, test_pack
from danqing.policy.judging import Judge
from danqing.policy.packs import MAX_PACK_BYTES
from danqing.policy.patterns import why_unsafe

DOCS = Path(__file__).parents[3] / "docs"
PACK = """
format: danqing-rules/1
name: house
version: "1"
lists:
  fruit: [苹果, pear]
categories:
  - id: fruit
    risk: A.1.h
    action: refuse
    article: 店规第一条
    explanation: {zh-Hans: 本店不画水果。, en: No fruit here.}
    rules:
      - id: fruit/any
        words: [list:fruit, 香蕉]
      - id: fruit/pair
        action: hold
        all_of:
          - [桃子]
          - [李子, "concept:plum"]
    examples:
      caught: [一个苹果]
      passed: [一块石头]
"""


def pack_with(old: str, new: str) -> bytes:
    assert old in PACK
    return PACK.replace(old, new).encode()


def test_a_pack_is_read(tmp_path: Path) -> None:
    file = tmp_path / "house.yaml"
    file.write_text(PACK, "utf-8")
    pack = load_pack(file)
    assert pack == load_pack(PACK.encode())
    assert (pack.name, pack.version.version, len(pack.version.sha256)) == ("house", "1", 64)
    first, second = pack.rules
    assert first.words == ("苹果", "pear", "香蕉")
    assert (first.action, second.action) == ("refuse", "hold")
    assert second.all_of == (("桃子",), ("李子", "concept:plum"))
    assert dict(first.explanation) == {
        "zh-Hans": "本店不画水果。",
        "zh-Hant": "本店不画水果。",
        "en": "No fruit here.",
    }
    assert all(trial.kept for trial in test_pack(pack))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("format: danqing-rules/1", "format: danqing-rules/9", "policy.pack_malformed"),
        ("name: house", "name: House Rules", "policy.pack_malformed"),
        ("name: house\n", "", "policy.pack_missing"),
        ("    article: 店规第一条\n", "", "policy.pack_missing"),
        ("{zh-Hans: 本店不画水果。, en: No fruit here.}", "{}", "policy.pack_missing"),
        ("risk: A.1.h", "risk: A.9.z", "policy.pack_malformed"),
        ("action: refuse", "action: forbid", "policy.pack_malformed"),
        ("        words:", "        word:", "policy.pack_unknown_key"),
        ("香蕉]", "no]", "policy.pack_not_text"),
        ("香蕉]", "007]", "policy.pack_not_text"),
        ("香蕉]", '"***"]', "policy.pack_empty_word"),
        ("香蕉]", "concept:banana]", "policy.pack_empty_word"),
        ("香蕉]", "list:nuts]", "policy.pack_no_list"),
        ("fruit/pair", "fruit/any", "policy.pack_id_twice"),
        ("        words:", "        words: [梨]\n        words:", "policy.pack_key_twice"),
        ("[list:fruit, 香蕉]", "[list:fruit, 香蕉", "policy.pack_not_yaml"),
        ("[苹果, pear]", "&a [苹果]\n  more: *a", "policy.pack_alias"),
        ("[list:fruit, 香蕉]", "['" + "长" * 65 + "']", "policy.pack_malformed"),
        ("words: [list:fruit, 香蕉]", "patterns: ['(a+)+b']", "policy.pack_pattern"),
        ("[list:fruit, 香蕉]", "!!python/object/apply:os.getcwd []", "policy.pack_not_yaml"),
    ],
)
def test_a_malformed_pack_is_refused_with_the_place(old: str, new: str, code: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_pack(pack_with(old, new))
    assert caught.value.code == code
    for language in ("zh-Hans", "zh-Hant", "en"):
        assert say(code, language, **caught.value.facts)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\xff\xfe\x00",
        b"just words",
        b"- a\n- b",
        b"[" * 5_000,
        b"a: &x [*x]",
        b"? [a]\n: b",
    ],
)
def test_what_is_no_pack_gives_one_clear_error(data: bytes) -> None:
    with pytest.raises(PolicyError):
        load_pack(data)


def test_too_large_unreadable_and_missing_files(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="pack_too_large"):
        load_pack(b"#" * (MAX_PACK_BYTES + 1))
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(PolicyError, match="pack_unreadable"):
            load_pack(path)


@pytest.mark.parametrize(
    "pattern", [r"\d{6}", r"a{0,8}b", "(?:红|蓝)色?", r"\b62\d{14,17}\b", "[^a-z]{1,4}", r"a\.b"]
)
def test_bounded_patterns_may_be_used(pattern: str) -> None:
    assert why_unsafe(pattern) is None


@pytest.mark.parametrize(
    "pattern", ["a*", "a+b", "(a|b)+", "(?:a{1,9}){1,9}", r"(a)\1", "(?=a)", "a{2,}",
    "a{0,999}", "(", "(?P<x>a)",
     "(?:a|a)" * 12, "a?" * 12, r"\p{L}", "(?i)a"],
)  # fmt: skip
def test_patterns_that_could_take_long_may_not(pattern: str) -> None:
    assert why_unsafe(pattern) is not None


def test_shipped_packs_keep_their_promises() -> None:
    packs = shipped_packs()
    broken = [t for p in packs for t in test_pack(p) if not t.kept]
    assert not broken
    assert len({p.name for p in packs}) == len(packs) >= 4
    assert all(len(p.version.sha256) == 64 for p in packs)
    assert sum(len(p.examples) for p in packs) >= 10


def test_political_classes_are_named_and_empty() -> None:
    assert [sum(r.startswith(f"A.{n}.") for r in RISKS) for n in range(1, 6)] == [8, 9, 5, 7, 2]
    filled = {
        risk
        for pack in shipped_packs()
        for category, risk in pack.risks
        if any(r.category == category and r.action != "allow" for r in pack.rules)
    }
    assert not filled & {"A.1.a", "A.1.b", "A.1.c", "A.1.d"}


def test_every_shipped_rule_says_where_it_comes_from_in_three_languages() -> None:
    for pack in shipped_packs():
        for rule in (*pack.rules, *pack.pictures):
            sentences = dict(rule.explanation)
            assert set(sentences) == {"zh-Hans", "zh-Hant", "en"}
            assert len(set(sentences.values())) >= 2
            assert rule.article


@pytest.mark.parametrize("name", ["rule-packs.md", "rule-packs.zh-CN.md"])
def test_the_example_in_the_docs_works(name: str) -> None:
    text = (DOCS / name).read_text("utf-8")
    example = text.split("```yaml\n", 1)[1].split("```", 1)[0]
    trials = test_pack(load_pack(example.encode()))
    assert trials
    assert all(trial.kept for trial in trials)


def test_a_part_of_a_phrase_may_be_a_list_or_one_of_several() -> None:
    rule = "words: [list:fruit, 香蕉]"
    slots = "phrases: [把|将…list:fruit…扔掉|丢了, throw|toss…list:fruit]\n        within: 4"
    judge = Judge([load_pack(pack_with(rule, slots))])
    for text in ("把那个苹果扔掉", "将苹果都丢了", "toss the pear"):
        assert [f.reason.rule for f in judge.findings(text)] == ["fruit/any"], text
    for text in ("苹果把香蕉扔掉", "把那个石头扔掉", "把一只很大很大的苹果扔掉", "a pear to throw"):
        assert not judge.findings(text), text
