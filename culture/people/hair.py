"""Hair styles.  Each takes (colour, highlight) and gives (behind, in front) of the head."""

from __future__ import annotations

from collections.abc import Callable

from svg import Point, blob, cloud, dot, ell, line, mirrored, path, place, sil, stroke

Layers = tuple[str, str]
GOLD = "#f2b632"
RED = "#e0343f"

CROWN = "M-22,3C-25,-16-14,-28 0,-28C14,-28 25,-16 22,3"


def _cap(c: str, hairline: str) -> str:
    """Hair over the top of the head, down to the given hairline (right to left)."""
    return path(f"{CROWN}{hairline}Z", c)


ROUND_LINE = "C20,-4 18,-9 14,-12C6,-15-6,-15-14,-12C-18,-9-20,-4-22,3"
PARTED = "C20,-3 14,-12 0,-21C-14,-12-20,-3-22,3"
SWEPT = "C21,-3 18,-8 15,-10C6,-9-4,-12-9,-18C-12,-10-18,-6-22,3"


def plait(points: list[Point], c: str, h: str, w: float = 4.2) -> str:
    """One braid: a thick strand with a chain of highlights."""
    return line(points, c, w) + line(points, h, w * 0.5, f"0.4 {w * 0.85:.1f}")


def _curls(spots: list[Point], h: str, r: float = 2.4) -> str:
    """Little curl marks."""
    marks = "".join(f"M{x - r:g},{y:g}a{r:g},{r:g} 0 1 1 {r * 1.6:g},{r * 0.8:g}" for x, y in spots)
    return stroke(marks, h, 1.3)


# --- common ------------------------------------------------------------------


def crop(c: str, h: str) -> Layers:
    """Short hair, brushed up at the front."""
    d = (
        "M-21,1C-25,-16-17,-29-3,-27C2,-31 12,-29 15,-25C23,-22 24,-9 21,1"
        "L18.6,0C19,-6 17,-10 14,-13"
    )
    d += "C6,-9-4,-11-9,-15C-15,-12-18.6,-7-18.6,0Z"
    return "", path(d, c) + stroke("M-10,-22Q-2,-26 6,-23M8,-20Q14,-19 17,-14", h, 1.4)


def side_part(c: str, h: str) -> Layers:
    """Short hair with a side parting."""
    d = (
        "M-21,2C-25,-12-20,-24-10,-27C4,-31 18,-27 22,-14C23,-8 22,-3 21,2"
        "L18.4,-1C18,-7 16,-11 12,-13"
    )
    d += "C4,-9-6,-8-12,-16C-16,-13-18,-8-18.4,-1Z"
    return "", path(d, c) + stroke("M-10,-17Q0,-24 13,-20M-6,-21Q2,-25 10,-24", h, 1.4)


def quiff(c: str, h: str) -> Layers:
    """Shaved sides and a high wave in front."""
    sides = path(
        "M-21,2C-23,-8-21,-17-16,-21L-14,-11L-18.6,-2ZM21,2C23,-8 21,-17 16,-21L14,-11L18.6,-2Z", h
    )
    top = path(
        "M-17,-12C-23,-26-10,-34 4,-32C17,-33 22,-22 17,-12C12,-16 2,-13-5,-16"
        "C-10,-17-14,-15-17,-12Z",
        c,
    )
    return "", sides + top + stroke("M-10,-20Q-4,-28 9,-27", h, 1.5)


def bob(c: str, h: str) -> Layers:
    """A chin-length bob with a fringe."""
    back = path(
        "M-24,-4C-27,-22-13,-29 0,-29C13,-29 27,-22 24,-4C26,6 27,14 23,20"
        "C16,24-16,24-23,20C-27,14-26,6-24,-4Z",
        c,
    )
    fringe = _cap(c, "C22,-3 20,-6 17,-7C8,-4-8,-4-17,-7C-20,-6-22,-3-22,3")
    sides = mirrored(path("M20,-8C26,-2 27,14 22,20C18,20 17,16 18,12C20,6 20,-2 18,-8Z", c))
    return back, fringe + sides + stroke("M-15,-17Q0,-25 15,-17", h, 1.8)


