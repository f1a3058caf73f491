"""What the system says, in the reader's own language."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

from danqing.db.faults import file_errors, from_os
from danqing.errors import StoreError, StoreFull
from danqing.messages import say


@pytest.mark.parametrize(
    "number",
    ["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "EISDIR", "ENOENT", "ENAMETOOLONG", "ENOSPC"],
)
def test_known_causes_are_said_without_the_systems_words(number: str) -> None:
    code = getattr(errno, number)
    fault = from_os(OSError(code, os.strerror(code)), Path("画"))
    assert isinstance(fault, StoreFull) == (number == "ENOSPC")
    for language in ("zh-Hans", "zh-Hant"):
        sentence = say(fault.code, language, **fault.facts)
        assert "画" in sentence
        assert not re.search(r"[A-Za-z]{2,}", sentence), sentence


def test_an_unknown_cause_keeps_the_systems_words() -> None:
    fault = from_os(OSError(errno.EIO, "Input/output error"), Path("a"))
    assert fault.code == "store.unwritable"
    assert fault.facts["reason"] == "Input/output error"


def test_a_path_through_a_file_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(StoreError, match="unwritable_no_folder"),
        file_errors(tmp_path / "file" / "a"),
    ):
        (tmp_path / "file" / "a").write_text("")
