"""The `b` drawings: portraits and other poses, faces drawn the second way.

Here: dress, peoples, work and play.
"""

from __future__ import annotations

from dataclasses import replace

from bodies import (
    GOLD,
    HIP,
    adult,
    arm,
    belt,
    bust,
    bust_top,
    cross_collar,
    flower,
    foot_shape,
    hand_at,
    legs,
    neckline,
    person,
    placket,
    skirt,
    stand_collar,
    torso,
    wide_sleeve,
)
from faces import GREY, WHITE_HAIR, turned
from props import (
    broom,
    brush,
    folding_fan,
    round_fan,
    steam,
    tanghulu,
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
    line,
    mirrored,
    path,
    place,
    poly,
    rect,
    ring,
    stroke,
)

RED, JADE, CREAM, INK = "#dc2f3c", "#2f9e78", "#fbf3e2", "#1f1b26"


# --- Chinese dress -----------------------------------------------------------


@figure_b
def woman_qipao() -> str:
    f = bust()
    c = "#c42a4f"
    blooms = "".join(
        flower(x, y, r, "#ffd9a0")
        for x, y, r in ((46, 106, 5), (82, 102, 4), (72, 116, 6), (52, 119, 4))
    )
    return person(
        f,
        turned(
            "wavy",
            -2,
            mouth="calm",
            extra=flower(17, -17, 6, "#ffffff") + mirrored(dot(20, 10, 2, CREAM)),
        ),
        [bust_top(f, c), stand_collar(f, c, "#ffe2b0"), placket(f, "#ffe2b0"), blooms],
    )


@figure_b
def man_changshan() -> str:
    f = bust(sex="m")
    c = "#6a7f8f"
    return person(
        f,
        turned("crop", sex="m", mouth="open"),
        [bust_top(f, c), stand_collar(f, "#ffffff", "#c9d3dc"), placket(f, "#2f3f4f")],
        front=folding_fan(96, 112, "#f4ead0", 18, 34) + ell(95, 113, 8, 7, SKIN.base),
    )


@figure_b
def woman_hanfu() -> str:
    f = replace(bust(), head_y=58, head_s=1.2, sh_y=92, waist_y=122)
    c = "#8fc7ea"
    return person(
        f,
        turned("side_knot", mouth="calm", extra=path("M0,-16l1.8,3l-1.8,3l-1.8,-3z", "#e0344f")),
        [
            bust_top(f, c),
            cross_collar(f, "#f7f2ff"),
            "".join(flower(x, y, 3.4, "#ffffff") for x, y in ((36, 110), (92, 108), (84, 118))),
        ],
        front=round_fan(100, 122, "#fff6e0", 15, 10),
    )


@figure_b
def man_hanfu() -> str:
    f = replace(bust(sex="m"), head_y=54, head_s=1.22, sh_y=90)
    c = "#9c2f35"
    badge = (
        rect(50, 104, 28, 19, GOLD, 2)
        + path("M55,118q4,-10 10,-6q4,-6 8,0q-4,0-6,6z", "#2f6f9f")
        + dot(71, 110, 1.2, INK)
    )
    return person(
        f,
        turned(
            "covered", -2, sex="m", hat="futou", beard="goatee", hat_colour=("#211d2b", "#5fb8a0")
        ),
        [bust_top(f, c), ring(64, 84, 12, "#ffffff", 3), neckline(f, "round", "#e8dcc0"), badge],
    )


@figure_b
def bride_chinese() -> str:
    f = replace(bust(), head_y=52, head_s=1.24, sh_y=88)
    c = "#c81f30"
    gold = stroke(
        "M64,94V123M34,108Q40,100 46,108Q40,116 34,108M94,108Q88,100 82,108Q88,116 94,108", GOLD, 2
    ) + stroke("M42,88Q64,104 86,88", GOLD, 2.6)
    fan = (
        stroke("M93,124V112", "#6a3f1c", 3)
        + dot(93, 98, 16, "#e8394a")
        + ring(93, 98, 16, GOLD, 2)
        + flower(93, 98, 6, GOLD)
    )
    return person(
        f,
        turned("bridal_updo", hat="bride_pins", mouth="smile", hat_colour=("#e8304a", GOLD)),
        [bust_top(f, c), stand_collar(f, c, GOLD), gold],
        front=fan + ell(92, 118, 7, 6, SKIN.base),
    )


