"""The Labeller itself: what it claims, and that no failure lets a file out (acceptance test 7)."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from danqing.errors import ProvenanceError
from danqing.messages import say
from danqing.provenance import Labeller, SigningKeys, finishing, verify
from danqing.provenance.aigc import first_label
from danqing.provenance.encode import decode, encode
from danqing.provenance.manifest import created, definition
from danqing.provenance.xmp import TRAINED, Statement
from danqing.request.types import PictureFormat
from support.pictures import (
    ARTWORK_ID,
    ENGINE,
    ENGINE_VERSION,
    WATERMARK,
    WHEN,
    cleared,
    gradient,
    sticker,
)

GOLDEN = Path(__file__).parents[2] / "golden/provenance/manifest.json"
FORMATS: tuple[PictureFormat, ...] = ("png", "webp", "jpeg")
PICTURE = cleared(gradient(96, 80))


def test_the_manifest_is_what_it_was() -> None:
    engine = (ENGINE, ENGINE_VERSION)
    statement = Statement(first_label("Danqing", ARTWORK_ID), TRAINED, engine, (engine,))
    made = definition(statement, (created(statement, WHEN),))
    made["claim_generator_info"][0]["version"] = "0"  # type: ignore[index]  # ours, changes often
    assert made == json.loads(GOLDEN.read_text("utf-8"))


@pytest.mark.parametrize("media_format", FORMATS)
@pytest.mark.parametrize("size", [(64, 64), (256, 256), (200, 100), (90, 400)])
@pytest.mark.parametrize("draw", [gradient, sticker])
def test_every_format_and_shape_passes_its_own_read_back(
    labeller: Labeller,
    keys: SigningKeys,
    media_format: PictureFormat,
    size: tuple[int, int],
    draw: Callable[[int, int], Any],
) -> None:
    picture = cleared(draw(*size))
    done = labeller.label(picture, artwork_id=ARTWORK_ID, media_format=media_format)
    found = verify(done.data, keys.root)
    assert found.aigc == done.aigc
    assert found.sha256 == done.sha256
    assert found.credential.state == "trusted"
    assert found.credential.claim_generator
    assert found.credential.claim_generator.startswith("Danqing ")
    assert found.remarks == found.labels[0].remarks == found.generation_texts == ()
    assert done.cleared is picture


def test_the_provider_code_is_written_when_there_is_one(keys: SigningKeys) -> None:
    code = "001191110102MACQD9K64010000"
    done = Labeller(keys, code, lambda: WHEN, WATERMARK).label(
        PICTURE, artwork_id=ARTWORK_ID, media_format="jpeg"
    )
    found = verify(done.data, None).aigc
    assert found
    assert found.content_producer == found.content_propagator == code


def test_another_installations_root_does_not_trust_ours(labeller: Labeller, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    stranger = SigningKeys.load_or_create(tmp_path / "keys", lambda: datetime.now(UTC))
    done = labeller.label(PICTURE, artwork_id=ARTWORK_ID, media_format="png")
    credential = verify(done.data, stranger.root).credential
    assert credential.state == "valid"
    assert credential.problems == ("signingCredential.untrusted",)


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((80, 80, 3), np.uint8),
        np.zeros((80, 80), np.uint8),
        np.zeros((80, 80, 4), np.float32),
    ],
)
def test_pixels_of_another_kind_are_refused(labeller: Labeller, pixels: Any) -> None:
    with pytest.raises(ProvenanceError) as caught:
        labeller.label(cleared(pixels), artwork_id=ARTWORK_ID, media_format="png")
    assert caught.value.code == "provenance.pixels"


def test_an_id_that_annex_e_does_not_allow_is_refused(labeller: Labeller) -> None:
    with pytest.raises(ProvenanceError) as caught:
        labeller.label(PICTURE, artwork_id="no good", media_format="png")
    assert caught.value.code == "provenance.value_characters"


def test_keys_that_can_not_sign_give_no_file(keys: SigningKeys) -> None:
    broken = dataclasses.replace(keys, signer_key=b"-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(ProvenanceError) as caught:
        Labeller(broken, "Danqing", lambda: WHEN, WATERMARK).label(
            PICTURE, artwork_id=ARTWORK_ID, media_format="png"
        )
    assert caught.value.code == "provenance.sign"


def _other_label(data: bytes, statement: Statement) -> bytes:
    return real["embed"](data, dataclasses.replace(statement, label=first_label("Else", "id")))


def _other_source(data: bytes, statement: Statement) -> bytes:
    return real["embed"](data, dataclasses.replace(statement, source_type="uri:photograph"))


def _unsigned(data: bytes, *_: object) -> bytes:
    return data


def _damaged(*arguments: Any) -> bytes:
    data = bytearray(real["sign"](*arguments))
    data[-30] ^= 1
    return bytes(data)


def _other_claim(
    data: bytes, media_type: str, made: dict[str, Any], keys: SigningKeys, parents: Any
) -> bytes:
    made["assertions"][0]["data"]["actions"][0]["softwareAgent"]["name"] = "someone else"
    return bytes(real["sign"](data, media_type, made, keys, parents))


def _unmarked(pixels: Any) -> Any:
    return pixels.copy(), real["draw_mark"](pixels)[1]


def _other_pixels(pixels: Any, media_format: PictureFormat) -> bytes:
    changed = pixels.copy()
    if media_format == "jpeg":  # one level in one pixel is within what JPEG itself changes
        changed[:40, :, :3] ^= 0x80
    else:
        changed[0, 0, :3] ^= 1
    return encode(changed, media_format)


def _smaller(pixels: Any, media_format: PictureFormat) -> bytes:
    return encode(np.ascontiguousarray(pixels[:-1]), media_format)


real: dict[str, Callable[..., Any]] = {
    name: getattr(finishing, name) for name in ("embed", "sign", "draw_mark", "encode")
}


@pytest.mark.parametrize("media_format", FORMATS)
@pytest.mark.parametrize(
    ("step", "broken"),
    [
        ("embed", lambda data, _: data),
        ("embed", _other_label),
        ("embed", _other_source),
        ("sign", _unsigned),
        ("sign", _damaged),
        ("sign", _other_claim),
        ("draw_mark", _unmarked),
        ("encode", _other_pixels),
        ("encode", _smaller),
    ],
)
def test_whatever_goes_wrong_on_the_way_no_file_comes_out(
    labeller: Labeller,
    monkeypatch: pytest.MonkeyPatch,
    media_format: PictureFormat,
    step: str,
    broken: Callable[..., Any],
) -> None:
    monkeypatch.setattr(finishing, step, broken)
    with pytest.raises(ProvenanceError) as caught:
        labeller.label(PICTURE, artwork_id=ARTWORK_ID, media_format=media_format)
    assert caught.value.code == "provenance.read_back"
    for language in ("zh-Hans", "zh-Hant", "en"):
        assert str(caught.value.facts["what"]) in say(
            caught.value.code, language, **caught.value.facts
        )


def test_an_encoder_that_fails_gives_no_file(labeller: Labeller) -> None:
    wide = np.zeros((64, 20_000, 4), np.uint8)  # more than WebP can hold
    with pytest.raises(ProvenanceError) as caught:
        labeller.label(cleared(wide), artwork_id=ARTWORK_ID, media_format="webp")
    assert caught.value.code == "provenance.encode"


def test_clear_pixels_keep_their_colour(labeller: Labeller) -> None:
    pixels = gradient(80, 80)
    pixels[..., 3] = np.arange(80, dtype=np.uint8)
    for media_format in ("png", "webp"):
        done = labeller.label(cleared(pixels), artwork_id=ARTWORK_ID, media_format=media_format)
        found = decode(done.data)[:50]
        assert np.array_equal(found[..., 3], pixels[:50, :, 3])
        assert np.array_equal(found[:, 0], pixels[:50, 0])  # clear: not even the watermark is there
        assert np.abs(found.astype(int) - pixels[:50]).max() <= 4
