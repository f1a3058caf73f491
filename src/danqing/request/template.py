"""Sentences with columns: 「一只{颜色}的{动物}」, filled from the rows of a table."""

from __future__ import annotations

import re
from collections.abc import Mapping

from danqing.errors import InputError

_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def fill_template(template: str, row: Mapping[str, str]) -> str:
    """The template with every {column} replaced by the row's text; {{ and }} stand for braces.

    Raises InputError: input.column (the row lacks it; names those it has), input.brace (one without
    its partner). What is filled in is not looked at again, so a cell may hold braces."""

    def replace(found: re.Match[str]) -> str:
        part = found.group()
        if part in ("{{", "}}"):
            return part[0]
        if part in ("{", "}"):
            raise InputError("input.brace", position=found.start() + 1)
        column = found.group(1).strip()
        if column not in row:
            raise InputError("input.column", column=column, columns=", ".join(row) or "-")
        return row[column]

    return _PART.sub(replace, template)
