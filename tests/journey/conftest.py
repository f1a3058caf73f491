"""The command line as a person meets it, with the test-card engine and a home of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from danqing.cli import main
from support.running import Ran, Run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of the person at work."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def run(home: Path, desk: Path, capsys: pytest.CaptureFixture[str]) -> Run:  # noqa: ARG001
    """Runs a command in this process: run("draw", "一只猫", lang="zh_CN.UTF-8")."""

    def run_command(*arguments: str, lang: str = "en_GB.UTF-8", **environ: str) -> Ran:
        settings = {"DANQING_HOME": str(home), "DANQING_ENGINE": "test-card", "LANG": lang}
        capsys.readouterr()
        code = main(arguments, settings | environ)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run_command