def long_hair(c: str, h: str) -> Layers:
    """Long loose hair, parted in the middle."""
    back = sil([(4, -28), (20, -20), (25, -2), (24, 16), (27, 32), (22, 44)], c, 0)
    front = _cap(c, PARTED) + mirrored(path("M19,-6C26,6 22,22 26,34C20,32 17,20 18.6,6Z", c))
    return back, front + mirrored(stroke("M6,-23Q17,-16 20,-2", h, 1.4))


def wavy(c: str, h: str) -> Layers:
    """Shoulder-length waves swept to one side."""
    spots = [
        (-15, -22),
        (2, -29),
        (18, -21),
        (24, -4),
        (28, 10),
        (24, 22),
        (29, 34),
        (14, 38),
        (-14, 38),
        (-28, 33),
        (-24, 22),
        (-28, 10),
        (-24, -6),
    ]
    side = path("M18,-9C26,-2 22,8 26,14C30,22 20,30 19,24C22,16 15,8 19,0Z", c)
    return blob(spots, c), _cap(c, SWEPT) + mirrored(side) + stroke(
        "M-6,-23Q8,-24 17,-13M-10,-20Q-15,-16-18,-9", h, 1.5
    )


def ponytail(c: str, h: str) -> Layers:
    """A high ponytail swinging to the right."""
    tail = blob([(8, -26), (22, -31), (34, -18), (33, 4), (38, 16), (24, 8), (22, -10)], c)
    front = _cap(c, SWEPT) + dot(13, -25, 3.4, RED) + stroke("M-6,-23Q6,-25 14,-16", h, 1.4)
    return tail + stroke("M24,-26Q31,-14 29,4", h, 1.6), front


def bun(c: str, h: str) -> Layers:
    """A round bun on top of the head."""
    top = dot(0, -30, 9.4, c) + stroke("M-5,-33Q0,-38 5,-33", h, 1.6)
    return top, _cap(c, ROUND_LINE) + stroke("M-12,-18Q0,-26 12,-18", h, 1.5)


def low_bun(c: str, h: str) -> Layers:
    """Hair drawn back into a bun low at one side."""
    back = dot(19, 10, 10, c) + stroke("M16,4Q25,6 22,14", h, 1.6)
    return back, _cap(c, PARTED) + mirrored(stroke("M3,-24Q14,-19 19,-6", h, 1.5))


def pixie(c: str, h: str) -> Layers:
    """A very short cut with a swept fringe."""
    d = (
        "M-22,7C-26,-14-16,-29 0,-29C16,-29 26,-14 22,7L18.6,2C19,-3 18,-6"
        " 16,-8C8,-4-2,-6-13,-13C-14,-6-17,-2-18.6,2Z"
    )
    return "", path(d, c) + stroke("M-10,-17Q0,-23 14,-16M-4,-23Q4,-25 12,-21", h, 1.4)


def perm(c: str, h: str) -> Layers:
    """Short permed curls."""
    front = "".join(
        dot(x, y, 6.2, c)
        for x, y in ((-19, -9), (-13, -18), (-4, -22), (6, -22), (14, -17), (20, -8))
    )
    sides = mirrored(dot(23, 0, 4.6, c))
    return cloud(0, -5, 22, 22, 12, c), front + sides + _curls(
        [(-14, -18), (-3, -23), (8, -21), (17, -12)], h
    )


def pigtails(c: str, h: str) -> Layers:
    """Two pigtails and a straight fringe."""
    tail = blob([(20, -10), (30, -14), (36, -4), (34, 14), (29, 20), (25, 8)], c)
    fringe = _cap(c, "C22,-3 20,-6 17,-7C8,-5-8,-5-17,-7C-20,-6-22,-3-22,3")
    ties = mirrored(dot(23, -9, 3.4, RED))
    return mirrored(tail), fringe + ties + stroke("M-14,-17Q0,-25 14,-17", h, 1.7)


def twin_buns(c: str, h: str) -> Layers:
    """Two buns with ribbons."""
    top = mirrored(dot(16, -23, 8.4, c) + stroke("M13,-27Q18,-30 21,-25", h, 1.4))
    fringe = _cap(c, "C22,-3 20,-6 17,-7C8,-5-8,-5-17,-7C-20,-6-22,-3-22,3")
    ties = mirrored(stroke("M11,-18Q17,-15 22,-17", RED, 2.4))
    return top, fringe + ties + stroke("M-8,-20Q0,-23 8,-20", h, 1.5)


