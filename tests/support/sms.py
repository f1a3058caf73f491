"""A gateway that keeps what it is given, named in a setting as an operator names theirs."""

from __future__ import annotations

from typing import ClassVar

NAME = "support.sms:Kept"


class Kept:
    sent: ClassVar[list[tuple[str, str]]] = []

    def send(self, phone: str, text: str) -> None:
        self.sent.append((phone, text))
