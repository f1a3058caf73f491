from __future__ import annotations

import threading
from pathlib import Path

import pytest

from danqing.db.files import free_name, link_new, make_folder, together, write_whole


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    for expected in ("a.png", "a-2.png", "a-3.png"):
        part = tmp_path / "x.part"
        write_whole(part, expected.encode())
        assert free_name(tmp_path / "a.png") == tmp_path / expected
        assert link_new(part, tmp_path / "a.png") == tmp_path / expected
        assert link_new(part, tmp_path / "a.png") == tmp_path / expected
        part.unlink()
    assert (tmp_path / "a-2.png").read_bytes() == b"a-2.png"


def test_without_hard_links_it_still_replaces_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", no_links)
    (tmp_path / "a.png").write_bytes(b"theirs")
    part = tmp_path / "x.part"
    write_whole(part, b"ours")
    assert link_new(part, tmp_path / "a.png").name == "a-2.png"
    assert (tmp_path / "a.png").read_bytes() == b"theirs"
    assert (tmp_path / "a-2.png").read_bytes() == b"ours"


def test_a_part_never_replaces_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"old"


def test_folders_are_made_with_their_parents(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b" / "c")
    make_folder(tmp_path / "a" / "b" / "c")
    assert (tmp_path / "a" / "b" / "c").is_dir()


def test_together_waits_for_all_and_raises_the_first_failure() -> None:
    done = threading.Event()

    def fails() -> None:
        raise OSError("first")

    with pytest.raises(OSError, match="first"):
        together(fails, done.set)
    assert done.is_set()
