"""Properties of labels: whatever the bytes, an answer; whatever the flip, no other claim
believed."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from danqing.provenance import (
    AigcLabel,
    Findings,
    Labelled,
    Labeller,
    SigningKeys,
    provider_code_valid,
    verify,
)
from danqing.provenance.aigc import conforming, labels_in_text, remarks_on, to_json
from danqing.provenance.mark import draw_mark
from danqing.provenance.xmp import TRAINED, Statement, read_packet, write_packet
from support.pictures import ARTWORK_ID, WATERMARK, WHEN, cleared, gradient

STARTS = (b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"\xff\xd8\xff")
values = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters='"\\'), max_size=80
)
labels = st.builds(
    AigcLabel, st.sampled_from("123"), values, values, values, values, values, values
)
on_a_busy_machine = settings(deadline=None)
slow_is_fine = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> tuple[SigningKeys, list[Labelled]]:
    folder = tmp_path_factory.mktemp("home") / "keys"
    keys = SigningKeys.load_or_create(folder, lambda: datetime.now(UTC))
    labeller = Labeller(keys, "Danqing", lambda: WHEN, WATERMARK)
    picture = cleared(gradient(64, 64))
    return keys, [
        labeller.label(picture, artwork_id=ARTWORK_ID, media_format=media_format)
        for media_format in ("png", "webp", "jpeg")
    ]


def claim(found: Findings) -> object:
    credential = found.credential
    return (found.labels, found.source_types, credential.actions, credential.claim_generator)


@slow_is_fine
@given(which=st.integers(0, 2), position=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_never_makes_another_claim_believed(
    signed: tuple[SigningKeys, list[Labelled]], which: int, position: float, bit: int
) -> None:
    keys, files = signed
    data = bytearray(files[which].data)
    data[int(position * len(data))] ^= 1 << bit
    found = verify(bytes(data), keys.root)
    if found.credential.state in ("trusted", "valid"):
        assert claim(found) == claim(verify(files[which].data, keys.root))


@slow_is_fine
@given(
    which=st.integers(0, 2),
    cut=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    put=st.binary(max_size=64),
)
def test_a_cut_or_patched_file_is_answered_and_never_believed_to_say_more(
    signed: tuple[SigningKeys, list[Labelled]],
    which: int,
    cut: tuple[float, float],
    put: bytes,
) -> None:
    keys, files = signed
    data = files[which].data
    start, end = sorted(int(share * len(data)) for share in cut)
    found = verify(data[:start] + put + data[end:], keys.root)
    if found.credential.state in ("trusted", "valid"):
        assert claim(found) == claim(verify(data, keys.root))


@slow_is_fine
@given(start=st.sampled_from((b"", *STARTS)), rest=st.binary(max_size=400))
@example(start=STARTS[2], rest=b"\xff" * 50)
@example(start=STARTS[0], rest=b"\0\0\0\0zTXtAIGC")
def test_any_bytes_get_an_answer(start: bytes, rest: bytes) -> None:
    found = verify(start + rest, None)
    assert found.size_bytes == len(start + rest)
    for remark in (*found.remarks, *(r for label in found.labels for r in label.remarks)):
        assert remark.say("zh-Hans")


@on_a_busy_machine
@given(labels)
def test_a_label_reads_back_from_its_packet(label: AigcLabel) -> None:
    statement = Statement(label, TRAINED, ("a", "b"), (("a", "b"),))
    (found,) = read_packet(write_packet(statement)).aigc
    (raw,) = labels_in_text(found.text)
    assert conforming(raw.fields) == label


@on_a_busy_machine
@given(labels)
def test_a_label_written_is_a_label_without_deviations(label: AigcLabel) -> None:
    codes = {remark.code for remark in remarks_on(json.loads(to_json(label)))}
    assert codes <= {"provenance.remark_code"}  # a value may look like a provider code by chance


@on_a_busy_machine
@given(st.text(max_size=300))
def test_any_text_is_searched_without_harm(text: str) -> None:
    for piece in (text, "AIGC" + text, '{"AIGC":' + text):
        for raw in labels_in_text(piece):
            remarks_on(raw.fields)


@on_a_busy_machine
@given(st.text(max_size=40))
def test_any_text_is_judged_as_a_code(text: str) -> None:
    assert provider_code_valid(text) in (True, False)


@settings(deadline=None, max_examples=60)
@given(st.integers(64, 700), st.integers(64, 700), st.integers(0, 255), st.integers(0, 255))
def test_the_mark_is_tall_enough_on_every_size(
    width: int, height: int, level: int, alpha: int
) -> None:
    picture = np.full((height, width, 4), (level, level, level, alpha), np.uint8)
    marked, mark = draw_mark(picture)
    assert mark.ink.height_px >= 0.05 * min(width, height)
    assert mark.plate.left >= 0
    assert mark.plate.top >= 0
    assert (marked[mark.ink.top : mark.ink.bottom, mark.ink.left : mark.ink.right, 3] == 255).all()
