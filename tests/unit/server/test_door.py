"""Drawing needs no server: nothing of one is imported for it."""

from __future__ import annotations

import subprocess
import sys

from danqing import server

WEB = {"fastapi", "starlette", "uvicorn", "jinja2", "prometheus_client", "anyio", "multipart"}


def test_drawing_imports_nothing_of_the_web() -> None:
    script = (
        "import sys, danqing.cli.draw, danqing.flow, danqing.studio, danqing.jobs, danqing.server;"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    out = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    assert set(out.split()) & WEB == set()


def test_the_door_has_what_it_says() -> None:
    for name in server.__all__:
        assert callable(getattr(server, name))
