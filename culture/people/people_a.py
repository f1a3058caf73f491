"""The `a` drawings: mostly full-length standing figures, faces drawn the first way.

Here: body types, hair, ages, aids.
"""

from __future__ import annotations

from dataclasses import replace

from bodies import (
    DOWN,
    GOLD,
    HIP,
    OUT,
    WAVE,
    adult,
    arm,
    arms,
    bare_legs,
    belt,
    child,
    flower,
    hand_at,
    lapels,
    legs,
    neckline,
    person,
    skirt,
    stand_collar,
    torso,
)
from faces import GREY, WHITE_HAIR, Head, hearing_aid
from props import (
    chair_side,
    prosthesis,
    sitter_side,
    walking_stick,
    white_cane,
)
from registry import figure_a
from skin import SKIN
from svg import (
    blob,
    cloud,
    dark,
    document,
    dot,
    ell,
    light,
    line,
    mirrored,
    path,
    place,
    rect,
    sil,
    stroke,
)

RED, JADE, CREAM = "#dc2f3c", "#2f9e78", "#fbf3e2"


# --- body types --------------------------------------------------------------


@figure_a
def plus_size_woman() -> str:
    f = adult("plus")
    c = "#e8456b"
    dress = [
        bare_legs(f, "#7b2d5b", 98),
        skirt(f, c, 103, 38, folds=3),
        torso(f, c, f.waist_y + 2),
        neckline(f, "scoop"),
        belt(f, "#ffd15c", f.waist_y - 2, 4),
    ]
    dots = "".join(
        dot(x, y, 1.8, "#ffd7e0")
        for x, y in ((50, 66), (76, 68), (46, 86), (82, 86), (64, 92), (38, 98), (90, 98), (64, 70))
    )
    return person(f, Head("wavy", mouth="open"), [*dress, dots], arms(f, HIP, c, 0.34, WAVE))


@figure_a
def plus_size_man() -> str:
    f = adult("plus", "m")
    c = "#2f7fc4"
    shirt = torso(f, c, 94)
    stripes = "".join(
        sil([(f.half(y) - 0.2, y), (f.half(y + 4) - 0.2, y + 4)], "#dcebf8") for y in (70, 80)
    )
    return person(
        f,
        Head("crop", sex="m", mouth="open"),
        [legs(f, "#3b4258", "#e2683b"), shirt, stripes, neckline(f)],
        arms(f, DOWN, c, 0.4, WAVE),
    )


@figure_a
def slim_woman() -> str:
    f = adult("slim")
    c = "#7d5bd0"
    return person(
        f,
        Head("long_hair"),
        [legs(f, "#33416b", "#e2683b"), torso(f, c, 90), neckline(f, "v")],
        arms(f, HIP, c, 1, DOWN),
    )


@figure_a
def slim_man() -> str:
    f = adult("slim", "m")
    c = "#f0a534"
    return person(
        f,
        Head("crop", sex="m"),
        [legs(f, "#4a5a6a", "#3f7fd0"), torso(f, c, 91), neckline(f)],
        arms(f, DOWN, c, 0.36, WAVE),
    )


@figure_a
def plus_size_girl() -> str:
    f = child("plus")
    c = "#ffb52e"
    clothes = [
        bare_legs(f, "#e0506f", 104, sock="#d5deec"),
        skirt(f, c, 109, 35, folds=3),
        torso(f, c, 84),
        neckline(f),
    ]
    bow = flower(64, 78, 3.6, "#ff6f91")
    return person(
        f, Head("pigtails", age="child", mouth="open"), [*clothes, bow], arms(f, OUT, c, 0.34)
    )


@figure_a
def plus_size_boy() -> str:
    f = child("plus")
    c = "#35b27a"
    star = cloud(64, 80, 3.4, 3.4, 5, "#ffe27a")
    return person(
        f,
        Head("bowl", sex="m", age="child", mouth="open"),
        [legs(f, "#3c62b8", "#ef5b4c", ankle=107, cuff=8), torso(f, c, 97), neckline(f), star],
        arms(f, DOWN, c, 0.4, WAVE),
    )


# --- natural black hair ------------------------------------------------------


