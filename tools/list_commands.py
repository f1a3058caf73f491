"""Writes docs/commands.md and docs/commands.zh-CN.md: every command with the line its --help begins with."""

from __future__ import annotations

from pathlib import Path

from danqing.cli.commands import COMMANDS
from danqing.messages import say
from danqing.request.types import Language

PAGES: dict[str, tuple[Language, str, str]] = {
    "commands.md": (
        "en",
        "# Commands\n\n[中文](commands.zh-CN.md)\n\nEvery command takes `--json`, `--home`, `--lang` and "
        "`--help`; the last says more, with an example. What a command\nends with: [exit codes]"
        "(exit-codes.md).\n",
        "| command | what it does |",
    ),
    "commands.zh-CN.md": (
        "zh-Hans",
        "# 命令一览\n\n[English](commands.md)\n\n每条命令都认得 `--json`、`--home`、`--lang` 和 `--help`，"
        "最后一个会说得更细，还带例子。命令结束时的退出码见\n[退出码](exit-codes.zh-CN.md)。\n",
        "| 命令 | 做什么 |",
    ),
}


def page(name: str) -> str:
    language, opening, heading = PAGES[name]
    rows = [
        f"| `danqing {command}` | {say('cli.help_' + command.replace(' ', '_'), language)} |"
        for command in COMMANDS
    ]
    return "\n".join([opening, heading, "|---|---|", *rows, ""])


if __name__ == "__main__":
    docs = Path(__file__).parent.parent / "docs"
    for name in PAGES:
        (docs / name).write_text(page(name), "utf-8")
