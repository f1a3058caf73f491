"""The `a` drawings: mostly full-length standing figures, faces drawn the first way.

Here: dress, peoples, work and play.
"""

from __future__ import annotations

from dataclasses import replace

from bodies import (
    DOWN,
    FRONT,
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
    cross_collar,
    flower,
    hand_at,
    joined_sleeves,
    legs,
    neckline,
    person,
    placket,
    skirt,
    stand_collar,
    torso,
    wide_sleeve,
)
from faces import GREY, WHITE_HAIR, Head
from props import (
    book,
    broom,
    brush,
    cup,
    folding_fan,
    round_fan,
    steam,
    steamer,
    table,
    takeaway_bag,
    teapot,
)
from registry import figure_a
from skin import SKIN
from svg import (
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
    rect,
    ring,
    sil,
    stroke,
)

RED, JADE, CREAM = "#dc2f3c", "#2f9e78", "#fbf3e2"


# --- Chinese dress -----------------------------------------------------------


@figure_a
def woman_qipao() -> str:
    f = adult()
    c = "#1f7a66"
    body = sil(
        [
            (f.neck, 51.6),
            (f.sh * 0.7, 53.4),
            (f.sh - 1, 58),
            (f.chest, 65),
            (f.waist - 1.4, 74),
            (f.hip + 0.6, 88),
            (f.hip - 2, 104),
            (f.hip - 3.6, 114),
        ],
        c,
    )
    slit = path("M78,114L76.6,96L72,115Z", SKIN.base)
    sprays = (
        stroke("M58,108Q54,96 60,86Q62,80 58,74", "#8fd8b8", 1.6)
        + flower(57, 74, 3, "#ffd7e0")
        + flower(61, 86, 3.6, "#ffd7e0")
        + flower(56, 98, 3, "#ffd7e0")
    )
    clothes = [
        bare_legs(f, "#c9a227", 106),
        body,
        slit,
        stand_collar(f, c, GOLD),
        placket(f, GOLD),
        sprays,
    ]
    return person(
        f,
        Head("low_bun", mouth="calm", extra=flower(-17, -15, 5, "#ff8fab")),
        clothes,
        arms(f, DOWN, c, 0.22, HIP),
        front=round_fan(*hand_at(f, -1, DOWN), turn=-24),
    )


@figure_a
def man_changshan() -> str:
    f = adult("average", "m")
    c = "#33527e"
    robe = sil(
        [
            (f.neck, 51.6),
            (f.sh * 0.7, 53.4),
            (f.sh, 58),
            (f.chest, 66),
            (f.waist + 1.6, 76),
            (f.hip + 3, 92),
            (f.hip + 5, 117),
        ],
        c,
    )
    clothes = [
        legs(f, "#2a2f3f", "#1f1b26"),
        robe,
        stand_collar(f, c, "#a9c4e4"),
        placket(f, "#a9c4e4"),
        stroke("M51,74V116", dark(c, 0.3), 1.4),
    ]
    return person(
        f,
        Head("side_part", sex="m", eyes="glasses"),
        clothes,
        arms(f, DOWN, c, 1, FRONT),
        front=book(64, 72, "#f3ead2", 16),
    )


@figure_a
def woman_hanfu() -> str:
    f = replace(adult(), head_y=34, sh_y=57, waist_y=71)
    c = "#ffd3dc"
    gown = [
        torso(f, c, 74),
        cross_collar(f, "#e76f8a"),
        skirt(f, "#5bb5a8", 119, 29, 68, 5),
        belt(f, "#e76f8a", 68, 4),
        stroke("M66,71Q70,90 67,106M62,71Q60,86 61,98", "#e76f8a", 2.2),
    ]
    return person(
        f,
        Head("hanfu_updo", mouth="smile", extra=cloud(0, -11, 1.7, 1.7, 4, "#e0344f")),
        gown,
        [joined_sleeves(f, c, "#e76f8a")],
    )


