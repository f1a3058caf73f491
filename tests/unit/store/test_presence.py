from __future__ import annotations

from pathlib import Path

from danqing.store.presence import Presence, anyone_present, is_present, sweep


def test_present_until_closed(tmp_path: Path) -> None:
    run = tmp_path / "run"
    one, other = Presence(run), Presence(run)
    assert not anyone_present(run)
    assert one.name() == one.name() != other.name()
    assert is_present(run, one.name())
    name = one.name()
    one.close()
    assert not is_present(run, name)
    assert anyone_present(run)
    other.close()
    assert list(run.iterdir()) == []


def test_sweeping_takes_the_dead_alone(tmp_path: Path) -> None:
    alive = Presence(tmp_path)
    name = alive.name()
    (tmp_path / "DEAD.lock").touch()
    sweep(tmp_path)
    assert [f.stem for f in tmp_path.iterdir()] == [name]
    alive.close()
