"""The declaration that one may use a picture from outside, however a program is able to make it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header

HEADER = "X-I-May-Use-This"
_YES = frozenset({"yes", "true", "1", "是"})


def declared_in_header(
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
) -> bool:
    return (i_may_use_this or "").strip().lower() in _YES


DeclaredDep = Annotated[bool, Depends(declared_in_header)]


def is_declared(in_header: bool, in_form: bool) -> bool:
    return in_header or in_form