@figure_a
def man_hanfu() -> str:
    f = replace(adult("average", "m"), head_y=34, sh_y=57)
    c = "#3d7fb5"
    robe = sil(
        [
            (f.neck, 53),
            (f.sh, 59),
            (f.chest, 66),
            (f.waist + 1, 75),
            (f.hip + 5, 94),
            (f.hip + 10, 119),
        ],
        c,
    )
    gown = [
        ell(55, 120, 8, 3.4, "#26222e"),
        ell(73, 120, 8, 3.4, "#26222e"),
        robe,
        cross_collar(f, "#e8f1fa", "#ffffff"),
        belt(f, "#1f3f66", 76, 4.4, "#8fd8b8"),
        stroke("M70,80V104", "#8fd8b8", 1.6),
        dot(70, 96, 3, "#8fd8b8"),
        stroke("M64,82V118", dark(c), 1.2),
    ]
    return person(
        f, Head("topknot", sex="m", mouth="smile"), gown, [joined_sleeves(f, c, "#e8f1fa")]
    )


def gold_spray(x: float, y: float, s: float = 1) -> str:
    """A gold embroidered peony with leaves."""
    return place(
        cloud(0, 0, 4, 4, 6, GOLD)
        + dot(0, 0, 1.7, RED)
        + stroke("M-5,3Q-9,6-8,10M5,3Q9,6 8,10", GOLD, 1.5),
        x,
        y,
        s,
    )


@figure_a
def bride_chinese() -> str:
    f = replace(adult(), head_y=34, head_s=0.94, sh_y=57)
    c = "#d0202f"
    clothes = [
        skirt(f, dark(c, 0.12), 119, 29, 80),
        stroke("M37,116Q64,123 91,116M38.6,110Q64,117 89.4,110", GOLD, 2),
        rect(57, 88, 14, 30, c),
        stroke("M57,90V119M71,90V119", GOLD, 1.4),
        torso(f, c, 93, 4),
        stand_collar(f, c, GOLD),
        stroke("M64,60V93", GOLD, 1.8),
        stroke("M46,93Q64,97 82,93", GOLD, 2.4),
        gold_spray(55, 80, 0.9),
        gold_spray(73, 80, 0.9),
        gold_spray(64, 102, 0.9),
    ]
    sleeves = [joined_sleeves(f, c, GOLD)]
    return person(
        f,
        Head("bridal_updo", "phoenix_crown", mouth="calm", hat_colour=(RED, GOLD)),
        clothes,
        sleeves,
    )


@figure_a
def groom_chinese() -> str:
    f = replace(adult("average", "m"), head_y=33, sh_y=57)
    c = "#c8202f"
    robe = sil([(f.hip, 84), (f.hip + 4, 100), (f.hip + 6, 118)], dark(c, 0.2))
    clothes = [
        ell(55, 120, 8, 3.4, "#1f1b26"),
        ell(73, 120, 8, 3.4, "#1f1b26"),
        robe,
        stroke("M44,113Q64,117 84,113", GOLD, 1.8),
        torso(f, c, 92, 2),
        stand_collar(f, c, GOLD),
        stroke("M64,60V92", GOLD, 1.6),
    ]
    badge = "".join(
        dot(x, y, 5, GOLD) + stroke(f"M{x - 2.6},{y + 1}q2.6,-5 5,0q-1,3-3,2", c, 1.3)
        for x, y in ((54, 84), (74, 84))
    )
    ball = (
        stroke("M52,56L64,69L76,56M64,72L58,84M64,72L70,84", "#f0455a", 3)
        + cloud(64, 70, 7, 7, 9, "#f0455a")
        + cloud(64, 70, 3.4, 3.4, 6, "#ff8f9b")
    )
    return person(
        f,
        Head("covered", "zhuangyuan", sex="m", hat_colour=(c, GOLD)),
        [*clothes, badge, ball],
        arms(f, DOWN, c),
    )


