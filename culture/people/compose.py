"""Write the people: `python culture/people/compose.py` makes every SVG file and cards.toml."""

from __future__ import annotations

import re
import tomllib

import culture_a  # noqa: F401
import culture_b  # noqa: F401
import people_a  # noqa: F401
import people_b  # noqa: F401
from cards import CARDS
from registry import A, B
from skin import HERE

LIMIT = 8000  # bytes per file
FORBIDDEN = re.compile(r"<(text|style|script|filter|image|use|font)\b|href|url\(")


def fits() -> dict[str, dict[str, list[float]]]:
    """Scale and shifts per figure and variant, as measured by fit.py."""
    file = HERE / "fit.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def fitted(svg: str, fit: list[float] | None) -> str:
    """The drawing scaled and moved so that it fills the box."""
    if not fit:
        return svg
    scale, dx, dy = fit
    head, rest = svg.split(">", 1)
    body = rest.removesuffix("</svg>\n")
    return f'{head}><g transform="matrix({scale} 0 0 {scale} {dx} {dy})">{body}</g></svg>\n'


def checked_names() -> None:
    """Refuse a name used by two figures, or a figure without card or drawing."""
    if not set(A) == set(B) == set(CARDS):
        raise ValueError(
            f"not in all three: {sorted((set(A) ^ set(CARDS)) | (set(B) ^ set(CARDS)))}"
        )
    for field in ("hans", "hant", "en"):
        names = [name for card in CARDS.values() for name in getattr(card, field).split("|")]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"used twice: {twice}")


def main() -> None:
    """Write every drawing and the cards."""
    checked_names()
    measured = fits()
    for variant, drawings in (("a", A), ("b", B)):
        for name, draw in drawings.items():
            svg = fitted(draw(), measured.get(name, {}).get(variant))
            if len(svg.encode()) >= LIMIT or FORBIDDEN.search(svg):
                raise ValueError(f"{name}.{variant}: {len(svg)} bytes, or a forbidden element")
            (HERE / f"{name}.{variant}.svg").write_text(svg, encoding="utf-8")
    cards = "# Written by compose.py from cards.py.\n\n" + "\n".join(
        CARDS[name].toml(name) for name in CARDS
    )
    (HERE / "cards.toml").write_text(cards, encoding="utf-8")


if __name__ == "__main__":
    main()
