"""From a string to a Prompt: what may be asked at all, and in which language."""

from __future__ import annotations

import unicodedata

from danqing.errors import InputError
from danqing.lexicon import detect_language
from danqing.request.types import MAX_PROMPT_CHARACTERS, Prompt

_NON_CHARACTERS = ("￾", "￿")


def make_prompt(text: str) -> Prompt:
    """A checked Prompt of this text, in NFC.

    Raises InputError: input.surrogate (half a character), input.control (a control character other
    than newline and tab, with its code point), input.empty, input.too_long (over 2,000 characters).
    """
    for c in text:
        if "\ud800" <= c <= "\udfff":
            raise InputError("input.surrogate")
        if (unicodedata.category(c) == "Cc" and c not in "\n\t") or c in _NON_CHARACTERS:
            raise InputError("input.control", code_point=f"U+{ord(c):04X}")
    text = unicodedata.normalize("NFC", text)
    if not any(_visible(c) for c in text):
        raise InputError("input.empty")
    if len(text) > MAX_PROMPT_CHARACTERS:
        raise InputError("input.too_long", length=len(text), limit=MAX_PROMPT_CHARACTERS)
    return Prompt(text, detect_language(text))


def _visible(c: str) -> bool:
    return not c.isspace() and unicodedata.category(c) not in ("Cf", "Mn", "Me")