@figure_a
def tibetan_woman() -> str:
    f = adult()
    c = "#3a2a5e"
    robe = [
        bare_legs(f, "#7a2530", 112),
        skirt(f, c, 116, 22),
        torso(f, c, 80),
        cross_collar(f, "#e2458b", "#f6d34a"),
    ]
    apron = "".join(
        rect(54, 80 + i * 4.6, 20, 4.7, col)
        for i, col in enumerate(
            ("#e8433f", "#f6c445", "#35a66f", "#3f86d8", "#f07fae", "#f4f0e6", "#e8433f")
        )
    )
    beads = "".join(
        dot(64 + x, 58 + y, 2.3, col)
        for x, y, col in (
            (-9, 1, "#e2483d"),
            (-6, 6, "#2fb3b8"),
            (0, 9, "#f2a51f"),
            (6, 6, "#2fb3b8"),
            (9, 1, "#e2483d"),
        )
    )
    return person(
        f,
        Head(
            "coral_braids",
            mouth="open",
            extra=mirrored(dot(20.6, 9, 2.6, "#2fb3b8") + dot(20.6, 14, 2, "#e2483d")),
        ),
        [*robe, apron, belt(f, "#d8a52c", 75, 5), beads],
        arms(f, DOWN, "#e2458b", 1, HIP),
    )


@figure_a
def mongolian_man() -> str:
    f = replace(adult("average", "m"), head_y=39, head_s=0.9, sh_y=61, waist_y=79)
    c = "#2368b8"
    boots = "".join(
        rect(64 + s * 8.6 - 5.6, 102, 11.2, 18, "#6d2f24", 3)
        + path(
            f"M{64 + s * 8.6 - s * 6:g},122C{64 + s * 8.6 - s * 6:g},113 {64 + s * 14:g},114"
            f" {64 + s * 18:g},114Q{64 + s * 18:g},122 {64 + s * 12:g},122Z",
            "#8a3d2c",
        )
        for s in (-1, 1)
    )
    robe = sil(
        [
            (f.neck, 57),
            (f.sh, 63),
            (f.chest, 70),
            (f.waist + 1, 80),
            (f.hip + 4, 96),
            (f.hip + 6.5, 108),
        ],
        c,
    )
    hem = stroke("M43,107H85", GOLD, 2.4)
    return person(
        f,
        Head("covered", "mongol_hat", sex="m", mouth="open", hat_colour=("#c8283a", "#5a3a2a")),
        [
            boots,
            robe,
            hem,
            stand_collar(f, c, GOLD),
            placket(f, GOLD),
            belt(f, "#f0862e", 79, 6),
            stroke("M54,84Q52,94 54,102", "#f0862e", 3),
        ],
        arms(f, HIP, c),
    )


@figure_a
def miao_girl() -> str:
    f = replace(child(), head_y=52, head_s=0.98, sh_y=74, waist_y=88, hip_y=96)
    c = "#243a7a"
    band = "".join(
        path(f"M{x},106l3,-4l3,4l-3,4z", col)
        for x, col in zip(range(44, 84, 6), ["#f2a51f", "#e8394a"] * 4, strict=False)
    )
    clothes = [
        bare_legs(f, "#7a2530", 112),
        skirt(f, c, 113, 26, 86, 6),
        band,
        torso(f, c, 90),
        stroke("M50,88H78", "#e8394a", 3.4),
    ]
    collar = "".join(
        stroke(
            f"M{64 - w},{72 + i * 2}Q64,{84 + i * 6} {64 + w},{72 + i * 2}",
            "#dfe5ee" if i != 1 else "#9aa6ba",
            3.2,
        )
        for i, w in enumerate((9, 11, 13))
    ) + "".join(
        dot(x, y, 1.9, "#dfe5ee") for x, y in ((54, 86), (59, 90), (64, 91.4), (69, 90), (74, 86))
    )
    limbs = [arm(f, -1, OUT, c), arm(f, 1, OUT, c)]
    cuffs = "".join(stroke(f"M{64 + s * 26.6:g},{77:g}V83.6", "#e8394a", 3.4) for s in (-1, 1))
    return person(
        f,
        Head("covered", "silver_horns", age="child", mouth="smile", hat_colour=("#e8394a", GOLD)),
        [*clothes, collar],
        limbs,
        front=cuffs,
    )


