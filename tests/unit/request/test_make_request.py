"""Requests in bounds, their canonical JSON and hash, templates, and the door."""

from __future__ import annotations

import json
from typing import Any

import pytest

import danqing.request
from danqing.errors import InputError
from danqing.messages import say
from danqing.request import (
    Source,
    Thing,
    canonical_json,
    fill_template,
    make_prompt,
    make_request,
    read,
    request_from_json,
    request_hash,
)

ARTWORK = Source("artwork", "01K1J0VQ6Z3V8Q9W2X4Y5Z6A7C")
UPLOAD = Source("upload", "ab" * 32)
READING = read(make_prompt("纽约唐人街小孩吃烧卖"))


def test_the_door_is_what_it_says() -> None:
    assert len(danqing.request.__all__) == len(set(danqing.request.__all__))
    assert all(hasattr(danqing.request, name) for name in danqing.request.__all__)


def test_style_of_the_sentence_unless_asked_for_apart() -> None:
    flat = read(make_prompt("扁平风格的猫"))
    assert make_request(flat, seeds=[1]).style == "flat"
    assert make_request(flat, seeds=[1], style="noto").style == "noto"
    assert make_request(READING, seeds=[1]).style is None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"seeds": []}, "input.count"),
        ({"seeds": range(201)}, "input.count"),
        ({"seeds": [-1]}, "input.seed"),
        ({"seeds": [2**63]}, "input.seed"),
        ({"width_px": 0}, "input.size"),
        ({"height_px": 100_000}, "input.size"),
        ({"width_px": 63}, "input.size"),
        ({"format": "bmp"}, "input.format"),
        ({"format": "jpeg", "transparent": True}, "input.transparent_jpeg"),
        ({"engine": "../mini"}, "input.engine_name"),
        ({"style": "水墨 画"}, "input.style_name"),
        ({"sources": [ARTWORK] * 2}, "input.sources"),
        ({"sources": [Source("artwork", "01K1J0VQ6Z")]}, "input.source_id"),
        ({"sources": [Source("upload", "A" * 64)]}, "input.source_id"),
        ({"sources": [ARTWORK], "mask": "mask.png"}, "input.source_id"),
        ({"mask": "a" * 64}, "input.mask_alone"),
        ({"strength": 0.5}, "input.strength_alone"),
        ({"sources": [ARTWORK], "strength": 1.01}, "input.strength"),
        ({"sources": [ARTWORK], "strength": -0.1}, "input.strength"),
        ({"sources": [ARTWORK], "strength": float("nan")}, "input.strength"),
    ],
)
def test_out_of_bounds(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as caught:
        make_request(READING, **{"seeds": [1], **changed})
    assert caught.value.code == code
    for language in ("zh-Hans", "zh-Hant", "en"):
        assert say(code, language, **caught.value.facts)


def test_bounds_themselves_are_in() -> None:
    request = make_request(READING, seeds=[0, 2**63 - 1], width_px=64, height_px=2048)
    assert (request.width_px, request.height_px, len(request.seeds)) == (64, 2048, 2)


def test_canonical_json_has_one_spelling() -> None:
    assert canonical_json({"b": (1, None), "a": "猫"}) == '{"a":"猫","b":[1,null]}'
    assert canonical_json(Thing("cat")).startswith('{"body":null,"colour":null,"concept":"cat"')
    for value in (float("nan"), {1: 2}, object(), b"x"):
        with pytest.raises(TypeError):
            canonical_json(value)


def test_the_hash_is_of_the_meaning_and_stays() -> None:
    request = make_request(READING, seeds=[1])
    assert request_hash(request) == request_hash(make_request(READING, seeds=(1,)))
    assert request_hash(request) != request_hash(make_request(READING, seeds=[2]))
    assert len(request_hash(request)) == 64


def test_what_it_starts_from_is_part_of_the_request() -> None:
    plain = make_request(READING, seeds=[1])
    assert (plain.sources, plain.mask, plain.strength) == ((), None, None)
    edited = make_request(READING, seeds=[1], sources=[UPLOAD], mask="cd" * 32, strength=0.256)
    assert edited.strength == 0.26
    assert request_from_json(canonical_json(edited)) == edited
    hashes = {
        request_hash(make_request(READING, seeds=[1], **more))
        for more in (
            {},
            {"sources": [UPLOAD]},
            {"sources": [ARTWORK]},
            {"sources": [UPLOAD], "mask": "cd" * 32},
            {"sources": [UPLOAD], "strength": 0.5},
        )
    }
    assert len(hashes) == 5


def test_strength_unless_given() -> None:
    assert make_request(READING, seeds=[1], sources=[ARTWORK]).strength == 0.6
    assert make_request(READING, seeds=[1], sources=[ARTWORK], mask="cd" * 32).strength == 1.0
    assert make_request(READING, seeds=[1], sources=[ARTWORK], strength=0).strength == 0.0


def test_requests_from_before_there_were_masks_are_read() -> None:
    asked = json.loads(canonical_json(make_request(READING, seeds=[1])))
    del asked["mask"], asked["strength"]
    assert request_from_json(json.dumps(asked)) == make_request(READING, seeds=[1])


def _spoilt(change: Any) -> str:
    data = json.loads(canonical_json(make_request(READING, seeds=[1])))
    change(data)
    return json.dumps(data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        _spoilt(lambda d: d.update(extra=1)),
        _spoilt(lambda d: d.pop("seeds")),
        _spoilt(lambda d: d.update(seeds=["1"])),
        _spoilt(lambda d: d["reading"]["prompt"].update(language="fr")),
        _spoilt(lambda d: d["reading"]["understood"][0].update(end=99)),
        _spoilt(lambda d: d["reading"]["brief"]["things"][0].update(colour="puce")),
        _spoilt(lambda d: d.update(sources=["01K1J0VQ6Z3V8Q9W2X4Y5Z6A7C"])),
        _spoilt(lambda d: d.update(sources=[{"kind": "artwork", "id": ARTWORK.id}])),
        _spoilt(lambda d: d.update(sources=[{"kind": "web", "id": ARTWORK.id}], strength=0.5)),
    ],
    ids=range(13),
)
def test_no_other_json_is_a_request(text: str) -> None:
    with pytest.raises(InputError, match=r"^input\.request"):
        request_from_json(text)


def test_json_out_of_bounds_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"^input\.size"):
        request_from_json(_spoilt(lambda d: d.update(width_px=5)))
    with pytest.raises(InputError, match=r"^input\.control"):
        request_from_json(_spoilt(lambda d: d["reading"]["prompt"].update(text="\x00" * 9)))


def test_templates() -> None:
    row = {"动物": "熊猫", "颜色": "红{色}"}
    assert fill_template("一只{颜色}的{ 动物 }，{{不变}}", row) == "一只红{色}的熊猫，{不变}"
    with pytest.raises(InputError) as caught:
        fill_template("一只{形状}", row)
    assert caught.value.facts == {"column": "形状", "columns": "动物, 颜色"}
    for broken in ("一只{", "一只}", "{a{b}}"):
        with pytest.raises(InputError, match=r"^input\.brace"):
            fill_template(broken, row)