@figure_b
def groom_chinese() -> str:
    f = replace(bust(sex="m"), head_y=53, head_s=1.24, sh_y=88)
    c = "#23202c"
    sash = (
        line([(34, 90), (60, 106), (96, 123)], RED, 8)
        + cloud(62, 108, 11, 11, 10, "#ef3048")
        + cloud(62, 108, 6, 6, 7, "#ff6f7f")
        + dot(62, 108, 2.6, GOLD)
    )
    return person(
        f,
        turned(
            "side_part", -2, sex="m", hat="groom_hat", mouth="open", hat_colour=("#2a2634", RED)
        ),
        [
            bust_top(f, c),
            stand_collar(f, "#c8202f", GOLD),
            stroke("M64,95V123", GOLD, 2),
            stroke("M78,104h9M78,113h9", GOLD, 2),
            sash,
        ],
    )


@figure_b
def tibetan_woman() -> str:
    f = replace(bust(), head_y=52, head_s=1.24, sh_y=88, waist_y=118)
    c = "#8a2f3f"
    beads = "".join(
        dot(64 + x, 92 + y, 3.6, col)
        for x, y, col in (
            (-16, 0, "#f2a51f"),
            (-12, 8, "#e2483d"),
            (-5, 13, "#2fb3b8"),
            (4, 13, "#f2a51f"),
            (11, 9, "#e2483d"),
            (16, 1, "#2fb3b8"),
        )
    )
    khata = (
        line([(34, 104), (50, 116), (64, 118), (78, 116), (94, 104)], "#dde8f8", 7)
        + line([(34, 104), (31, 122)], "#dde8f8", 7)
        + line([(94, 104), (97, 122)], "#dde8f8", 7)
        + stroke("M34,104Q64,130 94,104", "#a9bbd8", 1.4)
    )
    hands = ell(42, 111, 7, 6, SKIN.base) + ell(86, 111, 7, 6, SKIN.base)
    return person(
        f,
        turned("two_braids", -2, hat="fox_hat", mouth="open", hat_colour=(GOLD, "#8a4a22")),
        [bust_top(f, c), cross_collar(f, "#4fb0a0", "#fff3d0"), beads],
        front=khata + hands,
    )


@figure_b
def mongolian_man() -> str:
    f = replace(bust(sex="m"), head_y=54, head_s=1.22, sh_y=88)
    c = "#1f7a5a"
    neck_ = (
        stroke("M100,112V52", "#6a3a1c", 5)
        + path("M96,54C92,44 98,36 106,34L108,40Q116,44 115,49L106,51L104,56Z", "#3f8f5f")
        + dot(106, 43, 1.3, INK)
    )
    box = (
        poly([(86, 98), (112, 98), (118, 123), (80, 123)], "#b8752f")
        + stroke("M98.6,56V123M101.6,56V123", "#f4ead0", 1)
        + dot(99, 112, 3, "#6a3a1c")
    )
    return person(
        f,
        turned(
            "covered", sex="m", hat="fur_hat", beard="moustache", hat_colour=("#c8283a", "#8a6244")
        ),
        [bust_top(f, c), stand_collar(f, c, GOLD), placket(f, GOLD), belt(f, "#f0862e", 116, 8)],
        front=neck_ + box + ell(99, 88, 6, 7, SKIN.base),
    )


@figure_b
def miao_girl() -> str:
    f = replace(bust("average", kid=True), head_y=60, head_s=1.28, sh_y=94)
    c = "#7a1f3a"
    silver, grey = "#dfe5ee", "#9aa6ba"
    rings = "".join(
        stroke(f"M{64 - w},{90 + i}Q64,{106 + i * 7} {64 + w},{90 + i}", col, 5)
        for i, (w, col) in enumerate(((15, silver), (19, grey), (23, silver)))
    )
    lock = path("M50,112H78Q76,124 64,124Q52,124 50,112Z", silver) + stroke("M54,116H74", grey, 1.4)
    return person(
        f,
        turned(
            "covered",
            -2,
            age="child",
            hat="silver_cap",
            mouth="open",
            hat_colour=("#3056b8", "#e8394a"),
        ),
        [
            bust_top(f, c),
            stroke("M30,112L42,104M98,112L86,104M28,119L40,111M100,119L88,111", GOLD, 2.4),
            rings,
            lock,
        ],
    )