@figure_a
def uyghur_girl() -> str:
    f = child()
    cols = ("#e8394a", "#f6c445", "#23a0a8", "#7a3fb8")
    flames = "".join(
        path(f"M{x},{y}q3,-5 0,-11q-3,6 0,11z", cols[(i + 1) % 4])
        for i, (x, y) in enumerate(
            (
                (46, 108),
                (54, 110),
                (62, 111),
                (70, 111),
                (78, 110),
                (85, 107),
                (52, 98),
                (60, 99),
                (68, 99),
                (76, 98),
            )
        )
    )
    vest = path(
        "M50,66Q52,80 50,88L61,88L61,68ZM78,66Q76,80 78,88L67,88L67,68Z", "#1f3f5f"
    ) + stroke("M60.6,69V88M67.4,69V88", GOLD, 1.5)
    return person(
        f,
        Head("many_braids", "doppa", age="child", mouth="open", hat_colour=("#1f7a4f", GOLD)),
        [
            bare_legs(f, "#7a2530", 110),
            skirt(f, "#f5a13a", 110, 25),
            flames,
            torso(f, "#e8394a", 86),
            neckline(f),
            vest,
        ],
        arms(f, ((9, 8), (14, -2)), "#e8394a", 1, ((10, -3), (5, -17))),
    )


# --- work and play -----------------------------------------------------------


@figure_a
def street_vendor() -> str:
    f = replace(adult("average", "m"), head_y=32, sh_y=57, waist_y=76)
    c = "#5f9ed1"
    apron = path("M54,62H74L76,100H52Z", "#f7f7f2") + stroke(
        "M55,62L59,53M73,62L69,53", "#f7f7f2", 2.6
    )
    stall = (
        rect(8, 94, 112, 8, "#a8682f", 2)
        + rect(12, 102, 104, 20, "#d8433c")
        + "".join(rect(12 + i * 26, 102, 13, 20, "#f7e3c0") for i in range(4))
        + stroke("M12,122H116", "#a8682f", 2)
    )
    goods = steamer(30, 94, 2) + steamer(98, 94, 1) + steam(23, 66, 3) + steam(92, 76, 3)
    return person(
        f,
        Head("", "chef", sex="m", mouth="open", hat_colour=("#e2e9f3", "#9fb0c8")),
        [torso(f, c, 98), neckline(f), apron],
        arms(f, ((6, 12), (-1, 22)), c, 0.5, WAVE),
        front=stall + goods,
    )


@figure_a
def delivery_rider() -> str:
    f = replace(adult("average", "m"), head_y=33, sh_y=57)
    c = "#ffc91f"
    box = rect(36, 50, 56, 42, "#2b2f3a", 5) + rect(38, 52, 52, 12, c, 4)
    clothes = [
        legs(f, "#2b2f3a", "#ef5b3c"),
        torso(f, c, 93),
        stand_collar(f, "#2b2f3a"),
        stroke("M64,62V93", "#2b2f3a", 1.6),
        stroke("M48,78H80", "#f4f6fa", 4),
        stroke("M52,56V76M76,56V76", "#2b2f3a", 3),
    ]
    h = hand_at(f, 1, OUT)
    return person(
        f,
        Head("covered", "helmet", sex="m", mouth="open", hat_colour=(c, "#2b2f3a")),
        clothes,
        arms(f, DOWN, c, 1, OUT),
        behind=box,
        front=takeaway_bag(h[0], h[1] + 3) + dot(*h, 4.8, SKIN.base),
    )


@figure_a
def sanitation_worker() -> str:
    f = replace(adult(), head_y=32, sh_y=57)
    c = "#ff7a1a"
    bands = "".join(
        stroke(f"M{64 - w},{y}H{64 + w}", "#e9f7b0", 3.6) for w, y in ((11, 72), (14, 86))
    )
    clothes = [
        legs(f, c, "#2f6f4f", cuff=5.4),
        torso(f, c, 94),
        stand_collar(f, dark(c)),
        stroke("M64,60V94", dark(c), 1.4),
        bands,
        stroke("M50,112H62M66,112H78", "#e9f7b0", 3),
    ]
    pose = ((8, 12), (15, 9))
    return person(
        f,
        Head("low_bun", "straw_hat", mouth="smile", hat_colour=("#f0c75a", c)),
        clothes,
        [arm(f, -1, DOWN, c)],
        front=broom(100, 0, 122, 34) + arm(f, 1, pose, c),
    )


