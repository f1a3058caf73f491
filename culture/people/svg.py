"""Small helpers that write SVG elements as strings."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

Point = tuple[float, float]
CX = 64.0  # the vertical axis most figures are symmetrical about


def num(value: float) -> str:
    """A number with at most one decimal and no needless zero."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def mix(colour: str, other: str, share: float) -> str:
    """`colour` moved towards `other` by `share` (0..1)."""
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def dark(colour: str, share: float = 0.2) -> str:
    """A darker shade of a garment colour."""
    return mix(colour, "#1a1030", share)


def light(colour: str, share: float = 0.25) -> str:
    """A lighter tint of a garment colour."""
    return mix(colour, "#ffffff", share)


def path(d: str, fill: str) -> str:
    """A filled path."""
    return f'<path d="{d}" fill="{fill}"/>'


def stroke(d: str, colour: str, width: float, dash: str = "") -> str:
    """An unfilled path; the document gives it round ends and joins."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path d="{d}" fill="none" stroke="{colour}" stroke-width="{num(width)}"{dashes}/>'


def ell(cx: float, cy: float, rx: float, ry: float, fill: str) -> str:
    """An ellipse."""
    return f'<ellipse cx="{num(cx)}" cy="{num(cy)}" rx="{num(rx)}" ry="{num(ry)}" fill="{fill}"/>'


def dot(cx: float, cy: float, r: float, fill: str) -> str:
    """A circle."""
    return f'<circle cx="{num(cx)}" cy="{num(cy)}" r="{num(r)}" fill="{fill}"/>'


def ring(cx: float, cy: float, r: float, colour: str, width: float) -> str:
    """An unfilled circle."""
    return (
        f'<circle cx="{num(cx)}" cy="{num(cy)}" r="{num(r)}" fill="none"'
        f' stroke="{colour}" stroke-width="{num(width)}"/>'
    )


def rect(x: float, y: float, w: float, h: float, fill: str, r: float = 0) -> str:
    """A rectangle, with round corners if `r` is given."""
    corner = f' rx="{num(r)}"' if r else ""
    return (
        f'<rect x="{num(x)}" y="{num(y)}" width="{num(w)}" height="{num(h)}"{corner}'
        f' fill="{fill}"/>'
    )


def straight(points: Sequence[Point], closed: bool = False) -> str:
    """Path data through the points in straight lines."""
    return "M" + "L".join(f"{num(x)},{num(y)}" for x, y in points) + ("Z" if closed else "")


def smooth(points: Sequence[Point], closed: bool = False) -> str:
    """Path data through the points in a Catmull-Rom curve."""
    n = len(points)
    if n < 3:
        return straight(points, closed)

    def at(i: int) -> Point:
        return points[i % n] if closed else points[min(max(i, 0), n - 1)]

    d = f"M{num(points[0][0])},{num(points[0][1])}"
    for i in range(n if closed else n - 1):
        (ax, ay), (bx, by), (cx, cy), (ex, ey) = at(i - 1), at(i), at(i + 1), at(i + 2)
        one = (bx + (cx - ax) / 6, by + (cy - ay) / 6)
        two = (cx - (ex - bx) / 6, cy - (ey - by) / 6)
        d += "C" + " ".join(f"{num(x)},{num(y)}" for x, y in (one, two, (cx, cy)))
    return d + ("Z" if closed else "")


def sil(halves: Sequence[Point], fill: str, cx: float = CX) -> str:
    """A symmetrical silhouette from (half-width, y) pairs, top to bottom."""
    right = smooth([(cx + w, y) for w, y in halves])
    left = smooth([(cx - w, y) for w, y in reversed(halves)])
    return path(right + "L" + left[1:] + "Z", fill)


def line(points: Sequence[Point], colour: str, width: float, dash: str = "") -> str:
    """A smooth thick line through the points."""
    return stroke(smooth(points), colour, width, dash)


def poly(points: Sequence[Point], fill: str) -> str:
    """A polygon."""
    return path(straight(points, closed=True), fill)


def blob(points: Sequence[Point], fill: str) -> str:
    """A closed smooth shape."""
    return path(smooth(points, closed=True), fill)


def cloud(cx: float, cy: float, rx: float, ry: float, n: int, fill: str, start: float = 0) -> str:
    """A ring of `n` round bumps: curly hair, fur, flowers."""
    bump = math.pi * (rx + ry) / 2 / n * 1.15
    corners = [
        (cx + rx * math.cos(a), cy + ry * math.sin(a))
        for a in (start + 2 * math.pi * i / n for i in range(n))
    ]
    d = f"M{num(corners[0][0])},{num(corners[0][1])}"
    for x, y in [*corners[1:], corners[0]]:
        d += f"A{num(bump)},{num(bump)} 0 0 1 {num(x)},{num(y)}"
    return path(d + "Z", fill)


def place(body: str, x: float, y: float, s: float = 1, turn: float = 0, flip: bool = False) -> str:
    """A group moved to (x, y), scaled, turned and perhaps mirrored."""
    if not body:
        return ""
    move = f"translate({num(x)} {num(y)})"
    if turn:
        move += f" rotate({num(turn)})"
    if s != 1 or flip:
        move += f" scale({'-' if flip else ''}{s:g} {s:g})"
    return f'<g transform="{move}">{body}</g>'


def mirrored(body: str) -> str:
    """`body`, drawn about x = 0, and its mirror image."""
    return body + f'<g transform="scale(-1 1)">{body}</g>'


def document(body: str) -> str:
    """A whole SVG file, numbers kept short."""
    body = re.sub(r"\d+\.\d{3,}", lambda m: f"{float(m[0]):.2f}", body)
    head = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 128 128"'
    return f'<svg {head} stroke-linecap="round" stroke-linejoin="round">{body}</svg>\n'
