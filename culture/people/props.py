"""Things people use: wheelchairs, canes, tools, tables, vehicles."""

from __future__ import annotations

from bodies import Frame, foot_shape
from skin import SKIN
from svg import (
    Point,
    blob,
    cloud,
    dark,
    dot,
    ell,
    light,
    line,
    mirrored,
    path,
    place,
    poly,
    rect,
    ring,
    straight,
    stroke,
)

STEEL, STEEL_DARK, TYRE = "#c4ccd9", "#7d8799", "#2f3442"
WOOD, WOOD_DARK = "#96602f", "#6a3f1c"
WHITE, PORCELAIN = "#ffffff", "#eef4fb"
RED, GOLD = "#dc2f3c", "#f2b632"


# --- wheelchairs -------------------------------------------------------------


def chair_side(c: str, cx: float = 52, cy: float = 94, r: float = 25) -> tuple[str, str]:
    """A wheelchair facing right: what is behind the sitter and the wheel in front."""
    back = stroke(
        f"M{cx - 24},{cy - 40}L{cx - 20},{cy - 38}L{cx - 16},{cy - 6}H{cx + 28}"
        f"L{cx + 40},{cy + 20}H{cx + 50}",
        STEEL_DARK,
        3.4,
    )
    back += line([(cx - 19, cy - 36), (cx - 16, cy - 10)], c, 6) + line(
        [(cx - 15, cy - 7), (cx + 26, cy - 7)], dark(c), 6
    )
    spokes = "".join(
        f"M{cx},{cy}L{cx + x * r:.1f},{cy + y * r:.1f}"
        for x, y in ((0, -1), (0.87, -0.5), (0.87, 0.5), (0, 1), (-0.87, 0.5), (-0.87, -0.5))
    )
    wheel = (
        stroke(spokes, STEEL_DARK, 1)
        + ring(cx, cy, r, TYRE, 5)
        + ring(cx, cy, r - 5, STEEL, 2)
        + dot(cx, cy, 4, c)
    )
    small = ring(cx + 36, cy + 20, 6, TYRE, 3.6) + stroke(
        f"M{cx + 30},{cy - 4}L{cx + 36},{cy + 18}", STEEL_DARK, 3
    )
    return back, small + wheel


def chair_front(c: str, half: float = 25) -> tuple[str, str]:
    """A wheelchair seen from the front: back-rest and wheels, then foot-rests."""
    wheel = place(
        ell(0, 0, 7, 27, TYRE) + ell(1.6, 0, 4, 22.6, STEEL) + ell(2, 0, 2.4, 20, STEEL_DARK),
        half + 10,
        93,
        1,
        -5,
    )
    back = rect(64 - half + 3, 56, 2 * half - 6, 40, c, 6) + rect(
        64 - half + 6, 59, 2 * half - 12, 34, dark(c), 4
    )
    grips = mirrored(
        rect(half - 5, 52, 7, 10, TYRE, 3) + stroke(f"M{half + 1},76H{half + 4}V100", STEEL_DARK, 3)
    )
    rests = rect(46, 116, 15, 4.6, TYRE, 2) + rect(67, 116, 15, 4.6, TYRE, 2)
    return place(mirrored(wheel), 64, 0) + back + place(grips, 64, 0), rests


def sitter_side(f: Frame, top: str, trousers: str, shoe: str, skirt: bool = False) -> str:
    """A trunk and legs seated facing right; f.cx is the middle of the trunk."""
    y, x, w = f.sh_y, f.cx, f.leg * 1.35
    knee, foot = (x + 34.0, 88 - w * 0.1), (x + 38.0, 111.0)
    trunk = blob(
        [
            (x - f.neck, y - 4),
            (x + f.neck + 1, y - 4),
            (x + f.sh * 0.8, y + 1),
            (x + f.chest, y + 14),
            (x + f.waist + 1, y + 26),
            (x + f.hip, 90),
            (x - f.hip * 0.8, 92),
            (x - f.waist, y + 24),
            (x - f.chest * 0.95, y + 12),
            (x - f.sh * 0.9, y + 2),
        ],
        top,
    )
    lower = SKIN.base if skirt else trousers
    shin = line([knee, foot], lower, w * 0.82) + foot_shape(foot[0] + 3, foot[1] + 3.4, 7, shoe)
    thigh = line([(x + 1, 88 - w * 0.1), knee], trousers, w)
    return shin + thigh + trunk