@figure_a
def tai_chi_elder() -> str:
    f = replace(adult("average", "m"), head_y=30, sh_y=55, cx=60)
    c = "#d6e6f5"
    shade = "#86a3c4"
    lower = (
        line([(56, 86), (34, 98), (28, 118)], c, 12)
        + line([(64, 86), (86, 96), (100, 117)], c, 12)
        + stroke("M56,88L34,100M64,88L86,98", shade, 1.2)
        + ell(26, 120, 9, 3.4, "#26222e")
        + ell(104, 120, 9, 3.4, "#26222e")
    )
    clothes = [
        lower,
        torso(f, c, 94, 2),
        stand_collar(f, c, shade),
        stroke("M60,58V94", shade, 1.3),
        "".join(stroke(f"M56.6,{y}H63.4", "#4a6fa5", 1.8) for y in (62, 70, 78, 86)),
        stroke("M44,92Q60,97 76,92", shade, 1.2),
    ]
    limbs = [arm(f, -1, ((13, 10), (22, 18)), c), arm(f, 1, ((15, 3), (29, -5)), c)]
    return person(
        f,
        Head("receding", sex="m", age="elder", beard="long", eyes="happy", colour=WHITE_HAIR),
        clothes,
        limbs,
    )


@figure_a
def square_dancer() -> str:
    f = replace(adult(), waist=13.5, hip=17, chest=15, head_y=31)
    c = "#e5308a"
    clothes = [
        legs(f, "#2b2440", "#f2b632", cuff=6.4, stance=11),
        torso(f, c, 95, 3),
        neckline(f, "v", GOLD),
        stroke("M46,94Q64,99 82,94", GOLD, 2.2),
        flower(55, 72, 3.4, GOLD),
        flower(72, 84, 3.4, GOLD),
    ]
    lo, hi = ((12, 6), (22, 0)), ((10, -6), (17, -20))
    h, g = hand_at(f, -1, lo), hand_at(f, 1, hi)
    fans = folding_fan(h[0], h[1], "#ff5a3c", -70, 18) + folding_fan(g[0], g[1], "#ff5a3c", 38, 18)
    return person(
        f,
        Head("perm", mouth="open", age="elder", eyes="happy"),
        clothes,
        [fans, arm(f, -1, lo, c), arm(f, 1, hi, c)],
    )


@figure_a
def calligrapher() -> str:
    f = replace(adult("average", "m"), head_y=33, sh_y=58, waist_y=78)
    c = "#4f7a6a"
    paper = rect(30, 92, 56, 9, "#fffdf4", 1) + stroke(
        "M36,96.4h9M53,94.6h7M52,98.6h9M69,94h7M70,96.4h5M68,98.8h9", "#2a2532", 1.5
    )
    desk = (
        table(98)
        + paper
        + path("M94,90h18l-2,9h-14z", "#3a3f4c")
        + ell(103, 90, 9, 2.4, "#15131c")
        + rect(14, 84, 9, 15, "#3c78c2", 2)
        + stroke("M16,84V72M20,84V74", "#b5873c", 1.8)
    )
    pose = ((7, 13), (2, 19))
    h = hand_at(f, 1, pose)
    return person(
        f,
        Head("receding", sex="m", age="elder", beard="goatee", colour=GREY, eyes="glasses"),
        [torso(f, c, 100, 5), cross_collar(f, "#e8e2cc")],
        [arm(f, -1, ((8, 14), (4, 25)), c)],
        front=desk + brush(h[0] - 2, h[1] + 2, 8) + arm(f, 1, pose, c),
    )


