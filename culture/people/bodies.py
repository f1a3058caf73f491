"""Bodies and clothes: a Frame says where the joints are; every garment follows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from faces import Head
from skin import SKIN
from svg import (
    Point,
    cloud,
    dark,
    document,
    dot,
    ell,
    light,
    line,
    path,
    place,
    poly,
    sil,
    smooth,
    stroke,
)

GOLD = "#f2b632"
Pose = tuple[Point, Point]  # elbow and hand, as (outwards, down) from the shoulder joint

DOWN: Pose = ((4, 13), (4, 27))
HIP: Pose = ((11, 11), (-1, 21))
WAVE: Pose = ((12, 7), (18, -9))
UP: Pose = ((9, -6), (11, -24))
FRONT: Pose = ((4, 12), (-8, 18))
OUT: Pose = ((10, 7), (20, 3))
CHEST: Pose = ((5, 12), (-9, 9))


@dataclass(frozen=True)
class Frame:
    """Heights (y), half-widths of the trunk and thicknesses of the limbs."""

    head_y: float = 30
    head_s: float = 0.92
    sh_y: float = 55
    waist_y: float = 74
    hip_y: float = 87
    foot_y: float = 121
    sh: float = 15
    chest: float = 13.5
    waist: float = 11.5
    hip: float = 14.5
    arm: float = 6.8
    leg: float = 8.6
    neck: float = 5
    cx: float = 64

    def half(self, y: float) -> float:
        """Half-width of the trunk at height y."""
        knots = [
            (self.sh_y, self.sh),
            ((self.sh_y + self.waist_y) / 2, self.chest),
            (self.waist_y, self.waist),
            (self.hip_y, self.hip),
        ]
        for (y0, w0), (y1, w1) in pairwise(knots):
            if y <= y1:
                return w0 + (w1 - w0) * max(0.0, (y - y0) / (y1 - y0))
        return self.hip

    @property
    def plus(self) -> bool:
        """Whether this is a plus-size body."""
        return self.waist > self.sh + 1

    def joint(self, side: int) -> Point:
        """The shoulder joint on one side (-1 left of the picture, 1 right)."""
        return self.cx + side * (self.sh - self.arm * 0.42), self.sh_y + self.arm * 0.36


BUILDS = {
    "slim": Frame(head_s=0.86, sh=11.6, chest=9.6, waist=7.4, hip=10.4, arm=5, leg=6.2, neck=3.9),
    "average": Frame(),
    "plus": Frame(sh=20.5, chest=25, waist=28, hip=31, arm=11.4, leg=16, neck=7, waist_y=76),
}


def adult(build: str = "average", sex: str = "f") -> Frame:
    """A standing adult, filling the picture from hair to shoes."""
    f = BUILDS[build]
    if sex == "m":
        f = replace(
            f,
            sh=f.sh + 2.4,
            chest=f.chest + 2,
            waist=f.waist + 1.6,
            hip=f.hip - 1.2,
            arm=f.arm + 0.8,
            neck=f.neck + 1,
        )
    return f


def child(build: str = "average") -> Frame:
    """A standing child: a bigger head on a shorter body."""
    f = Frame(
        head_y=38,
        head_s=1.18,
        sh_y=66,
        waist_y=82,
        hip_y=93,
        foot_y=121,
        sh=14,
        chest=13.4,
        waist=13,
        hip=14,
        arm=7,
        leg=8.6,
    )
    if build == "plus":
        f = replace(f, sh=20, chest=24, waist=27, hip=28.5, arm=11.6, leg=15, neck=7)
    return f


def bust(build: str = "average", sex: str = "f", kid: bool = False) -> Frame:
    """A portrait from the waist up, for the second drawings."""
    widths = {
        "slim": (24, 21, 16, 21, 10),
        "average": (32, 29, 25, 30, 13.5),
        "plus": (43, 47, 50, 53, 20),
    }
    sh, chest, waist, hip, arm = widths[build]
    if sex == "m":
        sh, chest, waist, arm = sh + 4, chest + 4, waist + 5, arm + 1.5
    if kid:
        return Frame(
            head_y=48,
            head_s=1.5,
            sh_y=88,
            waist_y=118,
            hip_y=136,
            foot_y=170,
            sh=sh - 4,
            chest=chest - 2,
            waist=waist,
            hip=hip,
            arm=arm,
            neck=7,
        )
    return Frame(
        head_y=45,
        head_s=1.3,
        sh_y=83,
        waist_y=116,
        hip_y=136,
        foot_y=170,
        sh=sh,
        chest=chest,
        waist=waist,
        hip=hip,
        arm=arm,
        neck=(8 if sex == "f" else 10) + (3 if build == "plus" else 0),
    )


# --- trunk -------------------------------------------------------------------


def neck(f: Frame) -> str:
    """The neck and the bit of chest a neckline may show."""
    top = f.head_y + 12 * f.head_s
    column = path(
        f"M{f.cx - f.neck:g},{top:g}h{2 * f.neck:g}V{f.sh_y + 2:g}h{-2 * f.neck:g}z", SKIN.base
    )
    chin = f.head_y + 20 * f.head_s
    return column + ell(f.cx, chin - 0.4, f.neck, 3.4 * f.head_s, SKIN.shade)


def torso(f: Frame, c: str, hem: float = 0, flare: float = 0) -> str:
    """A top from the shoulders to the hem (by default just over the hips)."""
    hem = hem or f.hip_y + 3
    mid = (f.sh_y + f.waist_y) / 2
    k = (f.waist_y - f.sh_y) / 19
    pts = [
        (f.neck + 0.6, f.sh_y - 3.4 * k),
        (f.sh * 0.72, f.sh_y - 1.4 * k),
        (f.sh, f.sh_y + 3.4 * k),
        (f.chest, mid + k),
        (f.waist, f.waist_y),
    ]
    if hem > f.hip_y:
        pts.append((f.hip + flare * 0.3, f.hip_y))
    pts.append((f.half(hem) + flare, hem))
    return sil(pts, c, f.cx)


def bust_top(f: Frame, c: str, bottom: float = 123) -> str:
    """A top cut off at the bottom of a portrait, with the upper arms."""
    arms = sil(
        [
            (f.neck + 1, f.sh_y - 6),
            (f.sh * 0.75, f.sh_y - 2.4),
            (f.sh + 2, f.sh_y + 6),
            (f.sh + f.arm * 0.55, f.sh_y + 22),
            (f.sh + f.arm * 0.7, bottom),
        ],
        dark(c, 0.13),
        f.cx,
    )
    mid = (f.sh_y + f.waist_y) / 2
    body = sil(
        [
            (f.neck + 1, f.sh_y - 6),
            (f.sh * 0.7, f.sh_y - 2.8),
            (f.sh * 0.92, f.sh_y + 4),
            (f.chest, mid),
            (max(f.half(bottom), f.waist), bottom),
        ],
        c,
        f.cx,
    )
    return arms + body


def neckline(f: Frame, kind: str = "round", trim: str = "") -> str:
    """Skin shown at the neck: "round", "v", "scoop", or nothing for a high collar."""
    n, y = f.neck + 0.8, f.sh_y - 3.6 * (f.waist_y - f.sh_y) / 19
    depth, wide = {"round": (5.0, 1.1), "v": (11.0, 1.35), "scoop": (8.6, 1.7)}[kind]
    depth *= n / 6
    w = n * wide
    low = (
        f"L{f.cx:g},{y + depth * 1.2:g}L"
        if kind == "v"
        else f"Q{f.cx + w * 0.9:g},{y + depth:g} {f.cx:g},{y + depth:g}"
        f"Q{f.cx - w * 0.9:g},{y + depth:g}"
        " "
    )
    edge = f"M{f.cx + w:g},{y:g}{low}{f.cx - w:g},{y:g}"
    return path(edge + "Z", SKIN.base) + (stroke(edge, trim, n * 0.3) if trim else "")


def stand_collar(f: Frame, c: str, trim: str = "") -> str:
    """A short standing (mandarin) collar."""
    n, k = f.neck + 1, (f.waist_y - f.sh_y) / 19
    y = f.sh_y - 3.8 * k
    d = (
        f"M{f.cx - n:g},{y - 2.4 * k:g}Q{f.cx:g},{y + 1.4 * k:g} {f.cx + n:g},{y - 2.4 * k:g}"
        f"L{f.cx + n * 1.16:g},{y + 2.4 * k:g}"
        f"Q{f.cx:g},{y + 5.4 * k:g} {f.cx - n * 1.16:g},{y + 2.4 * k:g}"
        "Z"
    )
    gap = stroke(f"M{f.cx:g},{y + 0.4 * k:g}V{y + 3.6 * k:g}", trim or dark(c), 1)
    return path(d, c) + stroke(d, trim or dark(c), 0.9 * k) + gap


def placket(f: Frame, trim: str, knots: bool = True) -> str:
    """The slanting closure of a qipao or robe: from the throat to the wearer's right side."""
    k = (f.waist_y - f.sh_y) / 19
    start, end = (f.cx, f.sh_y - 0.6 * k), (f.cx - f.chest * 0.86, f.sh_y + 8 * k)
    mid = (f.cx - f.chest * 0.3, f.sh_y + 5 * k)
    down = (f.cx - f.half(f.waist_y) * 0.92, f.waist_y)
    out = stroke(smooth([start, mid, end]) + f"L{down[0]:g},{down[1]:g}", trim, 1.5 * k)
    spots = [start, mid, end, ((end[0] + down[0]) / 2, (end[1] + down[1]) / 2)]
    return out + ("".join(dot(x, y, 1.5 * k, trim) for x, y in spots) if knots else "")


