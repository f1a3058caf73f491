"""Verification by an operator who has seen a document, one person or a file of them.

    account,kind,number,name,evidence
    lin,resident-id,11010519491231002X,林小雨,identity card seen at the counter
    studio-7,uscc,91350100M000100Y43,,business licence in the contract file

CSV with this header, in any order of columns; UTF-8 or GB 18030. `evidence` says what was seen.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast, get_args

from danqing.errors import InputError, NotAuthenticated
from danqing.identity.real_names import checked
from danqing.identity.records import Clock
from danqing.identity.types import NumberKind, Person, Proof, RealName

MOST_BYTES, MOST_ROWS, LONGEST_EVIDENCE = 4 << 20, 10_000, 200
_COLUMNS = ("account", "kind", "number", "name", "evidence")
KINDS: tuple[NumberKind, ...] = get_args(NumberKind)


@dataclass(frozen=True, slots=True)
class Attested:
    """One row. account: a login or an id. line: where it stands in the file, from 1."""

    line: int
    account: str
    real_name: RealName
    evidence: str


class Attestation:
    """The real-name provider `attestation`: an operator vouches for what they have seen.

    evidence: what that was. Whose word it is, is kept when the proof is (`RealNames.record`).
    """

    name = "attestation"

    def __init__(self, evidence: str, clock: Clock) -> None:
        if not (evidence.strip() and len(evidence) <= LONGEST_EVIDENCE and evidence.isprintable()):
            raise InputError("identity.evidence", limit=LONGEST_EVIDENCE)
        self._evidence = evidence.strip()
        self._clock = clock

    def begin(self, person: Person, stated: RealName | None) -> Proof:  # noqa: ARG002
        """The proof, at once. Raises InputError for a malformed number."""
        if stated is None:
            raise InputError("identity.number_other")
        return Proof(self.name, checked(stated), self._clock(), self._evidence)

    def answer(self, person: Person, answer: str) -> Proof:  # noqa: ARG002
        """There is never a challenge to answer."""
        raise NotAuthenticated("identity.wrong_code")


def read_attestations(data: bytes) -> list[Attested]:
    """The rows of a file, each checked for its form. Raises InputError naming the first bad line."""
    if len(data) > MOST_BYTES:
        raise InputError("identity.attest_too_large", limit_mib=MOST_BYTES >> 20)
    rows = list(_rows(_text(data)))
    if not rows:
        raise InputError("identity.attest_empty")
    if len(rows) > MOST_ROWS:
        raise InputError("identity.attest_too_many", count=len(rows), limit=MOST_ROWS)
    return rows


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError("identity.attest_encoding")


def _rows(text: str) -> Iterator[Attested]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        if set(reader.fieldnames or ()) != set(_COLUMNS):
            raise InputError("identity.attest_header", columns=",".join(_COLUMNS))
        for row in reader:
            yield _row(reader.line_num, row)
    except csv.Error as problem:
        raise InputError("identity.attest_line", line=reader.line_num) from problem


def _row(line: int, row: dict[str, str | None]) -> Attested:
    cells = {name: (row.get(name) or "").strip() for name in _COLUMNS}
    kind = cast(NumberKind, cells["kind"])
    if None in row or None in row.values() or not cells["account"] or kind not in KINDS:
        raise InputError("identity.attest_line", line=line)
    try:
        stated = checked(RealName(kind, cells["number"], cells["name"] or None))
    except InputError as problem:
        raise InputError("identity.attest_number", line=line, kind=kind) from problem
    return Attested(line, cells["account"], stated, cells["evidence"])
