"""Edited files, read by a reader that shares no code with the writer: what they were made from, and
that it is said in XMP and C2PA alike (C2PA 2.2, 18.14; compliance of img2img and inpainting)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from danqing.errors import ProvenanceError
from danqing.policy.types import Cleared
from danqing.provenance import Labelled, Labeller, Parent, SigningKeys, finishing, verify
from danqing.request.types import PictureFormat, Source
from independent.label_reader import actions, c2pa_report, read
from support.pictures import (
    ARTWORK_ID,
    ENGINE,
    ENGINE_VERSION,
    WATERMARK,
    WHEN,
    cleared,
    edited,
    gradient,
)

COMPOSITE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
OURS = Source("artwork", "01K1J0VQ6Z3V8Q9W2X4Y5Z6A70")
BROUGHT = Source("upload", "ab" * 32)
FORMATS: tuple[PictureFormat, ...] = ("png", "webp", "jpeg")


def photo(media_format: str) -> bytes:
    out = io.BytesIO()
    Image.fromarray(gradient(80, 60)).convert("RGB").save(out, media_format)
    return out.getvalue()


def an_edit(source: Source = OURS) -> Cleared:
    return edited(gradient(160, 120), source)


@pytest.fixture(scope="module")
def parent(labeller: Labeller) -> Parent:
    """An artwork of ours, as it was released."""
    done = labeller.label(cleared(gradient(96, 80)), artwork_id=OURS.id, media_format="webp")
    return Parent(done.data, done.media_type)


@pytest.fixture(scope="module", params=FORMATS)
def done(request: pytest.FixtureRequest, labeller: Labeller, parent: Parent) -> Labelled:
    return labeller.label(
        an_edit(), artwork_id=ARTWORK_ID, media_format=request.param, parents=(parent,)
    )


def active(report: dict) -> dict:
    return report["manifests"][report["active_manifest"]]


def test_the_parent_is_opened_and_then_edited(done: Labelled, keys: SigningKeys) -> None:
    report = c2pa_report(done.data, done.media_type, keys.root)
    assert report["validation_state"] == "Trusted"
    opened, change = actions(report)
    (ingredient,) = active(report)["ingredients"]
    assert opened["action"] == "c2pa.opened"
    (link,) = opened["parameters"]["ingredients"]
    assert link["url"].endswith(ingredient["label"])
    assert ingredient["relationship"] == "parentOf"
    assert ingredient["format"] == "image/webp"
    assert change == {
        "action": "c2pa.edited",
        "when": "2026-08-01T12:30:05Z",
        "softwareAgent": {"name": ENGINE, "version": ENGINE_VERSION},
        "digitalSourceType": COMPOSITE,
    }


def test_the_parents_own_manifest_comes_along(
    done: Labelled, parent: Parent, keys: SigningKeys
) -> None:
    report = c2pa_report(done.data, done.media_type, keys.root)
    before = c2pa_report(parent.data, parent.media_type, keys.root)
    carried = active(report)["ingredients"][0]["active_manifest"]
    assert carried == before["active_manifest"]
    (creation,) = actions({**report, "active_manifest": carried})
    assert creation["action"] == "c2pa.created"
    assert creation["digitalSourceType"] == TRAINED


def test_xmp_says_the_same(done: Labelled) -> None:
    found = read(done.data, done.media_type)
    assert found.source_type == COMPOSITE
    assert found.label["ProduceID"] == found.label["PropagateID"] == ARTWORK_ID
    assert b"thumbnail" not in done.data


@pytest.mark.parametrize("media_format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_parent_without_a_manifest_is_named(
    labeller: Labeller, keys: SigningKeys, media_format: str
) -> None:
    brought = Parent(photo(media_format), f"image/{media_format.lower()}")
    done = labeller.label(
        an_edit(BROUGHT), artwork_id=ARTWORK_ID, media_format="png", parents=(brought,)
    )
    (ingredient,) = active(c2pa_report(done.data, done.media_type, keys.root))["ingredients"]
    assert ingredient["relationship"] == "parentOf"
    assert "active_manifest" not in ingredient
    assert "title" not in ingredient
    (found,) = verify(done.data, keys.root).credential.ingredients
    assert (found.relationship, found.has_manifest) == ("parentOf", False)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Labeller:
    """Another maker, whose root nobody here knows."""
    folder: Path = tmp_path_factory.mktemp("stranger")
    keys = SigningKeys.load_or_create(folder, lambda: datetime.now(UTC))
    return Labeller(keys, "Stranger", lambda: WHEN, WATERMARK)


def _as_it_is(data: bytes) -> bytes:
    return data


def _pixels_changed(data: bytes) -> bytes:
    at = data.index(b"VP8L") + 40
    return data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]


def _manifest_broken(data: bytes) -> bytes:
    at = data.index(b"c2pa.signature") + 200
    return data[:at] + bytes(60) + data[at + 60 :]


def _cut_short(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize(
    ("spoil", "carried"),
    [(_as_it_is, True), (_pixels_changed, True), (_manifest_broken, False), (_cut_short, False)],
)
def test_another_makers_manifest_is_carried_in_whatever_state(
    labeller: Labeller,
    stranger: Labeller,
    keys: SigningKeys,
    spoil: Callable[[bytes], bytes],
    carried: bool,
) -> None:
    """It speaks for itself: a manifest that no longer holds makes ours no worse, and a file too
    broken to take one from is still named."""
    theirs = stranger.label(cleared(gradient(90, 70)), artwork_id=OURS.id, media_format="webp")
    brought = Parent(spoil(theirs.data), theirs.media_type)
    done = labeller.label(
        an_edit(BROUGHT), artwork_id=ARTWORK_ID, media_format="png", parents=(brought,)
    )
    report = c2pa_report(done.data, done.media_type, keys.root)
    assert report["validation_state"] == "Trusted"
    (ingredient,) = active(report)["ingredients"]
    assert ("active_manifest" in ingredient) is carried
    if spoil is _as_it_is:
        failures = ingredient["validation_results"]["activeManifest"]["failure"]
        assert [f["code"] for f in failures] == ["signingCredential.untrusted"]
    if spoil is _pixels_changed:
        failures = ingredient["validation_results"]["activeManifest"]["failure"]
        assert "assertion.dataHash.mismatch" in [f["code"] for f in failures]


def test_an_edit_of_an_edit_carries_the_whole_line(
    labeller: Labeller, keys: SigningKeys, parent: Parent
) -> None:
    for _ in range(3):
        done = labeller.label(
            an_edit(), artwork_id=ARTWORK_ID, media_format="webp", parents=(parent,)
        )
        parent = Parent(done.data, done.media_type)
    report = c2pa_report(done.data, done.media_type, keys.root)
    assert report["validation_state"] == "Trusted"
    assert len(report["manifests"]) == 4


def test_no_edit_leaves_without_its_parent(labeller: Labeller, parent: Parent) -> None:
    with pytest.raises(ProvenanceError):
        labeller.label(an_edit(), artwork_id=ARTWORK_ID, media_format="png")
    with pytest.raises(ProvenanceError):
        labeller.label(
            cleared(gradient(96, 80)), artwork_id=ARTWORK_ID, media_format="png", parents=(parent,)
        )


def _no_parent(stated: list[dict[str, Any]], _: Any) -> Any:
    del stated[0]["parameters"]
    return ()


def _made_from_nothing(stated: list[dict[str, Any]], parents: Any) -> Any:
    stated[1]["digitalSourceType"] = TRAINED
    return parents


def _parent_without_its_manifest(_: list[dict[str, Any]], parents: Any) -> Any:
    return (Parent(photo("WEBP"), parents[0].media_type),)


def _opened_no_file(stated: list[dict[str, Any]], parents: Any) -> Any:
    del stated[0]
    return parents


@pytest.mark.parametrize(
    "forget", [_no_parent, _made_from_nothing, _parent_without_its_manifest, _opened_no_file]
)
def test_a_writer_that_forgets_is_caught_by_the_read_back(
    labeller: Labeller,
    parent: Parent,
    monkeypatch: pytest.MonkeyPatch,
    forget: Callable[[list[dict[str, Any]], Any], Any],
) -> None:
    sign = finishing.sign

    def forgetful(
        data: bytes, media_type: str, made: Any, keys: SigningKeys, parents: Any
    ) -> bytes:
        left = forget(made["assertions"][0]["data"]["actions"], parents)
        return sign(data, media_type, made, keys, left)

    monkeypatch.setattr(finishing, "sign", forgetful)
    with pytest.raises(ProvenanceError):
        labeller.label(an_edit(), artwork_id=ARTWORK_ID, media_format="png", parents=(parent,))


def test_a_change_to_the_edited_file_is_noticed(done: Labelled, keys: SigningKeys) -> None:
    changed = done.data.replace(b"compositeWith", b"compositeWizh", 1)
    assert changed != done.data
    try:
        report = c2pa_report(changed, done.media_type, keys.root)
    except Exception:  # the container itself no longer parses
        return
    assert report["validation_state"] == "Invalid"
