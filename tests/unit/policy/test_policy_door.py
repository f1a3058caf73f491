"""The package's one door, and who may build what it hands out."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import danqing.policy

SOURCE = Path(danqing.policy.__file__).parents[1]
VERDICTS = {"Permit", "Held", "Refusal", "Cleared", "Withheld"}


def test_all_is_what_is_there() -> None:
    assert list(danqing.policy.__all__) == sorted(danqing.policy.__all__, key=_isort_key)
    for name in danqing.policy.__all__:
        assert getattr(danqing.policy, name) is not None


def _isort_key(name: str) -> tuple[bool, bool, str]:
    return (not name.isupper(), not name[0].isupper(), name)


def test_only_policy_builds_verdicts() -> None:
    builders = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
                if name in VERDICTS:
                    builders.add(file.relative_to(SOURCE).as_posix())
    assert builders == {"policy/policy.py"}


def test_importing_policy_loads_nothing_heavy() -> None:
    heavy = ("onnxruntime", "pypinyin", "opencc", "pydantic", "yaml", "PIL")
    code = f"import sys, danqing.policy; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
