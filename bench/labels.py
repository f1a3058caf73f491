"""What labelling one 512×512 picture costs, step by step: medians in milliseconds.

    python bench/labels.py [--runs 15]

Two pictures, a flat sticker and a noisy photograph-like one, in each format. `labelling` is what
the figure of 40 ms speaks of: watermark, mark, hash, XMP, signing and the whole read-back; encoding
stands apart.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from danqing.engines.protocol import Pixels
from danqing.provenance import SigningKeys, verify
from danqing.provenance.aigc import first_label
from danqing.provenance.containers import MEDIA_TYPES
from danqing.provenance.embed import embed
from danqing.provenance.encode import LOSSLESS, decode, encode, encode_master
from danqing.provenance.manifest import created, definition
from danqing.provenance.mark import draw_mark
from danqing.provenance.pdq import pdq_hash
from danqing.provenance.readback import check_pixels_back
from danqing.provenance.signing import sign
from danqing.provenance.watermark import WatermarkKey
from danqing.provenance.watermark import embed as watermarked
from danqing.provenance.xmp import TRAINED, Statement
from danqing.request.types import PictureFormat

SIDE_PX = 512
WATERMARK = WatermarkKey(bytes(range(32)))
FORMATS: tuple[PictureFormat, ...] = ("png", "webp", "jpeg")
LABELLING = ("watermark", "mark", "pdq", "xmp", "sign", "read labels", "decode", "compare")


def sticker() -> Pixels:
    """Two flat shapes on a clear ground."""
    y, x = np.mgrid[:SIDE_PX, :SIDE_PX] - SIDE_PX // 2
    pixels = np.zeros((SIDE_PX, SIDE_PX, 4), np.uint8)
    pixels[np.hypot(x, y) < 200] = (250, 200, 40, 255)
    pixels[(abs(x) < 60) & (abs(y - 40) < 30)] = (200, 40, 40, 255)
    return pixels


def photograph() -> Pixels:
    """A smooth gradient with sensor-like noise, opaque."""
    y, x = np.mgrid[:SIDE_PX, :SIDE_PX] / SIDE_PX
    smooth = np.stack((200 * x, 180 * y, 120 + 80 * np.sin(6 * x * y)), axis=2)
    noisy = smooth + np.random.default_rng(0).normal(0, 4, smooth.shape)
    alpha = np.full((SIDE_PX, SIDE_PX, 1), 255)
    return np.concatenate((noisy, alpha), axis=2).clip(0, 255).astype(np.uint8)


def measure(pixels: Pixels, media_format: PictureFormat, keys: SigningKeys) -> dict[str, float]:
    """Milliseconds of each step, once."""
    times: dict[str, float] = {}

    def timed(step: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = work()
        times[step] = 1e3 * (time.perf_counter() - start)
        return result

    engine = ("mini", "mini-0/onnxruntime-cpu-fp32")
    label = first_label("Danqing", "01K0000000000000000000000")
    statement = Statement(label, TRAINED, engine, (engine,))
    media_type = MEDIA_TYPES[media_format]
    action = created(statement, datetime.now(UTC))
    under = timed("watermark", lambda: watermarked(pixels, WATERMARK, label.produce_id))
    marked, mark = timed("mark", lambda: draw_mark(under))
    timed("pdq", lambda: pdq_hash(marked))
    plain = timed("encode", lambda: encode(marked, media_format))
    stated = timed("xmp", lambda: embed(plain, statement))
    manifest = definition(statement, (action,))
    signed = timed("sign", lambda: sign(stated, media_type, manifest, keys))
    timed("read labels", lambda: verify(signed, keys.root))
    decoded = timed("decode", lambda: decode(signed))
    lossless = media_format in LOSSLESS
    timed("compare", lambda: check_pixels_back(decoded, marked, mark, lossless=lossless))
    timed("master", lambda: encode_master(pixels))
    times["labelling"] = sum(times[step] for step in LABELLING)
    times["kB"] = len(signed) / 1000
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        keys = SigningKeys.load_or_create(Path(folder) / "keys", lambda: datetime.now(UTC))
    for name, pixels in (("sticker", sticker()), ("photograph", photograph())):
        for media_format in FORMATS:
            measure(pixels, media_format, keys)  # the first loads libraries and the font
            taken = [measure(pixels, media_format, keys) for _ in range(runs)]
            medians = {step: statistics.median(t[step] for t in taken) for step in taken[0]}
            print(f"{name:10} {media_format:4}", *(f"{s} {v:.1f}" for s, v in medians.items()))


if __name__ == "__main__":
    main()
