"""Two words side by side that name one thing: 草莓蛋糕, 樱花树, 消防员叔叔, "baby panda", "wizard
hat"."""

from __future__ import annotations

from dataclasses import dataclass

from danqing.lexicon import Lexicon

SEXES = {"woman": "female", "girl": "female", "man": "male", "boy": "male"}
_FAMILY = (*SEXES, "baby", "child", "old-man", "old-woman", "toddler", "family")


@dataclass(frozen=True, slots=True)
class Joined:
    """What two words name together. by: the word that is drawn. gender: what the other one says."""

    concept: str
    by: str
    gender: str | None = None


def join(words: Lexicon, first: str, second: str, key: str) -> Joined | None:
    """The one thing that two concepts side by side stand for, or None where they are two.

    key: the second word, folded; English stands closer together than Chinese does, where 爷爷奶奶
    are two people without anything between them."""
    if first not in words or second not in words:
        return None
    return (
        _of_people(words, first, second)
        or _of_food_and_plants(words, first, second)
        or _of_animals(words, first, second)
        or _of_clothes(words, first, second, key)
    )


def _of_people(words: Lexicon, first: str, second: str) -> Joined | None:
    before, after = words.concept(first), words.concept(second)
    if before.kind != "person" or after.kind != "person":
        return None
    if first == "person":
        return Joined(second, "second")
    if second in SEXES and before.genders:
        return Joined(first, "first", SEXES[second])
    if first in SEXES and after.genders:
        return Joined(second, "second", SEXES[first])
    return None


def _of_food_and_plants(words: Lexicon, first: str, second: str) -> Joined | None:
    kind = words.concept(first).kind
    if words.has_role(second, "dish") and not words.has_role(first, "dish"):
        return Joined(second, "second") if kind in ("food", "nature") else None
    if words.has_role(second, "tree") and kind in ("food", "nature", "plant"):
        blossoming = first.endswith("blossom") and first != "blossom"
        return Joined(first, "first") if blossoming else Joined(second, "second")
    return None


def _of_animals(words: Lexicon, first: str, second: str) -> Joined | None:
    """鸡妈妈, 兔子先生, "mother duck", "baby elephant"."""
    if words.has_role(first, "animal") and second in _FAMILY:
        return Joined(first, "first")
    if words.has_role(second, "animal") and first in _FAMILY:
        return Joined(second, "second")
    return None


def _of_clothes(words: Lexicon, first: str, second: str, key: str) -> Joined | None:
    """厨师帽, "witch hat", "woman's clothes": whose they are is not drawn."""
    close = key.isascii() or len(key) == 1
    wearer = words.concept(first).kind == "person" or words.has_role(first, "animal")
    return Joined(second, "second") if close and wearer and words.has_role(second, "wear") else None
