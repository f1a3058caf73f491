"""The `b` drawings: portraits and other poses, faces drawn the second way.

Here: body types, hair, ages, aids.
"""

from __future__ import annotations

from dataclasses import replace

from bodies import (
    DOWN,
    GOLD,
    HIP,
    WAVE,
    Frame,
    Pose,
    adult,
    arm,
    bare_legs,
    bust,
    bust_top,
    child,
    flower,
    foot_shape,
    hand_at,
    lapels,
    legs,
    neckline,
    person,
    skirt,
    stand_collar,
    torso,
)
from faces import BLACK, GREY, WHITE_HAIR, Head, hearing_aid, turned
from props import (
    blade,
    book,
    chair_front,
    sitter_front,
    teddy,
    walking_stick,
    white_cane,
)
from registry import figure_b
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
    ring,
    sil,
    stroke,
)

RED, JADE, CREAM, INK = "#dc2f3c", "#2f9e78", "#fbf3e2", "#1f1b26"


# --- body types --------------------------------------------------------------


@figure_b
def plus_size_woman() -> str:
    f = adult("plus")
    c, jeans = "#f2a92b", "#3f5fa8"
    scarf = line([(57, 55), (64, 60), (71, 55)], "#2f9e8f", 5) + line(
        [(68, 58), (71, 72)], "#2f9e8f", 5
    )
    bag = rect(92, 84, 20, 18, "#8a4fc0", 3) + stroke("M97,84Q102,72 107,84", "#8a4fc0", 2.4)
    return person(
        f,
        turned("bob"),
        [legs(f, jeans, "#e0506f", stance=17, cuff=7.5), torso(f, c, 95, 2), neckline(f)],
        [arm(f, -1, WAVE, c, 0.7), bag, arm(f, 1, DOWN, c, 0.7)],
        front=scarf,
    )


@figure_b
def plus_size_man() -> str:
    f = bust("plus", "m")
    c = "#5a6b3f"
    plaid = stroke("M40,78V123M88,78V123M24,100H104M30,112H98", light(c, 0.3), 2) + stroke(
        "M64,84V123", dark(c), 2
    )
    return person(
        f,
        turned("side_part", sex="m", beard="full", eyes="glasses", mouth="open"),
        [bust_top(f, c), plaid, neckline(f, "v", dark(c))],
        head_dx=0,
    )


@figure_b
def slim_woman() -> str:
    f = replace(adult("slim"), head_y=31)
    c = "#e05a4f"
    bag = stroke("M58,54L76,86", "#6a3f2a", 1.8) + rect(72, 84, 13, 11, "#6a3f2a", 3)
    return person(
        f,
        turned("ponytail", mouth="open"),
        [
            bare_legs(f, "#2b2f44", 94),
            skirt(f, c, 104, 15),
            torso(f, c, 78),
            neckline(f, "scoop"),
            bag,
        ],
        [arm(f, -1, ((11, 5), (15, -11)), c, 0.2), arm(f, 1, DOWN, c, 0.2)],
    )


@figure_b
def slim_man() -> str:
    f = adult("slim", "m")
    c = "#2f8f5b"
    lower = (
        line([(61, 84), (54, 102), (46, 118)], "#2f3650", 6.6)
        + line([(67, 84), (76, 101), (80, 118)], "#3a4262", 6.6)
        + foot_shape(45, 121, 5.4, "#e2683b", -1)
        + foot_shape(82, 121, 5.4, "#e2683b")
    )
    return person(
        f,
        turned("quiff", -2, sex="m", mouth="open", eyes="glasses"),
        [
            lower,
            torso(f, c, 90),
            neckline(f, "v", "#ffffff"),
            stroke("M56,56L70,88", "#c98f3a", 2.6),
            rect(66, 82, 14, 12, "#c98f3a", 2),
        ],
        [arm(f, -1, ((9, 11), (15, 18)), c), arm(f, 1, HIP, c)],
    )


@figure_b
def plus_size_girl() -> str:
    f = replace(child("plus"), head_y=40, foot_y=118)
    c = "#38a8d8"
    lower = (
        line([(54, 94), (44, 106), (34, 108)], SKIN.base, 11)
        + line([(74, 94), (84, 108), (92, 116)], SKIN.base, 11)
        + ell(30, 107, 4.6, 7, "#ff6f91")
        + ell(97, 117, 7, 4.4, "#ff6f91")
    )
    return person(
        f,
        turned("twin_buns", age="child", mouth="open"),
        [
            lower,
            skirt(f, "#e6dcf7", 103, 34, folds=4),
            torso(f, c, 86),
            neckline(f),
            stroke("M46,78Q64,84 82,78", "#ffffff", 3),
        ],
        [arm(f, -1, ((11, 0), (17, -18)), c, 0.36), arm(f, 1, ((11, 0), (17, -18)), c, 0.36)],
    )