@figure_b
def uyghur_girl() -> str:
    f = replace(bust("slim", kid=True), head_y=57, head_s=1.3, sh_y=90)
    c = "#2f9fd0"
    flames = "".join(
        path(f"M{x},{y}q4,-7 0,-15q-4,8 0,15z", col)
        for x, y, col in (
            (40, 122, "#f6c445"),
            (50, 118, "#e8394a"),
            (78, 118, "#f6c445"),
            (88, 122, "#e8394a"),
            (64, 122, "#ffffff"),
        )
    )
    return person(
        f,
        turned(
            "two_braids",
            age="child",
            hat="doppa_side",
            mouth="smile",
            hat_colour=("#8f1f4f", "#ffe2a0"),
            extra=dot(-20.6, 10, 2.4, GOLD),
        ),
        [bust_top(f, c), flames, neckline(f, "round", GOLD)],
    )


# --- work and play -----------------------------------------------------------


@figure_b
def street_vendor() -> str:
    f = replace(adult(), cx=46, head_y=33, sh_y=58)
    c = "#b8405a"
    straw = (
        stroke("M100,40V122", "#96602f", 4)
        + rect(90, 34, 20, 34, "#e0b95a", 9)
        + stroke("M91,46H109M91,56H109", "#a87c33", 1.6)
    )
    sticks = "".join(
        tanghulu(100 + s * 8, y, s * a, 0.62)
        for s in (-1, 1)
        for y, a in ((62, 62), (50, 42), (40, 18))
    )
    apron = path("M38,62H54L57,98H35Z", "#3f6fa8") + stroke(
        "M39,62L42,53M53,62L50,53", "#3f6fa8", 2
    )
    pose = ((10, 10), (23, 4))
    return person(
        f,
        turned("bun", mouth="open"),
        [legs(f, "#3a3f55", INK), torso(f, c, 94, 2), apron],
        [arm(f, -1, HIP, c)],
        behind=sticks + straw,
        front=arm(f, 1, pose, c)
        + tanghulu(*hand_at(f, 1, pose), 8, 0.8)
        + dot(*hand_at(f, 1, pose), 4.4, SKIN.base),
    )


@figure_b
def delivery_rider() -> str:
    c = "#1f9be0"
    back, face = turned(
        "covered", 3, hat="bike_helmet", sex="m", mouth="smile", hat_colour=(c, "#ffffff")
    ).layers()
    box = (
        rect(10, 46, 36, 36, "#16659c", 4)
        + rect(10, 46, 36, 9, c, 4)
        + dot(28, 68, 7, "#ffffff")
        + stroke("M25,66v5M31,66v5M24,72q4,3 8,0", c, 1.6)
    )
    scooter = (
        path(
            "M14,92Q16,82 34,84L64,88L72,104H92L100,74L108,78L104,106Q98,114 84,112"
            "H28Q14,108 14,92Z",
            "#d9e3ef",
        )
        + path("M18,90Q40,82 62,90L60,96H20Z", "#2b2f3a")
        + stroke("M101,76L96,60L88,58", "#5b6577", 4)
        + dot(103, 68, 4.4, "#ffe27a")
    )
    wheels = "".join(dot(x, 112, 11, "#2b2f3a") + dot(x, 112, 5, "#c4ccd9") for x in (30, 102))
    body = blob([(52, 54), (66, 56), (72, 70), (70, 90), (50, 92), (46, 72)], c) + stroke(
        "M49,76Q60,80 71,76", "#ffffff", 3.4
    )
    leg = line([(58, 90), (84, 90), (86, 106)], "#2b2f3a", 11) + path(
        "M79,106H91Q98,108 97,112H79Z", "#ef5b3c"
    )
    arm_ = (
        line([(62, 62), (74, 74), (88, 62)], dark(c), 9.6)
        + line([(62, 62), (74, 74), (88, 62)], c, 8)
        + dot(90, 60, 5, SKIN.base)
    )
    neck_ = f'<rect x="57" y="44" width="11" height="13" fill="{SKIN.shade}"/>'
    return document(
        place(back, 64, 33, 0.92)
        + box
        + wheels
        + scooter
        + neck_
        + leg
        + body
        + place(face, 64, 33, 0.92)
        + arm_
    )