@figure_a
def tea_master() -> str:
    f = replace(adult(), head_y=33, sh_y=58, waist_y=78)
    c = "#c9dcc4"
    desk = (
        table(100, "#7a4a26")
        + cup(34, 98)
        + cup(48, 98)
        + rect(72, 95, 36, 5, "#4a2f1c", 2)
        + stroke("M52,93Q50,84 54,80", "#b98232", 1.6)
    )
    pose = ((9, 12), (7, 20))
    hand_at(f, 1, pose)
    return person(
        f,
        Head("bun", mouth="calm"),
        [torso(f, c, 102, 6), cross_collar(f, "#5f8f6a", "#ffffff")],
        [arm(f, -1, ((7, 13), (-1, 24)), c)],
        front=desk
        + teapot(70, 82, s=1.05)
        + steam(30, 88, 3)
        + arm(f, 1, (pose[0], (pose[1][0] - 2, pose[1][1] + 2)), c),
    )


@figure_a
def peking_opera_performer() -> str:
    f = replace(adult(), head_y=42, head_s=0.98, sh_y=64, waist_y=80)
    c = "#f58fb4"
    rouge = mirrored(
        blob([(3, -8), (10, -12), (17, -7), (15, 4), (11, 11), (6, 7), (3, 2)], "#f0637f")
    )
    liner = mirrored(stroke("M4.6,-3Q9,-6 13,-3L17,-8", "#17131d", 2.2))
    robe = [
        torso(f, c, 84),
        skirt(f, "#fff0d8", 119, 24, 80, 4),
        stroke("M40,113Q64,121 88,113", "#39a6d8", 3),
        path("M56,82H72L75,112Q64,116 53,112Z", c),
        stroke("M56,84L53,112Q64,116 75,112L72,84", "#39a6d8", 1.8),
        flower(64, 97, 4.4, "#ffffff"),
        stand_collar(f, "#39a6d8", GOLD),
    ]
    cape = cloud(64, 67, 18, 7, 12, "#39a6d8") + "".join(
        flower(x, y, 2.4, GOLD) for x, y in ((52, 68), (64, 71), (76, 68))
    )
    out = ((10, 9), (20, 9))
    sleeves = [wide_sleeve(f, -1, out, c, 20, "#39a6d8"), wide_sleeve(f, 1, out, c, 20, "#39a6d8")]
    return person(
        f, Head("", "opera_crown", mouth="calm", paint=rouge, extra=liner), [*robe, cape], sleeves
    )


@figure_a
def kung_fu_woman() -> str:
    f = replace(adult(), cx=58, head_y=31)
    c = "#d8232f"
    lower = (
        line([(54, 86), (34, 97), (24, 117)], "#1f1d2b", 12)
        + line([(62, 86), (86, 94), (92, 117)], "#1f1d2b", 12)
        + ell(22, 120, 9, 3.4, "#f4f4f8")
        + ell(97, 120, 9, 3.4, "#f4f4f8")
    )
    clothes = [
        lower,
        torso(f, c, 93, 2),
        stand_collar(f, c, GOLD),
        stroke("M58,58V93", GOLD, 1.4),
        "".join(stroke(f"M54.6,{y}H61.4", GOLD, 1.8) for y in (62, 69)),
        belt(f, "#1f1d2b", 75, 5),
        stroke("M53,79L49,95M55,80L55,96", "#1f1d2b", 3),
    ]
    limbs = [arm(f, -1, ((11, 11), (3, 14)), c), arm(f, 1, ((16, 3), (34, 0)), c)]
    return person(f, Head("ponytail", mouth="calm"), clothes, limbs)


@figure_a
def plus_size_dancer() -> str:
    f = replace(adult("plus"), head_y=34, head_s=0.88, sh_y=57, waist_y=77)
    c = "#7a3fd0"
    frill = "".join(
        cloud(64, y, w, 5, 16, col) for y, w, col in ((98, 41, "#a678ec"), (90, 37, "#c4a2f5"))
    )
    clothes = [
        bare_legs(f, "#f7a8c8", 98, stance=9),
        frill,
        skirt(f, c, 92, 40, 76),
        torso(f, c, 80),
        neckline(f, "scoop"),
        belt(f, "#ffd15c", 75, 3),
    ]
    return person(
        f,
        Head("bun", mouth="open", extra=flower(-13, -22, 4.4, "#ff8fab")),
        clothes,
        arms(f, ((14, 3), (22, -14)), "", 0, ((15, -2), (22, -24))),
    )


