from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from danqing.errors import InputError
from danqing.settings import Settings, read_settings, setting_types

DOCS = Path(__file__).resolve().parents[3] / "docs"


def write(home: Path, text: str) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "danqing.toml").write_text(text, "utf-8")


def test_without_a_file_everything_is_as_by_default(tmp_path: Path) -> None:
    assert read_settings({}, tmp_path) == Settings(tmp_path)


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    write(
        tmp_path,
        """
        engine = "test-card"
        profile = "cn"
        content_producer = "001191110102MACQD9K64010000"
        policy_packs = ["packs/ours.yaml"]
        [service]
        agreement_version = "2026-11"
        complaint_days = 15
        [ledger]
        keep_days = 400
        [server]
        port = 9000
        """,
    )
    environ = {
        "DANQING_ENGINE": "mini",
        "DANQING_SERVER_PORT": "9001",
        "DANQING_LEDGER_KEEP_DAYS": "",
    }
    read = read_settings(environ, tmp_path)
    assert (read.engine, read.profile, read.server.port) == ("mini", "cn", 9001)
    assert read.policy_packs == (tmp_path / "packs" / "ours.yaml",)
    assert (read.service.agreement_version, read.service.complaint_days) == ("2026-11", 15)
    assert read.ledger.keep_days == 400


def test_variables_from_before_still_work(tmp_path: Path) -> None:
    environ = {
        "DANQING_POLICY": os.pathsep.join(["a.yaml", "/b.yaml"]),
        "DANQING_PROVIDER_CODE": "X",
    }
    read = read_settings(environ, tmp_path)
    assert read.policy_packs == (Path("a.yaml"), Path("/b.yaml"))
    assert read.content_producer == "X"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("profile = ", "unreadable"),
        ("profile = 'mars'", "value"),
        ("[server]\nport = 'many'", "value"),
        ("profil = 'cn'", "unknown"),
        ("[service]\ncomplain_days = 3", "unknown"),
        ("home = '/elsewhere'", "unknown"),
        ("engine = ['mini']", "value"),
    ],
)
def test_what_cannot_be_is_one_clear_error(tmp_path: Path, text: str, code: str) -> None:
    write(tmp_path, text)
    with pytest.raises(InputError, match=rf"settings\.{code}"):
        read_settings({}, tmp_path)


def test_a_near_name_is_suggested(tmp_path: Path) -> None:
    write(tmp_path, "[service]\ncomplain_days = 3")
    with pytest.raises(InputError) as caught:
        read_settings({}, tmp_path)
    assert caught.value.facts["near"] == "service.complaint_days"


def test_secrets_are_not_shown() -> None:
    settings = Settings(Path("h"), database_url="postgresql://u:pass@h/d")
    assert "pass" not in repr(settings)


@pytest.mark.parametrize("page", ["settings.md", "settings.zh-CN.md"])
def test_every_setting_is_documented(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    rows = set(re.findall(r"^\| `([a-z_.]+)` \| `DANQING_[A-Z_]+` \|", text, re.MULTILINE))
    assert rows == {".".join(name) for name in setting_types() if name != ("home",)}


def test_plain_settings_need_no_pydantic(tmp_path: Path) -> None:
    write(tmp_path, "engine = 'mini'\ndatabase_url = 'postgresql:///d'")
    code = (
        "import sys; from pathlib import Path; from danqing.settings import read_settings;"
        f"read_settings({{}}, Path({str(tmp_path)!r})); sys.exit('pydantic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
