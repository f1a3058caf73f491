"""Help in the reader's language: what a command does, how it is written, an example.

Laid out here because Typer's own headings are English.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable
from typing import Any

from danqing.cli.commands import COMMANDS, build
from danqing.cli.common import COMMON_OPTIONS
from danqing.messages import say

_INDENT, _GAP = "  ", 3
_TEXTS = {
    ("policy sign", "key"): "signing_folder",
    ("policy verify", "key"): "pack_key",
    ("consent", "picture"): "consent_picture",
    ("review pardon", "person"): "pardoned",
    ("case show", "case"): "case_id",
    ("case answer", "case"): "case_id",
    ("show", "out"): "out_copy",
    ("evaluate", "out"): "report",
    ("data lexicon", "out"): "lexicon_file",
    ("evaluate", "quick"): "quick_evaluation",
    ("verify", "file"): "verified",
    ("label", "file"): "labelled",
    ("label", "out"): "out_beside",
    ("classify", "file"): "verified",
    ("classify", "out"): "out_beside",
    ("ledger verify", "key"): "key_checkpoint",
    ("ledger checkpoint", "file"): "new_file",
    ("ledger export", "file"): "new_file",
    ("backup", "file"): "backup_file",
    ("restore", "file"): "backup_file",
    ("vary", "n"): "n_variations",
    ("vary", "strength"): "strength_variations",
    ("vary", "size"): "same_unless_given",
    ("vary", "engine"): "same_unless_given",
    ("teach", "replace"): "replace_taught",
    ("queue list", "before"): "before_job",
    ("queue pause", "engine"): "paused_engine",
    ("queue resume", "engine"): "paused_engine",
    ("worker", "engine"): "worker_engines",
    ("money quota", "key"): "quota_key",
    ("money codes", "value"): "code_value",
    ("account add", "login"): "new_login",
    ("account add", "role"): "role_new",
    ("account role", "role"): "role_new",
    ("account attest", "file"): "attestations",
    ("account export", "out"): "export_out",
    ("account disclose ask", "login"): "disclosed",
    ("account key", "role"): "role_key",
    ("account key", "days"): "days_key",
    ("grant ask", "pictures"): "pictures_granted",
}
"""Parameters whose text is not the one of their name, which another command has."""
_METAVARS = {"--home": "DIR", "--lang": "zh-Hans|zh-Hant|en"}


def help_for(name: str, language: str) -> str:
    """The help of a command, of a group (`ledger`), or of everything (no name)."""
    lines = _of_command(name, language) if name in COMMANDS else _of_group(name, language)
    return "\n".join(lines)


def _of_group(prefix: str, language: str) -> Iterable[str]:
    if not prefix:
        yield say("cli.welcome", language)
        yield ""
        yield f'{_INDENT}danqing draw "{say("cli.example_prompt", language)}"'
        yield ""
    yield say("cli.heading_commands", language)
    inside = [name for name in COMMANDS if name.startswith(f"{prefix} " if prefix else "")]
    yield from _columns((name, say(_id("help", name), language)) for name in inside)
    yield ""
    yield from _common(language)
    yield ""
    yield say("cli.more_help", language)


def _of_command(name: str, language: str) -> Iterable[str]:
    parameters = build(name).params
    arguments = [p for p in parameters if p.param_type_name == "argument"]
    options = [p for p in parameters if p.param_type_name == "option"]
    usage = " ".join(["danqing", name, *map(_argument, arguments)])
    yield say(_id("help", name), language)
    yield ""
    yield f"{_INDENT}{usage}{' …' if options else ''}"
    yield ""
    if arguments:
        yield say("cli.heading_arguments", language)
        yield from _columns((p.metavar, _explain(name, p, language)) for p in arguments)
        yield ""
    if options:
        yield say("cli.heading_options", language)
        yield from _columns((_option(p), _explain(name, p, language)) for p in options)
        yield ""
    yield from _common(language)
    yield ""
    yield say("cli.heading_example", language)
    yield textwrap.indent(say(_id("example", name), language), _INDENT)


def _id(kind: str, name: str) -> str:
    return f"cli.{kind}_{name.replace(' ', '_')}"


def _explain(command: str, parameter: Any, language: str) -> str:
    return say(f"cli.option_{_TEXTS.get((command, parameter.name), parameter.name)}", language)


def _argument(parameter: Any) -> str:
    return str(parameter.metavar) if parameter.required else f"[{parameter.metavar}]"


def _option(parameter: Any) -> str:
    metavar = "" if parameter.is_flag else f" {parameter.metavar}"
    return ", ".join(parameter.opts) + metavar


def _common(language: str) -> Iterable[str]:
    yield say("cli.heading_common", language)
    yield from _columns(
        (
            f"{option} {_METAVARS.get(option, '')}".strip(),
            say(f"cli.option_{option.removeprefix('--')}", language),
        )
        for option in COMMON_OPTIONS
    )


def _columns(rows: Iterable[tuple[str, str]]) -> Iterable[str]:
    """Two columns, measured and wrapped by what characters take on screen."""
    from rich.cells import cell_len, set_cell_size

    table = list(rows)
    left = max((cell_len(name) for name, _ in table), default=0) + _GAP
    width = max(24, min(shutil.get_terminal_size((100, 24)).columns, 110) - left - len(_INDENT))
    for name, text in table:
        for i, part in enumerate(wrap_cells(text, width)):
            yield f"{_INDENT}{set_cell_size(name if i == 0 else '', left)}{part}"


def wrap_cells(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns: Chinese breaks anywhere, other scripts at spaces."""
    from rich.console import Console
    from rich.text import Text

    console = Console(width=width, color_system=None)
    return [line.plain.rstrip() for line in Text(text).wrap(console, width)]
