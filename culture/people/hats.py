"""Headwear.  Each takes (main, trim) colours and gives (behind, in front) of the head."""

from __future__ import annotations

from collections.abc import Callable

from svg import cloud, dark, dot, ell, light, mirrored, path, place, poly, rect, sil, stroke

Layers = tuple[str, str]
GOLD = "#f2b632"
SILVER = "#dfe5ee"
SILVER_DARK = "#9aa6ba"
RED = "#dc2f3c"
PEARL = "#fff6e6"


def hijab(c: str, t: str) -> Layers:
    """A headscarf framing the face, draped over the chest."""
    back = sil([(20, -16), (25, 0), (22, 20), (24, 32)], dark(c), 0)
    frame = (
        "M0,-30C18,-30 27,-18 26,0C25,12 22,18 25,32Q0,44-25,32C-22,18-25,12-26,0"
        "C-27,-18-18,-30 0,-30Z"
    )
    hole = "M0,-17C-12,-17-18,-10-18,0C-18,12-10,20 0,20C10,20 18,12 18,0C18,-10 12,-17 0,-17Z"
    scarf = f'<path d="{frame}{hole}" fill="{c}" fill-rule="evenodd"/>'
    under = stroke("M-16,-7Q-10,-17.4 0,-17.4Q10,-17.4 16,-7", t, 2.4)
    folds = stroke("M-20,10Q-14,25 8,29M18,12Q12,26-10,35M21,-8Q23,4 20,12", dark(c), 1.6)
    return back, scarf + under + folds


def hijab_wrap(c: str, t: str) -> Layers:
    """A scarf wrapped round the neck with one end over the shoulder, pinned."""
    frame = (
        "M0,-29C20,-31 28,-14 25,2C24,12 19,20 14,25Q0,31-14,25C-19,20-24,12-25,2"
        "C-27,-14-20,-29 0,-29Z"
    )
    hole = "M0,-16C-12,-16-18,-9-18,0C-18,12-10,19.6 0,19.6C10,19.6 18,12 18,0C18,-9 12,-16 0,-16Z"
    scarf = f'<path d="{frame}{hole}" fill="{c}" fill-rule="evenodd"/>'
    wrap = path(
        "M-19,15C-10,24 8,25 19,14C24,20 23,28 15,31C18,38 18,46 14,52L3,49"
        "C6,42 6,37 3,33C-10,33-22,27-19,15Z",
        light(c, 0.15),
    )
    folds = stroke("M-14,22Q0,30 17,21M9,32Q13,40 10,48M-20,-12Q-12,-25 4,-25", dark(c), 1.5)
    band = path(
        "M-18,-3C-18,-12-10,-18.6 0,-18.6C10,-18.6 18,-12 18,-3C15,-11 9,-15"
        " 0,-15C-9,-15-15,-11-18,-3Z",
        t,
    )
    return "", scarf + band + wrap + folds + dot(15, 20, 2.2, GOLD)


def turban(c: str, t: str) -> Layers:
    """A wrapped turban rising to a peak at the front."""
    d = (
        "M-22,-1C-29,-14-24,-31-6,-35C-2,-37 2,-37 6,-35C24,-31 29,-14 22,-1"
        "C19,-8 10,-12 0,-19C-10,-12-19,-8-22,-1Z"
    )
    wraps = stroke(
        "M-25,-12Q-12,-16 0,-27M25,-12Q12,-16 0,-27M-23,-21Q-10,-24 0,-33M23,-21Q10,-24 0,-33",
        dark(c, 0.25),
        1.6,
    )
    return "", path(d, c) + path("M-6,-14L0,-21L6,-14Q0,-17-6,-14Z", t) + wraps


def turban_b(c: str, t: str) -> Layers:
    """A rounder turban wrapped to one side, with a jewel."""
    d = "M-22,0C-31,-14-22,-34 2,-34C24,-34 30,-14 22,0C19,-9 10,-13 0,-13C-10,-13-19,-9-22,0Z"
    wraps = stroke(
        "M-22,-4Q-8,-26 22,-27M-27,-14Q-14,-30 12,-33M-14,-11Q8,-14 26,-20M2,-13Q14,-11 25,-10",
        dark(c, 0.25),
        1.6,
    )
    jewel = dot(0, -20, 3.6, GOLD) + dot(0, -20, 2, t) + stroke("M0,-24Q4,-34 0,-40", "#fff3cf", 3)
    return "", path(d, c) + wraps + jewel


