"""Every sentence a person reads, by message id and language.

Catalogues are TOML files, `messages/<BCP 47 tag>/<namespace>.toml`; the id `input.empty` is key `empty`
in `input.toml`. Another language is another folder, no code. Facts are filled in with str.format.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

FALLBACKS = {"zh-Hant": ("zh-Hant", "zh-Hans", "en"), "zh-Hans": ("zh-Hans", "en")}


def languages() -> tuple[str, ...]:
    """The languages there are catalogues for."""
    root = files("danqing.messages")
    return tuple(sorted(f.name for f in root.iterdir() if f.is_dir() and "_" not in f.name))


@cache
def _namespace(language: str, name: str) -> dict[str, str]:
    file = files("danqing.messages") / language / f"{name}.toml"
    if not file.is_file():
        return {}
    return dict(tomllib.loads(file.read_text("utf-8")))


def hint(code: str, language: str, /) -> str | None:
    """What to do about the error with this id, in a language; None where its own sentence says so.

    `hints.toml` has them, by the whole id."""
    for candidate in FALLBACKS.get(language, (language, "en")):
        sentence = _namespace(candidate, "hints").get(code)
        if sentence is not None:
            return sentence
    return None


def say(code: str, language: str, /, **facts: object) -> str:
    """The sentence for a message id in a language, filled with facts. Raises KeyError for an unknown id."""
    namespace, key = code.split(".", 1)
    for candidate in FALLBACKS.get(language, (language, "en")):
        sentence = _namespace(candidate, namespace).get(key)
        if sentence is not None:
            return sentence.format(**facts)
    raise KeyError(code)
