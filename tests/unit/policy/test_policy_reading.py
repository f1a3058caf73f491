"""Words in pictures are judged like words in prompts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from danqing.engines.protocol import Pixels
from danqing.policy import Cleared, Permit, Policy, Refusal, Withheld, shipped_packs
from danqing.policy.reading import RapidReader
from danqing.request.types import Source
from support.asking import NOON, FixedCheck, asked, drawn

WHITE = np.full((32, 32, 4), 255, np.uint8)


class FixedReader:
    """A reader that reads what it is told to."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines

    def read(self, pixels: Pixels) -> tuple[str, ...]:
        assert pixels.shape[2] == 4
        return self.lines


def policy(*lines: str) -> Policy:
    return Policy(shipped_packs(), FixedCheck(), lambda: NOON, reader=FixedReader(*lines))


def test_words_in_an_upload_are_refused_in_its_own_words() -> None:
    identified = asked("改成水彩")
    request = replace(identified.request, sources=(Source("upload", "ab" * 32),), strength=0.5)
    identified = replace(identified, request=request)
    refusal = policy("今日特价", "出售冰毒").decide(identified, [WHITE])
    assert isinstance(refusal, Refusal)
    (reason, *_) = refusal.reasons
    assert (reason.category, reason.start, reason.end) == ("drugs", 0, 0)
    assert "冰毒" in reason.text
    assert isinstance(policy("今日特价").decide(identified, [WHITE]), Permit)


def test_words_an_engine_wrote_are_read_only_where_it_can_write() -> None:
    permit = policy().decide(asked("一张海报"))
    assert isinstance(permit, Permit)
    writing = policy("色情直播")
    rendered = drawn(permit.identified)
    assert isinstance(writing.clear(permit, rendered), Cleared)
    withheld = writing.clear(permit, rendered, writes_text=True)
    assert isinstance(withheld, Withheld)
    assert withheld.reasons[0].category == "sexual"


@pytest.mark.slow
def test_rapidocr_reads_what_is_written() -> None:
    pytest.importorskip("rapidocr")
    picture = Image.new("RGBA", (480, 120), "white")
    font = ImageFont.load_default(48)
    ImageDraw.Draw(picture).text((20, 30), "FAKE PASSPORT", fill="black", font=font)
    found = " ".join(RapidReader().read(np.asarray(picture)))
    assert "PASSPORT" in found.upper()