def cap(c: str, t: str) -> Layers:
    """A baseball cap."""
    crown = path("M-22,-6C-24,-22-13,-30 0,-30C13,-30 24,-22 22,-6Q0,-12-22,-6Z", c)
    brim = path(
        "M-20,-9C-10,-15 10,-15 20,-9C28,-7 28,-2 21,-4C10,-8-10,-8-21,-4C-28,-2-28,-7-20,-9Z",
        dark(c),
    )
    return "", crown + brim + dot(0, -30, 2, t) + dot(0, -19, 4, t)


def school_cap(c: str, t: str) -> Layers:
    """The yellow sun cap pupils wear on the way to school."""
    crown = path("M-21,-8C-22,-24-12,-30 0,-30C12,-30 22,-24 21,-8Q0,-14-21,-8Z", c)
    brim = path(
        "M-22,-10Q0,-18 22,-10C30,-8 29,-3 23,-4Q0,-12-23,-4C-29,-3-30,-8-22,-10Z", dark(c, 0.14)
    )
    return "", crown + brim + stroke("M-21,-11Q0,-18 21,-11", t, 2)


def helmet(c: str, t: str) -> Layers:
    """A rider's helmet with a raised visor and chin strap."""
    shell = path(
        "M-24,0C-27,-19-15,-31 0,-31C15,-31 27,-19 24,0L20.6,0C20,-8 15,-12"
        " 0,-12C-15,-12-20,-8-20.6,0Z",
        c,
    )
    visor = path("M-21,-10Q0,-26 21,-10L22.6,-15Q0,-31-22.6,-15Z", "#2c3a50")
    shine = stroke("M-15,-17Q-8,-22 0,-22.4", "#8fb2d9", 1.8)
    ears = mirrored(path("M20,-4C25,-2 25,6 21,8C19,4 19,0 20,-4Z", dark(c)))
    return "", shell + visor + shine + ears + stroke("M-5,-30.6Q0,-33 5,-30.6", t, 3) + mirrored(
        stroke("M20.6,7Q16,20 3,21.6", "#3a3f4c", 1.6)
    )


def bike_helmet(c: str, t: str) -> Layers:
    """An open helmet with two rabbit ears, as riders like them."""
    ears = mirrored(ell(9, -37, 4, 9, c) + ell(9, -36, 2, 6, light(t, 0.3)))
    shell = path(
        "M-24,-3C-26,-20-14,-31 0,-31C14,-31 26,-20 24,-3C18,-11 10,-13 0,-13"
        "C-10,-13-18,-11-24,-3Z",
        c,
    )
    stripe = path("M-4,-31Q0,-32 4,-31L5,-13H-5Z", t)
    return ears, shell + stripe + mirrored(stroke("M20.6,-3Q20,14 4,21", "#3a3f4c", 1.6))


def straw_hat(c: str, t: str) -> Layers:
    """A broad straw hat."""
    back = ell(0, -11, 35, 9, dark(c, 0.15))
    crown = path("M-20,-14C-20,-28-12,-34 0,-34C12,-34 20,-28 20,-14Q0,-8-20,-14Z", c)
    brim = path(
        "M-35,-11C-30,-17 30,-17 35,-11C28,-4 18,-9 0,-9C-18,-9-28,-4-35,-11Z", light(c, 0.1)
    )
    return back, brim + crown + stroke("M-20,-15Q0,-9 20,-15", t, 3.4) + stroke(
        "M-10,-28L-6,-20M2,-31L4,-22M-29,-11L-22,-11M23,-11H29", dark(c, 0.2), 1
    )


def chef(c: str, t: str) -> Layers:
    """A white cook's cap."""
    top = cloud(0, -28, 17, 8, 9, c)
    return "", top + rect(-19, -23, 38, 12, c, 4) + stroke("M-18,-12Q0,-16 18,-12", t, 2)


def doppa(c: str, t: str) -> Layers:
    """A four-cornered embroidered cap."""
    side = path("M-20,-13L-17,-29Q0,-33 17,-29L20,-13Q0,-20-20,-13Z", c)
    top = poly([(-17, -29), (0, -34), (17, -29), (0, -26)], light(c, 0.18))
    flower = cloud(0, -22, 3, 3, 5, t) + dot(0, -22, 1.4, "#e8394a")
    petals = mirrored(cloud(11, -21, 2.4, 2.4, 5, "#f58fb4") + dot(11, -21, 1.1, GOLD))
    return "", side + top + stroke("M0,-26V-18", dark(c, 0.3), 0.9) + flower + petals + stroke(
        "M-19.4,-14Q0,-21 19.4,-14", t, 1.8
    )


