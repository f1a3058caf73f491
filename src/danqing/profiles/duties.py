"""A profile's duties, read from `<profile>.toml` beside this file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from danqing.settings import Profile

Status = Literal["met", "not-met", "not-ours"]
Tag = Literal["O", "S", "T", "R", "I"]
"""How sure the text of the rule is: official wording seen, secondary source, tested here, recalled,
inferred (docs/compliance.md)."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something a law asks of whoever offers Danqing to others.

    id: as in the messages `duty.<id>`. start: the service refuses to start without it. check: the
    function that looks (`checks`), or None where no program can meet it. needs: what it looks for.
    """

    id: str
    article: str
    tag: Tag
    start: bool = False
    check: str | None = None
    needs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """facts: fill the sentences `duty.<id>` and, where it is not met, `duty.<id>_todo`."""

    duty: Duty
    status: Status
    facts: Mapping[str, Any]


@cache
def duties_of(profile: Profile) -> tuple[Duty, ...]:
    """The duties under a profile, those that stop a start first."""
    text = (files("danqing.profiles") / f"{profile}.toml").read_text("utf-8")
    return tuple(Duty(**entry) for entry in tomllib.loads(text).get("duty", ()))


def minimum_log_days(profile: Profile) -> int:
    """For how many days the profile's law wants logs kept; 0 where it says nothing."""
    return max((d.needs.get("log_days", 0) for d in duties_of(profile)), default=0)
