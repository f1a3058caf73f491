"""Heads: skull, eyes, mouth and age marks, drawn about (0, 0) with a radius of 20."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import hair as hair_styles
import hats
from skin import SKIN
from svg import dark, dot, ell, mirrored, path, place, ring, stroke

INK = "#1c1320"
WHITE = "#ffffff"
BLACK = ("#17131d", "#4a4160")
GREY = ("#a9afc1", "#d5d9e4")
WHITE_HAIR = ("#c3c8d6", "#eceef5")
MOUTH = "#6d1727"


@dataclass(frozen=True)
class Head:
    """What a head looks like; `art` picks one of the two ways of drawing faces."""

    hair: str = ""
    hat: str = ""
    art: str = "a"
    sex: str = "f"
    age: str = "adult"
    plump: bool = False
    colour: tuple[str, str] = BLACK
    hat_colour: tuple[str, str] = ("#d8343f", "#f3c04b")
    eyes: str = "open"  # open | happy | glasses | shades
    mouth: str = "smile"  # smile | open | calm
    beard: str = ""  # stubble-free face, "moustache", "goatee", "full" or "long"
    turn: float = 0  # how far the features are moved to one side (three-quarter view)
    paint: str = ""  # drawn on the skin, under the features
    extra: str = ""  # drawn on the finished face

    def layers(self) -> tuple[str, str]:
        """What goes behind the body, and what goes in front of it."""
        back, front = hair_styles.STYLES[self.hair](*self.colour) if self.hair else ("", "")
        hat_back, hat_front = hats.HATS[self.hat](*self.hat_colour) if self.hat else ("", "")
        return back + hat_back, self.face() + front + hat_front

    def face(self) -> str:
        """Skull and features, without hair."""
        ears = dot(20, 2, 4, SKIN.base) + dot(20.6, 2.4, 2, SKIN.shade)
        features = (
            self._cheeks()
            + self._age()
            + self._brows()
            + self._eyes()
            + self._nose()
            + self._beard()
            + self._mouth()
        )
        return (
            mirrored(ears) + self._skull() + self.paint + place(features, self.turn, 0) + self.extra
        )

    def _skull(self) -> str:
        if self.plump:
            d = "M-20,-4C-20,-17-11,-22 0,-22C11,-22 20,-17 20,-4C24,3 23,12 16,17"
            d += "C10,22-10,22-16,17C-23,12-24,3-20,-4Z"
        elif self.age == "child":
            d = (
                "M-21,-1C-21,-15-12,-22 0,-22C12,-22 21,-15 21,-1C22,10 12,19 0,19"
                "C-12,19-22,10-21,-1Z"
            )
        elif self.sex == "m":
            d = "M-20,-3C-20,-17-11,-22 0,-22C11,-22 20,-17 20,-3C20,8 18,14 10,19"
            d += "C5,22-5,22-10,19C-18,14-20,8-20,-3Z"
        elif self.art == "a":
            d = "M-20,-2C-20,-16-11,-22 0,-22C11,-22 20,-16 20,-2C20,11 11,20.5 0,20.5"
            d += "C-11,20.5-20,11-20,-2Z"
        else:
            d = "M-20,-4C-20,-17-11,-22 0,-22C11,-22 20,-17 20,-4C20,6 15,13 8,18.5"
            d += "C4,21.5-4,21.5-8,18.5C-15,13-20,6-20,-4Z"
        chin = stroke("M-7,19.4Q0,23 7,19.4", SKIN.shade, 1.3) if self.plump else ""
        return path(d, SKIN.base) + chin

    def _cheeks(self) -> str:
        if self.paint:
            return ""
        x = 14 if self.plump or self.age == "child" else 12.8
        return mirrored(ell(x, 9, 3.8, 2.4, SKIN.blush))

    def _age(self) -> str:
        if self.age != "elder":
            return ""
        lines = mirrored(
            stroke("M8.5,8.5Q10.8,11.5 9,14.8", SKIN.shade, 1.1)
            + stroke("M14.5,-1.5L17.6,-3M14.6,1L18,1.4", SKIN.shade, 1.1)
        )
        return lines + stroke("M-6,-12.5Q0,-14 6,-12.5", SKIN.shade, 1.1)

    def _brows(self) -> str:
        colour = self.colour[0] if self.age == "elder" else BLACK[0]
        if self.sex == "m":
            d, width = (
                ("M4,-6.4Q8.5,-9 13,-6", 2.4)
                if self.art == "a"
                else ("M4,-6.6Q8,-8.8 13.4,-7", 2.6)
            )
        else:
            d, width = (
                ("M5,-7.6Q9,-10 12.6,-7.2", 1.5)
                if self.art == "a"
                else ("M4.4,-7Q9.6,-10.4 13.8,-6.4", 1.4)
            )
        if self.age == "child":
            d, width = "M5.4,-7.6Q8.6,-9.6 11.6,-7.6", 1.5
        return mirrored(stroke(d, colour, width))

    def _eyes(self) -> str:
        if self.eyes == "shades":
            lens = path("M2,-3H15Q16,6 9,6Q2.4,6 2,-3Z", "#20242e")
            return mirrored(lens + stroke("M6,-.6L9,-.6", "#5d6880", 1.4)) + stroke(
                "M-3,-2.6H3M15,-2.6H19M-15,-2.6H-19", "#20242e", 1.8
            )
        if self.eyes == "happy":
            lashes = stroke("M12,-.4L14.2,-1.6", INK, 1.5) if self.sex == "f" else ""
            return mirrored(stroke("M4.2,2.4Q8.4,-3.6 12.6,2.4", INK, 2.2) + lashes)
        eye = self._eye_a() if self.art == "a" else self._eye_b()
        if self.eyes == "glasses":
            eye += mirrored(ring(8.8, 1, 6.4, "#8391ad", 1.5)) + stroke(
                "M-2.4,0Q0,-1.4 2.4,0", "#8391ad", 1.5
            )
        return eye

    def _eye_a(self) -> str:
        """Tall dark eyes with a big highlight."""
        big = 1.12 if self.age == "child" else 0.86 if self.age == "elder" else 1
        eye = ell(0, 0, 3.9, 4.5, WHITE) + ell(0, 0.3, 3, 3.9, INK)
        shine = dot(-1, -1.4, 1.3, WHITE)
        lash = stroke("M-3.8,-2.8Q0,-6 3.8,-2.8", INK, 1.5)
        if self.sex == "f" and self.age != "child":
            lash += stroke("M3.6,-3L5.6,-4.4", INK, 1.4)
        both = place(eye + lash, 8.4, 1, big)
        return mirrored(both) + place(shine, 8.4, 1, big) + place(shine, -8.4, 1, big)

    def _eye_b(self) -> str:
        """Wider almond eyes with a brown iris, looking towards `turn`."""
        big = 1.1 if self.age == "child" else 0.86 if self.age == "elder" else 1
        look = 0.7 if self.turn > 0 else -0.7 if self.turn < 0 else 0
        white = path("M-5.2,.8C-4,-4.4 3.6,-5 5.4,-.6C4,4.4-3.4,4.6-5.2,.8Z", WHITE)
        iris = dot(0, 0, 3.3, "#5a2d1e") + dot(0, 0, 1.9, INK) + dot(-1.1, -1.3, 1.1, WHITE)
        lid = stroke("M-5.2,.4C-4,-4.4 3.6,-5 5.4,-.8", INK, 1.7)
        if self.sex == "f" and self.age != "child":
            lid += stroke("M5.2,-1L7.2,-2.6M4,-3L5.4,-4.8", INK, 1.2)
        half = mirrored(place(white, 8.8, 1, big))
        irises = place(iris, 8.8 + look, 0.7, big) + place(iris, -8.8 + look, 0.7, big)
        return half + irises + mirrored(place(lid, 8.8, 1, big))

    def _nose(self) -> str:
        if self.art == "a":
            return stroke("M-2,6.6Q0,8.8 2,6.6", SKIN.shade, 1.7)
        return stroke("M1.2,2.6Q3.6,7 1,7.8Q-.6,8.2-1.8,7.4", SKIN.shade, 1.6)

    def _mouth(self) -> str:
        if self.mouth == "open":
            d = "M-6.4,10.6Q0,12.2 6.4,10.6Q5.6,17.4 0,17.4Q-5.6,17.4-6.4,10.6Z"
            teeth = path("M-5.6,11Q0,12.4 5.6,11L5,13.2Q0,14.4-5,13.2Z", WHITE)
            return path(d, MOUTH) + teeth + stroke(d, SKIN.lip, 1.2)
        if self.mouth == "calm":
            return path("M-4.6,12.6Q-2,10.8 0,11.8Q2,10.8 4.6,12.6Q0,17-4.6,12.6Z", SKIN.lip)
        if self.art == "a":
            return stroke("M-5.4,11.4Q0,16.2 5.4,11.4", SKIN.lip, 2.2)
        d = "M-5.8,11.4Q0,13 5.8,11.4Q4,16 0,16Q-4,16-5.8,11.4Z"
        return path(d, WHITE) + stroke(d, SKIN.lip, 1.7)

    def _beard(self) -> str:
        colour = self.colour[0]
        moustache = path(
            "M0,9.4C3,8.4 7,9.6 9,12.6C6,12.6 3,12.4 0,11.4C-3,12.4-6,12.6-9,12.6"
            "C-7,9.6-3,8.4 0,9.4Z",
            colour,
        )
        if self.beard == "moustache":
            return moustache
        if self.beard == "goatee":
            return moustache + path("M-4,16.6Q0,15.6 4,16.6Q3,23 0,24Q-3,23-4,16.6Z", colour)
        jaw = (
            "M-20,0C-18,6-15,8.6-10,9Q0,6.6 10,9C15,8.6 18,6 20,0C21,12 16,{0}"
            " 0,{1}C-16,{0}-21,12-20,0Z"
        )
        if self.beard == "full":
            return path(jaw.format(23, 25), colour)
        if self.beard == "long":
            strands = stroke("M-5,20Q-4,28-2,32M5,20Q4,28 2,32M0,21V34", self.colour[1], 1)
            return path(jaw.format(28, 40), colour) + strands
        return ""


def turned(hair: str, turn: float = 2, **more: Any) -> Head:
    """A head drawn the second way, turned a little."""
    return Head(hair=hair, art="b", turn=turn, **more)


def hearing_aid(colour: str = "#2f7fe0") -> str:
    """A behind-the-ear hearing aid on the right-hand ear."""
    shell = stroke("M21.4,-4.6Q26.6,-3.4 24.8,4.4", colour, 4)
    tube = stroke("M21.4,-4.6Q17.6,-3 19.4,2.6", "#e8f2ff", 1.7)
    return shell + tube + dot(19.6, 3.4, 2.2, dark(colour, 0.35)) + dot(25, 1.4, 0.9, WHITE)
