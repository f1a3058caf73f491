"""Compiling the lexicon: Unicode names, our drawings' cards and hand-written words → one JSON file.

Where several sources claim a word, the most deliberate one has it: hand-written compounds and
settings, hand-written synonyms, grammar, the cards of our own drawings, Unicode names. Unicode
keywords range from synonyms to loose associations and never make a word; those that visibly
resemble their concept's name help `Lexicon.nearest`.

Names and keywords: emojibase-data (MIT) and cldr-annotations-full (Unicode-3.0). Everyday words
that are no things stand in `lexicon/data/ordinary.txt` (see `ordinary_words`).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from danqing.errors import DataError
from danqing.lexicon.text import is_han, key_of, tokens
from danqing.training.inventory import Inventory, read_inventory

_CJK_LABEL_NOISE = re.compile(r"[:：]")
_VERBS = (
    "弹彈拉吹敲吃喝骑騎戴穿拿撑撐放"  # 弹琵琶 is a verb and its object, which the grammar reads
)
_FACE_LABEL = re.compile(r"[脸猫心]|表情$")
_PERSON_LABEL = re.compile(r"[人者员]|手$")
_MEASURES = {"one": 1, "two": 2, "five": 5, "sheet": 0, "none": -1}
_EMOJI_TONES = range(0x1F3FB, 0x1F400)  # 🏻 to 🏿


@dataclass(slots=True)
class _Words:
    """Words by key, first claim wins; who claimed what within one source is checked for
    contradictions."""

    meanings: dict[str, str] = field(default_factory=dict)

    def claim(self, source: Mapping[str, Iterable[str]], prefix: str = "", where: str = "") -> None:
        mine: dict[str, str] = {}
        for meaning, surfaces in source.items():
            for surface in surfaces:
                key = key_of(surface)
                if not key:
                    raise DataError("lexicon.no_word", word=surface, where=where)
                if mine.setdefault(key, prefix + meaning) != prefix + meaning:
                    raise DataError("lexicon.twice", word=surface, where=where)
        for key, meaning in mine.items():
            self.meanings.setdefault(key, meaning)


def build_lexicon(
    emojibase: Path, cldr: Path | None, culture: Path, hand_written: Path
) -> dict[str, Any]:
    """The compiled lexicon as JSON values.

    emojibase: unpacked emojibase-data package. cldr: unpacked cldr-annotations-full package, or
    None to do without its keywords. culture: the folder of our own drawings. hand_written: the
    folder with everyday.toml, grammar.toml and ordinary.txt. Raises DataError where a hand-written
    word names a concept that does not exist or is claimed twice in one table."""
    inventory = read_inventory(emojibase)
    everyday = tomllib.loads((hand_written / "everyday.toml").read_text("utf-8"))
    grammar = tomllib.loads((hand_written / "grammar.toml").read_text("utf-8"))
    cards = _read_cards(culture)
    _rename(inventory, cards, everyday["names"])
    concepts = _concepts(inventory, cards)
    _check_ids(everyday, concepts)

    measures = {
        key_of(w): _MEASURES[n] for n, group in grammar.pop("measure").items() for w in group
    }
    words = _Words()
    words.claim(everyday["compounds"], where="compounds")
    words.claim(everyday["settings"], "setting:", "settings")
    words.claim(everyday["cities"], "city:", "cities")
    for kind in ("moods", "actions", "parts", "looks"):
        words.claim(everyday[kind], f"{kind[:-1]}:", kind)
    words.claim(
        {f"known:{kind}": names for kind, names in everyday["undrawn"].items()}, where="undrawn"
    )
    words.claim(everyday["concepts"], where="concepts")
    for kind, table in grammar.items():
        words.claim(table, f"{kind}:", kind)
    for concept_id, card in cards.items():
        names = [n for n in _all_names(card) if card["kind"] == "person" or n[0] not in _VERBS]
        words.claim({concept_id: names}, where="cards")
    for concept_id, concept in inventory.concepts.items():
        if concept_id in concepts:
            _claim_labels(words, concept_id, concept.kind, concept.names)
    _claim_emoji(words, inventory, set(concepts))
    bodies = {i: card["body"] for i, card in cards.items() if card.get("body") in ("plus", "slim")}
    for key, meaning in words.meanings.items():
        if meaning in bodies:
            words.meanings[key] = f"{meaning} body:{bodies[meaning]}"

    lines = (hand_written / "ordinary.txt").read_text("utf-8").splitlines()
    whole = {w for line in lines if not line.startswith("#") for w in line.split()}
    stand_ins = _stand_ins(everyday["nearest"])
    ordinary = sorted((whole | stand_ins.keys()) - words.meanings.keys())
    return {
        "concepts": concepts,
        "words": dict(sorted(words.meanings.items())),
        "measures": measures,
        "keywords": _keywords(inventory, cldr, concepts, words.meanings) | stand_ins,
        "baked": everyday["baked"],
        "roles": _roles(everyday["roles"], everyday["settings"], concepts),
        "ordinary": ",".join(ordinary),
        "longest": _longest([*words.meanings, *ordinary]),
    }


def _stand_ins(table: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Word → the concept nearest to it, as chosen by hand."""
    return {key_of(word): concept for concept, words in table.items() for word in words}


