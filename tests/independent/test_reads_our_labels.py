"""Our files, read by a reader that shares no code with the writer (acceptance tests 1, 6 and 8)."""

from __future__ import annotations

import io
import random
import zlib

import numpy as np
import pytest
from PIL import Image

from danqing.engines.protocol import Pixels
from danqing.provenance import Labelled, LabelledSheet, Labeller, SigningKeys, pixels_sha256
from danqing.request.types import PictureFormat
from independent.label_reader import actions, c2pa_report, read
from support.pictures import ARTWORK_ID, ENGINE, ENGINE_VERSION, PROMPT, cleared, gradient, sticker

FORMATS: tuple[PictureFormat, ...] = ("png", "webp", "jpeg", "svg")
FIELDS = [
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
]
TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
COMPOSITE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"


@pytest.fixture(scope="module", params=FORMATS)
def labelled(request: pytest.FixtureRequest, labeller: Labeller) -> Labelled:
    picture = cleared(gradient(160, 120))
    return labeller.label(picture, artwork_id=ARTWORK_ID, media_format=request.param)


def test_one_label_of_seven_strings_in_the_order_of_annex_e(labelled: Labelled) -> None:
    found = read(labelled.data, labelled.media_type)
    assert list(found.label) == FIELDS
    assert found.label == {
        "Label": "1",
        "ContentProducer": "Danqing",
        "ProduceID": ARTWORK_ID,
        "ReservedCode1": "",
        "ContentPropagator": "Danqing",
        "PropagateID": ARTWORK_ID,
        "ReservedCode2": "",
    }
    for value in found.label.values():
        assert all(c == "!" or "#" <= c <= "[" or "]" <= c <= "~" for c in value)


def test_the_letters_aigc_stand_nowhere_but_in_that_label(labelled: Labelled) -> None:
    # Twice in the tags, once in the namespace declaration's name and once in its URI.
    assert labelled.data.count(b"TC260:AIGC>") == 2
    assert labelled.data.count(b"AIGC") == 3


def test_the_source_type_stands_in_full(labelled: Labelled) -> None:
    found = read(labelled.data, labelled.media_type)
    assert found.source_type == TRAINED
    iptc = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
    assert found.properties[iptc + "AISystemUsed"] == ENGINE
    assert found.properties[iptc + "AISystemVersionUsed"] == ENGINE_VERSION


def test_trusted_under_our_root_and_only_valid_without(
    labelled: Labelled, keys: SigningKeys
) -> None:
    trusted = c2pa_report(labelled.data, labelled.media_type, keys.root)
    assert trusted["validation_state"] == "Trusted"
    unknown = c2pa_report(labelled.data, labelled.media_type)
    assert unknown["validation_state"] == "Valid"


def test_xmp_and_c2pa_agree(labelled: Labelled, keys: SigningKeys) -> None:
    found = read(labelled.data, labelled.media_type)
    (action,) = actions(c2pa_report(labelled.data, labelled.media_type, keys.root))
    assert action == {
        "action": "c2pa.created",
        "when": "2026-08-01T12:30:05Z",
        "softwareAgent": {"name": ENGINE, "version": ENGINE_VERSION},
        "digitalSourceType": found.source_type,
    }


def test_no_thumbnail_no_prompt_and_no_person_in_the_file(labelled: Labelled) -> None:
    assert b"thumbnail" not in labelled.data
    person = labelled.cleared.permit.identified.person.id
    for secret in (PROMPT, "熊猫", "secret sentence", person):
        assert secret.encode() not in labelled.data


def test_any_change_outside_the_manifest_is_noticed(labelled: Labelled, keys: SigningKeys) -> None:
    found = read(labelled.data, labelled.media_type)
    spans = found.manifest
    outside = [
        i for i in range(len(labelled.data)) if not any(start <= i < end for start, end in spans)
    ]
    for position in random.Random(20260801).sample(outside, 120):
        changed = bytearray(labelled.data)
        changed[position] ^= 0x10
        try:
            report = c2pa_report(bytes(changed), labelled.media_type, keys.root)
        except Exception:  # the container itself no longer parses
            continue
        assert report["validation_state"] == "Invalid", position


def test_editing_the_label_after_signing_gives_a_hash_mismatch(
    labelled: Labelled, keys: SigningKeys
) -> None:
    edited = labelled.data.replace(b'"Label":"1"', b'"Label":"2"')
    assert edited != labelled.data
    if labelled.media_type == "image/png":  # a careful forger mends the chunk's CRC too
        pieces = read(labelled.data, labelled.media_type).pieces
        (itxt,) = (piece for piece in pieces if piece.name == "iTXt")
        crc = zlib.crc32(edited[itxt.start + 4 : itxt.end - 4])
        edited = edited[: itxt.end - 4] + crc.to_bytes(4, "big") + edited[itxt.end :]
    report = c2pa_report(edited, labelled.media_type, keys.root)
    assert report["validation_state"] == "Invalid"
    failures = report["validation_results"]["activeManifest"]["failure"]
    assert "assertion.dataHash.mismatch" in [failure["code"] for failure in failures]


@pytest.mark.parametrize("media_format", FORMATS)
def test_the_sheet_carries_the_same_duties(
    labeller: Labeller, keys: SigningKeys, media_format: PictureFormat
) -> None:
    pictures = [cleared(gradient(80, 64)), cleared(sticker(64, 96), engine="other")]
    sheet = labeller.label_sheet(pictures, artwork_id=ARTWORK_ID, media_format=media_format)
    assert isinstance(sheet, LabelledSheet)
    found = read(sheet.data, sheet.media_type)
    assert found.label["ProduceID"] == ARTWORK_ID
    assert found.source_type == COMPOSITE
    assert "mini, other" in found.properties.values()
    report = c2pa_report(sheet.data, sheet.media_type, keys.root)
    assert report["validation_state"] == "Trusted"
    (action,) = actions(report)
    assert action["softwareAgent"]["name"] == "Danqing"
    assert action["digitalSourceType"] == COMPOSITE


@pytest.mark.parametrize("pixels", [gradient(96, 80), sticker(96, 80)], ids=["opaque", "clear"])
def test_the_master_is_the_unmarked_picture(labeller: Labeller, pixels: Pixels) -> None:
    done = labeller.label(cleared(pixels), artwork_id=ARTWORK_ID, media_format="png")
    with Image.open(io.BytesIO(done.master)) as master:
        unsealed = np.array(master)
    assert np.array_equal(unsealed, pixels)
    assert pixels_sha256(unsealed) == done.master_pixels_sha256
    with Image.open(io.BytesIO(done.data)) as released:
        assert not np.array_equal(np.array(released.convert("RGBA")), pixels)