def cross_collar(f: Frame, band: str, inner: str = "#ffffff") -> str:
    """A crossed collar closed to the wearer's right (like the letter y, as hanfu must be)."""
    k = (f.waist_y - f.sh_y) / 19
    n, top = f.neck + 0.6, f.sh_y - 4 * k
    cross, low = f.sh_y + 8 * k, f.waist_y - 1 * k
    end = f.cx - f.waist * 0.5
    vee = poly([(f.cx - n, top), (f.cx + n, top), (f.cx, cross)], inner)
    open_skin = poly(
        [(f.cx - n * 0.7, top), (f.cx + n * 0.7, top), (f.cx, cross - 5 * k)], SKIN.base
    )
    under = stroke(
        f"M{f.cx - n - 0.6:g},{top:g}L{f.cx + n * 0.3:g},{cross + 1.4 * k:g}", band, 3 * k
    )
    over = stroke(f"M{f.cx + n + 0.6:g},{top:g}L{f.cx:g},{cross:g}L{end:g},{low:g}", band, 3 * k)
    return vee + open_skin + under + over


def lapels(f: Frame, c: str, shirt: str = "#ffffff", tie: str = "") -> str:
    """A shirt front between two jacket lapels."""
    k = (f.waist_y - f.sh_y) / 19
    n, top, low = f.neck + 1, f.sh_y - 4 * k, f.sh_y + 12 * k
    front = poly([(f.cx - n, top), (f.cx + n, top), (f.cx, low)], shirt)
    flaps = "".join(
        poly(
            [
                (f.cx + s * n, top - k),
                (f.cx + s * n * 2.1, f.sh_y + 3 * k),
                (f.cx + s * n * 1.3, f.sh_y + 5 * k),
                (f.cx, low + k),
            ],
            dark(c, 0.28),
        )
        for s in (-1, 1)
    )
    knot = (
        poly(
            [
                (f.cx - 2 * k, top + 2 * k),
                (f.cx + 2 * k, top + 2 * k),
                (f.cx + 1.8 * k, low - 2 * k),
                (f.cx, low),
                (f.cx - 1.8 * k, low - 2 * k),
            ],
            tie,
        )
        if tie
        else ""
    )
    return front + knot + flaps