@figure_b
def plus_size_boy() -> str:
    f = bust("plus", kid=True)
    c = "#f0653a"
    hood = sil([(16, 80), (26, 88), (22, 97)], dark(c), 64) + stroke(
        "M57,96V108M71,96V108", "#ffffff", 2
    )
    return person(
        f,
        turned("spikes", -2, sex="m", age="child", eyes="happy", mouth="open"),
        [bust_top(f, c), hood, neckline(f)],
    )


# --- natural black hair ------------------------------------------------------


@figure_b
def woman_afro() -> str:
    f = replace(bust(), head_y=56, head_s=1.22, sh_y=92)
    c = "#3056b8"
    return person(
        f,
        turned("afro_band", mouth="smile", extra=mirrored(ring(20.6, 12, 4, GOLD, 1.6))),
        [bust_top(f, c), neckline(f, "v", "#f2a51f")],
    )


@figure_b
def man_afro() -> str:
    f = replace(bust(sex="m"), head_y=56, head_s=1.2, sh_y=91)
    c = "#f2ead8"
    return person(
        f,
        turned("afro", -2, sex="m", mouth="open", beard="moustache"),
        [
            bust_top(f, c),
            neckline(f, "scoop", "#c9502f"),
            stroke("M40,112H88M38,118H90", "#c9502f", 2.6),
        ],
    )


@figure_b
def woman_braids() -> str:
    f = replace(bust(), head_y=56, head_s=1.22, sh_y=92)
    c = "#f08a2c"
    beads = "".join(
        dot(64 + x, 92 + y, 3, col)
        for x, y, col in (
            (-13, 1, GOLD),
            (-9, 8, "#2fb3b8"),
            (0, 11, GOLD),
            (9, 8, "#2fb3b8"),
            (13, 1, GOLD),
        )
    )
    return person(
        f, turned("braided_crown", mouth="smile"), [bust_top(f, c), neckline(f, "scoop"), beads]
    )


@figure_b
def girl_braids() -> str:
    f = bust("slim", kid=True)
    c = "#ff8fb0"
    return person(
        f,
        turned("beaded_braids", -2, age="child"),
        [bust_top(f, c), neckline(f), cloud(64, 112, 5, 5, 6, "#ffffff") + dot(64, 112, 2.2, GOLD)],
    )


@figure_b
def man_locs() -> str:
    f = replace(bust(sex="m"), head_y=60, head_s=1.18, sh_y=94)
    c = "#7a2f8f"
    return person(
        f,
        turned("tied_locs", sex="m", beard="full"),
        [bust_top(f, c), neckline(f, "round", GOLD), stroke("M64,104V123", GOLD, 2.4)],
    )


@figure_b
def woman_locs() -> str:
    f = bust()
    c = "#2a9d6f"
    return person(
        f,
        turned("long_locs", -2, mouth="open", extra=dot(-20.6, 11, 3, GOLD)),
        [bust_top(f, c), neckline(f, "v")],
    )


@figure_b
def woman_bantu_knots() -> str:
    f = replace(bust(), head_y=57, head_s=1.22, sh_y=92)
    c = "#e5484d"
    return person(
        f,
        turned("bantu_b", mouth="smile", extra=mirrored(ring(20.8, 11, 4.4, "#f7c948", 1.8))),
        [bust_top(f, c), neckline(f, "scoop", "#f7c948")],
    )


@figure_b
def boy_high_top_fade() -> str:
    f = replace(bust("slim", kid=True), head_y=66, head_s=1.28, sh_y=98)
    c = "#2f6fd0"
    return person(
        f,
        turned("high_top_lines", sex="m", age="child"),
        [bust_top(f, c), neckline(f, "round", "#ffd23f"), stroke("M44,114H84", "#ffd23f", 4)],
    )


@figure_b
def woman_afro_puffs() -> str:
    f = bust()
    c = "#f7c531"
    return person(
        f,
        turned("puffs_low", -2, mouth="smile", extra=dot(-20.6, 12, 2.4, GOLD)),
        [
            bust_top(f, c),
            neckline(f, "v", "#ffffff"),
            "".join(flower(x, y, 4, "#ef5b6b") for x, y in ((46, 104), (82, 104), (64, 114))),
        ],
    )


