"""Whatever is typed, reading it holds to its promises."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danqing.errors import InputError
from danqing.lexicon import lexicon
from danqing.request import (
    MAX_THINGS,
    Reading,
    canonical_json,
    describe,
    fill_template,
    make_prompt,
    make_request,
    read,
    request_from_json,
    request_hash,
)
from danqing.request.types import RelationKind

WORDS = sorted(lexicon()._words)
PIECES = st.sampled_from(
    [*WORDS[::3], *"的在和有一三只，。 \n上左边是没里面", " a ", " the ", " and ", " in ", "格鲁特"]
)
SENTENCES = st.one_of(
    st.lists(PIECES, min_size=1, max_size=25).map("".join),
    st.lists(PIECES, min_size=1, max_size=25).map(" ".join),
    st.text(max_size=60),
)


def reading_of(text: str) -> Reading | None:
    try:
        return read(make_prompt(text))
    except InputError:
        return None


@given(SENTENCES)
@settings(max_examples=400, deadline=None)
def test_every_reading_is_sound(text: str) -> None:
    reading = reading_of(text)
    if reading is None:
        return
    typed, brief = reading.prompt.text, reading.brief
    assert all(typed[u.start : u.end] == u.text for u in reading.understood)
    assert all(u.meaning for u in reading.understood)
    assert 0 <= len(brief.things) <= MAX_THINGS
    assert all(t.concept in lexicon() and 1 <= t.count <= 9999 for t in brief.things)
    for r in brief.relations:
        assert r.kind in get_args(RelationKind)
        assert r.subject != r.object
        assert max(r.subject, r.object) < len(brief.things)
    assert brief.setting is None or brief.setting in lexicon()
    assert reading.unknown == brief.unknown
    assert len(describe(reading)) <= len(reading.understood)


@given(SENTENCES)
@settings(max_examples=100, deadline=None)
def test_reading_twice_is_reading_once(text: str) -> None:
    assert reading_of(text) == reading_of(text)


@given(SENTENCES, st.lists(st.integers(0, 2**63 - 1), min_size=1, max_size=3), st.booleans())
@settings(max_examples=100, deadline=None)
def test_canonical_json_round_trips(text: str, seeds: list[int], transparent: bool) -> None:
    reading = reading_of(text)
    if reading is None:
        return
    request = make_request(reading, seeds=seeds, transparent=transparent)
    back = request_from_json(canonical_json(request))
    assert back == request
    assert request_hash(back) == request_hash(request)


@given(st.text(max_size=200))
@settings(deadline=None)
def test_no_other_text_is_a_request(text: str) -> None:
    with pytest.raises(InputError):
        request_from_json(text)


@given(st.dictionaries(st.text(st.characters(exclude_characters="{} "), min_size=1), st.text()))
@settings(deadline=None)
def test_a_template_gives_back_what_is_filled_in(row: dict[str, str]) -> None:
    row = {name.strip(): cell for name, cell in row.items() if name.strip()}
    template = "|".join(f"{{{name}}}" for name in row)
    assert fill_template(template, row) == "|".join(row.values())


@given(SENTENCES)
@settings(max_examples=60, deadline=None)
def test_nearest_is_a_concept_or_nothing(text: str) -> None:
    found = lexicon().nearest(text[:30], "zh-Hans")
    assert found is None or found in lexicon()


@given(
    st.sampled_from("一二三四五"), st.sampled_from(["红", "绿", "蓝"]), st.sampled_from("猫狗鸟鱼")
)
@settings(deadline=None)
def test_simplified_and_traditional_mean_the_same(count: str, colour: str, animal: str) -> None:
    traditional = str.maketrans("只红绿蓝猫鸟鱼", "隻紅綠藍貓鳥魚")
    sentence = f"{count}只{colour}色的{animal}"
    assert reading_of(sentence) is not None
    first, second = reading_of(sentence), reading_of(sentence.translate(traditional))
    assert first is not None
    assert second is not None
    assert first.brief == second.brief