def belt(f: Frame, c: str, y: float = 0, h: float = 4, buckle: str = "") -> str:
    """A sash or belt round the trunk."""
    y = y or f.waist_y
    band = sil([(f.half(y) + 0.6, y), (f.half(y + h) + 0.6, y + h)], c, f.cx)
    return band + (dot(f.cx, y + h / 2, h * 0.62, buckle) if buckle else "")


def skirt(f: Frame, c: str, hem: float, half: float, top: float = 0, folds: int = 0) -> str:
    """A skirt from the waist to the hem, `half` wide at the bottom."""
    top = top or f.waist_y
    w0 = f.half(top) + 0.3
    mid = (top + hem) / 2
    body = sil([(w0, top), (max(f.hip + 0.5, (w0 + half) / 2 + 1), mid), (half, hem)], c, f.cx)
    bottom = path(
        f"M{f.cx - half:g},{hem - 0.4:g}Q{f.cx:g},{hem + 4:g} {f.cx + half:g},{hem - 0.4:g}Z", c
    )
    marks = ""
    for i in range(folds):
        t = (i + 1) / (folds + 1) * 2 - 1
        marks += f"M{f.cx + t * w0 * 0.9:.1f},{top + 4:g}L{f.cx + t * half * 0.94:.1f},{hem + 1:g}"
    return body + bottom + (stroke(marks, dark(c), 1.2) if folds else "")


