"""Regular expressions a pack may use: those that can't take long, whatever the text.

Python's engine tries alternatives one after another, so an unbounded repeat can cost time
without end. Allowed are literals, `.`, classes, groups `(?:…)`, alternatives, and bounded
repeats, as long as the number of ways to match at one place stays small.
"""

from __future__ import annotations

import re

MAX_WAYS = 2_000
MAX_REPEAT = 64


def why_unsafe(pattern: str) -> str | None:
    """None when the pattern may be used, else the part of it that may not."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return pattern
    ways = 1
    index = 0
    while index < len(pattern):
        token = _token(pattern, index)
        index += len(token)
        if token[0] == "\\" and token[1:2] not in set("dDsSwWbB.\\-+*?()[]{}|^$/"):
            return token  # back references among others
        if token in {"*", "+"} or (token.startswith("(?") and token != "(?:"):
            return token
        if token[0] == "{":
            low, _, high = token[1:-1].partition(",")
            if not low.isdigit() or not (high or low).isdigit() or ("," in token and not high):
                return token
            if int(high or low) > MAX_REPEAT or pattern[index - len(token) - 1] == ")":
                return token  # a repeated group multiplies its own ways
            ways *= int(high or low) - int(low) + 1
        if token in {"?", "|"}:
            ways *= 2
        if ways > MAX_WAYS:
            return token
    return None


def _token(pattern: str, index: int) -> str:
    """The escape, class, group opening, repeat or single character that starts here."""
    rest = pattern[index:]
    if rest[0] == "[":
        end = re.match(r"\[\^?\]?(?:\\.|[^\]\\])*\]", rest)
        return end.group() if end else rest
    found = re.match(r"\\.|\(\?[^)]?|\{[^}]*\}", rest, re.DOTALL)
    return found.group() if found else rest[0]