def sitter_front(f: Frame, trousers: str, shoe: str, bare: bool = False) -> str:
    """Thighs, knees and shins seen from the front; the trunk is drawn as usual."""
    out = ""
    for s in (-1, 1):
        x = 64 + s * max(9, f.hip * 0.5)
        out += line(
            [(x, 100), (x * 0.5 + (64 + s * 10) * 0.5, 113)],
            SKIN.base if bare else dark(trousers, 0.15),
            f.leg,
        )
        out += foot_shape(x * 0.4 + (64 + s * 10) * 0.6, 117, f.leg * 0.5 + 2.2, shoe, s)
    out += "".join(
        rect(
            64 + s * max(9, f.hip * 0.5) - f.leg * 0.82,
            84,
            f.leg * 1.64,
            21,
            trousers,
            f.leg * 0.75,
        )
        for s in (-1, 1)
    )
    return out


# --- canes and other aids ----------------------------------------------------


def white_cane(top: Point, tip: Point) -> str:
    """The long white cane of a blind walker, with a red end."""
    (x0, y0), (x1, y1) = top, tip
    mid = (x0 + (x1 - x0) * 0.72, y0 + (y1 - y0) * 0.72)
    end = (x0 + (x1 - x0) * 0.94, y0 + (y1 - y0) * 0.94)
    return (
        stroke(straight([top, tip]), "#6f7a90", 4.6)
        + stroke(straight([top, tip]), WHITE, 2.8)
        + stroke(straight([mid, end]), RED, 2.8)
        + dot(x1, y1, 2.6, "#4b5468")
        + stroke(straight([top, (x0 + (x1 - x0) * 0.14, y0 + (y1 - y0) * 0.14)]), TYRE, 4)
    )


def walking_stick(x: float, y: float, bottom: float = 122, c: str = WOOD) -> str:
    """A walking stick with a crook under the hand at (x, y)."""
    d = (
        f"M{x - 6:g},{y + 2:g}C{x - 6:g},{y - 5:g} {x + 1:g},{y - 5:g} {x + 1:g},{y + 2:g}"
        f"L{x + 1.6:g},{bottom:g}"
    )
    return stroke(d, c, 3.4) + stroke(f"M{x + 1.6:g},{bottom - 3:g}V{bottom:g}", TYRE, 4)


def elbow_crutch(x: float, y: float, bottom: float = 122) -> str:
    """A forearm crutch held at (x, y)."""
    return (
        stroke(f"M{x - 2:g},{y - 17:g}L{x:g},{y:g}L{x + 2:g},{bottom:g}", "#3b6fd1", 3.2)
        + stroke(f"M{x - 6:g},{y - 17:g}h8", TYRE, 4)
        + stroke(f"M{x - 6:g},{y:g}h7", TYRE, 3.4)
        + dot(x + 2, bottom, 2.6, TYRE)
    )


def prosthesis(x: float, knee: float, foot: float, c: str, shoe: str, side: int = 1) -> str:
    """A below-knee prosthetic leg: socket, steel tube and shoe."""
    tube = rect(x - 1.8, knee + 7, 3.6, foot - knee - 9, STEEL) + rect(
        x - 1.8, knee + 7, 1.4, foot - knee - 9, STEEL_DARK
    )
    socket = path(
        f"M{x - 5.4:g},{knee - 3:g}H{x + 5.4:g}L{x + 3.4:g},{knee + 9:g}H{x - 3.4:g}Z", c
    ) + stroke(f"M{x - 4.6:g},{knee + 1:g}H{x + 4.6:g}", light(c, 0.5), 1.3)
    return (
        tube
        + socket
        + rect(x - 3, foot - 7, 6, 3, STEEL_DARK, 1)
        + foot_shape(x + side, foot, 6.4, shoe, side)
    )


def blade(x: float, knee: float, foot: float, c: str) -> str:
    """A sprinter's carbon blade."""
    socket = path(f"M{x - 5.4:g},{knee - 4:g}H{x + 5.4:g}L{x + 3.6:g},{knee + 8:g}H{x - 3.6:g}Z", c)
    return (
        stroke(
            f"M{x:g},{knee + 6:g}C{x - 9:g},{knee + 14:g} {x - 6:g},{foot - 2:g}"
            f" {x + 8:g},{foot:g}",
            "#2b303c",
            4.4,
        )
        + socket
    )


# --- tools and goods ---------------------------------------------------------


