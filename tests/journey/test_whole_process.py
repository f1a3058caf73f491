"""What only a process of its own can show: raw arguments, Ctrl-C, a closed pipe, a full disk."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

RUN = "import sys; from danqing.cli import main; sys.exit(main())"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "DANQING_HOME": str(tmp_path / "home"),
        "DANQING_ENGINE": "test-card",
        "LANG": "zh_CN.UTF-8",
        "LC_ALL": "",
    }


def start(
    *arguments: str | bytes,
    cwd: Path,
    environ: dict[str, str],
    before: Callable[[], None] | None = None,
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", RUN, *arguments],
        cwd=cwd,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=before,
    )


def test_bytes_that_are_no_characters(tmp_path: Path, environ: dict[str, str]) -> None:
    process = start("draw", b"\xe7\x8c cat", cwd=tmp_path, environ=environ)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 2, err
    assert out == b""
    assert len(err.decode().strip().splitlines()) == 1


def test_a_terminal_without_chinese(tmp_path: Path, environ: dict[str, str]) -> None:
    process = start("draw", "一只猫", cwd=tmp_path, environ=environ | {"PYTHONIOENCODING": "ascii"})
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err


def heed_ctrl_c() -> None:
    """What a shell started in the background ignores, its children would ignore as well."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_ctrl_c_keeps_what_is_finished_and_leaves_no_half_file(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    out = tmp_path / "out"
    process = start(
        "draw",
        "一只猫",
        "--n",
        "200",
        "--out",
        "out/",
        cwd=tmp_path,
        environ=environ,
        before=heed_ctrl_c,
    )
    patience_ends = time.monotonic() + 60
    while not (out.is_dir() and len(list(out.glob("*.png"))) >= 2):
        assert time.monotonic() < patience_ends
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert len(err.decode().strip().splitlines()) == 1
    assert not list(out.glob(".*"))
    for file in out.glob("*.png"):
        check = start("verify", str(file), cwd=tmp_path, environ=environ)
        check.communicate(timeout=60)
        assert check.returncode == 0
        break
    check = start("ledger", "verify", cwd=tmp_path, environ=environ)
    check.communicate(timeout=60)
    assert check.returncode == 0


def test_a_reader_who_goes_away(tmp_path: Path, environ: dict[str, str]) -> None:
    process = start("draw", "--help", cwd=tmp_path, environ=environ)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=60) in (0, 141)
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()


def test_a_full_disk(tmp_path: Path, environ: dict[str, str]) -> None:
    """A limit on the size of files stands in for a disk without room."""
    start("history", cwd=tmp_path, environ=environ).communicate(timeout=60)

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, 4_096))

    process = start("draw", "一只猫", cwd=tmp_path, environ=environ, before=no_room)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 6, err.decode()
    assert len(err.decode().strip().splitlines()) == 1
    assert not list(tmp_path.glob("*.p*"))
    check = start("ledger", "verify", cwd=tmp_path, environ=environ)
    check.communicate(timeout=60)
    assert check.returncode == 0