def doppa_side(c: str, t: str) -> Layers:
    """The embroidered cap worn at an angle."""
    cap_shape = path("M-20,-9L-22,-24Q-4,-37 15,-33L19,-17Q-2,-22-20,-9Z", c)
    top = poly([(-22, -24), (-8, -37), (15, -33), (-2, -28)], light(c, 0.2))
    almond = "".join(
        path(f"M{x},{y}q5,-6 0,-8q-5,2 0,8z", t) + dot(x, y - 3, 1, RED)
        for x, y in ((-13, -17), (-3, -20), (8, -20))
    )
    return "", cap_shape + top + almond + stroke("M-19,-11Q-2,-22 18.6,-18", t, 1.8)


def silver_horns(c: str, _t: str) -> Layers:
    """The tall Miao silver horns on a flowered crown with hanging bells."""
    horns = mirrored(
        path("M3,-24C14,-26 27,-34 26,-52C36,-40 34,-22 14,-18Z", SILVER)
        + stroke("M10,-23Q26,-28 28.6,-44", SILVER_DARK, 1.2)
    )
    fan = "".join(
        stroke(f"M0,-24L{x},{y}", SILVER_DARK, 1.4) + dot(x, y, 2.4, SILVER)
        for x, y in ((-9, -41), (0, -45), (9, -41))
    )
    crown = path("M-22,-8C-24,-21-13,-28 0,-28C13,-28 24,-21 22,-8Q0,-20-22,-8Z", SILVER)
    flowers = "".join(
        dot(x, y, 2.8, SILVER_DARK) + dot(x, y, 1.3, c)
        for x, y in ((-16, -17), (-8.6, -21), (0, -22.6), (8.6, -21), (16, -17))
    )
    bells = "".join(
        stroke(f"M{x},{y - 4}V{y}", SILVER_DARK, 1) + dot(x, y, 1.7, SILVER)
        for x, y in (
            (-20, -3),
            (-15, -8),
            (-9, -11),
            (-3, -12.6),
            (3, -12.6),
            (9, -11),
            (15, -8),
            (20, -3),
        )
    )
    return horns + fan, crown + flowers + stroke("M-22,-8Q0,-20 22,-8", SILVER_DARK, 1.4) + bells


def silver_cap(c: str, t: str) -> Layers:
    """A round Miao silver cap thick with flowers, birds and tassels."""
    stems = "".join(
        stroke(f"M0,-22L{x},{y}", SILVER_DARK, 1.2)
        + cloud(x, y, 3, 3, 5, SILVER)
        + dot(x, y, 1.3, t)
        for x, y in ((-24, -29), (-13, -38), (0, -42), (13, -38), (24, -29))
    )
    dome = path("M-23,-5C-26,-22-14,-32 0,-32C14,-32 26,-22 23,-5Q0,-16-23,-5Z", SILVER)
    band = path("M-23,-5Q0,-16 23,-5L23.6,-11Q0,-22-23.6,-11Z", c)
    knobs = "".join(
        dot(x, y, 1.6, SILVER) for x, y in ((-17, -12), (-9, -15), (0, -16.4), (9, -15), (17, -12))
    )
    sides = mirrored(
        "".join(
            stroke(f"M{x},-6V{y}", SILVER_DARK, 1.1) + dot(x, y, 1.9, SILVER)
            for x, y in ((22, 14), (26, 9))
        )
    )
    scales = stroke("M-14,-24q3,4 6,0q3,4 6,0q3,4 6,0q3,4 6,0q3,4 4,0", SILVER_DARK, 1.2)
    return stems, sides + dome + scales + band + knobs


def mongol_hat(c: str, t: str) -> Layers:
    """A pointed felt hat with an upturned fur brim."""
    dome = path("M-19,-17C-14,-30-6,-36 0,-44C6,-36 14,-30 19,-17Z", c)
    brim = path("M-24,-9C-26,-19-20,-23-14,-20Q0,-25 14,-20C20,-23 26,-19 24,-9Q0,-19-24,-9Z", t)
    seams = stroke("M0,-42V-23M-7,-34Q-10,-28-11,-22M7,-34Q10,-28 11,-22", GOLD, 1.3)
    return "", dome + seams + brim + dot(0, -44, 3.2, RED) + mirrored(
        stroke("M15,-18L17,-13M7,-21L8,-16", dark(t, 0.25), 1)
    )