def write_lexicon(lexicon: Mapping[str, Any], file: Path) -> None:
    """Write the compiled lexicon as compact JSON: one line per section, so that a diff says
    something."""
    lines = [
        f"{json.dumps(name)}:{json.dumps(section, ensure_ascii=False, separators=(',', ':'))}"
        for name, section in lexicon.items()
    ]
    file.write_text("{" + ",\n".join(lines) + "}\n", "utf-8")


def _read_cards(culture: Path) -> dict[str, dict[str, Any]]:
    cards: dict[str, dict[str, Any]] = {}
    for file in sorted(culture.glob("*/cards.toml")):
        cards |= tomllib.loads(file.read_text("utf-8"))
    return cards


def _all_names(card: Mapping[str, Any]) -> list[str]:
    return [name for language in ("zh-Hans", "zh-Hant", "en") for name in card[language]]


def _concepts(inventory: Inventory, cards: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for concept in inventory.concepts.values():
        if concept.lettering:
            continue
        entry: dict[str, Any] = {"kind": concept.kind, "names": concept.names}
        if concept.has_skin:
            entry["skin"] = True
        if concept.genders:
            entry["genders"] = concept.genders
        found[concept.id] = entry
    for concept_id, card in cards.items():
        entry = found.setdefault(concept_id, {})
        entry["kind"] = card["kind"]
        entry["names"] = {language: card[language] for language in ("zh-Hans", "zh-Hant", "en")}
        entry["ours"] = True
        if card.get("skin"):
            entry["skin"] = True
    return found


def _check_ids(everyday: Mapping[str, Any], concepts: Mapping[str, Any]) -> None:
    named = [
        i
        for t in ("concepts", "settings", "cities", "moods", "actions", "parts", "looks", "nearest")
        for i in everyday[t]
    ]
    named += [i for key in everyday["compounds"] for i in key.split() if ":" not in i]
    named += [word for key in everyday["baked"] for word in (key.split()[0], *key.split()[2:])]
    named += [i for table in everyday["names"].values() for i in table]
    named += everyday["baked"].values()
    missing = sorted({i for i in named if i not in concepts})
    if missing:
        raise DataError("lexicon.no_concept", concepts=", ".join(missing))


def _rename(
    inventory: Inventory,
    cards: Mapping[str, dict[str, Any]],
    names: Mapping[str, Mapping[str, str]],
) -> None:
    """Give concepts the names chosen for them (language → concept → name): in place of Unicode's,
    before the others of a card."""
    for language, table in names.items():
        for concept_id, name in table.items():
            if concept_id in cards:
                card = cards[concept_id]
                card[language] = [name, *(other for other in card[language] if other != name)]
            else:
                inventory.concepts[concept_id].names[language] = [name]


def _claim_labels(
    words: _Words, concept_id: str, kind: str, names: Mapping[str, list[str]]
) -> None:
    """Unicode's own names. Those of faces and of people doing something are as often verbs or
    feelings in Chinese (大笑, 举手), so they become moods and actions, which yield to a subject."""
    for language, labels in names.items():
        for label in labels:
            key = key_of(label)
            if not key or _CJK_LABEL_NOISE.search(label):
                continue
            meaning = concept_id
            if language != "en":
                if len(key) == 1 and kind not in ("nature", "food"):
                    continue  # 结, 线, 阴: too short to mean only that
                if key[0] in _VERBS and not _PERSON_LABEL.search(key):
                    continue
                if kind == "face" and "face" in concept_id and not _FACE_LABEL.search(key):
                    meaning = f"mood:{concept_id}"
                if concept_id.startswith(("person-", "people-")) and not _PERSON_LABEL.search(key):
                    meaning = f"action:{concept_id}"
            words.meanings.setdefault(key, meaning)


def _claim_emoji(words: _Words, inventory: Inventory, concepts: set[str]) -> None:
    """Emoji typed into a sentence: 🐼 is a word for panda. Tones are words of their own
    (grammar.toml)."""
    for code, variant in inventory.variants.items():
        points = [int(part, 16) for part in code.split("-")]
        if variant.concept not in concepts or points[-1] in _EMOJI_TONES:
            continue  # a tone at the end is read as a word of its own
        key = key_of("".join(map(chr, points)))
        gender = f" gender:{variant.gender}" if variant.gender else ""
        skin = f" skin:{variant.skin}" if variant.skin else ""
        if key:
            words.meanings.setdefault(key, variant.concept + gender + skin)


def _keywords(
    inventory: Inventory,
    cldr: Path | None,
    concepts: Mapping[str, Any],
    words: Mapping[str, str],
) -> dict[str, str]:
    """Keyword → concept, for the keywords of one concept only that share a character or a stem with
    one of its names: 煎饺 helps to find 饺子, 水坝 does not find the beaver."""
    claims: dict[str, set[str]] = defaultdict(set)
    extra = _cldr_keywords(cldr) if cldr else {}
    for concept in inventory.concepts.values():
        if concept.id not in concepts or concept.kind in ("face", "symbol"):
            continue
        character = "".join(chr(int(p, 16)) for p in concept.hexcode.split("-"))
        names = {key_of(n) for group in concept.names.values() for n in group}
        for keyword in [k for ks in concept.keywords.values() for k in ks] + extra.get(
            character, []
        ):
            key = key_of(keyword)
            if len(key) >= 2 and key not in words and _resembles(key, names):
                claims[key].add(concept.id)
    return {key: ids.pop() for key, ids in sorted(claims.items()) if len(ids) == 1}


def _resembles(key: str, names: Iterable[str]) -> bool:
    if any(map(is_han, key)):
        return any(key[-1] == name[-1] or name in key for name in names if is_han(name[-1]))
    return any(len(key) >= 4 and set(key.split()) & set(name.split()) for name in names)


def _cldr_keywords(cldr: Path) -> dict[str, list[str]]:
    """Character → keywords in all three languages, from cldr-annotations-full."""
    found: dict[str, list[str]] = defaultdict(list)
    for language in ("zh", "zh-Hant", "en"):
        file = cldr / "annotations" / language / "annotations.json"
        annotations = json.loads(file.read_text("utf-8"))["annotations"]["annotations"]
        for character, entry in annotations.items():
            found[character] += entry.get("default", [])
    return found


def _roles(
    table: Mapping[str, str], settings: Iterable[str], concepts: Mapping[str, Any]
) -> dict[str, list[str]]:
    """Role → concepts: those listed by hand, and those their kind decides."""
    roles = {role: ids.split() for role, ids in table.items()}
    missing = sorted({i for ids in roles.values() for i in ids} - concepts.keys())
    if missing:
        raise DataError("lexicon.no_concept", concepts=", ".join(missing))

    def of(*kinds: str) -> list[str]:
        return [i for i, entry in concepts.items() if entry["kind"] in kinds]

    roles["food"] = of("food")
    roles["plant"] += of("plant")
    grown = {*roles["plant"], *roles["tree"], *roles.pop("still")}
    roles["animal"] = [i for i in of("nature", "animal") if i not in grown]
    roles["scenery"] = sorted({*of("place"), *settings, *roles["tree"]})
    return roles


def _longest(keys: Iterable[str]) -> dict[str, int]:
    """First token → the most tokens a key that begins with it has."""
    found: dict[str, int] = {}
    for key in keys:
        parts = tokens(key)
        if parts and len(parts) > found.get(parts[0].key, 1):
            found[parts[0].key] = len(parts)
    return found
