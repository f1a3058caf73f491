"""Pixels to a finished file: watermark, mark, encode, XMP, sign, read back. Any failure: no file.

The order is a duty, not a taste: what is signed must already carry the label, and what is
released must have been read again from its own bytes (GB 45438-2025; C2PA 2.2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from danqing.engines.protocol import Pixels
from danqing.errors import ProvenanceError
from danqing.provenance import svg
from danqing.provenance.containers import MEDIA_TYPES
from danqing.provenance.embed import embed
from danqing.provenance.encode import LOSSLESS, check_pixels, decode, encode
from danqing.provenance.findings import Action
from danqing.provenance.keys import SigningKeys
from danqing.provenance.manifest import created, definition, edited
from danqing.provenance.mark import draw_mark
from danqing.provenance.media import pdf
from danqing.provenance.pdq import pdq_hash
from danqing.provenance.readback import (
    are_carried,
    check_mark_back,
    check_pixels_back,
    check_same_pixels,
)
from danqing.provenance.signing import sign
from danqing.provenance.types import Fingerprint, Parent
from danqing.provenance.verify import verify
from danqing.provenance.watermark import WatermarkKey
from danqing.provenance.watermark import embed as watermarked
from danqing.provenance.xmp import Statement
from danqing.request.types import PictureFormat


@dataclass(frozen=True, slots=True)
class Finisher:
    """What every file of ours goes through; `label` says what it states. Each method raises
    ProvenanceError when anything can't be written or does not read back as written."""

    keys: SigningKeys
    clock: Callable[[], datetime]
    watermark: WatermarkKey

    def finish(
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

    def finish_unmarked(
        self,
        pixels: Pixels,
        statement: Statement,
        media_format: PictureFormat,
        parents: Sequence[Parent] = (),
    ) -> tuple[bytes, Fingerprint]:
        """As `finish`, without the visible mark; only `label_under_grant` comes here."""
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
