"""Files another tool made: label, classify, verify, and the keys they are signed with."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from support.pictures import gradient
from support.running import Run

MEDIA = Path(__file__).resolve().parents[1] / "media"


@pytest.fixture
def photo(desk: Path) -> Path:
    out = io.BytesIO()
    Image.fromarray(gradient(200, 160)).convert("RGB").save(out, "JPEG")
    file = desk / "photo.jpg"
    file.write_bytes(out.getvalue())
    return file


@pytest.fixture
def film(desk: Path) -> Path:
    file = desk / "film.mp4"
    file.write_bytes((MEDIA / "plain.mp4").read_bytes())
    return file


def lines(run: Run, kind: str, home: Path) -> list[dict[str, object]]:
    """What the ledger says of a kind, read from the database."""
    import sqlite3

    with sqlite3.connect(home / "danqing.db") as database:
        rows = database.execute("SELECT facts FROM ledger WHERE kind = ?", (kind,)).fetchall()
    assert run("ledger", "verify", "--json").document["sound"]
    return [json.loads(facts) for (facts,) in rows]


def test_a_picture_is_labelled_beside_the_original(run: Run, photo: Path, home: Path) -> None:
    before = photo.read_bytes()
    ran = run("label", "photo.jpg")
    assert ran.code == 0
    assert "「AI生成」" in ran.out
    assert photo.read_bytes() == before
    checked = run("verify", "photo-labelled.jpg", "--json")
    assert checked.code == 0
    assert checked.document["credential"]["state"] == "trusted"
    (line,) = lines(run, "labelled", home)
    assert line["sha256"] == checked.document["sha256"]
    assert line["aigc"]["produce_id"] == line["id"]  # type: ignore[index]


def test_nothing_is_overwritten(run: Run, photo: Path) -> None:
    assert photo.exists()
    for expected in ("photo-labelled.jpg", "photo-labelled-2.jpg"):
        assert run("label", "photo.jpg", "--json").document["out"].endswith(expected)


def test_a_film_says_what_is_left_to_do(run: Run, film: Path, desk: Path) -> None:
    assert film.exists()
    ran = run("label", "film.mp4", "--out", "out/labelled.mp4", lang="zh_CN.UTF-8")
    assert ran.code == 0
    assert "5.4" in ran.out
    assert (desk / "out" / "labelled.mp4").exists()
    assert run("verify", "out/labelled.mp4").code == 0


def test_markdown_gets_front_matter_and_text_a_sentence(run: Run, desk: Path) -> None:
    for name in ("a.md", "a.txt"):
        (desk / name).write_text("一段话。\n", "utf-8")
        assert run("label", name).code == 0
    assert (desk / "a-labelled.md").read_text("utf-8").startswith("---\nAIGC:\n  Label: '1'\n")
    assert "AI生成" in (desk / "a-labelled.txt").read_text("utf-8")
    assert run("verify", "a-labelled.md").code == 0


def test_what_cant_be_labelled_is_a_sentence(run: Run, desk: Path) -> None:
    (desk / "film.mkv").write_bytes((MEDIA / "labelled.mkv").read_bytes())
    ran = run("label", "film.mkv")
    assert ran.code == 5
    assert "MP4" in ran.err
    assert not list(desk.glob("*-labelled*"))


@pytest.mark.parametrize(
    ("declared", "verdict", "label"), [("yes", "possible", "2"), ("no", "none", None)]
)
def test_a_file_that_says_nothing(
    run: Run, photo: Path, home: Path, declared: str, verdict: str, label: str | None
) -> None:
    assert photo.exists()
    ran = run("classify", "photo.jpg", "--declared", declared, "--json")
    assert ran.code == 0
    assert ran.document["verdict"] == verdict
    written = ran.document["written"]
    assert (written and written["aigc"]["label"]) == label
    (line,) = lines(run, "classified", home)
    assert (line["verdict"], line["declared"]) == (verdict, declared == "yes")


def test_a_labelled_film_is_confirmed_and_keeps_its_producer(run: Run, desk: Path) -> None:
    (desk / "film.mp4").write_bytes((MEDIA / "labelled.mp4").read_bytes())
    ran = run(
        "classify", "film.mp4", "--declared", "no", "--json", DANQING_LABELS_PROPAGATOR="Platform"
    )
    assert ran.document["verdict"] == "confirmed"
    aigc = ran.document["written"]["aigc"]
    assert (aigc["content_producer"], aigc["produce_id"]) == ("OtherMaker", "film-0001")
    assert aigc["content_propagator"] == "Platform"


def test_a_verdict_on_what_cant_be_written_still_stands(run: Run, desk: Path) -> None:
    (desk / "film.mkv").write_bytes((MEDIA / "labelled.mkv").read_bytes())
    ran = run("classify", "film.mkv", "--declared", "no")
    assert ran.code == 5
    assert "Confirmed" in ran.out
    ran = run("classify", "film.mkv", "--declared", "no", "--json")
    assert ran.document["verdict"] == "confirmed"
    assert ran.document["written"] is None


def test_a_picture_of_ours_without_its_metadata_is_suspected(run: Run, desk: Path) -> None:
    run("draw", "一只红色的猫", "--seed", "7", "--out", "cat.png")
    with Image.open(desk / "cat.png") as picture:
        picture.convert("RGB").save(desk / "seen.jpg", quality=80)
    ran = run("classify", "seen.jpg", "--declared", "no", "--json")
    assert ran.document["verdict"] == "suspected"
    (evidence,) = ran.document["evidence"]
    assert "watermark" in evidence["what"]
    assert ran.document["written"]["aigc"]["label"] == "3"


def test_declared_is_yes_or_no(run: Run, photo: Path) -> None:
    assert photo.exists()
    ran = run("classify", "photo.jpg", "--declared", "maybe")
    assert ran.code == 2
    assert "maybe" in ran.err


def test_keys_are_shown_and_rotated_and_old_files_stay_trusted(
    run: Run, photo: Path, home: Path
) -> None:
    assert photo.exists()
    run("label", "photo.jpg")
    before = run("keys", "show", "--json").document["certificates"]
    assert [c["role"] for c in before] == ["signer", "root"]
    after = run("keys", "rotate", "--json").document["certificates"]
    assert after[0]["sha256"] != before[0]["sha256"]
    assert after[1] == before[1]
    assert (
        run("verify", "photo-labelled.jpg", "--json").document["credential"]["state"] == "trusted"
    )
    (line,) = lines(run, "keys", home)
    assert line["certificates"][0]["sha256"] == after[0]["sha256"]  # type: ignore[index]


@pytest.mark.parametrize("media_format", ["gif", "pdf"])
def test_pictures_of_ours_leave_as_gif_and_pdf(run: Run, media_format: str) -> None:
    assert run("draw", "a red cat", "--out", f"cat.{media_format}", "--size", "128").code == 0
    assert run("verify", f"cat.{media_format}").code == 0
    assert run("draw", "a cat", "--n", "2", "--format", media_format, "--out", "many/").code == 0