@figure_a
def woman_afro() -> str:
    f = replace(adult(), head_y=36, head_s=0.86, sh_y=58)
    c = "#f3b61f"
    return person(
        f,
        Head("afro", mouth="open", extra=mirrored(dot(20.6, 9, 2.6, GOLD))),
        [legs(f, "#2f5fa8", "#e2683b", cuff=6), torso(f, c, 82), neckline(f, "scoop")],
        arms(f, HIP, c, 0.3),
    )


@figure_a
def man_afro() -> str:
    f = replace(adult("average", "m"), head_y=33, sh_y=57)
    c = "#1f9aa8"
    jacket = [torso(f, c, 92), lapels(f, c, CREAM), stroke("M64,70V92", dark(c), 1.2)]
    return person(
        f,
        Head("afro_short", sex="m", mouth="smile", beard="goatee"),
        [legs(f, "#3a3150", "#c2502f"), *jacket],
        arms(f, DOWN, c, 1, WAVE),
    )


@figure_a
def woman_braids() -> str:
    f = adult()
    c = "#d6336c"
    return person(
        f,
        Head("braids", mouth="smile"),
        [
            bare_legs(f, "#5b2a86", 96),
            skirt(f, "#5b2a86", 106, 24, folds=2),
            torso(f, c, 78),
            neckline(f, "scoop"),
            belt(f, GOLD, 73, 3),
        ],
        arms(f, DOWN, c, 0.34, HIP),
    )


@figure_a
def girl_braids() -> str:
    f = child()
    c = "#ff7a45"
    return person(
        f,
        Head("girl_braids", age="child", mouth="open"),
        [
            bare_legs(f, "#7a4fd0", 104, sock="#ffe7a8"),
            skirt(f, "#3aa0e0", 106, 23, folds=2),
            torso(f, c, 84),
            neckline(f),
        ],
        arms(f, OUT, c, 0.34),
    )


@figure_a
def man_locs() -> str:
    f = adult("average", "m")
    c = "#4f8f3a"
    return person(
        f,
        Head("locs", sex="m", mouth="open", beard="goatee"),
        [legs(f, "#c9a66b", "#2f3442"), torso(f, c, 92), neckline(f, "v", dark(c))],
        arms(f, DOWN, c, 0.36, HIP),
    )


@figure_a
def woman_locs() -> str:
    f = replace(adult(), head_y=35, head_s=0.88, sh_y=58)
    c = "#f5f1ff"
    gown = "#e2623b"
    return person(
        f,
        Head("tied_locs", mouth="smile", extra=mirrored(dot(20.4, 10, 3, "#2fb3b8"))),
        [
            bare_legs(f, "#8a3a1e", 100),
            skirt(f, gown, 114, 22, folds=2),
            torso(f, c, 78),
            neckline(f, "round"),
            belt(f, "#2fb3b8", 74, 3.4),
        ],
        arms(f, HIP, c, 0.6, DOWN),
    )


@figure_a
def woman_bantu_knots() -> str:
    f = replace(adult(), head_y=34, head_s=0.9, sh_y=58)
    c = "#16a394"
    return person(
        f,
        Head(
            "bantu",
            mouth="calm",
            extra=mirrored(dot(20.6, 8, 2.4, GOLD) + dot(20.6, 13, 1.8, GOLD)),
        ),
        [
            bare_legs(f, GOLD, 98),
            skirt(f, c, 108, 19),
            torso(f, c, 80),
            neckline(f, "scoop"),
            stroke("M50,80L78,104M56,78L80,96", "#7fe0d2", 2),
        ],
        arms(f, DOWN, "", 0, HIP),
    )


@figure_a
def boy_high_top_fade() -> str:
    f = replace(child(), head_y=46, head_s=1.04, sh_y=69, waist_y=84)
    c = "#e5383b"
    return person(
        f,
        Head("high_top", sex="m", age="child", mouth="open"),
        [
            legs(f, "#2b4a8f", "#ffb52e", ankle=108, cuff=6.4),
            torso(f, c, 96),
            neckline(f, "round", "#ffffff"),
            rect(59, 78, 10, 3, "#ffffff", 1),
        ],
        arms(f, DOWN, c, 0.4, WAVE),
    )


