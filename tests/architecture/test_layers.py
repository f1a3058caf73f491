"""The direction of imports, and who may build what."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "danqing"
ONLY_BUILT_BY = {
    "Permit": "policy",
    "Held": "policy",
    "Refusal": "policy",
    "Cleared": "policy",
    "Withheld": "policy",
    "Labelled": "provenance",
    "LabelledFile": "provenance",
    "LabelledPreview": "provenance",
    "LabelledSheet": "provenance",
    "Identified": "identity",
    "Grant": "identity",
    "Upload": "sources",
    "Mask": "sources",
    "Stored": "store",
    "StoredSheet": "store",
}


def test_imports_follow_the_layers() -> None:
    script = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr


def calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Names called in a module, by whatever path they are reached."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Name):
                yield called.id, node.lineno
            elif isinstance(called, ast.Attribute):
                yield called.attr, node.lineno


def built_elsewhere(text: str, package: str) -> list[str]:
    return [
        f"{name} in line {line}"
        for name, line in calls(ast.parse(text))
        if ONLY_BUILT_BY.get(name, package) != package
    ]


@pytest.mark.parametrize(
    "file", sorted(SOURCE.rglob("*.py")), ids=lambda file: str(file.relative_to(SOURCE))
)
def test_stages_are_only_built_by_their_own_package(file: Path) -> None:
    package = file.relative_to(SOURCE).parts[0]
    assert built_elsewhere(file.read_text("utf-8"), package) == []


def test_that_check_can_fail() -> None:
    assert built_elsewhere("types.Permit(identified, (), now)", "flow")
    assert not built_elsewhere("types.Permit(identified, (), now)", "policy")


def test_replace_never_makes_one_from_another() -> None:
    """`dataclasses.replace` would build a stage without its name being called."""
    stages = {"permit", "refusal", "cleared", "withheld", "labelled", "identified"}
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                first = node.args[0] if node.args else None
                named = first.id if isinstance(first, ast.Name) else ""
                assert not (node.func.id == "replace" and named in stages), file