def round_fan(x: float, y: float, c: str = "#fff1f3", r: float = 9, turn: float = 0) -> str:
    """A round silk fan; (x, y) is the hand."""
    fan = stroke("M0,6V-8", WOOD_DARK, 2) + dot(0, -8 - r, r, c) + ring(0, -8 - r, r, RED, 1.4)
    return place(
        fan
        + cloud(-1, -8 - r, r * 0.33, r * 0.33, 5, "#f0708f")
        + stroke(f"M1,{-5 - r:g}q3,2 4,5", "#3f9d5a", 1.2),
        x,
        y,
        1,
        turn,
    )


def folding_fan(x: float, y: float, c: str, turn: float = 0, r: float = 22) -> str:
    """An open folding fan spreading upwards from the hand at (x, y)."""
    arc = path(
        f"M0,0L{-r * 0.94:.1f},{-r * 0.5:.1f}A{r},{r} 0 0 1 {r * 0.94:.1f},{-r * 0.5:.1f}Z", c
    )
    ribs = stroke(
        "".join(
            f"M0,0L{a * r:.1f},{-b * r:.1f}"
            for a, b in ((-0.6, 0.74), (-0.22, 0.92), (0.22, 0.92), (0.6, 0.74))
        ),
        dark(c, 0.3),
        1,
    )
    edge = stroke(
        f"M{-r * 0.86:.1f},{-r * 0.5:.1f}A{r},{r} 0 0 1 {r * 0.86:.1f},{-r * 0.5:.1f}",
        light(c, 0.55),
        3,
    )
    return place(arc + ribs + edge, x, y, 1, turn)


def book(x: float, y: float, c: str, w: float = 20) -> str:
    """An open book seen from outside."""
    h = w * 0.62
    return (
        poly([(x, y + 2), (x - w / 2, y - 1), (x - w / 2, y - 1 + h), (x, y + h + 2)], c)
        + poly(
            [(x, y + 2), (x + w / 2, y - 1), (x + w / 2, y - 1 + h), (x, y + h + 2)], dark(c, 0.12)
        )
        + stroke(
            f"M{x - w / 2 + 1:g},{y - 2.4:g}L{x:g},{y + 0.6:g}L{x + w / 2 - 1:g},{y - 2.4:g}",
            WHITE,
            2,
        )
    )


def broom(x: float, _y: float, bottom: float = 122, top: float = 26) -> str:
    """A big bamboo street broom."""
    handle = stroke(f"M{x:g},{top:g}V{bottom - 22:g}", "#c9a13a", 3.4)
    head = poly(
        [(x - 3, bottom - 26), (x + 3, bottom - 26), (x + 13, bottom), (x - 13, bottom)], "#8fae4a"
    )
    return (
        handle
        + head
        + stroke(
            f"M{x - 7:g},{bottom - 2:g}L{x - 1.6:g},{bottom - 20:g}M{x:g},{bottom - 2:g}"
            f"V{bottom - 20:g}M{x + 7:g},{bottom - 2:g}L{x + 1.6:g},{bottom - 20:g}",
            "#5f7d2c",
            1.4,
        )
        + stroke(f"M{x - 3.4:g},{bottom - 24:g}h6.8", RED, 3)
    )


def takeaway_bag(x: float, y: float, c: str = "#f6f1e4") -> str:
    """A paper bag with a bowl drawn on it, hanging from (x, y)."""
    bag = rect(x - 9, y + 5, 18, 19, c, 2) + path(
        f"M{x - 5:g},{y + 14:g}h10q0,6-5,6q-5,0-5,-6z", RED
    )
    return (
        stroke(f"M{x - 5:g},{y + 6:g}Q{x:g},{y - 5:g} {x + 5:g},{y + 6:g}", dark(c, 0.35), 1.6)
        + bag
        + stroke(f"M{x - 9:g},{y + 9:g}h18", dark(c, 0.15), 1.4)
    )


def balloon(x: float, y: float, c: str, hand: Point) -> str:
    """A balloon on a string."""
    return (
        stroke(
            f"M{x:g},{y + 11:g}Q{x + 5:g},{(y + hand[1]) / 2:g} {hand[0]:g},{hand[1]:g}",
            "#7d8799",
            1.2,
        )
        + ell(x, y, 9, 11, c)
        + ell(x - 3, y - 4, 2, 3.2, light(c, 0.6))
        + poly([(x - 2.4, y + 13), (x + 2.4, y + 13), (x, y + 10)], c)
    )