def bowl(c: str, h: str) -> Layers:
    """A child's bowl cut."""
    d = (
        "M-23,2C-26,-18-14,-29 0,-29C14,-29 26,-18 23,2C22,-2 20,-4 18,-5"
        "C6,-9-6,-9-18,-5C-20,-4-22,-2-23,2Z"
    )
    return "", path(d, c) + stroke("M-14,-16Q0,-25 14,-16", h, 1.8)


def tuft(c: str, _h: str) -> Layers:
    """A baby's thin hair with one curl."""
    d = "M-15,-16C-8,-25 8,-25 15,-16C8,-19 3,-19 0,-15C-3,-19-8,-19-15,-16Z"
    return "", path(d, c) + stroke("M0,-20C-2,-29 9,-30 7,-24", c, 2.6)


def spikes(c: str, h: str) -> Layers:
    """A toddler's or boy's upright short hair."""
    d = (
        "M-22,0C-23,-10-22,-16-19,-20L-17,-27L-11,-25L-6,-31L0,-27L6,-31L11,-25"
        "L17,-27L19,-20C22,-16 23,-10 22,0"
    )
    d += "C19,-8 16,-12 12,-14L6,-11L0,-14L-6,-11L-12,-14C-16,-12-19,-8-22,0Z"
    return "", path(d, c) + stroke("M-12,-19L-8,-22M1,-21L5,-23M12,-20L14,-21", h, 1.4)


def fringe_of_age(c: str, h: str) -> Layers:
    """A bald crown with hair at the sides."""
    return mirrored(dot(20, -3, 6, c)), mirrored(
        path("M17,-14C24,-10 26,0 22,6C19,4 18.4,0 19,-4Z", c) + stroke("M21,-8Q23,-3 22,1", h, 1.2)
    )


def receding(c: str, h: str) -> Layers:
    """Thin hair combed back from a high forehead."""
    d = (
        "M-22,4C-26,-12-18,-27 0,-27C18,-27 26,-12 22,4C20,0 19.4,-6 18,-11"
        "C14,-19 8,-20 0,-17C-8,-20-14,-19-18,-11C-19.4,-6-20,0-22,4Z"
    )
    return "", path(d, c) + stroke("M-9,-22Q-4,-24 0,-20M9,-22Q4,-24 0,-20", h, 1.3)


# --- natural black hair ------------------------------------------------------


def afro(c: str, h: str) -> Layers:
    """A big round afro."""
    back = cloud(0, -9, 29, 26, 15, c, 0.2)
    front = cloud(0, -18, 18, 5.4, 9, c) + mirrored(cloud(20.6, -9, 3.6, 6, 5, c))
    return back, front + _curls(
        [(-20, -22), (-9, -29), (4, -33), (15, -27), (24, -17), (-26, -9), (-2, -23)], h
    )


def afro_band(c: str, h: str) -> Layers:
    """A soft, heart-wide afro pushed up by a bright head-band."""
    back = cloud(0, -15, 32, 23, 18, c, 0.1)
    band = path("M-20.6,-6C-15,-17 15,-17 20.6,-6L21.6,-12C15,-24-15,-24-21.6,-12Z", "#f2a51f")
    spots = "".join(
        dot(x, y, 1.4, "#d8343f")
        for x, y in ((-15, -14), (-7.6, -17.6), (0, -18.6), (7.6, -17.6), (15, -14))
    )
    return back, cloud(0, -25, 19, 6, 9, c) + band + spots + _curls(
        [(-22, -24), (-12, -33), (2, -37), (14, -32), (24, -22)], h, 2
    )


def afro_short(c: str, h: str) -> Layers:
    """A short rounded afro."""
    back = cloud(0, -10, 23.4, 19, 15, c)
    front = path(
        "M-21.4,0C-23,-14-14,-26 0,-26C14,-26 23,-14 21.4,0L18.6,-3C19,-9"
        " 17,-12 14,-13.6C5,-15-5,-15-14,-13.6C-17,-12-19,-9-18.6,-3Z",
        c,
    )
    return back, front + _curls([(-14, -21), (-4, -26), (7, -25), (15, -18), (2, -19)], h, 2)


