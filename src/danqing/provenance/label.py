"""From a Cleared picture to a Labelled file: what its label states (GB 45438-2025, Annex E), and who
may have it without the visible mark. `finishing` makes the file; any failure: no file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from danqing.errors import Forbidden, ProvenanceError
from danqing.identity.types import Grant
from danqing.policy.types import Cleared
from danqing.provenance.aigc import check_producer, first_label
from danqing.provenance.containers import MEDIA_TYPES
from danqing.provenance.encode import check_pixels, encode_master, pixels_sha256
from danqing.provenance.finishing import Finisher
from danqing.provenance.keys import SigningKeys
from danqing.provenance.manifest import generator
from danqing.provenance.sheet import compose
from danqing.provenance.types import (
    AigcLabel,
    Fingerprint,
    Labelled,
    LabelledPreview,
    LabelledSheet,
    Parent,
)
from danqing.provenance.watermark import WatermarkKey
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

    def label_preview(
        self,
        cleared: Cleared,
        *,
        artwork_id: str,
        media_format: PictureFormat,
        parents: Sequence[Parent] = (),
    ) -> LabelledPreview:
        """A picture on its way, for whoever watches it being drawn: marked, labelled and signed as when
        it is finished, under the ProduceID it will have then. Never without its mark; an SVG, which
        isn't traced before it is finished, is shown as PNG. Raises ProvenanceError as `label` does.
        """
        if media_format == "svg":
            media_format = "png"
        data, label, _ = self._file(cleared, artwork_id, media_format, parents, None)
        return LabelledPreview(
            cleared=cleared,
            artwork_id=artwork_id,
            media_type=MEDIA_TYPES[media_format],
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
            aigc=label,
        )

    def _label(
        self,
        cleared: Cleared,
        artwork_id: str,
        media_format: PictureFormat,
        parents: Sequence[Parent],
        grant: Grant | None,
    ) -> Labelled:
        pixels = cleared.rendered.result.pixels
        data, label, fingerprint = self._file(cleared, artwork_id, media_format, parents, grant)
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

    def _file(
        self,
        cleared: Cleared,
        artwork_id: str,
        media_format: PictureFormat,
        parents: Sequence[Parent],
        grant: Grant | None,
    ) -> tuple[bytes, AigcLabel, Fingerprint]:
        """The finished file and its label. grant: what lets it be without its mark."""
        rendered = cleared.rendered
        engine = (rendered.engine, rendered.engine_version)
        label = first_label(self.content_producer, artwork_id)
        if len(parents) != len(cleared.permit.identified.request.sources):
            raise ProvenanceError("provenance.parents", count=len(parents))
        # IPTC calls compositeWithTrainedAlgorithmicMedia "Edited using Generative AI". It is said of
        # the edit, whatever the parent was: that an artwork of ours was trainedAlgorithmicMedia
        # from the first stands in its own manifest, which the edited file carries as an ingredient.
        source_type = COMPOSITE if parents else TRAINED
        statement = Statement(label, source_type, engine, (engine,))
        finish = self._finisher.finish if grant is None else self._finisher.finish_unmarked
        pixels = rendered.result.pixels
        data, fingerprint = finish(pixels, statement, media_format, parents)
        return data, label, fingerprint

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
        data, fingerprint = self._finisher.finish(sheet, statement, media_format)
        return LabelledSheet(
            pictures=tuple(pictures),
            artwork_id=artwork_id,
            media_type=MEDIA_TYPES[media_format],
            data=data,
            sha256=hashlib.sha256(data).hexdigest(),
            aigc=label,
            fingerprint=fingerprint,
        )

    @property
    def _finisher(self) -> Finisher:
        return Finisher(self.keys, self.clock, self.watermark)


def _systems(pictures: Sequence[Cleared]) -> tuple[tuple[str, str], ...]:
    """Each engine that drew one of them, with its version, once."""
    return tuple(dict.fromkeys((c.rendered.engine, c.rendered.engine_version) for c in pictures))
