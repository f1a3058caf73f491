"""Which language the reader is spoken to in."""

from __future__ import annotations

from collections.abc import Mapping

from danqing.request.types import Language

LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_TRADITIONAL = ("tw", "hk", "mo", "hant")


def from_environment(environ: Mapping[str, str]) -> Language:
    """The catalogue for the locale that the first of LOCALE_VARIABLES set names: Chinese or
    English."""
    name = next((environ[v] for v in LOCALE_VARIABLES if environ.get(v)), "")
    return from_tag(name.split(".", 1)[0]) or "en"


def from_tag(tag: str) -> Language | None:
    """The catalogue for a locale or BCP 47 tag (`zh_TW`, `zh-Hant-HK`); None if there is none."""
    parts = tag.replace("_", "-").lower().split("-")
    if parts[0] == "zh":
        return "zh-Hant" if any(p in _TRADITIONAL for p in parts[1:]) else "zh-Hans"
    return "en" if parts[0] == "en" else None
