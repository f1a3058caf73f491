"""Pictures from outside are decoded in a process of their own, under limits."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image

from danqing.errors import InputError
from danqing.server.uploads import Decoder, from_base64
from support.bombs import png_bomb

MEMORY_BYTES = 1024 * 2**20


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    made = Decoder(MEMORY_BYTES, 60)
    made.warm_up()
    yield made
    made.close()


def picture(kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", (96, 64), "red").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_is_looked_at(decoder: Decoder, kind: str) -> None:
    seen = decoder.look(picture(kind))
    assert (seen.width_px, seen.height_px) == (96, 64)
    assert seen.media_type == f"image/{kind.lower()}"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "source.unreadable"),
        (b"GIF89a", "source.unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "source.unreadable"),
        (b"%PDF-1.7", "source.unreadable"),
        (png_bomb(100_000, 100_000), "source.too_many_pixels"),
        (png_bomb(65_500, 65_500), "source.too_many_pixels"),
    ],
)
def test_what_is_no_picture_is_refused(decoder: Decoder, data: bytes, code: str) -> None:
    with pytest.raises(InputError) as refused:
        decoder.look(data)
    assert refused.value.code == code


def test_too_little_memory_ends_the_process_and_not_the_server() -> None:
    tight = Decoder(220 * 2**20, 60)
    try:
        with pytest.raises(InputError) as refused:
            tight.look(png_bomb(4_800, 4_800))
        assert refused.value.code in ("server.upload_heavy", "source.unreadable")
    finally:
        tight.close()


def test_too_little_time_ends_it() -> None:
    hasty = Decoder(MEMORY_BYTES, 0.01)
    try:
        with pytest.raises(InputError) as refused:
            hasty.look(picture())
        assert refused.value.code == "server.upload_slow"
    finally:
        hasty.close()


def test_base64_bare_and_as_a_data_url() -> None:
    encoded = base64.b64encode(picture()).decode()
    assert from_base64(encoded) == picture()
    assert from_base64(f"data:image/png;base64,{encoded}") == picture()


@pytest.mark.parametrize(
    "url",
    ["http://169.254.169.254/latest/meta-data", "https://example.com/a.png", "file:///etc/passwd",
     "gopher://127.0.0.1:70/"],
)  # fmt: skip
def test_no_url_is_fetched(url: str) -> None:
    with pytest.raises(InputError) as refused:
        from_base64(url)
    assert refused.value.code == "server.no_fetching"


def test_what_is_not_base64() -> None:
    with pytest.raises(InputError):
        from_base64("###")