def fade_afro(c: str, h: str) -> Layers:
    """An afro tapered at the sides, wider on top."""
    sides = mirrored(path("M18,-16L22,-14C22.4,-8 22,-3 21,2L18.4,0Z", h))
    top = cloud(0, -23, 23, 11, 14, c) + path(
        "M-17,-10Q-20,-20 0,-22Q20,-20 17,-10Q0,-16-17,-10Z", c
    )
    return "", sides + top + _curls([(-14, -25), (-4, -30), (7, -29), (16, -23)], h, 2)


def braids(c: str, h: str) -> Layers:
    """Long box braids with gold cuffs, parted in the middle."""
    back = "".join(
        plait([(x * 0.7, -10), (x, 12), (x * 1.04, 46 - abs(x) * 0.2)], c, h)
        for x in (-24, -18, -12, 12, 18, 24)
    )
    sides = [[(3, -24), (17, -15), (21.5, 4), (23, 40)], [(2, -20), (14, -11), (18.6, 6), (18, 36)]]
    front = _cap(c, PARTED) + mirrored("".join(plait(list(p), c, h) for p in sides))
    return back, front + mirrored(dot(23, 36, 2.2, GOLD) + dot(18, 30, 2.2, GOLD))


def braided_crown(c: str, h: str) -> Layers:
    """Braids gathered into a high bun, with two hanging free."""
    ropes: list[list[Point]] = [[(-9, -30), (0, -40), (9, -30)], [(-10, -27), (0, -33), (10, -27)]]
    knot = dot(0, -31, 10, c) + "".join(plait(p, c, h, 5) for p in ropes)
    rows = stroke(
        "M0,-15V-24M-6,-15Q-5,-21-3,-25M6,-15Q5,-21 3,-25M-12,-13Q-11,-20-6,-25"
        "M12,-13Q11,-20 6,-25M-17,-9Q-17,-18-9,-25M17,-9Q17,-18 9,-25",
        h,
        1.1,
    )
    free = mirrored(plait([(18, -12), (22, 4), (21, 18), (23, 34)], c, h))
    return knot, _cap(c, ROUND_LINE) + rows + stroke("M-8,-25Q0,-28 8,-25", GOLD, 2.6) + free


def girl_braids(c: str, h: str) -> Layers:
    """Two thick side braids with bobbles."""
    two = mirrored(
        plait([(17, -14), (26, -4), (28, 12), (26, 30)], c, h, 7)
        + dot(18, -15, 3.6, "#ff6fa5")
        + dot(26, 28, 3.4, "#ffcf3f")
    )
    rows = stroke("M0,-14V-27M-9,-13Q-9,-20-6,-26M9,-13Q9,-20 6,-26", h, 1.1)
    return two, _cap(c, ROUND_LINE) + rows


def beaded_braids(c: str, h: str) -> Layers:
    """Chin-length braids with coloured beads."""
    beads = ("#ff5a5f", "#ffc93c", "#3ec1d3")
    strands = ""
    for i, x in enumerate((-23, -18, 18, 23)):
        strands += plait([(x * 0.6, -20), (x, -2), (x * 1.06, 17)], c, h, 4.6)
        strands += dot(x * 1.06, 18, 2.5, beads[i % 3]) + dot(
            x * 1.06, 22.6, 2.5, beads[(i + 1) % 3]
        )
    fringe = "".join(
        plait([(x * 0.5, -24), (x, -11)], c, h, 5) + dot(x, -9, 2, beads[i % 3])
        for i, x in enumerate((-12.0, -4.0, 4.0, 12.0))
    )
    return dot(0, -6, 22, c), _cap(c, ROUND_LINE) + strands + fringe