@figure_a
def woman_afro_puffs() -> str:
    f = replace(adult(), head_y=35, head_s=0.92, sh_y=58)
    c = "#8a4fd3"
    return person(
        f,
        Head("puffs", mouth="open"),
        [
            legs(f, "#4a76c9", "#ffd23f"),
            torso(f, c, 84),
            neckline(f, "round"),
            stroke("M52,60V84M76,60V84", "#4a76c9", 4),
            rect(50, 70, 28, 18, "#4a76c9", 3),
        ],
        arms(f, WAVE, c, 0.34, HIP),
    )


# --- ages --------------------------------------------------------------------


@figure_a
def baby_sitting() -> str:
    c = "#8fd0ee"
    head = Head("tuft", sex="n", age="child", mouth="open").layers()
    limbs = "".join(
        line([(64 + s * 16, 108), (64 + s * 32, 114)], c, 17)
        + ell(64 + s * 38, 112, 7, 9, SKIN.base)
        + ell(64 + s * 39, 112, 3.4, 5, SKIN.blush)
        for s in (-1, 1)
    )
    body = (
        blob([(64, 74), (82, 82), (88, 104), (78, 120), (50, 120), (40, 104), (46, 82)], c)
        + ell(64, 102, 12, 12, "#fff7df")
        + cloud(64, 102, 5, 5, 5, "#ffc83d")
    )
    arm_pair = "".join(
        line([(64 + s * 18, 84), (64 + s * 29, 92), (64 + s * 34, 84)], dark(c, 0.1), 12)
        + dot(64 + s * 35, 80, 7, SKIN.base)
        for s in (-1, 1)
    )
    return document(
        place(head[0], 64, 46, 1.58) + body + limbs + arm_pair + place(head[1], 64, 46, 1.58)
    )


@figure_a
def toddler() -> str:
    f = replace(
        child(),
        head_y=46,
        head_s=1.42,
        sh_y=78,
        waist_y=92,
        hip_y=101,
        sh=15,
        chest=16,
        waist=18,
        hip=18.5,
        arm=8.6,
        leg=12,
    )
    c = "#f77f4f"
    return person(
        f,
        Head("spikes", sex="n", age="child", mouth="open"),
        [
            legs(f, "#4f7fd0", "#ffe27a"),
            torso(f, c, 92),
            rect(52, 86, 24, 18, "#4f7fd0", 5),
            stroke("M54,80V90M74,80V90", "#4f7fd0", 4.6),
        ],
        arms(f, OUT, c, 0.8),
    )


@figure_a
def schoolgirl() -> str:
    f = child()
    c = "#ffffff"
    clothes = [
        bare_legs(f, "#2b3350", 104, sock="#d5deec"),
        skirt(f, "#2f58a6", 106, 22, folds=4),
        torso(f, "#eef3fb", 84),
        neckline(f, "v"),
    ]
    scarf = path("M57,64L64,74L71,64L74,68L66,75L68,84L64,80L60,84L62,75L54,68Z", "#e02b35")
    straps = stroke("M53,65Q51,74 52,84M75,65Q77,74 76,84", "#f2972e", 3.4)
    bag = rect(44, 64, 40, 30, "#f2972e", 8)
    return person(
        f,
        Head("pigtails", age="child"),
        [*clothes, straps, scarf],
        arms(f, DOWN, c, 0.38, WAVE),
        behind=bag,
    )


@figure_a
def schoolboy() -> str:
    f = child()
    c = "#f5f8fd"
    clothes = [
        legs(f, "#27406f", "#4a5a7a", ankle=108, cuff=6.4),
        torso(f, "#eef3fb", 95),
        neckline(f, "v"),
        path("M57,64L64,74L71,64L74,68L66,75L68,84L64,80L60,84L62,75L54,68Z", "#e02b35"),
        stroke("M53,65Q51,76 52,90M75,65Q77,76 76,90", "#3a8f5f", 3.4),
    ]
    return person(
        f,
        Head(
            "covered",
            "school_cap",
            sex="m",
            age="child",
            mouth="open",
            hat_colour=("#ffd23f", "#f08a24"),
        ),
        clothes,
        arms(f, DOWN, c, 0.4, HIP),
        behind=rect(44, 66, 40, 30, "#3a8f5f", 8),
    )