@figure_a
def plus_size_model() -> str:
    f = adult("plus")
    c = "#12857a"
    gown = [
        bare_legs(f, GOLD, 104),
        sil([(f.waist, 74), (f.hip + 1, 88), (f.hip - 1, 101), (f.hip + 8, 116)], c),
        stroke("M52,114Q54,98 44,84M64,115V92M78,114Q76,98 86,86", dark(c), 1.4),
        torso(f, c, 80),
        neckline(f, "v", GOLD),
        belt(f, GOLD, 74, 4),
    ]
    return person(
        f,
        Head("wavy", mouth="calm", extra=mirrored(dot(20, 10, 2.4, GOLD) + dot(20, 15, 1.8, GOLD))),
        gown,
        arms(f, HIP, "", 0, DOWN),
    )


# --- more people who get left out --------------------------------------------


@figure_a
def plus_size_woman_hanfu() -> str:
    f = replace(adult("plus"), head_y=35, head_s=0.9, sh_y=58, waist_y=76)
    gown = [
        torso(f, "#f7b23f", 78),
        cross_collar(f, "#c8354f"),
        skirt(f, "#c8354f", 119, 42, 68, 6),
        belt(f, "#2f8f7f", 67, 4),
        stroke("M62,71Q58,90 61,106M66,71Q71,88 68,100", "#2f8f7f", 2.6),
    ]
    return person(
        f,
        Head("hanfu_updo", mouth="smile", extra=cloud(0, -11, 1.8, 1.8, 4, "#e0344f")),
        gown,
        [joined_sleeves(f, "#f7b23f", "#2f8f7f")],
    )


@figure_a
def plus_size_woman_afro() -> str:
    f = replace(adult("plus"), head_y=36, head_s=0.86, sh_y=59, waist_y=77)
    c = "#1fa3a0"
    clothes = [
        legs(f, "#f2a51f", "#d8343f"),
        torso(f, c, 96, 2),
        neckline(f, "scoop"),
        "".join(
            flower(x, y, 4, "#ffe0a3")
            for x, y in ((50, 72), (78, 74), (64, 84), (46, 90), (82, 90))
        ),
    ]
    return person(
        f,
        Head("afro", mouth="open", extra=mirrored(ring(20.6, 11, 3.6, GOLD, 1.6))),
        clothes,
        arms(f, HIP, c, 0.34),
    )


@figure_a
def plus_size_grandmother() -> str:
    f = adult("plus")
    c = "#3f6fae"
    apron = (
        path("M47,68H81L89,104Q64,110 39,104Z", "#f7ecd2")
        + stroke("M48,68Q50,60 55,54M80,68Q78,60 73,54", "#f7ecd2", 2.8)
        + "".join(
            flower(x, y, 2.8, RED) for x, y in ((54, 80), (74, 80), (64, 92), (50, 98), (78, 98))
        )
    )
    return person(
        f,
        Head("perm", age="elder", eyes="happy", mouth="open", colour=WHITE_HAIR),
        [bare_legs(f, "#5a3a4f", 100), skirt(f, dark(c, 0.15), 108, 35), torso(f, c, 84), apron],
        arms(f, DOWN, c, 0.7, HIP),
    )


@figure_a
def pregnant_woman() -> str:
    f = adult()
    c = "#f28fa8"
    belly = ell(64, 82, 20, 17, light(c, 0.16)) + stroke("M46,88Q52,100 66,99", dark(c), 1.6)
    clothes = [
        bare_legs(f, "#8a4f6f", 104),
        skirt(f, c, 110, 21),
        torso(f, c, 80),
        belly,
        neckline(f, "scoop"),
        stroke("M51,68Q64,73 77,68", "#fff0f3", 2.4),
    ]
    return person(
        f,
        Head("long_hair", mouth="smile"),
        clothes,
        [arm(f, -1, ((9, 11), (2, 17)), c, 0.4), arm(f, 1, ((11, 16), (1, 33)), c, 0.4)],
    )