def locs(c: str, h: str) -> Layers:
    """Shoulder-length locs, loose."""
    back = "".join(
        line([(x * 0.6, -16), (x, 4), (x * 1.08, 30 - abs(x) * 0.25)], c, 5.4)
        for x in (-25, -17, 17, 25)
    )
    falls: list[list[Point]] = [
        [(2, -26), (16, -20), (23, -4), (26, 22)],
        [(4, -22), (17, -13), (20.4, 2), (20, 26)],
    ]
    front = _cap(c, PARTED) + mirrored(
        "".join(line(p, c, 5) + line(p, h, 1.1, "1.5 3.2") for p in falls)
    )
    return back, front + mirrored(dot(26, 17, 2.6, GOLD))


def tied_locs(c: str, h: str) -> Layers:
    """Locs tied up on top, the ends falling outwards."""
    ends: list[list[Point]] = [
        [(0, -24), (6, -40), (20, -38), (28, -26)],
        [(0, -24), (12, -34), (25, -26), (28, -14)],
        [(0, -24), (2, -42), (11, -44), (17, -36)],
    ]
    top = mirrored("".join(line(p, c, 5.4) + line(p, h, 1.1, "1.5 3.2") for p in ends))
    rows = stroke(
        "M0,-14V-25M-8,-13Q-7,-20-3,-26M8,-13Q7,-20 3,-26M-15,-10Q-14,-19-6,-26"
        "M15,-10Q14,-19 6,-26",
        h,
        1.1,
    )
    return top, _cap(c, ROUND_LINE) + rows + stroke("M-7,-26Q0,-29 7,-26", "#e2623b", 3.4)


def long_locs(c: str, h: str) -> Layers:
    """Waist-long locs swept over one shoulder."""
    swept: list[list[Point]] = [
        [(-8, -26), (14, -18), (23, 4), (21, 44)],
        [(-10, -22), (12, -13), (19, 6), (26, 42)],
        [(-4, -26), (20, -18), (26, 6), (30, 36)],
    ]
    other = line([(-8, -26), (-21, -14), (-22, 4), (-20, 20)], c, 6) + line(
        [(-9, -22), (-19, -10), (-24, 6), (-25, 16)], c, 5
    )
    front = "".join(line(p, c, 5.6) + line(p, h, 1.2, "1.5 3.4") for p in swept)
    return sil([(10, -25), (23, -10), (22, 10), (14, 20)], c, 0), _cap(
        c, SWEPT
    ) + other + front + dot(20.8, 36, 2.6, GOLD) + dot(28.6, 28, 2.6, GOLD)


def _knot(x: float, y: float, r: float, c: str, h: str) -> str:
    """One Bantu knot: a coiled little bun."""
    coil = f"M{x - r * 0.6:g},{y + r * 0.2:g}a{r * 0.6:g},{r * 0.6:g} 0 1 1 {r:g},{r * 0.3:g}"
    return dot(x, y, r, c) + stroke(coil, h, 1.3) + dot(x, y - r * 0.1, 0.9, h)


def bantu(c: str, h: str) -> Layers:
    """Bantu knots: coiled buns in neat sections."""
    back = "".join(
        _knot(x, y, 6.2, c, h) for x, y in ((-22, -15), (22, -15), (-13, -27), (13, -27), (0, -32))
    )
    front = "".join(_knot(x, y, 5.6, c, h) for x, y in ((-8.6, -19), (8.6, -19)))
    parts = stroke("M0,-13V-23M-16,-11L-18,-18M16,-11L18,-18", h, 1)
    return back, _cap(c, ROUND_LINE) + parts + front


def bantu_b(c: str, h: str) -> Layers:
    """Bantu knots in two rows, drawn larger, with part lines."""
    back = (
        _knot(-8, -32, 7, c, h)
        + _knot(8, -32, 7, c, h)
        + _knot(-25, -8, 6, c, h)
        + _knot(25, -8, 6, c, h)
    )
    front = _knot(-18, -21, 7, c, h) + _knot(0, -22, 7, c, h) + _knot(18, -21, 7, c, h)
    return back, _cap(c, ROUND_LINE) + front + stroke("M-9,-14V-24M9,-14V-24", h, 1.1)


def puffs(c: str, h: str) -> Layers:
    """Two afro puffs."""
    puff = cloud(21, -21, 11.4, 11.4, 9, c) + _curls([(20, -26), (27, -20), (19, -17)], h, 2)
    rows = stroke("M0,-14V-27M-9,-15Q-14,-18-16,-20M9,-15Q14,-18 16,-20", h, 1.1)
    return mirrored(puff), _cap(c, ROUND_LINE) + rows + mirrored(
        stroke("M11,-22Q15,-17 19,-12", "#ffcf3f", 3)
    )


