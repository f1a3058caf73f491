"""What whoever sends a picture from outside declares of it, however a program is able to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import Depends, Header

from danqing.errors import NotDeclared

if TYPE_CHECKING:
    from danqing.server.caller import Caller
    from danqing.server.house import House

HEADER = "X-I-May-Use-This"
PEOPLE_HEADER = "X-People-In-It"
_YES = frozenset({"yes", "true", "1", "是"})


@dataclass(frozen=True, slots=True)
class Declared:
    """may_use: they may use the picture. people: of those in it, that everyone who can be recognised
    consented to the edit, or that nobody can be; None where nothing was said."""

    may_use: bool
    people: Literal["everyone", "nobody"] | None = None

    def or_in_form(self, may_use: bool) -> Declared:
        return replace(self, may_use=self.may_use or may_use)


def declared_in_headers(
    i_may_use_this: Annotated[
        str | None,
        Header(
            alias=HEADER,
            max_length=16,
            description="`yes`: you may use the picture you send, and everyone who can be "
            "recognised in it has consented to the edit separately (Deep Synthesis Provisions, "
            "Art. 14). It is logged.",
        ),
    ] = None,
    people_in_it: Annotated[
        Literal["everyone", "nobody"] | None,
        Header(
            alias=PEOPLE_HEADER,
            description="`everyone`: all who can be recognised in the picture were told of the edit "
            "and consented separately; `nobody`: no one can be recognised. Needed under the profile "
            "`cn` (Deep Synthesis Provisions, Art. 14). It is logged.",
        ),
    ] = None,
) -> Declared:
    return Declared((i_may_use_this or "").strip().lower() in _YES, people_in_it)


DeclaredDep = Annotated[Declared, Depends(declared_in_headers)]


def keep_consent(house: House, caller: Caller, sha256: str, declared: Declared) -> None:
    """Logs what was said of the people in a picture from outside. Raises NotDeclared under the profile
    `cn` where nothing was, now or before: sooner than the worker would."""
    docket = house.services.docket
    if declared.people is not None:
        docket.consent(caller.person, sha256, declared.people)
    elif house.settings.profile == "cn" and not docket.consented(caller.person.id, sha256):
        raise NotDeclared("server.no_face_consent", header=PEOPLE_HEADER)
