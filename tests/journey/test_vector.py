"""`--format svg`, from the sentence to a file whose label reads back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from danqing import Studio, Unsupported
from independent.label_reader import read
from support.running import Run


def test_svg_by_option_and_by_suffix(run: Run, desk: Path) -> None:
    ran = run("draw", "一只红色的猫", "--format", "svg", "--json", "--transparent")
    picture = ran.document["pictures"][0]
    data = Path(picture["file"]).read_bytes()
    assert picture["media_type"] == "image/svg+xml"
    assert read(data, picture["media_type"]).label["ProduceID"] == picture["id"]
    assert run("verify", picture["file"]).code == 0
    assert run("redo", picture["id"]).code == 0  # the master is a PNG as ever
    assert run("draw", "a cat", "--out", "cat.svg").code == 0
    assert (desk / "cat.svg").read_bytes().startswith(b"<?xml")
    assert run("ledger", "verify").code == 0


def test_the_sheet_of_svg_pictures_is_a_png(run: Run, desk: Path) -> None:
    ran = run("draw", "a cat", "--n", "2", "--out", "cats.svg", "--json", "--size", "128")
    assert ran.code == 0, ran.err
    names = sorted(file.name for file in desk.iterdir())
    assert names == ["cats-1.svg", "cats-2.svg", "cats-sheet.png"]
    with Image.open(desk / "cats-sheet.png") as sheet:
        assert sheet.format == "PNG"


def test_in_a_notebook(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANQING_ENGINE", "test-card")
    with Studio(home) as studio:
        picture = studio.draw("a cat", format="svg", size=128)
        assert (picture._repr_svg_() or "").startswith("<?xml")
        assert picture._repr_png_() is None
        with pytest.raises(Unsupported):
            _ = picture.image
