"""Who asks. `Identified` is the only way into policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from danqing.request.types import Request


@dataclass(frozen=True, slots=True)
class Person:
    """id: a pseudonymous ULID; nothing in it says who it is. local: whoever is at this machine."""

    id: str
    created_at: datetime
    local: bool = True


@dataclass(frozen=True, slots=True)
class Identified:
    """A request with the person who made it. Built only by `identity.identify`.

    batch_id: a ULID; all pictures of one request share it. asked_at: UTC, aware.
    """

    person: Person
    request: Request
    batch_id: str
    asked_at: datetime
