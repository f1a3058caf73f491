"""Sentences from a file: one a line, or a template filled from the rows of a table."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from danqing.errors import InputError
from danqing.inputs import read_file
from danqing.request import fill_template

MAX_FILE_BYTES = 8 * 2**20
MAX_PROMPT_BYTES = 2**20
MAX_SENTENCES = 1_000
_DELIMITERS = {".csv": ",", ".tsv": "\t"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """line: where it stands in its file, from 1; None for the one on the command line."""

    text: str
    line: int | None = None


def from_stdin() -> Sentence:
    """All of standard input as one sentence. Raises InputError when it isn't UTF-8."""
    data = sys.stdin.buffer.read(MAX_PROMPT_BYTES + 1)
    if len(data) > MAX_PROMPT_BYTES:
        raise InputError("cli.file_too_large", file="-", limit_mib=MAX_PROMPT_BYTES // 2**20)
    return Sentence(_decode(data, "-").strip())


def from_file(file: Path, template: str | None) -> list[Sentence]:
    """One sentence a line; or, of a .csv or .tsv, `template` filled from each row.

    UTF-8 or GB 18030 (what Chinese spreadsheets save). Raises InputError for what can't be read:
    the file, its encoding, a row that doesn't fit the header, a column the template names and isn't
    there.
    """
    text = _decode(read_file(file, MAX_FILE_BYTES), str(file))
    delimiter = _DELIMITERS.get(file.suffix.lower())
    if delimiter is None:
        if template is not None:
            raise InputError("cli.prompt_and_lines", file=file)
        found = [
            Sentence(line.strip(), number)
            for number, line in enumerate(text.split("\n"), 1)
            if line.strip()
        ]
    else:
        if template is None:
            raise InputError("cli.no_template", file=file)
        found = list(_filled(text, delimiter, template, file))
    if not found:
        raise InputError("cli.file_empty", file=file)
    if len(found) > MAX_SENTENCES:
        raise InputError("cli.too_many_sentences", count=len(found), limit=MAX_SENTENCES)
    return found


def _filled(text: str, delimiter: str, template: str, file: Path) -> Iterator[Sentence]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                raise InputError(
                    "cli.row_length", line=rows.line_num, cells=len(row), columns=len(header)
                )
            cells = dict(zip(header, (cell.strip() for cell in row), strict=True))
            yield Sentence(fill_template(template, cells), rows.line_num)
    except csv.Error as problem:
        raise InputError("cli.not_a_table", file=file, line=rows.line_num) from problem


def _decode(data: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).replace("\r\n", "\n")
        except UnicodeDecodeError:
            continue
    raise InputError("cli.file_encoding", file=name)
