"""Which language somebody is answered in: ?lang=, else Accept-Language, else English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from danqing.request.types import Language

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

_TRADITIONAL = ("tw", "hk", "mo", "hant")
_LONGEST_HEADER, _MOST_TAGS = 512, 16


def language_of(connection: HTTPConnection) -> Language:
    """The language of a request."""
    asked = from_tag(connection.query_params.get("lang", ""))
    return asked or from_header(connection.headers.get("accept-language", "")) or "en"


def from_header(header: str) -> Language | None:
    """The best of an Accept-Language header (RFC 9110, 12.5.4) that there are catalogues for."""
    wanted: list[tuple[float, Language]] = []
    for part in header[:_LONGEST_HEADER].split(",")[:_MOST_TAGS]:
        tag, _, parameters = part.partition(";")
        language = from_tag(tag)
        weight = _weight(parameters)
        if language is not None and weight > 0:
            wanted.append((weight, language))
    return max(wanted, key=lambda pair: pair[0])[1] if wanted else None


def from_tag(tag: str) -> Language | None:
    """The catalogue for a BCP 47 tag (`zh-Hant-HK`); None if there is none."""
    parts = tag.strip().lower().split("-")
    if parts[0] == "zh":
        return "zh-Hant" if any(p in _TRADITIONAL for p in parts[1:]) else "zh-Hans"
    return "en" if parts[0] == "en" else None


def _weight(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
