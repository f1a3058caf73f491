"""From a Cleared picture to a Labelled file: watermark, mark, encode, XMP, sign, read back. Any
failure: no file.

The order is a duty, not a taste: what is signed must already carry the label, and what is
released must have been read again from its own bytes (GB 45438-2025; C2PA 2.2).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from danqing.engines.protocol import Pixels
from danqing.errors import Forbidden, ProvenanceError
from danqing.identity.types import Grant
from danqing.policy.types import Cleared
from danqing.provenance import svg
from danqing.provenance.aigc import check_producer, first_label
from danqing.provenance.containers import MEDIA_TYPES
from danqing.provenance.embed import embed
from danqing.provenance.encode import (
    LOSSLESS,
    AnimationFormat,
    check_pixels,
    decode,
    decode_animation,
    encode,
    encode_animation,
    encode_master,
    pixels_sha256,
)
from danqing.provenance.findings import Action
from danqing.provenance.keys import SigningKeys
from danqing.provenance.manifest import created, definition, edited, generator
from danqing.provenance.mark import draw_mark
from danqing.provenance.media import pdf
from danqing.provenance.pdq import pdq_hash
from danqing.provenance.readback import (
    are_carried,
    check_mark_back,
    check_pixels_back,
    check_same_pixels,
)
from danqing.provenance.sheet import compose
from danqing.provenance.signing import sign
from danqing.provenance.types import Fingerprint, Labelled, LabelledSheet, Parent
from danqing.provenance.verify import verify
from danqing.provenance.watermark import WatermarkKey
from danqing.provenance.watermark import embed as watermarked
from danqing.provenance.xmp import COMPOSITE, TRAINED, Statement
from danqing.request.types import PictureFormat

UNMARKED: tuple[PictureFormat, ...] = ("png", "webp", "jpeg")
"""What can leave without the mark, under a grant."""


@dataclass(frozen=True, slots=True)
class Labeller:
    """Labels what policy has cleared. content_producer: a provider code, or a short ASCII name
    without one. watermark: the secret every picture's invisible mark is spread with.

    clock gives aware times. Raises ProvenanceError for a producer Annex E does not allow.
    """

    keys: SigningKeys
    content_producer: str
    clock: Callable[[], datetime]
    watermark: WatermarkKey

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
        return self._label(cleared, artwork_id, media_format, parents, None)

    def label_under_grant(
        self,
        cleared: Cleared,
        *,
        grant: Grant,
        artwork_id: str,
        media_format: PictureFormat,
        parents: Sequence[Parent] = (),
    ) -> Labelled:
        """One picture without its visible mark (Labelling Measures, Art. 9); all else is as `label`
        has it: AIGC label, source type, signature.

        The store releases it only where the grant stands in its database. Raises Forbidden for a
        grant that is another person's or has run out; ProvenanceError, also for a format that isn't
        one of UNMARKED.
        """
        if grant.person_id != cleared.permit.identified.person.id:
            raise Forbidden("identity.grant_not_yours")
        if self.clock() > grant.until:
            raise Forbidden("identity.grant_over")
        if media_format not in UNMARKED:
            raise ProvenanceError("provenance.unmarked_format", format=media_format)
        return self._label(cleared, artwork_id, media_format, parents, grant)

    def _label(
        self,
        cleared: Cleared,
        artwork_id: str,
        media_format: PictureFormat,
        parents: Sequence[Parent],
        grant: Grant | None,
    ) -> Labelled:
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
        finish = self._finish if grant is None else self._finish_unmarked
        data, fingerprint = finish(pixels, statement, media_format, parents)
        return Labelled(
            cleared=cleared,
            artwork_id=artwork_id,
            media_type=MEDIA_TYPES[media_format],
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
            aigc=label,
            master=encode_master(pixels),
            master_pixels_sha256=pixels_sha256(pixels),
            fingerprint=fingerprint,
            grant=grant,
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
        label = first_label(self.content_producer, artwork_id)
        sheet = compose([cleared.rendered.result.pixels for cleared in pictures])
        statement = Statement(label, COMPOSITE, generator(), _systems(pictures))
        data, fingerprint = self._finish(sheet, statement, media_format)
        return LabelledSheet(
            pictures=tuple(pictures),
            artwork_id=artwork_id,
            media_type=MEDIA_TYPES[media_format],
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
            aigc=label,
            fingerprint=fingerprint,
        )

    def label_animation(
        self,
        frames: Sequence[Cleared],
        *,
        artwork_id: str,
        durations_ms: Sequence[int],
        media_format: AnimationFormat,
    ) -> LabelledSheet:
        """Pictures of one size shown one after the other, the mark in every one of them.

        durations_ms: how long each is shown. Raises ProvenanceError as `label` does, for frames of
        several sizes and for fewer than two.
        """
        pixels = [cleared.rendered.result.pixels for cleared in frames]
        for one in pixels:
            check_pixels(one)
        if (
            len(pixels) < 2
            or len({p.shape for p in pixels}) > 1
            or len(durations_ms) != len(pixels)
        ):
            raise ProvenanceError("provenance.frames")
        label = first_label(self.content_producer, artwork_id)
        statement = Statement(label, TRAINED, generator(), _systems(frames))
        marked = [draw_mark(watermarked(one, self.watermark, artwork_id)) for one in pixels]
        drawn = encode_animation([picture for picture, _ in marked], durations_ms, media_format)
        data = self._sealed(drawn, statement, media_format)
        # Equal frames may have become one, shown for longer.
        shown = decode_animation(data)
        if len(shown) > len(marked) or not shown:
            raise ProvenanceError("provenance.read_back", what="frames")
        for picture in shown:
            check_mark_back(picture, marked[0][1])
        return LabelledSheet(
            pictures=tuple(frames),
            artwork_id=artwork_id,
            media_type=MEDIA_TYPES[media_format],
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
            aigc=label,
            fingerprint=self._fingerprint(marked[0][0], artwork_id),
        )

    def _finish(
        self,
        pixels: Pixels,
        statement: Statement,
        media_format: PictureFormat,
        parents: Sequence[Parent] = (),
    ) -> tuple[bytes, Fingerprint]:
        """The whole file for unmarked pixels, read back and compared.

        The watermark goes under the mark, so that the mark is as legible as it was measured to be.
        """
        check_pixels(pixels)
        if media_format == "svg":
            marked, mark = draw_mark(pixels)
            drawn = svg.draw(pixels, mark)
        else:
            marked, mark = draw_mark(self._watermarked(pixels, statement))
            drawn = encode(marked, media_format)
        data = self._sealed(drawn, statement, media_format, parents)
        if media_format == "svg":
            svg.check_back(data, drawn, min(pixels.shape[:2]))
        elif media_format == "pdf":
            pdf.check_back(data, marked)
        elif media_format == "gif":
            check_mark_back(decode(data), mark)
        else:
            check_pixels_back(decode(data), marked, mark, lossless=media_format in LOSSLESS)
        watermarked_as = None if media_format == "svg" else statement.label.produce_id
        return data, self._fingerprint(marked, watermarked_as)

    def _finish_unmarked(
        self,
        pixels: Pixels,
        statement: Statement,
        media_format: PictureFormat,
        parents: Sequence[Parent] = (),
    ) -> tuple[bytes, Fingerprint]:
        """As `_finish`, without the visible mark; only `label_under_grant` comes here."""
        check_pixels(pixels)
        shown = self._watermarked(pixels, statement)
        data = self._sealed(encode(shown, media_format), statement, media_format, parents)
        check_same_pixels(decode(data), shown, lossless=media_format in LOSSLESS)
        return data, self._fingerprint(shown, statement.label.produce_id)

    def _watermarked(self, pixels: Pixels, statement: Statement) -> Pixels:
        return watermarked(pixels, self.watermark, statement.label.produce_id)

    def _fingerprint(self, shown: Pixels, watermarked_as: str | None) -> Fingerprint:
        """watermarked_as: the id the watermark was made from."""
        payload = None if watermarked_as is None else self.watermark.payload_of(watermarked_as)
        pdq = pdq_hash(shown)
        return Fingerprint(payload, pdq.text, pdq.quality)

    def _sealed(
        self,
        drawn: bytes,
        statement: Statement,
        media_format: PictureFormat,
        parents: Sequence[Parent] = (),
    ) -> bytes:
        """A marked file with its metadata and signature, which are read back."""
        labelled = embed(drawn, statement)
        now = self.clock()
        actions = edited(statement, now) if parents else (created(statement, now),)
        media_type = MEDIA_TYPES[media_format]
        manifest = definition(statement, actions, len(parents))
        data = sign(labelled, media_type, manifest, self.keys, parents)
        self._check_metadata(data, media_type, statement, actions, parents)
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
        found = verify(data, self.keys.anchors)
        clean = not found.remarks and all(not label.remarks for label in found.labels)
        told = {
            "media type": found.media_type == media_type,
            "AIGC": clean and found.aigc == statement.label,
            "DigitalSourceType": found.source_types == (statement.source_type,),
            f"C2PA {found.credential.state}": found.credential.state == "trusted",
            "C2PA actions": found.credential.actions == actions,
            "C2PA parents": are_carried(found.credential.ingredients, parents, self.keys.anchors),
        }
        wrong = [what for what, holds in told.items() if not holds]
        if wrong:
            raise ProvenanceError("provenance.read_back", what=", ".join(wrong))


def _systems(pictures: Sequence[Cleared]) -> tuple[tuple[str, str], ...]:
    """Each engine that drew one of them, with its version, once."""
    return tuple(dict.fromkeys((c.rendered.engine, c.rendered.engine_version) for c in pictures))