@figure_a
def grandmother() -> str:
    f = adult()
    c = "#8c4a9e"
    clothes = [
        legs(f, "#4a4258", "#2f2a3c"),
        torso(f, c, 96, 2),
        stand_collar(f, light(c)),
        stroke("M64,58V96", dark(c), 1.4),
        "".join(
            flower(x, y, 2.6, "#f4b6d2")
            for x, y in ((54, 66), (74, 66), (53, 84), (75, 84), (56, 76), (73, 76))
        ),
    ]
    return person(
        f, Head("perm", age="elder", eyes="glasses", colour=GREY), clothes, arms(f, DOWN, c, 1, HIP)
    )


@figure_a
def grandfather() -> str:
    f = adult("average", "m")
    c = "#41658a"
    clothes = [
        legs(f, "#5b5f6b", "#26222e"),
        torso(f, c, 95),
        stand_collar(f, c),
        stroke("M64,58V95", dark(c), 1.4),
        "".join(dot(64, y, 1.3, "#dbe6f2") for y in (64, 73, 82, 90)),
        stroke("M49,84h9M70,84h9", dark(c), 1.6),
    ]
    h = hand_at(f, 1, DOWN)
    return person(
        f,
        Head("fringe_of_age", sex="m", age="elder", beard="moustache", colour=WHITE_HAIR),
        clothes,
        arms(f, DOWN, c),
        front=walking_stick(h[0] + 2, h[1] - 1),
    )


# --- headscarf, turban -------------------------------------------------------


@figure_a
def woman_headscarf() -> str:
    f = adult()
    c = "#2e8fa3"
    clothes = [
        bare_legs(f, "#22404f", 112),
        skirt(f, c, 116, 22, folds=2),
        torso(f, c, 80),
        belt(f, dark(c), 74, 3),
    ]
    return person(
        f, Head("", "hijab", hat_colour=("#f2a0b5", "#fbe3ea")), clothes, arms(f, DOWN, c, 1, HIP)
    )


@figure_a
def man_turban() -> str:
    f = replace(adult("average", "m"), head_y=34, sh_y=58)
    c = "#24417a"
    clothes = [legs(f, "#4a5468", "#2a2230"), torso(f, c, 93), lapels(f, c, tie="#f08a24")]
    return person(
        f,
        Head("", "turban", sex="m", beard="full", mouth="smile", hat_colour=("#f08a24", "#a83a1a")),
        clothes,
        arms(f, DOWN, c, 1, WAVE),
    )


# --- disability --------------------------------------------------------------


def seated(
    head: Head,
    top: str,
    trousers: str,
    chair: str,
    shoe: str = "#ffffff",
    kid: bool = False,
    wave: bool = False,
) -> str:
    """Somebody in a wheelchair, seen from the side."""
    f = replace(
        child() if kid else adult(sex=head.sex),
        cx=50,
        head_y=36 if kid else 31,
        head_s=1.12 if kid else 0.94,
        sh_y=63 if kid else 55,
        waist_y=80 if kid else 74,
    )
    back, front = chair_side(chair)
    low, face = head.layers()
    hand = arm(f, 1, ((10, 8), (17, -6)), top) if wave else arm(f, 1, ((6, 12), (7, 22)), top)
    x = f.cx + 5
    return document(
        back
        + place(low, x, f.head_y, f.head_s)
        + rect(f.cx - 2, f.head_y + 10, 11, f.sh_y - f.head_y - 6, SKIN.base)
        + sitter_side(f, top, trousers, shoe)
        + place(face, x, f.head_y, f.head_s)
        + front
        + hand
    )


@figure_a
def woman_wheelchair() -> str:
    return seated(Head("bob", turn=3, mouth="open"), "#f06a8a", "#3c4f8a", "#7b4fd0")


