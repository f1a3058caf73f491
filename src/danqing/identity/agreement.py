"""What an applicant agrees to before a picture leaves without its visible mark (Labelling Measures,
Art. 9): the operator's user agreement where there is one, else the text that ships."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files

from danqing.errors import InputError
from danqing.settings import ServiceSettings

MOST_BYTES = 1 << 20
_SHIPPED = "article-9.md"


@dataclass(frozen=True, slots=True)
class Agreement:
    """version: by which it is accepted. text: all of it. sha256: of the text, UTF-8."""

    version: str
    text: str
    sha256: str


def current_agreement(service: ServiceSettings) -> Agreement:
    """The agreement in force. Raises InputError when the operator's file can't be read, or has no
    version."""
    if service.agreement_file is None:
        text = (files("danqing.identity") / _SHIPPED).read_text("utf-8")
        head, _, body = text.partition("\n\n")
        return _agreement(head.removeprefix("version: "), body)
    if not service.agreement_version:
        raise InputError("identity.agreement_version", file=service.agreement_file)
    try:
        with service.agreement_file.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise ValueError("too large")
        return _agreement(service.agreement_version, data.decode("utf-8"))
    except (OSError, ValueError) as problem:
        raise InputError("identity.agreement_file", file=service.agreement_file) from problem


def _agreement(version: str, text: str) -> Agreement:
    return Agreement(version, text, sha256(text.encode()).hexdigest())