def teapot(x: float, y: float, c: str = "#8e3b2c", s: float = 1) -> str:
    """A small clay teapot, the spout to the left."""
    pot = (
        stroke("M-8,0Q-14,-1-16,-8", c, 3.6)
        + stroke("M8,-4Q17,-6 14,3Q12,6 7,5", c, 2.6)
        + ell(0, 0, 10, 8, c)
        + ell(0, -7, 5.6, 2, dark(c))
        + dot(0, -9.6, 1.9, c)
    )
    return place(pot + stroke("M-5,-3Q-2,-6 3,-5", light(c, 0.4), 1.3), x, y, s)


def cup(x: float, y: float, c: str = PORCELAIN) -> str:
    """A little tea cup."""
    return (
        path(f"M{x - 5:g},{y - 5:g}h10q-.6,7-5,7q-4.4,0-5,-7z", c)
        + ell(x, y - 5, 5, 1.5, "#b98232")
        + stroke(f"M{x - 3:g},{y - 1:g}q3,2 6,0", "#3c78c2", 1)
    )


def steam(x: float, y: float, n: int = 3) -> str:
    """Curls of steam."""
    return stroke(
        "".join(f"M{x + i * 7:g},{y:g}q-4,-4 0,-8q4,-4 0,-8" for i in range(n)), "#c9d6e4", 2.4
    )


def table(y: float, c: str = WOOD, x0: float = 8, x1: float = 120, bottom: float = 122) -> str:
    """A low wooden table seen from the front."""
    legs = "".join(rect(x, y + 5, 7, bottom - y - 5, WOOD_DARK, 2) for x in (x0 + 4, x1 - 11))
    return legs + rect(x0 + 7, y + 5, x1 - x0 - 14, 5, dark(c, 0.3)) + rect(x0, y, x1 - x0, 7, c, 3)


def brush(x: float, y: float, turn: float = 0, s: float = 1) -> str:
    """A writing brush, its tip `s`*16 below (x, y)."""
    return place(
        rect(-1.6, -18, 3.2, 24, "#b5873c", 1.4)
        + path("M-2.6,5H2.6Q3,11 0,17Q-3,11-2.6,5Z", "#2a2532")
        + rect(-2.4, 4, 4.8, 3, RED),
        x,
        y,
        s,
        turn,
    )


def tanghulu(x: float, y: float, turn: float = 0, s: float = 1) -> str:
    """A stick of candied hawthorns; (x, y) is the hand."""
    berries = "".join(dot(0, -8 - i * 6.4, 4, "#d3202f") for i in range(4)) + stroke(
        "M-1.4,-9.4V-29", "#ff8f86", 1.4, "0.1 6.4"
    )
    return place(stroke("M0,4V-33", "#d9b36a", 1.6) + berries, x, y, s, turn)


def steamer(x: float, y: float, tiers: int = 2) -> str:
    """Bamboo steamers with buns on top; y is the bottom."""
    out = ""
    for i in range(tiers):
        top = y - 9 * (i + 1)
        out += rect(x - 15, top, 30, 9, "#d8b062", 2) + stroke(
            f"M{x - 14:g},{top + 4.5:g}h28", "#a87c33", 1.3
        )
    top = y - 9 * tiers
    return (
        "".join(
            ell(x + dx, top - 2, 6, 5.4, "#fdf0d8")
            + stroke(
                f"M{x + dx:g},{top - 6:g}v3M{x + dx - 3:g},{top - 4.6:g}l1,2"
                f"M{x + dx + 3:g},{top - 4.6:g}"
                "l-1,2",
                "#c9b48c",
                1.2,
            )
            for dx in (-8.5, 0.0, 8.5)
        )
        + out
    )


def red_lantern(x: float, y: float, s: float = 1) -> str:
    """A small red lantern hanging from (x, y)."""
    return place(
        stroke("M0,0V4M0,17V23", GOLD, 1.6)
        + ell(0, 11, 8, 7, RED)
        + stroke("M-3.4,5Q-6,11-3.4,17M3.4,5Q6,11 3.4,17", "#a81726", 1)
        + rect(-4, 3, 8, 2.4, GOLD, 1)
        + rect(-4, 16.6, 8, 2.4, GOLD, 1),
        x,
        y,
        s,
    )


def teddy(x: float, y: float, s: float = 1) -> str:
    """A toy rabbit."""
    ears = mirrored(ell(3.4, -14, 2.2, 6, "#f7f3ff") + ell(3.4, -13, 1, 4, "#f7b0c8"))
    return place(
        ears
        + ell(0, 5, 7, 8, "#e4dcf7")
        + dot(0, -5, 6.4, "#f7f3ff")
        + mirrored(dot(2.4, -6, 1, TYRE))
        + dot(0, -3.4, 1, "#f0708f"),
        x,
        y,
        s,
    )
