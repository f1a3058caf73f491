"""Our categories in that API's names. One of ours may be several of theirs; some have none."""

from __future__ import annotations

THEIRS = (
    "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit",
    "illicit/violent", "self-harm", "self-harm/intent", "self-harm/instructions", "sexual",
    "sexual/minors", "violence", "violence/graphic",
)  # fmt: skip
_NAMES: dict[str, tuple[str, ...]] = {
    "sexual": ("sexual",),
    "minors": ("sexual", "sexual/minors"),
    "hate": ("hate",),
    "discrimination": ("hate",),
    "threats": ("harassment", "harassment/threatening", "violence"),
    "reputation": ("harassment",),
    "gore": ("violence", "violence/graphic"),
    "weapons": ("illicit", "illicit/violent"),
    "drugs": ("illicit",),
    "fraud": ("illicit",),
    "self-harm": ("self-harm",),
}


def theirs(category: str) -> tuple[str, ...]:
    """Their names for one of our categories: by the whole of it, else by its first word."""
    return _NAMES.get(category) or _NAMES.get(category.split("-", 1)[0], ())
