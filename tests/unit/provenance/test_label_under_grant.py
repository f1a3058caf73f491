"""The labeller's one unmarked way: only for the person of a grant, in force, and never unlabelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from danqing.errors import Forbidden, ProvenanceError
from danqing.identity.types import Grant
from danqing.provenance import UNMARKED, Labeller, verify
from danqing.provenance.encode import decode
from danqing.provenance.mark import MINIMUM_CONTRAST, contrast_in, draw_mark
from danqing.request.types import PictureFormat
from support.pictures import ARTWORK_ID, WHEN, cleared, gradient

PICTURE = cleared(gradient(160, 128))
GRANT = Grant(
    id="01K1J0VQ6Z3V8Q9W2X4Y5Z6A7E", person_id=PICTURE.permit.identified.person.id, pictures=1,
    agreement="v1", agreement_sha256="ab" * 32, recipient_index="cd" * 32,
    given_by="01K1J0VQ6Z3V8Q9W2X4Y5Z6A7F", given_at=WHEN, until=WHEN + timedelta(days=1),
)  # fmt: skip


@pytest.mark.parametrize("media_format", UNMARKED)
def test_the_mark_is_off_and_every_label_on(
    labeller: Labeller, media_format: PictureFormat
) -> None:
    plain = labeller.label_under_grant(
        PICTURE, grant=GRANT, artwork_id=ARTWORK_ID, media_format=media_format
    )
    marked = labeller.label(PICTURE, artwork_id=ARTWORK_ID, media_format=media_format)
    _, mark = draw_mark(PICTURE.rendered.result.pixels)
    assert contrast_in(decode(marked.data), mark) >= MINIMUM_CONTRAST
    assert contrast_in(decode(plain.data), mark) < MINIMUM_CONTRAST
    assert (plain.grant, marked.grant) == (GRANT, None)
    found = verify(plain.data, labeller.keys.root)
    assert found.aigc == plain.aigc == marked.aigc
    assert found.credential.state == "trusted"
    assert found.source_types == verify(marked.data, labeller.keys.root).source_types
    assert plain.master_pixels_sha256 == marked.master_pixels_sha256
    assert not np.array_equal(decode(plain.data), decode(marked.data))


def test_somebody_elses_grant_does_not_do(labeller: Labeller) -> None:
    with pytest.raises(Forbidden, match="grant_not_yours"):
        labeller.label_under_grant(
            PICTURE, grant=replace(GRANT, person_id="01K1J0VQ6Z3V8Q9W2X4Y5Z6A7G"),
            artwork_id=ARTWORK_ID, media_format="png",
        )  # fmt: skip


def test_a_grant_that_ran_out_does_not_do(labeller: Labeller) -> None:
    with pytest.raises(Forbidden, match="grant_over"):
        labeller.label_under_grant(
            PICTURE, grant=replace(GRANT, until=WHEN - timedelta(seconds=1)),
            artwork_id=ARTWORK_ID, media_format="png",
        )  # fmt: skip


@pytest.mark.parametrize("media_format", ["svg", "gif", "pdf"])
def test_other_formats_keep_their_mark(labeller: Labeller, media_format: PictureFormat) -> None:
    with pytest.raises(ProvenanceError, match="unmarked_format"):
        labeller.label_under_grant(
            PICTURE, grant=GRANT, artwork_id=ARTWORK_ID, media_format=media_format
        )