def puffs_low(c: str, h: str) -> Layers:
    """Two big puffs at ear height, with a zigzag parting."""
    puff = cloud(29, -2, 10.5, 12.5, 9, c) + _curls([(29, -8), (33, 0), (28, 5)], h, 2)
    front = _cap(c, ROUND_LINE) + stroke("M0,-14L-2,-18L2,-22L-1,-27", h, 1.3)
    baby = _curls([(-11, -13), (11, -13)], c, 1.8)
    return mirrored(puff), front + baby + mirrored(dot(21.4, -6, 3.4, "#ff6fa5"))


def high_top(c: str, h: str) -> Layers:
    """A high-top fade: flat on top, shaved at the sides."""
    top = path("M-17,-12C-20,-22-21,-34-19,-39Q0,-43 19,-39C21,-34 20,-22 17,-12Q0,-17-17,-12Z", c)
    fade = mirrored(path("M17,-20L21,-16C22,-9 22,-3 21,2L18.4,-1Q18.6,-8 16,-12Z", h))
    return "", fade + top + _curls([(-11, -32), (-1, -35), (9, -32), (-6, -24), (5, -25)], h, 2)


def high_top_lines(c: str, h: str) -> Layers:
    """A slanted high-top with curly edge and two shaved lines."""
    top = cloud(1, -28, 17, 11, 13, c) + path("M-17,-11L-18,-29L18,-33L18,-11Q0,-17-17,-11Z", c)
    fade = mirrored(path("M17,-20L22,-15C23,-9 22.4,-3 21,3L18.2,0Q18.6,-8 16,-12Z", c))
    marks = stroke("M17.6,-9L22.4,-11M17.8,-5.4L22.6,-7", "#d9d2ea", 1.3)
    return "", fade + top + marks + _curls(
        [(-10, -33), (0, -36), (10, -33), (-5, -24), (6, -25)], h, 2
    )


# --- dressed hair ------------------------------------------------------------


def hanfu_updo(c: str, h: str) -> Layers:
    """A tall looped updo with flowers and hair down the back."""
    loops = mirrored(
        path(
            "M3,-22C2,-38 17,-42 18,-30C19,-24 12,-20 3,-22ZM8,-25C13,-25 14,-31"
            " 11,-33C8,-34 7,-29 8,-25Z",
            c,
        )
    )
    fall = sil([(16, -16), (23, 0), (21, 22), (18, 40)], c, 0)
    flower = cloud(13, -23, 3.4, 3.4, 5, "#f58fb4") + dot(13, -23, 1.6, "#ffe27a")
    pin = (
        stroke("M-11,-24L-23,-29", GOLD, 1.8)
        + dot(-23, -29, 2.4, "#4fb7c9")
        + stroke("M-23,-27V-20", GOLD, 1)
    )
    return fall + loops, _cap(c, PARTED) + flower + pin + mirrored(
        stroke("M3,-23Q14,-18 19,-5", h, 1.3)
    )


def side_knot(c: str, h: str) -> Layers:
    """A leaning knot with a jade pin and one long lock."""
    knot = blob([(-6, -26), (-12, -38), (2, -44), (14, -37), (8, -26)], c) + stroke(
        "M-6,-33Q2,-41 9,-34", h, 1.5
    )
    lock = line([(19, -4), (21, 12), (18, 26), (21, 36)], c, 5)
    pin = (
        stroke("M-15,-31L17,-37", "#59b98c", 2.4)
        + cloud(-16, -22, 3.6, 3.6, 5, "#fff0f4", 0.4)
        + dot(-16, -22, 1.6, "#f2a51f")
    )
    return knot + lock, _cap(c, SWEPT) + pin + stroke("M-2,-23Q10,-22 17,-12", h, 1.4)


