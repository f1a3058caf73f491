"""Which concepts there are: Unicode emoji folded into concept, gender and skin tone, with their names.

Emoji code a person as one sequence per gender and skin tone. For a generator these are attributes, not
concepts, so `man cook: dark skin tone` becomes concept `cook`, gender male, tone 5.
Names and keywords: emojibase-data (MIT), which repackages Unicode CLDR annotations (Unicode-3.0).
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LANGUAGES = {"en": "en", "zh-Hans": "zh", "zh-Hant": "zh-hant"}
GROUPS = {
    0: "face",
    1: "person",
    3: "nature",
    4: "food",
    5: "place",
    6: "activity",
    7: "object",
    8: "symbol",
}
_SIGNS = {"2640": "female", "2642": "male"}
_PEOPLE = {"1f468": "male", "1f469": "female"}
_VARIATION = "fe0f"
_TONES = {"1f3fb": 1, "1f3fc": 2, "1f3fd": 3, "1f3fe": 4, "1f3ff": 5}
# Marks that only read as writing or as a control: a picture of them is a picture of a letter.
_LETTERING = re.compile(
    r"keycap|button|o’clock|-thirty|^flag|letter|input |number|arrow|squared|"
    r"information|trade mark|copyright|registered|part alternation mark|"
    r"double curly|currency|heavy dollar|plus|minus|divide|multiply|equals"
)


def fold(hexcode: str) -> str:
    """Lower-case a hexcode sequence and drop variation selectors."""
    return "-".join(part for part in hexcode.lower().split("-") if part != _VARIATION)


def slug(label: str) -> str:
    """An ASCII id from an English label: `cat with tears of joy` → `cat-with-tears-of-joy`."""
    plain = unicodedata.normalize("NFKD", label.replace("’", "")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


@dataclass(slots=True)
class Concept:
    """One drawable thing with its names (label first) and keywords per BCP 47 language."""

    id: str
    kind: str
    hexcode: str
    names: dict[str, list[str]] = field(default_factory=dict)
    keywords: dict[str, list[str]] = field(default_factory=dict)
    has_skin: bool = False
    genders: list[str] = field(default_factory=list)
    lettering: bool = False


@dataclass(frozen=True, slots=True)
class Variant:
    """What one emoji sequence shows. skin: 0 unstated, else 1 (light) to 5 (dark)."""

    concept: str
    gender: str
    skin: int


@dataclass(frozen=True, slots=True)
class Inventory:
    concepts: dict[str, Concept]
    variants: dict[str, Variant]  # folded hexcode → what it shows
    shortcodes: dict[str, str]  # squeezed name or shortcode → folded hexcode


def _ungendered(code: str, known: set[str]) -> tuple[str, str]:
    """Split a folded skinless sequence into (its neutral sequence, gender or '')."""
    parts = code.split("-")
    if len(parts) >= 3 and parts[-1] in _SIGNS and parts[-2] == "200d":
        base = "-".join(parts[:-2])
        if base in known:
            return base, _SIGNS[parts[-1]]
    if len(parts) >= 3 and parts[0] in _PEOPLE and parts[1] == "200d":
        base = "-".join(["1f9d1", *parts[1:]])
        if base in known:
            return base, _PEOPLE[parts[0]]
    return code, ""


def read_inventory(emojibase: Path) -> Inventory:
    """Build the inventory from an unpacked emojibase-data package."""
    data: dict[str, dict[str, Any]] = {
        language: {
            fold(e["hexcode"]): e
            for e in json.loads((emojibase / folder / "data.json").read_text("utf-8"))
        }
        for language, folder in LANGUAGES.items()
    }
    english = {
        code: e
        for code, e in data["en"].items()
        if e.get("group") in GROUPS and not e["label"].startswith("flag")
    }
    concepts: dict[str, Concept] = {}
    variants: dict[str, Variant] = {}
    for code, entry in english.items():
        base, gender = _ungendered(code, set(english))
        head = english[base]
        concept_id = slug(head["label"])
        concept = concepts.get(concept_id)
        if concept is None:
            concept = concepts[concept_id] = Concept(
                concept_id,
                GROUPS[head["group"]],
                base,
                lettering=bool(_LETTERING.search(head["label"])),
            )
        if gender and gender not in concept.genders:
            concept.genders.append(gender)
        if base == code:
            for language in LANGUAGES:
                concept.names[language] = [data[language][code]["label"]]
                concept.keywords[language] = list(data[language][code].get("tags", []))
        variants[code] = Variant(concept_id, gender, 0)
        for skin in entry.get("skins", []):
            tones = {_TONES[p] for p in fold(skin["hexcode"]).split("-") if p in _TONES}
            if len(tones) == 1:  # two people of different tones have no one tone
                concept.has_skin = True
                variants[fold(skin["hexcode"])] = Variant(concept_id, gender, tones.pop())
    return Inventory(concepts, variants, _shortcodes(emojibase, data["en"], variants))


def _shortcodes(
    emojibase: Path, english: dict[str, Any], variants: dict[str, Variant]
) -> dict[str, str]:
    """Every spelling that other sets use as a file name, squeezed to letters and digits."""
    found: dict[str, str] = {}
    for file in sorted((emojibase / "en" / "shortcodes").glob("*.json")):
        for code, names in json.loads(file.read_text("utf-8")).items():
            for name in [names] if isinstance(names, str) else names:
                found.setdefault(squeeze(name), fold(code))
    for code, entry in english.items():
        found[squeeze(entry["label"])] = code
        for skin in entry.get("skins", []):
            found[squeeze(skin["label"])] = fold(skin["hexcode"])
    return {name: code for name, code in found.items() if code in variants}


def squeeze(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
