"""Routers that are passed over at once where a path can't be one of theirs.

FastAPI would try every route of every router that stands before the right one, and on each level of
nesting once more: with some 150 routes that took longer than answering.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.routing import Match

if TYPE_CHECKING:
    from starlette.types import Scope


class Part(APIRouter):
    """A router with a prefix that has no parameters. All its paths hold it, wherever it is included."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if self.prefix not in scope["path"]:
            return Match.NONE, {}
        return super().matches(scope)
