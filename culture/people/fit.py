"""Measure every drawing and write fit.toml: how each is scaled and moved to fill the box.

Needs resvg_py and Pillow; run it after changing a drawing, then run compose.py.
"""

from __future__ import annotations

import io

import culture_a  # noqa: F401
import culture_b  # noqa: F401
import people_a  # noqa: F401
import people_b  # noqa: F401
import resvg_py
from PIL import Image
from registry import A, B
from skin import HERE

MARGIN, SIZE, ZOOM = 40, 208, 2
TALL, WIDE, FLOOR = 117.0, 122.0, 123.5


def box(svg: str) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is drawn, also beyond the picture's edge."""
    view = (
        f'viewBox="{-MARGIN} {-MARGIN} {SIZE} {SIZE}" width="{SIZE * ZOOM}" height="{SIZE * ZOOM}"'
    )
    png = bytes(resvg_py.svg_to_bytes(svg_string=svg.replace('viewBox="0 0 128 128"', view)))
    bounds = Image.open(io.BytesIO(png)).convert("RGBA").getchannel("A").getbbox()
    assert bounds is not None
    left, top, right, bottom = (v / ZOOM - MARGIN for v in bounds)
    return left, top, right, bottom


def fit(svg: str) -> tuple[float, float, float]:
    """Scale and shift that make a drawing stand at the bottom, as big as fits."""
    left, top, right, bottom = box(svg)
    scale = round(min(TALL / (bottom - top), WIDE / (right - left)), 3)
    height = (bottom - top) * scale
    floor = FLOOR if height > 100 else 64 + height / 2
    return scale, round(64 - scale * (left + right) / 2, 1), round(floor - scale * bottom, 1)


def main() -> None:
    """Write fit.toml."""
    rows = []
    for variant, drawings in (("a", A), ("b", B)):
        for name in sorted(drawings):
            scale, dx, dy = fit(drawings[name]())
            rows.append(f"{name}.{variant} = [{scale}, {dx}, {dy}]")
    note = "# Written by fit.py: scale, shift right and shift down of each drawing.\n"
    (HERE / "fit.toml").write_text(note + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
