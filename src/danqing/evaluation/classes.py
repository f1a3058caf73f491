"""Which concepts the judge tells apart, and which it treats as one.

Two concepts share a class only where a person would not blame a picture of one for being the other
(the way a walker faces, how many hearts surround a couple's size). The table holds for real and for
drawn pictures alike, so it can't favour either. `cat` and `cat-face` stay apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Signs and marks are left out: they are drawn as letters and arrows, not as things.
_SIGNS = "symbol"
_FACING = re.compile(r"-facing-right$")
_SAME: tuple[tuple[str, str], ...] = (
    (r"^family(-.*)?$", "family"),
    (r"^couple-with-heart(-.*)?$", "couple-with-heart"),
    (r"^kiss(-(man|woman)-(man|woman))?$", "kiss"),
    (
        r"^(people|men|women|woman-and-man)-holding-hands$",
        "people-holding-hands",
    ),
    (r"^man-(kneeling|running|walking)$", r"person-\1"),
    (r"^woman-(kneeling|running|walking)$", r"person-\1"),
    (r"^sun-behind-((small|large)-)?cloud$", "sun-behind-cloud"),
    (r"^globe-showing-.*$", "globe"),
    (r"^speaker-.*-volume$", "speaker"),
    (r"^(open|closed)-mailbox-with-(raised|lowered)-flag$", "mailbox"),
    (r"^locked(-with-(key|pen))?$|^unlocked$", "lock"),
    (r"^foggy$|^fog$", "fog"),
    (r"^cityscape(-at-dusk)?$", "cityscape"),
    (r"^(dollar|euro|pound|yen)-banknote$", "banknote"),
    (r"^spiral-(calendar|notepad)$", "spiral-pad"),
    (r"^(sunrise|sunset)$", "sunrise"),
    (r"^speech-balloon$|^(left|right)-(speech-bubble|anger-bubble)$", "speech-bubble"),
    (r"^(waxing|waning)-crescent-moon$|^crescent-moon$", "crescent-moon"),
    (r"^(waxing|waning)-gibbous-moon$", "gibbous-moon"),
    (r"^(first|last)-quarter-moon$", "quarter-moon"),
    (r"^(first|last)-quarter-moon-face$", "quarter-moon-face"),
    (r"^(in|out)box-tray$", "tray"),
    (r"^bust-in-silhouette$|^busts-in-silhouette$", "silhouette"),
    (r"^pregnant-(man|woman|person)$", "pregnant-person"),
    (r"^mx-claus$", "santa-claus"),
    (r"^grandfather$", "old-man"),
    (r"^grandmother$", "old-woman"),
    (r"^rat$", "mouse"),
    (r"^snowman-without-snow$", "snowman"),
    (r"^pot-of-food$", "hotpot"),
    (r"^love-hotel$", "hotel"),
)
_DIRECTED = re.compile(r"left|right|pointing|oncoming")
_COLOURED = re.compile(
    r"\b(red|orange|yellow|green|blue|purple|pink|brown|black|white|grey|blond)\b|"
    r"apple|heart|lemon|lime|tangerine|rainbow|moon|tomato"
)


def class_of(concept: str) -> str:
    """The class a concept is judged as: itself, or the name its group goes by."""
    name = _FACING.sub("", concept)
    for pattern, same in _SAME:
        if re.match(pattern, name):
            return re.sub(pattern, same, name)
    return name


def judged(kind: str, ours: bool) -> bool:
    """Whether concepts of this kind are judged: everything but signs; of our own drawings all."""
    return ours or kind != _SIGNS


def may_mirror(concept: str) -> bool:
    """Whether a mirrored picture still shows the concept."""
    return _DIRECTED.search(concept) is None


def may_recolour(concept: str) -> bool:
    """Whether a picture in another colour still shows the concept: a blue apple does, a blue
    `red-heart` or a `green-apple` in red does not."""
    return _COLOURED.search(concept.replace("-", " ")) is None


def class_list(concepts: Iterable[str]) -> tuple[str, ...]:
    """The classes of these concepts, sorted, each once."""
    return tuple(sorted({class_of(c) for c in concepts}))
