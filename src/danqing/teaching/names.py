"""What a taught concept is called: one Chinese name, in both scripts, and one English name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from danqing.errors import InputError
from danqing.lexicon import Lexicon
from danqing.lexicon.text import converter, fold, is_han, key_of, to_simplified, tokens
from danqing.request import make_prompt

MAX_CHINESE_CHARACTERS, MAX_ENGLISH_CHARACTERS = 12, 40
_SLUG_CHARACTERS = 24

Names = Mapping[str, str]
"""BCP 47 tag → name, for zh-Hans, zh-Hant and en."""


def make_names(chinese: str, english: str) -> dict[str, str]:
    """The names as they will be shown. Chinese may be given in either script.

    Raises InputError: teaching.chinese_name, teaching.english_name (too short, too long, or not
    of that script), teaching.symbols; and what `make_prompt` raises.
    """
    chinese, english = (" ".join(make_prompt(name).text.split()) for name in (chinese, english))
    for name in (chinese, english):
        # A stop or a comma inside a name would cut it in two in every sentence.
        if any(token.kind == "symbol" for token in tokens(fold(name))):
            raise InputError("teaching.symbols", name=name)
    if not 2 <= len(chinese) <= MAX_CHINESE_CHARACTERS or not any(map(is_han, chinese)):
        raise InputError("teaching.chinese_name", name=chinese, limit=MAX_CHINESE_CHARACTERS)
    letters = sum(c.isascii() and c.isalpha() for c in english)
    foreign = any(is_han(c) for c in english)
    if letters < 2 or foreign or len(english) > MAX_ENGLISH_CHARACTERS:
        raise InputError("teaching.english_name", name=english, limit=MAX_ENGLISH_CHARACTERS)
    simplified = to_simplified(chinese)
    written_simplified = simplified == chinese
    traditional = converter("s2t").convert(chinese) if written_simplified else chinese
    return {"zh-Hans": simplified, "zh-Hant": traditional, "en": english}


def meaning_of(name: str, words: Lexicon) -> str | None:
    """What a name as a whole already means, or None when it is free."""
    matches = words.match(name)
    if len(matches) == 1 and matches[0].meanings and matches[0].key:
        return matches[0].meanings[0]
    return None


def slug(english: str) -> str:
    """The English name as part of an id: lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", key_of(english))[:_SLUG_CHARACTERS].strip("-")