def fur_hat(c: str, t: str) -> Layers:
    """A winter hat with fur all round and flaps."""
    dome = path("M-18,-16C-18,-30-8,-36 0,-36C8,-36 18,-30 18,-16Z", c)
    fur = "".join(
        dot(x, y, 5.6, t)
        for x, y in ((-20, -11), (-13, -15), (-4.6, -17), (4.6, -17), (13, -15), (20, -11))
    )
    flaps = mirrored(cloud(22, 3, 3.6, 11, 8, t))
    return flaps, dome + stroke("M0,-35V-20M-9,-32L-9,-20M9,-32V-20", GOLD, 1.2) + fur + dot(
        0, -37, 3, RED
    )


def fox_hat(c: str, t: str) -> Layers:
    """A Tibetan gold-brocade hat with fur trim turned up."""
    flaps = mirrored(path("M16,-22C30,-30 34,-18 25,-10C22,-9 18,-12 16,-16Z", t))
    dome = path("M-18,-13C-19,-29-9,-35 0,-35C9,-35 19,-29 18,-13Z", c)
    fur = "".join(
        dot(x, y, 5, t)
        for x, y in ((-19, -10), (-11.6, -13.6), (-4, -15), (4, -15), (11.6, -13.6), (19, -10))
    )
    return flaps, dome + "".join(
        dot(x, y, 1.7, RED) for x, y in ((-8, -25), (0, -28), (8, -25))
    ) + fur


def futou(c: str, t: str) -> Layers:
    """A scholar-official's black gauze cap with two wings."""
    wings = mirrored(ell(31, -16, 11, 3.2, c))
    low = path("M-21,-6C-23,-18-18,-23-14,-24Q0,-28 14,-24C18,-23 23,-18 21,-6Q0,-15-21,-6Z", c)
    high = path("M-13,-22C-14,-34-6,-37 0,-37C6,-37 14,-34 13,-22Z", light(c, 0.12))
    return wings, high + low + dot(0, -20, 2.8, t)


def groom_hat(c: str, t: str) -> Layers:
    """A groom's black felt hat with a red flower."""
    crown = path("M-17,-14L-15,-33Q0,-38 15,-33L17,-14Z", c)
    brim = path(
        "M-29,-11C-24,-18 24,-18 29,-11C22,-7 12,-10 0,-10C-12,-10-22,-7-29,-11Z", dark(c, 0.4)
    )
    return "", crown + stroke("M-16.6,-17Q0,-21 16.6,-17", t, 4) + brim + cloud(
        12, -20, 4.4, 4.4, 6, t
    ) + dot(12, -20, 1.8, GOLD)


def zhuangyuan(c: str, _t: str) -> Layers:
    """The old red-and-gold bridegroom's hat with two golden sprays."""
    wings = mirrored(place(ell(0, 0, 9, 3.4, GOLD) + ell(1, 0, 5, 1.6, c), 28, -23, 1, -24))
    low = path("M-21,-7C-23,-18-18,-24-14,-24Q0,-28 14,-24C18,-24 23,-18 21,-7Q0,-16-21,-7Z", c)
    high = path("M-13,-22C-14,-36-6,-39 0,-39C6,-39 14,-36 13,-22Z", c)
    swirl = (
        stroke("M-12,-24Q0,-29 12,-24M-20,-10Q0,-18 20,-10", GOLD, 2)
        + cloud(0, -31, 3.8, 3.8, 6, GOLD)
        + dot(0, -31, 1.8, "#ffffff")
    )
    return wings, high + low + swirl


def phoenix_crown(c: str, _t: str) -> Layers:
    """A golden bridal crown with a phoenix, red pompons and tassels."""
    fan = "".join(
        place(ell(0, -8, 3.2, 9, GOLD) + dot(0, -12, 1.8, c), 0, -24, 1, a)
        for a in (-62, -38, -15, 15, 38, 62)
    )
    band = path("M-21,-11C-20,-24-10,-30 0,-30C10,-30 20,-24 21,-11Q0,-25-21,-11Z", GOLD)
    jewels = dot(0, -24, 3, c) + mirrored(dot(8, -22, 2, "#3fb7c4") + dot(15, -17.6, 2, c))
    tassels = mirrored(
        stroke("M20,-10V9M23.6,-12V12M27,-15V9", GOLD, 1.1)
        + dot(20, 10, 1.9, c)
        + dot(23.6, 13, 1.9, c)
        + dot(27, 10, 1.9, c)
    )
    return fan, band + jewels + tassels


