"""The same road from Python."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from danqing import InputError, NotFound, Picture, Refused, Studio
from danqing.errors import Forbidden
from danqing.policy import Refusal, pictures


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    monkeypatch.setenv("DANQING_ENGINE", "test-card")
    monkeypatch.chdir(tmp_path)
    with Studio(tmp_path / "home") as opened:
        yield opened


def test_a_picture_shows_itself_and_writes_no_file(studio: Studio, tmp_path: Path) -> None:
    picture = studio.draw("一只熊猫", seed=7)
    assert isinstance(picture, Picture)
    assert picture.seed == 7
    assert picture.path is None
    assert [file.name for file in tmp_path.iterdir()] == ["home"]
    assert picture._repr_png_().startswith(b"\x89PNG")
    assert picture.image.size == (512, 512)
    assert any("熊猫" in phrase for phrase in picture.understood)
    assert picture.ignored == ()
    assert picture.id in repr(picture)


def test_several_pictures_are_a_list(studio: Studio, tmp_path: Path) -> None:
    drawn = studio.draw("two dogs", n=2, seed=3, out=tmp_path / "dogs/")
    assert isinstance(drawn, list)
    assert [picture.seed for picture in drawn] == [3, 4]
    assert len(list((tmp_path / "dogs").iterdir())) == 3


def test_saving_never_overwrites(studio: Studio, tmp_path: Path) -> None:
    picture = studio.draw("a cat", format="webp")
    first, second = picture.save(tmp_path / "a.webp"), picture.save("a.webp")
    assert second.name == "a-2.webp"
    assert first.read_bytes() == second.read_bytes() == picture.data
    assert picture._repr_png_().startswith(b"\x89PNG")


def test_a_refusal_is_raised_with_its_verdict(studio: Studio) -> None:
    with pytest.raises(Refused) as caught:
        studio.draw("naked child")
    assert isinstance(caught.value.outcome, Refusal)
    assert caught.value.reasons[0].explain("en") in str(caught.value)


def test_one_withheld_picture_of_several_warns(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = iter((0.0, 1.0))
    monkeypatch.setattr(pictures.OpenNsfw, "score", lambda *_: next(scores))
    with pytest.warns(UserWarning, match="not released"):
        drawn = studio.draw("a cat", n=2)
    assert isinstance(drawn, list)
    assert len(drawn) == 1


def test_looking_back(studio: Studio) -> None:
    picture = studio.draw("一只红色的猫")
    assert studio.show(picture.id[:12]).id == picture.id
    assert [found.id for found in studio.history("红色")] == [picture.id]
    assert studio.redo(picture.id).same
    assert studio.verify(picture.data).aigc is not None
    with pytest.raises(NotFound):
        studio.show("01ZZZZZZZZ")


def test_bad_sizes_are_input_errors(studio: Studio) -> None:
    with pytest.raises(InputError):
        studio.draw("a cat", size=(0, 512))


def test_what_leaves_is_always_marked(studio: Studio) -> None:
    """The master has no mark; no door of the studio gives it."""
    picture = studio.draw("a cat", seed=1)
    master = studio._services.store.master_pixels(picture.id)
    released = np.asarray(picture.image.convert("RGBA"))
    assert not np.array_equal(master, released)
    with Image.open(picture.save("kept.png")) as saved:
        np.testing.assert_array_equal(np.asarray(saved.convert("RGBA")), released)


def test_a_grant_serves_whoever_it_was_given_to(studio: Studio) -> None:
    services = studio._services
    grants, owner = services.register.grants, replace(services.person, role="owner")
    asked = grants.ask(
        by=owner, pictures=1, recipient="春风印社", reason="书籍封面",
        accepts=grants.agreement.version,
    )  # fmt: skip
    with pytest.raises(Forbidden):
        studio.draw("一只猫", grant=asked.id)
    grant_id = grants.give(asked.id, by=owner).id
    marked, plain = studio.draw("一只猫", seed=7), studio.draw("一只猫", seed=7, grant=grant_id)
    assert isinstance(marked, Picture)
    assert isinstance(plain, Picture)
    corners = [np.asarray(picture.image.convert("RGB"))[-40:, -120:] for picture in (marked, plain)]
    assert not np.array_equal(*corners)
    with pytest.raises(Forbidden):
        studio.draw("一只猫", grant=grant_id)