# --- ages --------------------------------------------------------------------


@figure_b
def baby_sitting() -> str:
    c = "#ffb3c1"
    back, face = Head("tuft", art="b", sex="n", age="child", turn=-3, colour=BLACK).layers()
    legs_ = (
        line([(70, 108), (50, 116), (34, 113)], c, 18)
        + ell(28, 109, 7, 9, SKIN.base)
        + line([(76, 108), (96, 117), (106, 112)], dark(c, 0.08), 17)
        + ell(112, 107, 6.4, 8, SKIN.base)
    )
    body = blob([(72, 72), (90, 84), (96, 106), (84, 120), (58, 120), (50, 104), (54, 84)], c)
    bib = path("M54,80Q70,92 84,80Q86,102 68,103Q54,101 54,80Z", "#ffffff") + flower(
        68, 92, 4, "#f6a21f"
    )
    rattle = (
        stroke("M30,76L40,92", "#3fa7d6", 3.4)
        + dot(27, 70, 8, "#ffd23f")
        + dot(27, 70, 3.4, "#ef5b6b")
    )
    limbs = (
        line([(56, 88), (46, 98), (39, 91)], dark(c, 0.1), 12)
        + dot(38, 89, 6.6, SKIN.base)
        + line([(88, 86), (98, 98), (92, 104)], dark(c, 0.1), 12)
        + dot(90, 105, 6.4, SKIN.base)
    )
    hat = (
        path("M-21,-6C-22,-22-12,-28 0,-28C12,-28 22,-22 21,-6Q0,-16-21,-6Z", c)
        + stroke("M-20.6,-7Q0,-17 20.6,-7", "#ffffff", 4)
        + mirrored(dot(15, -25, 5, c) + dot(15, -25, 2.4, "#ffffff"))
    )
    return document(
        place(back, 70, 46, 1.5)
        + body
        + legs_
        + bib
        + place(face + hat, 70, 46, 1.5, -4)
        + rattle
        + limbs
    )


@figure_b
def toddler() -> str:
    f = replace(
        child(),
        head_y=44,
        head_s=1.36,
        sh_y=75,
        waist_y=91,
        hip_y=99,
        sh=14,
        chest=16,
        waist=19,
        hip=21,
        arm=8.4,
        leg=11,
    )
    c = "#5cc0a8"
    lower = bare_legs(f, "#f2a52e", 100, stance=9)
    romper = [
        lower,
        torso(f, c, 106),
        "".join(rect(64 + s * 10 - 8, 98, 16, 12, c, 5) for s in (-1, 1)),
        neckline(f, "round", "#ffffff"),
        "".join(
            dot(x, y, 2, "#fff4c2") for x, y in ((54, 84), (72, 82), (62, 94), (78, 96), (50, 98))
        ),
    ]
    return person(
        f,
        turned("pigtails", sex="n", age="child", eyes="open"),
        romper,
        [arm(f, -1, ((9, 4), (12, -8)), c, 0.4)],
        front=teddy(86, 96, 1.1) + arm(f, 1, ((8, 11), (7, 16)), c, 0.4),
    )


@figure_b
def schoolgirl() -> str:
    f = bust("slim", kid=True)
    c = "#2f6fb8"
    stripes = stroke("M34,96L26,122M94,96L102,122", "#ffffff", 3)
    return person(
        f,
        turned("bob", -2, age="child", mouth="open"),
        [
            bust_top(f, c),
            stripes,
            stand_collar(f, "#ffffff"),
            path("M56,88L64,98L72,88L77,94L67,101L71,114L64,109L57,114L61,101L51,94Z", "#e02b35"),
        ],
        front=book(92, 104, "#f2b32e", 26) + dot(80, 111, 6, SKIN.base),
    )


