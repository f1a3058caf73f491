"""`danqing engines` and `danqing version`."""

from __future__ import annotations

import platform
from importlib.metadata import version as version_of

import typer

from danqing.cli.desk import desk_of
from danqing.cli.exits import Exit
from danqing.engines.registry import list_engines


def engines(context: typer.Context) -> Exit:
    desk = desk_of(context)
    default = desk.settings().engine
    found = list_engines()
    desk.show(
        {
            "default": default,
            "engines": [{"name": entry.name, "package": entry.package} for entry in found],
        }
    )
    for entry in found:
        code = "cli.engine_default" if entry.name == default else "cli.engine"
        desk.print(code, name=entry.name, package=entry.package)
    return Exit.DONE


def version(context: typer.Context) -> Exit:
    desk = desk_of(context)
    ours = version_of("danqing")
    desk.show({"danqing": ours, "python": platform.python_version()})
    desk.write(f"danqing {ours}")
    return Exit.DONE