@figure_b
def sanitation_worker() -> str:
    f = bust(sex="m")
    c = "#f59a1f"
    vest = "".join(
        path(f"M{64 + s * 12},78L{64 + s * 32},86L{64 + s * 30},123H{64 + s * 6}V100Z", "#ff6a1a")
        for s in (-1, 1)
    ) + stroke("M36,104H58M70,104H92M37,115H58M70,115H91", "#eaf7a8", 4)
    return person(
        f,
        turned("covered", -2, sex="m", hat="cap", mouth="open", hat_colour=("#ff6a1a", "#eaf7a8")),
        [bust_top(f, c), neckline(f), vest],
        front=place(broom(0, 0, 60, -50), 106, 62, 1, 180) + ell(106, 102, 8, 7, SKIN.base),
    )


@figure_b
def tai_chi_elder() -> str:
    f = replace(adult(), head_y=32, sh_y=57)
    c = "#b9d7ef"
    shade = "#6f9cc4"
    lower = (
        line([(59, 88), (58, 118)], c, 12)
        + line([(69, 88), (90, 92), (82, 110)], c, 12)
        + ell(56, 121, 9, 3.2, INK)
        + ell(80, 115, 6, 4, INK)
    )
    clothes = [
        lower,
        torso(f, c, 95, 2),
        stand_collar(f, "#ffffff", shade),
        stroke("M64,60V95", shade, 1.4),
        "".join(stroke(f"M60.4,{y}H67.6", shade, 2) for y in (65, 73, 81, 89)),
    ]
    return person(
        f,
        turned("bun", age="elder", mouth="smile", colour=WHITE_HAIR),
        clothes,
        [arm(f, -1, ((14, 2), (24, -12)), c), arm(f, 1, ((14, 9), (27, 12)), c)],
    )


@figure_b
def square_dancer() -> str:
    f = replace(bust(), head_y=48, sh_y=84)
    c = "#12a08f"
    fans = folding_fan(29, 110, "#ff4f7a", -14, 27) + folding_fan(99, 110, "#ff4f7a", 14, 27)
    hands = ell(29, 111, 7, 7, SKIN.base) + ell(99, 111, 7, 7, SKIN.base)
    return person(
        f,
        turned(
            "bun",
            -2,
            age="elder",
            eyes="open",
            mouth="open",
            colour=("#5a5668", "#8d889e"),
            extra=flower(-17, -18, 5, "#ff4f7a"),
        ),
        [
            bust_top(f, c),
            neckline(f, "v", GOLD),
            flower(48, 104, 4.4, GOLD),
            flower(80, 104, 4.4, GOLD),
        ],
        front=fans + hands,
    )


@figure_b
def calligrapher() -> str:
    f = replace(adult(), cx=42, head_y=33, sh_y=58)
    c = "#f0e4cf"
    scroll = (
        rect(76, 14, 42, 96, "#fffdf6", 1)
        + rect(80, 20, 34, 84, "#f3ead6")
        + rect(73, 10, 48, 6, "#7a4a26", 3)
        + rect(73, 108, 48, 6, "#7a4a26", 3)
    )
    ink = stroke("M86,38H108M97,27Q97,46 86,56M97,39Q100,50 108,56", INK, 4) + stroke(
        "M97,66V88M86,74V88H108V74", INK, 4
    )
    pose = ((13, 9), (30, -1))
    h = hand_at(f, 1, pose)
    gown = [
        skirt(f, "#2f5f7f", 119, 22, 72, 3),
        torso(f, c, 80),
        cross_collar(f, "#2f5f7f"),
        belt(f, "#2f5f7f", 73, 3),
    ]
    return person(
        f,
        turned("side_knot", 3, mouth="smile"),
        gown,
        [wide_sleeve(f, -1, ((6, 12), (1, 22)), c, 10)],
        behind=scroll + ink,
        front=brush(h[0] + 3, h[1] - 2, -38, 1.05) + wide_sleeve(f, 1, pose, c, 16),
    )