def bride_pins(c: str, _t: str) -> Layers:
    """Gold hair-pins: a phoenix at one side, a red peony at the other, step-shakers."""
    bird = path(
        "M8,-24C14,-34 26,-36 32,-30C27,-30 24,-28 22,-24C30,-27 34,-22 33,-17"
        "C28,-21 18,-19 8,-24Z",
        GOLD,
    ) + dot(13, -26, 1.4, c)
    peony = (
        cloud(-16, -22, 6, 6, 7, c)
        + cloud(-16, -22, 3.2, 3.2, 5, light(c, 0.35))
        + dot(-16, -22, 1.5, GOLD)
    )
    shaker = (
        stroke("M29,-19V-5M33,-17V-1M-22,-16V0", GOLD, 1.1)
        + dot(29, -3, 1.9, c)
        + dot(33, 1, 1.9, c)
        + dot(-22, 2, 1.9, c)
    )
    brow = stroke("M-12,-15Q0,-20 12,-15", GOLD, 1.3) + path("M0,-18l2,3.4l-2,3.4l-2,-3.4z", c)
    return "", bird + peony + shaker + brow


def opera_crown(_c: str, _t: str) -> Layers:
    """A blue-and-pearl stage headdress with rows of pompons (a Dan role)."""
    tall = "".join(
        dot(x, y, 4.6, col)
        for x, y, col in (
            (-24, -21, "#39a6d8"),
            (-17, -31, RED),
            (-8, -37, "#39a6d8"),
            (0, -40, RED),
            (8, -37, "#39a6d8"),
            (17, -31, RED),
            (24, -21, "#39a6d8"),
        )
    )
    dome = path("M-23,-7C-26,-23-14,-33 0,-33C14,-33 26,-23 23,-7Q0,-23-23,-7Z", "#1f6fb5")
    pearls = "".join(
        dot(x, y, 2.1, PEARL)
        for x, y in (
            (-19, -14),
            (-13, -19.6),
            (-6, -23),
            (0, -24),
            (6, -23),
            (13, -19.6),
            (19, -14),
        )
    )
    top = "".join(dot(x, y, 2.1, GOLD) for x, y in ((-11, -27), (0, -30), (11, -27)))
    curls = mirrored(path("M23,-8C25,6 22,16 17,20C18,12 17,2 16,-6Z", "#17131d"))
    drops = mirrored(
        stroke("M25,-8V22M28.6,-12V18", PEARL, 1.3, "0.2 2.6")
        + dot(25, 24, 2.4, RED)
        + dot(28.6, 20, 2.4, GOLD)
    )
    curlets = "".join(
        dot(x, y, 2.6, "#17131d")
        for x, y in ((-13, -13), (-6.6, -16), (0, -17), (6.6, -16), (13, -13))
    )
    return tall, curls + curlets + dome + pearls + top + drops


def opera_helmet(c: str, t: str) -> Layers:
    """A general's gilt helmet with pompons and two pheasant plumes."""
    plumes = mirrored(
        stroke("M7,-30C15,-52 34,-54 38,-24", "#7a4a1e", 3.2)
        + stroke("M7,-30C15,-52 34,-54 38,-24", "#f0d9a0", 3.2, "0.5 6")
    )
    dome = path("M-22,-7C-25,-24-12,-34 0,-34C12,-34 25,-24 22,-7Q0,-20-22,-7Z", GOLD)
    rim = path("M-23,-6Q0,-20 23,-6L24,-12Q0,-27-24,-12Z", c)
    balls = "".join(
        dot(x, y, 3.6, col)
        for x, y, col in (
            (-20, -22, RED),
            (-11, -31, "#39a6d8"),
            (0, -36, RED),
            (11, -31, "#39a6d8"),
            (20, -22, RED),
        )
    )
    return plumes, dome + rim + balls + dot(0, -24, 3.4, "#39a6d8") + dot(
        0, -24, 1.6, PEARL
    ) + mirrored(stroke("M22,-6V14", t, 3) + dot(22, 16, 2.2, GOLD))


HATS: dict[str, Callable[[str, str], Layers]] = {
    hat.__name__: hat
    for hat in (
        hijab,
        hijab_wrap,
        turban,
        turban_b,
        cap,
        school_cap,
        helmet,
        bike_helmet,
        straw_hat,
        chef,
        doppa,
        doppa_side,
        silver_horns,
        silver_cap,
        mongol_hat,
        fur_hat,
        fox_hat,
        futou,
        groom_hat,
        zhuangyuan,
        phoenix_crown,
        bride_pins,
        opera_crown,
        opera_helmet,
    )
}