@figure_b
def schoolboy() -> str:
    f = replace(child(), head_y=37)
    c = "#3a7fc8"
    lower = (
        line([(60, 92), (50, 104), (36, 106)], "#2b3350", 8.6)
        + line([(68, 92), (76, 104), (84, 118)], "#39446a", 8.6)
        + ell(31, 105, 4.4, 7, "#ef5b3c")
        + foot_shape(86, 121, 7, "#ef5b3c")
    )
    bag = rect(40, 66, 34, 30, "#e8a02c", 8)
    clothes = [
        lower,
        torso(f, c, 95),
        stroke("M51,70V92M77,70V92", "#ffffff", 2.6),
        stand_collar(f, "#ffffff"),
        path("M58,66L64,74L70,66L73,70L66,76L68,84L64,81L60,84L62,76L55,70Z", "#e02b35"),
    ]
    return person(
        f,
        turned("crop", sex="m", age="child", eyes="glasses"),
        clothes,
        [arm(f, -1, ((10, 10), (3, 15)), c), arm(f, 1, ((11, 8), (19, -2)), c)],
        behind=bag,
    )


@figure_b
def grandmother() -> str:
    f = bust()
    c = "#a83250"
    shawl = path(
        "M32,88Q50,84 56,80L64,108L72,80Q78,84 96,88L104,116L66,122L62,122L24,116Z", "#efe2cc"
    ) + stroke("M26,115L62,121M102,115L66,121M57,82L64,108L71,82", "#c7a877", 2)
    return person(
        f,
        turned(
            "low_bun",
            -2,
            age="elder",
            eyes="happy",
            colour=WHITE_HAIR,
            extra=dot(-20.4, 9, 2.2, JADE),
        ),
        [bust_top(f, c), shawl, dot(64, 109, 4, JADE)],
    )


@figure_b
def grandfather() -> str:
    f = bust(sex="m")
    c = "#8a5a3a"
    vest = (
        path("M40,84L58,80L64,104L70,80L88,84V123H40Z", dark(c, 0.35))
        + stroke("M64,104V123", c, 2)
        + dot(60, 112, 1.8, GOLD)
        + dot(60, 119, 1.8, GOLD)
    )
    return person(
        f,
        turned(
            "receding",
            sex="m",
            age="elder",
            beard="full",
            eyes="glasses",
            mouth="smile",
            colour=GREY,
        ),
        [bust_top(f, "#dfe7ee"), vest, stroke("M54,80L64,92L74,80", "#ffffff", 4)],
        [arm(replace(f, arm=11.5), -1, ((11, 13), (13, -3)), "#dfe7ee")],
    )


# --- headscarf, turban -------------------------------------------------------


@figure_b
def woman_headscarf() -> str:
    f = bust()
    c = "#7a3f6a"
    return person(
        f,
        turned("", hat="hijab_wrap", mouth="open", hat_colour=("#3fa58f", "#c8f0e4")),
        [bust_top(f, c), stroke("M64,96V123", light(c), 2)],
    )


@figure_b
def man_turban() -> str:
    f = replace(bust(sex="m"), head_y=52, head_s=1.24, sh_y=88)
    c = "#f4ecd8"
    return person(
        f,
        turned(
            "",
            -2,
            sex="m",
            hat="turban_b",
            beard="long",
            eyes="happy",
            hat_colour=("#2f66c4", "#dc2f3c"),
        ),
        [bust_top(f, c), stand_collar(f, c, "#b79a5a"), stroke("M64,94V123", "#b79a5a", 2.4)],
    )


# --- disability --------------------------------------------------------------


def seated(
    f: Frame,
    head: Head,
    top: str,
    trousers: str,
    chair: str,
    shoe: str,
    poses: tuple[Pose, Pose],
    extra: str = "",
) -> str:
    """Somebody in a wheelchair, seen from the front."""
    back, rests = chair_front(chair)
    limbs = [arm(f, s, p, top) for s, p in zip((-1, 1), poses, strict=True)]
    return person(
        f,
        head,
        [torso(f, top, 94), rests, sitter_front(f, trousers, shoe), neckline(f), extra],
        limbs,
        behind=back,
    )


@figure_b
def woman_wheelchair() -> str:
    f = replace(adult(), head_y=33, sh_y=57, waist_y=75)
    return seated(
        f,
        turned("wavy", mouth="smile"),
        "#2fa8a0",
        "#7a4a8f",
        "#e05a7a",
        "#f2b632",
        (((9, 12), (12, 20)), WAVE),
    )


@figure_b
def man_wheelchair() -> str:
    f = replace(adult(sex="m"), head_y=33, sh_y=57, waist_y=75)
    return seated(
        f,
        turned("side_part", -2, sex="m", beard="goatee", mouth="smile"),
        "#e8703a",
        "#33415f",
        "#2f3f5f",
        "#c8d2e0",
        (((9, 12), (11, 21)), ((9, 12), (11, 21))),
        stroke("M50,66H78M49,72H79", "#ffd9b0", 2.6),
    )


