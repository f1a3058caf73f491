"""Nothing leaves without its visible mark but by a Grant (Labelling Measures, Art. 9 and 10): no other
code comes near the unmarked way, and no option or setting is named for it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from danqing.cli.commands import COMMANDS, build
from danqing.settings import setting_types

SOURCE = Path(__file__).resolve().parents[2] / "src" / "danqing"
ONLY_NAMED_IN = {
    "label_under_grant": {"provenance/label.py", "flow.py"},
    "finish_unmarked": {"provenance/label.py", "provenance/finishing.py"},
    "use_grant": {"identity/grants.py", "store/keeping.py"},
}
"""Who may so much as name these."""
REMOVER = re.compile(r"strip|unmark|(?:no|without|remove|skip|hide|erase)[-_.]?(?:mark|label)")


def named(text: str) -> set[str]:
    """Every name, attribute and imported name in a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias | ast.FunctionDef):
            found.add(node.name)
    return found


def test_only_the_road_comes_to_the_unmarked_way() -> None:
    where: dict[str, set[str]] = {name: set() for name in ONLY_NAMED_IN}
    for file in SOURCE.rglob("*.py"):
        for name in named(file.read_text("utf-8")) & ONLY_NAMED_IN.keys():
            where[name].add(file.relative_to(SOURCE).as_posix())
    assert where == ONLY_NAMED_IN


def test_that_check_can_fail() -> None:
    assert "label_under_grant" in named("labeller.label_under_grant(cleared, grant=g)")
    assert "use_grant" in named("from danqing.identity.grants import use_grant as quietly")


def test_no_option_and_no_setting_removes_a_mark_or_a_label() -> None:
    names = {".".join(name) for name in setting_types()}
    for command in COMMANDS:
        names |= {option for p in build(command).params for option in (p.name, *p.opts)}
    assert {"--grant", "--out"} <= names
    assert {name for name in names if REMOVER.search(name)} == set()
