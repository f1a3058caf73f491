"""The options every command takes, wherever they stand: --home, --lang, --json, --help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from danqing.cli.language import from_tag
from danqing.errors import InputError
from danqing.request.types import Language

COMMON_OPTIONS = ("--home", "--lang", "--json", "--help")


@dataclass(frozen=True, slots=True)
class Common:
    """What was said of the common options. rest: all other arguments, in order."""

    home: Path | None
    language: Language | None
    json: bool
    help: bool
    rest: tuple[str, ...]


def take(arguments: Sequence[str]) -> Common:
    """Takes the common options out; after `--` everything is the command's.

    Raises InputError where a value is missing or there is no such language.
    """
    home: Path | None = None
    language: Language | None = None
    json = help_asked = False
    rest: list[str] = []
    left = iter(arguments)
    for argument in left:
        if argument == "--":
            rest += [argument, *left]
            break
        option, _, value = argument.partition("=")
        if option == "--home":
            home = Path(_value(argument, value, left))
        elif option == "--lang":
            tag = _value(argument, value, left)
            language = from_tag(tag)
            if language is None:
                raise InputError("cli.unknown_language", value=tag)
        elif argument == "--json":
            json = True
        elif argument in ("--help", "-h"):
            help_asked = True
        else:
            rest.append(argument)
    return Common(home, language, json, help_asked, tuple(rest))


def _value(argument: str, value: str, left: Iterator[str]) -> str:
    if "=" not in argument:
        value = next(left, "")
    if not value:
        raise InputError("cli.option_value", option=argument.partition("=")[0])
    return value
