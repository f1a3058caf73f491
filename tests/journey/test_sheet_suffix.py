"""The sheets of `danqing evaluate` are PNGs, and say so before anything is drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.running import Run


@pytest.mark.parametrize("option", ["--picture-sheet", "--sanity"])
@pytest.mark.parametrize("name", ["sheet.jpg", "sheet.webp", "sheet"])
def test_another_ending_is_refused(run: Run, desk: Path, option: str, name: str) -> None:
    ran = run("evaluate", option, name, lang="zh_CN.UTF-8")
    assert ran.code == 2
    assert ".png" in ran.err
    assert not list(desk.iterdir())