@figure_b
def tea_master() -> str:
    f = bust(sex="m")
    c = "#5f6f4a"
    gaiwan = (
        path("M50,104H78Q77,119 68,120H60Q51,119 50,104Z", "#f4f8fd")
        + stroke("M55,110q4,5 9,0q4,5 9,0", "#3c78c2", 1.8)
        + ell(64, 104, 14, 3, "#b98232")
        + ell(64, 121, 16, 3, "#dfe9f5")
    )
    return person(
        f,
        turned("receding", sex="m", mouth="smile", beard="goatee"),
        [bust_top(f, c), stand_collar(f, c, "#c9d2a8"), stroke("M64,90V123", "#c9d2a8", 2)],
        front=steam(57, 98, 3)
        + gaiwan
        + ell(46, 115, 8, 7, SKIN.base)
        + ell(82, 115, 8, 7, SKIN.base),
    )


@figure_b
def peking_opera_performer() -> str:
    f = replace(bust(sex="m"), head_y=63, head_s=1.2, sh_y=96)
    c = "#1f9a5f"
    skull = (
        "M-20,-3C-20,-17-11,-22 0,-22C11,-22 20,-17 20,-3C20,8 18,14 10,19"
        "C5,22-5,22-10,19C-18,14-20,8-20,-3Z"
    )
    paint = (
        path(skull, "#d8202f")
        + mirrored(
            path("M3,-3C6,-10 14,-14 19,-13C18,-4 14,4 8,5C5,4 3,1 3,-3Z", "#17131d")
            + stroke("M13,8Q16,12 12,17", "#17131d", 1.6)
        )
        + path("M-2,-20H2L3,-6L0,-2L-3,-6Z", GOLD)
    )
    flags = "".join(
        place(
            rect(-1.2, -46, 2.4, 46, "#96602f")
            + path("M1,-46H22L16,-36L22,-27H1Z", "#2f6fd0")
            + dot(10, -37, 3.4, GOLD),
            64 + s * 18,
            92,
            1,
            s * a,
            s < 0,
        )
        for s in (-1, 1)
        for a in (24, 52)
    )
    armour = "".join(
        path(f"M{x - 6},{y}q6,8 12,0z", GOLD)
        for x, y in ((44, 106), (57, 106), (71, 106), (84, 106), (50, 115), (64, 115), (78, 115))
    )
    head = turned(
        "",
        0,
        sex="m",
        hat="opera_helmet",
        mouth="smile",
        paint=paint,
        hat_colour=(c, "#f58fb4"),
        extra=path("M-9,14Q0,11 9,14L11,40Q0,48-11,40Z", "#17131d")
        + stroke("M-5,18L-6,40M0,17V43M5,18L6,40", "#4a4160", 1.2),
    )
    return person(f, head, [bust_top(f, c), stand_collar(f, "#ffffff", GOLD), armour], behind=flags)


@figure_b
def kung_fu_woman() -> str:
    f = replace(adult(), cx=48, head_y=34, head_s=0.86, sh_y=57)
    c = "#f4f6fb"
    dark_ = "#27345a"
    kick = (
        line([(54, 86), (80, 76), (106, 60)], dark_, 11.5)
        + place(ell(0, 0, 4.4, 8, "#e8394a"), 111, 56, 1, -30)
        + line([(46, 86), (44, 103), (46, 118)], dark_, 11.5)
        + ell(48, 121, 8.6, 3.2, "#e8394a")
    )
    clothes = [
        kick,
        torso(f, "#e6ecf5", 92, 1),
        cross_collar(f, dark_),
        belt(f, "#e8394a", 74, 5),
        stroke("M42,79L36,94M44,79L43,96", "#e8394a", 3),
    ]
    return person(
        f,
        turned("twin_buns", 3, mouth="calm"),
        clothes,
        [arm(f, -1, ((12, 8), (9, -6)), c), arm(f, 1, ((9, 8), (19, 1)), c)],
    )


@figure_b
def plus_size_dancer() -> str:
    f = replace(adult("plus"), head_y=36, head_s=0.88, sh_y=59, waist_y=78)
    c, sl = "#d8304f", "#f2b3c6"
    ribbons = "".join(
        line(
            [
                (64 + s * 34, 48),
                (64 + s * 44, 26),
                (64 + s * 56, 30),
                (64 + s * 52, 52),
                (64 + s * 57, 70),
            ],
            sl,
            8,
        )
        + line(
            [
                (64 + s * 34, 48),
                (64 + s * 44, 26),
                (64 + s * 56, 30),
                (64 + s * 52, 52),
                (64 + s * 57, 70),
            ],
            "#d8809b",
            1.2,
        )
        for s in (-1, 1)
    )
    gown = [
        skirt(f, "#3f4fa8", 120, 41, 78, 5),
        torso(f, c, 82),
        cross_collar(f, GOLD, "#fff3e0"),
        belt(f, GOLD, 76, 5),
    ]
    up = ((14, 3), (22, -12))
    return person(
        f,
        turned("hanfu_updo", 2, mouth="smile"),
        gown,
        [ribbons, arm(f, -1, up, c), arm(f, 1, up, c)],
    )