@figure_b
def child_wheelchair() -> str:
    f = replace(child(), head_y=37, head_s=1.1, sh_y=63, waist_y=80, sh=13)
    return seated(
        f,
        turned("spikes", sex="m", age="child", mouth="open"),
        "#3fa0e8",
        "#5a4a9f",
        "#35b27a",
        "#ffd23f",
        (((11, 4), (16, -13)), ((8, 10), (12, 14))),
        cloud(64, 75, 4, 4, 5, "#ffe27a"),
    )


@figure_b
def man_cane_blind() -> str:
    f = replace(adult("average", "m"), head_y=32, sh_y=56)
    c = "#8a6a3f"
    coat = [
        legs(f, "#2f3f5f", "#5a3a24"),
        torso(f, c, 105, 3),
        lapels(f, c, "#e8eef6"),
        stroke("M64,68V104", dark(c), 1.4),
        dot(68, 80, 1.5, "#3a2a18"),
        dot(68, 90, 1.5, "#3a2a18"),
    ]
    pose = ((7, 12), (4, 23))
    h = hand_at(f, -1, pose)
    return person(
        f,
        turned(
            "covered",
            -2,
            sex="m",
            hat="cap",
            eyes="shades",
            beard="full",
            hat_colour=("#46566f", "#8fa3c0"),
        ),
        coat,
        [arm(f, 1, HIP, c)],
        front=white_cane((h[0] + 2, h[1] - 7), (18, 121)) + arm(f, -1, pose, c),
    )


@figure_b
def woman_cane() -> str:
    f = replace(adult(), head_y=31)
    c = "#d95f8a"
    pose = ((6, 12), (10, 20))
    h = hand_at(f, -1, pose)
    return person(
        f,
        turned("bob", mouth="open", colour=("#6f7488", "#a5abbe")),
        [
            bare_legs(f, "#4a3a5f", 104),
            skirt(f, "#4a5f9f", 110, 19, folds=2),
            torso(f, c, 90, 2),
            neckline(f),
            stroke("M52,84H76", light(c), 2),
        ],
        [arm(f, 1, WAVE, c)],
        front=walking_stick(h[0] + 1, h[1] - 1, c="#3a6f8f") + arm(f, -1, pose, c),
    )


@figure_b
def man_prosthetic_leg() -> str:
    f = replace(adult("average", "m"), cx=58, head_y=28, sh_y=54)
    c = "#2fa36b"
    run = (
        line([(53, 86), (42, 100), (26, 104)], SKIN.base, 8)
        + ell(20, 104, 4, 7, "#ef5b3c")
        + blade(86, 96, 119, "#f2a51f")
        + line([(62, 86), (84, 92)], SKIN.base, 9)
    )
    shorts = line([(53, 86), (46, 95)], "#27345a", 12) + line([(62, 86), (78, 90)], "#27345a", 12)
    return person(
        f,
        turned("fade_afro", sex="m", mouth="open"),
        [
            run,
            shorts,
            torso(f, c, 90),
            neckline(f, "scoop", "#ffffff"),
            stroke("M52,70H64", "#ffffff", 3),
        ],
        [arm(f, -1, ((11, 9), (20, 14))), arm(f, 1, ((13, 10), (20, -1)))],
    )


@figure_b
def woman_hearing_aid() -> str:
    f = bust()
    c = "#3fa58a"
    aid = place(hearing_aid("#d8348f"), 0, 0, 1, 0, True)
    return person(
        f,
        turned("low_bun", 4, mouth="smile", extra=aid),
        [bust_top(f, c), neckline(f, "v", "#ffffff")],
    )


@figure_b
def woman_vitiligo() -> str:
    f = bust()
    pale = "#fdebdf"
    c = "#e8613c"
    paint = (
        blob([(-16, -6), (-8, -9), (-2, -4), (-4, 4), (-10, 8), (-16, 5)], pale)
        + blob([(2, 9), (8, 8), (12, 12), (7, 18), (0, 20), (-5, 17), (-3, 11)], pale)
        + blob([(6, -16), (13, -14), (15, -9), (9, -10)], pale)
    )
    chest = blob([(58, 84), (66, 83), (70, 90), (63, 93)], pale)
    return person(
        f, turned("long_hair", paint=paint), [bust_top(f, c), neckline(f, "scoop"), chest]
    )