# --- limbs -------------------------------------------------------------------


def legs(
    f: Frame,
    c: str,
    shoe: str = "#3a3f55",
    stance: float = 0,
    ankle: float = 0,
    cuff: float = 0,
    feet: tuple[int, ...] = (-1, 1),
) -> str:
    """Two straight legs in `c` down to the shoes; `ankle` ends the cloth early.

    `feet` says on which sides the lower leg and shoe are drawn here.
    """
    stance = stance or max(f.hip * 0.5, f.leg * 0.56)
    foot = f.foot_y
    w = cuff or f.leg * 0.46
    out = ""
    for s in (-1, 1):
        x = f.cx + s * stance
        if ankle and s in feet:
            out += line([(x, f.hip_y), (x, foot - 3)], SKIN.base, f.leg * 0.72)
        end = ankle or foot - 3
        out += path(
            f"M{f.cx:g},{f.hip_y - 4:g}L{f.cx + s * f.hip:g},{f.hip_y - 2:g}"
            f"Q{f.cx + s * f.hip:g},{(f.hip_y + end) / 2:g} {x + s * w:g},{end:g}"
            f"H{x - s * w:g}L{f.cx + s * 0.7:g},{f.hip_y + 7:g}Z",
            c,
        )
        if s in feet:
            out += foot_shape(x + s * 1.4, foot, f.leg * 0.5 + 2, shoe, s)
    return out


def foot_shape(x: float, y: float, w: float, c: str, side: int = 1) -> str:
    """One shoe seen from the front, the toe turned a little outwards."""
    d = (
        f"M{x - side * w:g},{y + 2:g}C{x - side * w:g},{y - 6:g} {x + side * w * 0.5:g},{y - 6:g}"
        f" {x + side * w * 1.15:g},{y + 2:g}Z"
    )
    sole = stroke(f"M{x - side * (w - 1):g},{y + 1.6:g}H{x + side * w:g}", dark(c, 0.4), 1.2)
    return path(d, c) + sole


def bare_legs(f: Frame, shoe: str, top: float = 0, stance: float = 0, sock: str = "") -> str:
    """Skin legs (under a skirt) with shoes."""
    stance = stance or max(f.hip * 0.42, f.leg * 0.56)
    out = ""
    for s in (-1, 1):
        x = f.cx + s * stance
        out += line([(x, top or f.hip_y), (x, f.foot_y - 3)], SKIN.base, f.leg * 0.76)
        if sock:
            out += line([(x, f.foot_y - 11), (x, f.foot_y - 3)], sock, f.leg * 0.8)
        out += foot_shape(x + s * 1.2, f.foot_y, f.leg * 0.42 + 2.4, shoe, s)
    return out


def _pose(f: Frame, side: int, pose: Pose) -> list[Point]:
    """Joint, elbow and hand; arms that hang are moved out past wide hips."""
    jx, jy = f.joint(side)
    k = (f.waist_y - f.sh_y) / 19
    (ex, ey), (hx, hy) = pose
    if f.plus and pose in (DOWN, HIP):
        ex, hx = ex + 6, hx + 8.5
    elif f.plus and pose == WAVE:
        ex, hx = ex + 3, hx + 3
    return [(jx, jy), (jx + side * ex * k, jy + ey * k), (jx + side * hx * k, jy + hy * k)]


def arm(
    f: Frame, side: int, pose: Pose = DOWN, c: str = "", length: float = 1, hand: bool = True
) -> str:
    """An arm; `length` is how much of it the sleeve covers (0 to 1)."""
    a, b, h = _pose(f, side, pose)
    w = f.arm
    out = ""
    if length < 0.99 or not c:
        out += stroke(smooth([a, b, h]), SKIN.shade, w + 1.2) + stroke(
            smooth([a, b, h]), SKIN.base, w
        )
    if hand:
        out += dot(h[0], h[1], w * 0.62 + 0.5, SKIN.base)
    if c:
        if length >= 0.99:
            end = (b[0] + (h[0] - b[0]) * 0.8, b[1] + (h[1] - b[1]) * 0.8)
            d = smooth([a, b, end])
        elif length > 0.5:
            d = smooth([a, b, (b[0] + (h[0] - b[0]) * 0.35, b[1] + (h[1] - b[1]) * 0.35)])
        else:
            t = length * 2
            d = smooth([a, (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t)])
        out += stroke(d, dark(c), w + 2.6) + stroke(d, c, w + 1)
    return out


