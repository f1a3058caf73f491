"""SVG: what is drawn looks like the picture, prints sharp, carries its mark, and hides nothing."""

from __future__ import annotations

import io
import re
from typing import Any

import numpy as np
import pytest
import resvg_py
from PIL import Image

from danqing.engines.protocol import Pixels
from danqing.errors import ProvenanceError
from danqing.provenance import Labeller, SigningKeys, finishing, svg, verify
from danqing.provenance.mark import MINIMUM_CONTRAST, contrast_in, draw_mark
from danqing.provenance.trace import trace_colours, trace_mask
from support.pictures import ARTWORK_ID, cleared, gradient, sticker

AIGC = (
    '{"Label":"1","ContentProducer":"Else","ProduceID":"x","ReservedCode1":"",'
    '"ContentPropagator":"Else","PropagateID":"x","ReservedCode2":""}'
)


def rasterised(data: bytes, width_px: int) -> Pixels:
    """By resvg, which shares nothing with what drew it: (H, W, 4) uint8 straight RGBA."""
    png = resvg_py.svg_to_bytes(svg_string=data.decode(), width=width_px)
    return np.asarray(Image.open(io.BytesIO(bytes(png))).convert("RGBA"))


def two_discs(side_px: int) -> Pixels:
    """A green disc with a hole, and within it a blue one, on clear ground."""
    y, x = np.mgrid[:side_px, :side_px] - side_px / 2
    far = np.hypot(x, y) / side_px
    pixels = np.zeros((side_px, side_px, 4), np.uint8)
    pixels[(far < 0.45) & (far > 0.3)] = (30, 160, 60, 255)
    pixels[far < 0.15] = (30, 60, 200, 255)
    return pixels


@pytest.fixture(scope="module")
def released(labeller: Labeller) -> bytes:
    done = labeller.label(cleared(two_discs(256)), artwork_id=ARTWORK_ID, media_format="svg")
    assert done.media_type == "image/svg+xml"
    return done.data


@pytest.mark.parametrize("pixels", [two_discs(256), sticker(200, 120), sticker(64, 64)])
def test_it_looks_like_the_picture(pixels: Pixels) -> None:
    marked, mark = draw_mark(pixels)
    seen = rasterised(svg.draw(pixels, mark), pixels.shape[1])
    assert seen.shape == marked.shape
    clear, solid = marked[..., 3] == 0, marked[..., 3] == 255
    assert (seen[..., 3][clear] > 128).mean() < 0.02  # holes and ground stay clear
    assert (seen[..., 3][solid] < 128).mean() < 0.02
    difference = np.abs(seen[..., :3].astype(int) - marked[..., :3])[solid]
    assert difference.mean() < 12
    assert contrast_in(seen, mark) >= MINIMUM_CONTRAST


def test_an_opaque_picture_has_no_gaps() -> None:
    pixels = gradient(160, 120)
    drawn = svg.draw(pixels, draw_mark(pixels)[1])
    assert rasterised(drawn, 640)[..., 3].min() == 255
    assert b"clipPath" not in drawn


def test_enlarged_it_stays_sharp(released: bytes) -> None:
    """Edges are as wide in pixels at eight times the size: the share of half-clear pixels falls."""
    soft = [
        ((alpha > 8) & (alpha < 248)).mean()
        for alpha in (rasterised(released, side)[..., 3] for side in (256, 2048))
    ]
    assert soft[1] < soft[0] / 4


@pytest.mark.parametrize("side", [64, 200, 512, 1024])
def test_the_mark_is_tall_enough_and_vector(side: int) -> None:
    pixels = sticker(side, side)
    drawn = svg.draw(pixels, draw_mark(pixels)[1])
    ink = svg.ink_height_px(svg._parsed(drawn))
    assert ink >= 0.05 * side
    large = rasterised(drawn, 4 * side)
    rows = np.flatnonzero((large[2 * side :, 2 * side :, :3].min(axis=-1) > 200).any(axis=1))
    assert abs((rows[-1] - rows[0] + 1) / 4 - ink) <= 1


def test_nothing_clear_nothing_drawn_but_the_mark() -> None:
    pixels = np.zeros((100, 100, 4), np.uint8)
    drawn = svg.draw(pixels, draw_mark(pixels)[1])
    assert (rasterised(drawn, 100)[:60, :40, 3] == 0).all()


def test_it_holds_paths_and_numbers_only(released: bytes) -> None:
    drawn = svg.without_metadata(released).decode()
    assert set(re.findall(r"<([a-zA-Z]+)", drawn)) == {
        "svg", "metadata", "clipPath", "path", "g", "title", "rect",
    }  # fmt: skip
    assert not re.search(r"href|script|style|on[a-z]+=|&|url\((?!#outline)", drawn)