@figure_b
def plus_size_model() -> str:
    f = replace(adult("plus"), head_y=31)
    lower = (
        line([(50, 90), (51, 115)], "#26304f", 20)
        + line([(78, 90), (71, 115)], "#323e63", 20)
        + foot_shape(50, 121, 10, "#e8394a", -1)
        + foot_shape(74, 121, 10, "#e8394a")
    )
    top = [
        lower,
        torso(f, "#e8394a", 92),
        neckline(f, "scoop"),
        *(
            path(
                f"M{64 + s * 8},52L{64 + s * 21},56L{64 + s * 26},66L{64 + s * 34},98"
                f"L{64 + s * 17},101Q{64 + s * 17},76 {64 + s * 8},52Z",
                "#f0b429",
            )
            for s in (-1, 1)
        ),
    ]
    return person(
        f,
        turned("afro_short", mouth="open", extra=mirrored(ring(20.6, 11, 4, GOLD, 1.8))),
        top,
        [arm(f, -1, HIP, "#f0b429"), arm(f, 1, ((13, 8), (19, -6)), "#f0b429")],
    )


# --- more people who get left out --------------------------------------------


@figure_b
def plus_size_woman_hanfu() -> str:
    f = replace(bust("plus"), head_y=57, head_s=1.2, sh_y=91, waist_y=121)
    c = "#7fb8d8"
    return person(
        f,
        turned("side_knot", -2, mouth="smile", extra=cloud(0, -12, 1.7, 1.7, 4, "#e0344f")),
        [
            bust_top(f, c),
            cross_collar(f, "#2f5f8f", "#fff6f0"),
            "".join(flower(x, y, 4.4, "#ffffff") for x, y in ((30, 106), (98, 104), (88, 117))),
        ],
    )


@figure_b
def plus_size_woman_afro() -> str:
    f = replace(bust("plus"), head_y=56, head_s=1.18, sh_y=90)
    c = "#d8345f"
    return person(
        f,
        turned("afro_band", mouth="open", hat_colour=(c, GOLD)),
        [bust_top(f, c), neckline(f, "v", "#f2a51f")],
    )


@figure_b
def plus_size_grandmother() -> str:
    f = bust("plus")
    c = "#7a4a8f"
    knots = "".join(stroke(f"M58,{y}H70", "#f2d9a0", 2.6) for y in (96, 106, 116))
    return person(
        f,
        turned("low_bun", 2, age="elder", eyes="glasses", mouth="smile", colour=GREY),
        [
            bust_top(f, c),
            stand_collar(f, c, "#f2d9a0"),
            stroke("M64,88V123", "#f2d9a0", 1.6),
            knots,
            *(flower(x, y, 5, "#d9a8e8") for x, y in ((36, 102), (92, 102), (46, 116), (82, 116))),
        ],
    )


@figure_b
def pregnant_woman() -> str:
    f = replace(adult(), cx=60, head_y=31)
    c, t = "#4f9fb8", "#33415f"
    lower = (
        line([(58, 90), (57, 117)], t, 9)
        + line([(65, 90), (67, 117)], dark(t), 9)
        + foot_shape(59, 121, 6, "#e0506f")
        + foot_shape(70, 121, 6, "#e0506f")
    )
    trunk = blob(
        [
            (54, 52),
            (66, 52),
            (74, 58),
            (76, 67),
            (84, 76),
            (86, 86),
            (78, 95),
            (62, 97),
            (49, 94),
            (48, 80),
            (49, 66),
            (49, 56),
        ],
        c,
    )
    stripes = stroke("M49,74H81M48.4,84H85", "#e8f4f8", 2.6)
    return person(
        f,
        turned("ponytail", 3, eyes="happy", mouth="smile"),
        [lower, trunk, stripes, neckline(f)],
        [arm(f, 1, ((1, 14), (10, 22)), c, 0.6)],
    )