def topknot(c: str, h: str) -> Layers:
    """A scholar's topknot with a small crown and pin."""
    fall = sil([(16, -14), (22, 4), (20, 24)], c, 0)
    knot = (
        ell(0, -31, 6, 7, c)
        + path("M-6.4,-30H6.4L5,-25H-5Z", GOLD)
        + stroke("M-11,-29L11,-30", "#e9e4d4", 1.8)
    )
    return fall, _cap(c, ROUND_LINE) + knot + stroke("M-12,-18Q0,-26 12,-18", h, 1.4)


def half_topknot(c: str, h: str) -> Layers:
    """A topknot tied with a ribbon, long sideburns."""
    fall = sil([(18, -14), (25, 6), (24, 34)], c, 0)
    knot = dot(0, -30, 7, c) + stroke(
        "M-4,-25Q0,-27 4,-25M4,-26Q14,-26 20,-18M4,-25Q12,-22 15,-13", "#3f7fc4", 2.2
    )
    locks = mirrored(line([(18.6, -8), (20.6, 8), (19.4, 22)], c, 3))
    return fall, _cap(c, PARTED) + knot + locks + mirrored(stroke("M3,-24Q13,-19 18,-8", h, 1.3))


def bridal_updo(c: str, h: str) -> Layers:
    """A smooth bun that carries the bridal crown."""
    return ell(0, -26, 14, 9, c), _cap(c, PARTED) + mirrored(stroke("M3,-24Q13,-19 18,-8", h, 1.2))


def many_braids(c: str, h: str) -> Layers:
    """Many thin long braids."""
    back = "".join(
        plait([(x * 0.8, -4), (x, 16), (x * 1.1, 46 - abs(x) * 0.3)], c, h, 3.2)
        for x in (-26, -21.6, 21.6, 26)
    )
    front = "".join(
        plait([(12 * k, -18), (20 * k, -2), (21 * k, 20), (22 * k, 42)], c, h, 3.6) for k in (-1, 1)
    )
    return back, _cap(c, PARTED) + front


def two_braids(c: str, h: str) -> Layers:
    """Two long braids over the shoulders, parted in the middle."""
    two = mirrored(
        plait([(17, -12), (21.6, 4), (20, 22), (17, 44)], c, h, 6) + dot(17.4, 40, 2.6, RED)
    )
    return "", _cap(c, PARTED) + two


def coral_braids(c: str, h: str) -> Layers:
    """Two braids crossed over the head with coral and turquoise."""
    around = plait([(-21, -6), (-14, -21), (0, -26), (14, -21), (21, -6)], c, h, 7)
    beads = "".join(
        dot(x, y, 2.3, col)
        for x, y, col in (
            (-17, -17, "#e2483d"),
            (-9, -24, "#2fb3b8"),
            (0, -26, "#e2483d"),
            (9, -24, "#2fb3b8"),
            (17, -17, "#e2483d"),
        )
    )
    hang = mirrored(plait([(20, -4), (23, 10), (21, 30)], c, h, 5) + dot(21, 28, 2.4, "#e2483d"))
    return "", _cap(c, PARTED) + hang + around + beads


def covered(c: str, _h: str) -> Layers:
    """Only a hairline: the rest is under headwear."""
    return "", path(
        "M-20,-3C-21,-18-10,-24 0,-24C10,-24 21,-18 20,-3C18,-9 12,-13 0,-13C-12,-13-18,-9-20,-3Z",
        c,
    )


STYLES: dict[str, Callable[[str, str], Layers]] = {
    style.__name__: style
    for style in (
        crop,
        side_part,
        quiff,
        bob,
        long_hair,
        wavy,
        ponytail,
        bun,
        low_bun,
        pixie,
        perm,
        pigtails,
        twin_buns,
        bowl,
        tuft,
        spikes,
        fringe_of_age,
        receding,
        afro,
        afro_band,
        afro_short,
        fade_afro,
        braids,
        braided_crown,
        girl_braids,
        beaded_braids,
        locs,
        tied_locs,
        long_locs,
        bantu,
        bantu_b,
        puffs,
        puffs_low,
        high_top,
        high_top_lines,
        hanfu_updo,
        side_knot,
        topknot,
        half_topknot,
        bridal_updo,
        many_braids,
        two_braids,
        coral_braids,
        covered,
    )
}


__all__ = ["STYLES", "place", "plait"]
