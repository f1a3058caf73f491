"""From a Cleared picture to a Labelled file: mark, encode, XMP, sign, read back. Any failure:
no file.

The order is a duty, not a taste: what is signed must already carry the label, and what is
released must have been read again from its own bytes (GB 45438-2025; C2PA 2.2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from danqing.engines.protocol import Pixels
from danqing.errors import ProvenanceError
from danqing.policy.types import Cleared
from danqing.provenance import svg
from danqing.provenance.aigc import check_producer, first_label
from danqing.provenance.containers import MEDIA_TYPES
from danqing.provenance.embed import embed
from danqing.provenance.encode import (
    LOSSLESS,
    check_pixels,
    decode,
    encode,
    encode_master,
    on_white,
    pixels_sha256,
)
from danqing.provenance.findings import Action, Ingredient
from danqing.provenance.keys import SigningKeys
from danqing.provenance.manifest import created, definition, edited, generator
from danqing.provenance.mark import MINIMUM_CONTRAST, Mark, contrast_in, draw_mark
from danqing.provenance.sheet import compose
from danqing.provenance.signing import read_credential, sign
from danqing.provenance.types import Labelled, LabelledSheet, Parent
from danqing.provenance.verify import verify
from danqing.provenance.xmp import COMPOSITE, TRAINED, Statement
from danqing.request.types import PictureFormat

JPEG_TOLERANCE = 8.0
"""Mean absolute difference, in levels of 255: at JPEG_QUALITY pure noise costs 5.0, pictures less."""


@dataclass(frozen=True, slots=True)
class Labeller:
    """Labels what policy has cleared. content_producer: a provider code, or a short ASCII name
    without one.

    clock gives aware times. Raises ProvenanceError for a producer Annex E does not allow.
    """

    keys: SigningKeys
    content_producer: str
    clock: Callable[[], datetime]

    def __post_init__(self) -> None:
        check_producer(self.content_producer)

    def label(
        self,
        cleared: Cleared,
        *,
        artwork_id: str,
        media_format: PictureFormat,
        parents: Sequence[Parent] = (),
    ) -> Labelled:
        """One picture, finished. artwork_id: a ULID; it becomes ProduceID. parents: what it was made
        from, one for each source of its request.

        Raises ProvenanceError when anything can't be written or does not read back as written.
        """
        rendered = cleared.rendered
        pixels = rendered.result.pixels
        engine = (rendered.engine, rendered.engine_version)
        label = first_label(self.content_producer, artwork_id)
        if len(parents) != len(cleared.permit.identified.request.sources):
            raise ProvenanceError("provenance.parents", count=len(parents))
        # IPTC calls compositeWithTrainedAlgorithmicMedia "Edited using Generative AI". It is said of
        # the edit, whatever the parent was: that an artwork of ours was trainedAlgorithmicMedia
        # from the first stands in its own manifest, which the edited file carries as an ingredient.
        source_type = COMPOSITE if parents else TRAINED
        statement = Statement(label, source_type, engine, (engine,))
        data = self._finish(pixels, statement, media_format, parents)
        return Labelled(
            cleared=cleared,
            artwork_id=artwork_id,
            media_type=MEDIA_TYPES[media_format],
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
            aigc=label,
            master=encode_master(pixels),
            master_pixels_sha256=pixels_sha256(pixels),
        )

    def label_sheet(
        self, pictures: Sequence[Cleared], *, artwork_id: str, media_format: PictureFormat = "png"
    ) -> LabelledSheet:
        """A contact sheet of unmarked pictures with one mark and one label of its own.

        Its source type is compositeWithTrainedAlgorithmicMedia: trained algorithmic media put
        together with something else, here the grid and the numbers, which no model drew. Raises
        ProvenanceError as `label` does, and for no pictures.
        """
        if not pictures:
            raise ProvenanceError("provenance.sheet_empty")
        for cleared in pictures:
            check_pixels(cleared.rendered.result.pixels)
        systems = tuple(
            dict.fromkeys((c.rendered.engine, c.rendered.engine_version) for c in pictures)
        )
        label = first_label(self.content_producer, artwork_id)
        sheet = compose([cleared.rendered.result.pixels for cleared in pictures])
        statement = Statement(label, COMPOSITE, generator(), systems)
        data = self._finish(sheet, statement, media_format)
        return LabelledSheet(
            pictures=tuple(pictures),
            artwork_id=artwork_id,
            media_type=MEDIA_TYPES[media_format],
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
            aigc=label,
        )

    def _finish(
        self,
        pixels: Pixels,
        statement: Statement,
        media_format: PictureFormat,
        parents: Sequence[Parent] = (),
    ) -> bytes:
        """The whole file for unmarked pixels, read back and compared."""
        check_pixels(pixels)
        marked, mark = draw_mark(pixels)
        drawn = svg.draw(pixels, mark) if media_format == "svg" else encode(marked, media_format)
        labelled = embed(drawn, statement)
        now = self.clock()
        actions = edited(statement, now) if parents else (created(statement, now),)
        media_type = MEDIA_TYPES[media_format]
        manifest = definition(statement, actions, len(parents))
        data = sign(labelled, media_type, manifest, self.keys, parents)
        self._check_metadata(data, media_type, statement, actions, parents)
        if media_format == "svg":
            svg.check_back(data, drawn, min(pixels.shape[:2]))
        else:
            check_pixels_back(decode(data), marked, mark, lossless=media_format in LOSSLESS)
        return data

    def _check_metadata(
        self,
        data: bytes,
        media_type: str,
        statement: Statement,
        actions: tuple[Action, ...],
        parents: Sequence[Parent],
    ) -> None:
        """Parse the finished file anew: it must say exactly what was meant, and nothing odd."""
        found = verify(data, self.keys.root)
        clean = not found.remarks and all(not label.remarks for label in found.labels)
        told = {
            "media type": found.media_type == media_type,
            "AIGC": clean and found.aigc == statement.label,
            "DigitalSourceType": found.source_types == (statement.source_type,),
            f"C2PA {found.credential.state}": found.credential.state == "trusted",
            "C2PA actions": found.credential.actions == actions,
            "C2PA parents": _are_carried(found.credential.ingredients, parents, self.keys.root),
        }
        wrong = [what for what, holds in told.items() if not holds]
        if wrong:
            raise ProvenanceError("provenance.read_back", what=", ".join(wrong))


def _are_carried(found: Sequence[Ingredient], parents: Sequence[Parent], anchors: bytes) -> bool:
    """Whether each parent is there as such, with its manifest if it has one that can be read."""
    kept = ("trusted", "valid", "invalid")
    expected = [
        (
            "parentOf",
            parent.media_type,
            read_credential(parent.data, parent.media_type, anchors).state in kept,
        )
        for parent in parents
    ]
    told = [(i.relationship, i.media_type, i.has_manifest) for i in found]
    return sorted(told) == sorted(expected)


def check_pixels_back(decoded: Pixels, marked: Pixels, mark: Mark, *, lossless: bool) -> None:
    """What decodes must be the marked picture, with a mark that can be read."""
    if decoded.shape != marked.shape:
        raise ProvenanceError("provenance.read_back", what="size")
    if lossless:
        same = bool(np.array_equal(decoded, marked))
    else:
        difference = decoded[..., :3].astype(np.int16) - on_white(marked)
        same = float(np.abs(difference).mean()) <= JPEG_TOLERANCE
    if not same:
        raise ProvenanceError("provenance.read_back", what="pixels")
    if contrast_in(decoded, mark) < MINIMUM_CONTRAST:
        raise ProvenanceError("provenance.read_back", what="mark")