def arms(
    f: Frame, pose: Pose = DOWN, c: str = "", length: float = 1, other: Pose | None = None
) -> list[str]:
    """Left and right arm; `other` is the right arm's pose if it differs."""
    return [arm(f, -1, pose, c, length), arm(f, 1, other or pose, c, length)]


def wide_sleeve(f: Frame, side: int, pose: Pose, c: str, drop: float = 16, trim: str = "") -> str:
    """A broad hanging sleeve with the hand at its opening."""
    a, b, h = _pose(f, side, pose)
    k = (f.waist_y - f.sh_y) / 19
    drop *= k
    low = (h[0] + side * 2 * k, h[1] + drop)
    pts = [
        (a[0] - side * 2 * k, a[1] - f.arm * 0.5),
        (b[0] + side * f.arm * 0.55, b[1] - 2 * k),
        (h[0] + side * 1.4 * k, h[1] - f.arm * 0.62),
    ]
    under = (a[0] - side * 1 * k, a[1] + f.arm * 1.3)
    d = (
        smooth(pts)
        + f"L{low[0]:g},{low[1]:g}Q{(low[0] + b[0]) / 2 - side * 2 * k:g},{low[1] + 1:g}"
        f" {under[0]:g},{under[1]:g}Z"
    )
    edge = stroke(f"M{pts[-1][0]:g},{pts[-1][1]:g}L{low[0]:g},{low[1]:g}", trim or dark(c), 2.4 * k)
    return (
        dot(h[0] - side * 0.4, h[1] - 0.4, f.arm * 0.62, SKIN.base)
        + path(d, c)
        + stroke(d, dark(c), 0.9 * k)
        + edge
    )


def joined_sleeves(f: Frame, c: str, trim: str) -> str:
    """Both broad sleeves with the hands folded in front of the chest."""
    k = (f.waist_y - f.sh_y) / 19
    y, out = f.sh_y, max(f.sh, f.half(f.waist_y)) + 4
    d = (
        f"M{f.sh * 0.55:g},{y - 1.5 * k:g}C{f.sh + 2:g},{y - k:g} {out:g},{y + 8 * k:g}"
        f" {out + 1:g},{y + 20 * k:g}"
        f"L{out - 3:g},{y + 34 * k:g}Q{out * 0.5:g},{y + 38 * k:g} 5,{y + 35 * k:g}"
        f"L1.4,{y + 16 * k:g}"
        f"Q{f.sh * 0.55:g},{y + 14 * k:g} {f.sh * 0.62:g},{y + 7 * k:g}Z"
    )
    edge = stroke(f"M1.6,{y + 17 * k:g}L5,{y + 34.6 * k:g}", trim, 2.6 * k)
    half = path(d, c) + stroke(d, dark(c), 0.9 * k) + edge
    both = half + f'<g transform="scale(-1 1)">{half}</g>'
    return place(both, f.cx, 0) + ell(f.cx, y + 16.4 * k, f.arm * 0.72, f.arm * 0.55, SKIN.base)


def hand_at(f: Frame, side: int, pose: Pose) -> Point:
    """Where the hand of an arm ends up, for putting things in it."""
    return _pose(f, side, pose)[2]


def flower(x: float, y: float, r: float, c: str) -> str:
    """A round blossom."""
    return cloud(x, y, r, r, 6, c) + dot(x, y, r * 0.4, light(c, 0.6))


# --- putting it together -----------------------------------------------------


def person(
    f: Frame,
    head: Head,
    clothes: Sequence[str],
    arms: Sequence[str] = (),
    behind: str = "",
    front: str = "",
    head_dx: float = 0,
    tilt: float = 0,
) -> str:
    """Stack a figure from back to front and give the whole SVG file."""
    if f.plus and not head.plump:
        head = replace(head, plump=True)
    back, face = head.layers()
    x = f.cx + head_dx
    return document(
        behind
        + place(back, x, f.head_y, f.head_s, tilt)
        + neck(f)
        + "".join(clothes)
        + place(face, x, f.head_y, f.head_s, tilt)
        + "".join(arms)
        + front
    )