def test_it_is_trusted_and_a_changed_path_is_noticed(released: bytes, keys: SigningKeys) -> None:
    assert verify(released, keys.root).credential.state == "trusted"
    at = released.index(b' d="M', released.index(b'<g id="picture"')) + 6
    moved = released[:at] + bytes([released[at] ^ 1]) + released[at + 1 :]
    assert verify(moved, keys.root).credential.state == "invalid"
    without_mark = re.sub(rb'<g id="mark">.*</g></g>', b"", released, flags=re.DOTALL)
    assert verify(without_mark, keys.root).credential.state == "invalid"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda data: data.replace(b'fill="#ffffff"', b'fill="#18181c"'), "paths"),
        (lambda data: re.sub(rb'<g id="mark">.*</g></g>', b"", data, flags=re.DOTALL), "paths"),
        (lambda data: data.replace(b"</svg>", b"<script/></svg>"), "paths"),
        (lambda data: data[:-8], "XML"),
        (lambda data: b"<!DOCTYPE svg>" + data[data.index(b"<svg") :], "XML"),
    ],
)
def test_the_read_back_notices(released: bytes, change: Any, what: str) -> None:
    drawn = svg.without_metadata(released)
    svg.check_back(released, drawn, 256)
    with pytest.raises(ProvenanceError) as caught:
        svg.check_back(change(released), drawn, 256)
    assert caught.value.facts["what"] == what


def test_a_drawing_without_a_legible_mark_is_no_file(released: bytes) -> None:
    drawn = svg.without_metadata(released)
    for spoilt in (
        drawn.replace(b'fill="#ffffff"', b'fill="#18181b"'),
        drawn.replace(b'id="mark"', b'id="other"'),
    ):
        with pytest.raises(ProvenanceError) as caught:
            svg.check_back(spoilt, spoilt, 256)
        assert caught.value.facts["what"] == "mark"
    with pytest.raises(ProvenanceError):  # too small for a larger picture
        svg.check_back(drawn, drawn, 1024)


@pytest.mark.parametrize("step", ["embed", "sign"])
def test_a_step_left_out_gives_no_file(
    labeller: Labeller, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(finishing, step, lambda data, *_: data)
    with pytest.raises(ProvenanceError) as caught:
        labeller.label(cleared(sticker(80, 80)), artwork_id=ARTWORK_ID, media_format="svg")
    assert caught.value.code == "provenance.read_back"


def test_noise_is_refused_rather_than_written_by_the_megabyte(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(svg, "MAX_SVG_BYTES", 20_000)
    pixels = np.random.default_rng(1).integers(0, 255, (128, 128, 4), np.uint8)
    with pytest.raises(ProvenanceError) as caught:
        svg.draw(pixels, draw_mark(pixels)[1])
    assert caught.value.code == "provenance.encode"


def inkscape(inner: str, *, before: str = "") -> bytes:
    """A drawing as others lay it out: namespaces on the root, a comment before it."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- made elsewhere -->\n{before}'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
        'syntax-ns#" xmlns:T="http://www.tc260.org.cn/ns/AIGC/1.0/"><metadata><rdf:RDF>'
        f'<rdf:Description rdf:about="">{inner}</rdf:Description></rdf:RDF></metadata></svg>'
    ).encode()


def test_labels_of_other_makers_are_read() -> None:
    found = verify(inkscape(f"<T:AIGC>{AIGC}</T:AIGC>"), None)
    assert found.media_type == "image/svg+xml"
    assert found.aigc is not None
    assert found.aigc.content_producer == "Else"
    assert verify(inkscape(""), None).labels == ()


BOMB = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "remark"),
    [
        (inkscape("&b;", before=BOMB), "provenance.remark_xmp_dtd"),
        (inkscape("", before="<!DOCTYPE svg>"), "provenance.remark_xmp_dtd"),
        (b"<svg>" + b"<g>" * 50_000, "provenance.remark_xmp_unreadable"),
        (b"<svg" + b" " * 100, "provenance.remark_xmp_unreadable"),
        (b"<svg>\x00</svg>", "provenance.remark_xmp_unreadable"),
    ],
    ids=["bomb", "doctype", "deep", "cut", "zero"],
)
def test_hostile_documents_are_remarked_on(data: bytes, remark: str) -> None:
    found = verify(data, None)
    assert found.media_type == "image/svg+xml"
    assert remark in [r.code for r in found.remarks]


def test_deep_but_whole_documents_do_not_hurt() -> None:
    deep = b"<svg>" + b"<g>" * 20_000 + b"</g>" * 20_000 + b"</svg>"
    assert verify(deep, None).labels == ()


@pytest.mark.parametrize(
    "data", [b"<html>", b"svg", b"<svgx/>", b"<!-- <svg> -->", b"\x89PNG<svg>"]
)
def test_what_is_not_svg(data: bytes) -> None:
    assert verify(data, None).media_type != "image/svg+xml"


@pytest.mark.parametrize("data", [b"<svg/>", b"<svg", b"", b"<svg><rdf:RDF></svg>"])
def test_a_document_without_a_root_to_write_into_gets_no_label(data: bytes) -> None:
    with pytest.raises(ProvenanceError) as caught:
        svg.with_xmp(data, b"")
    assert caught.value.code == "provenance.container"


def test_tracing_finds_colours_and_holes() -> None:
    pixels = two_discs(128)
    assert {"#1EA03C", "#1E3CC8"} <= {outline.fill for outline in trace_colours(pixels)}
    ring, disc = sorted(trace_mask(pixels[..., 3] > 0), key=lambda o: -len(o.d))
    assert (ring.d.count("M"), disc.d.count("M")) == (2, 1)