@figure_a
def man_wheelchair() -> str:
    return seated(Head("crop", sex="m", turn=3), "#2f9e6f", "#5a5f72", "#2f6fd0", "#ef8a3c")


@figure_a
def child_wheelchair() -> str:
    return seated(
        Head("twin_buns", age="child", turn=3, mouth="open"),
        "#ffc02e",
        "#4a8fd8",
        "#ef4f6b",
        "#ffffff",
        True,
        True,
    )


@figure_a
def man_cane_blind() -> str:
    f = adult("average", "m")
    c = "#6a5acd"
    pose = ((7, 11), (12, 18))
    h = hand_at(f, 1, pose)
    return person(
        f,
        Head("crop", sex="m", eyes="shades"),
        [legs(f, "#3f465c", "#26222e"), torso(f, c, 93), neckline(f, "v", "#ffffff")],
        arms(f, DOWN, c, 1, pose),
        front=white_cane((h[0] - 1, h[1] - 5), (116, 121)) + dot(h[0], h[1], 4.6, SKIN.base),
    )


@figure_a
def woman_cane() -> str:
    f = adult()
    c = "#2fa089"
    h = hand_at(f, 1, DOWN)
    stick = walking_stick(h[0] + 2, h[1] - 1, c="#8a3f6a")
    return person(
        f,
        Head("low_bun", mouth="smile"),
        [
            legs(f, "#6a4a5f", "#3a2a3f"),
            torso(f, c, 94, 2),
            neckline(f, "v"),
            stroke("M64,68V94", dark(c), 1.3),
        ],
        arms(f, DOWN, c),
        front=stick + dot(h[0], h[1], 4.4, SKIN.base),
    )


@figure_a
def man_prosthetic_leg() -> str:
    f = replace(adult("average", "m"), head_y=29)
    c = "#ef5b3c"
    x = 64 + max(f.hip * 0.5, f.leg * 0.56)
    clothes = [
        prosthesis(x, 104, 121, "#2f6fd0", "#f2b632"),
        legs(f, "#39415a", "#f2b632", ankle=102, cuff=6.6, feet=(-1,)),
        torso(f, c, 92),
        neckline(f),
        stroke("M52,62L76,62", "#ffe0b8", 3),
    ]
    return person(f, Head("quiff", sex="m", mouth="open"), clothes, arms(f, HIP, c, 0.4, WAVE))


@figure_a
def woman_hearing_aid() -> str:
    f = replace(adult(), head_y=33, head_s=1.06, sh_y=59)
    c = "#f2c037"
    return person(
        f,
        Head("bun", mouth="open", extra=hearing_aid()),
        [legs(f, "#4d6fb5", "#e0506f"), torso(f, c, 88), neckline(f, "round")],
        arms(f, HIP, c, 0.4, DOWN),
    )


@figure_a
def woman_vitiligo() -> str:
    f = replace(adult(), head_y=33, head_s=1.06, sh_y=59)
    c = "#3f7fd0"
    pale = "#fdebdf"
    paint = (
        blob([(3, -9), (9, -10), (15, -6), (16, 2), (12, 7), (6, 5), (4, -1)], pale)
        + blob([(-12, 11), (-5, 8), (3, 9), (8, 13), (4, 19), (-6, 19)], pale)
        + blob([(-16, -12), (-10, -14), (-8, -10), (-14, -7)], pale)
    )
    limbs = [arm(f, -1, HIP, c, 0.3), arm(f, 1, WAVE, c, 0.3)]
    j = hand_at(f, 1, WAVE)
    patches = (
        blob(
            [(j[0] - 3, j[1] - 1), (j[0] + 2, j[1] - 4), (j[0] + 4, j[1] + 1), (j[0], j[1] + 4)],
            pale,
        )
        + ell(j[0] - 1.6, j[1] + 10, 1.8, 3.4, pale)
        + ell(43, 72, 2.2, 3, pale)
    )
    return person(
        f,
        Head("ponytail", mouth="smile", paint=paint),
        [
            bare_legs(f, "#f2b632", 98),
            skirt(f, c, 107, 23, folds=2),
            torso(f, c, 80),
            neckline(f, "scoop"),
        ],
        limbs,
        front=patches,
    )
