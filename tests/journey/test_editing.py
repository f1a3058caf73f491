"""Pictures from pictures, through the command line and from Python."""

from __future__ import annotations

import io
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from danqing import NotDeclared, Refused, Studio
from danqing.engines.protocol import Pixels
from danqing.policy import OpenNsfw
from independent.label_reader import actions, c2pa_report, read
from support.running import Ran, Run

COMPOSITE = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"


def photo(file: Path, width: int = 300, height: int = 200) -> Path:
    """A picture from somewhere else."""
    y, x = np.mgrid[:height, :width]
    pixels = np.stack((x % 256, y % 256, (x + y) % 256), axis=2).astype(np.uint8)
    Image.fromarray(pixels).save(file)
    return file


def right_half(file: Path, width: int = 512, height: int = 512) -> Path:
    mask = Image.new("L", (width, height))
    ImageDraw.Draw(mask).rectangle((width // 2, 0, width, height), fill=255)
    mask.save(file)
    return file


def master(home: Path, artwork_id: str) -> Pixels:
    """The sealed original, read without any code of ours."""
    with closing(sqlite3.connect(home / "danqing.db")) as database:
        query = "SELECT master_sha256 FROM artworks WHERE id = ?"
        (digest,) = database.execute(query, (artwork_id,)).fetchone()
    return np.asarray(Image.open(home / "blobs" / "masters" / digest[:2] / digest))


def ledger(home: Path, kind: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(home / "danqing.db")) as database:
        query = "SELECT facts FROM ledger WHERE kind = ? ORDER BY seq"
        return [json.loads(facts) for (facts,) in database.execute(query, (kind,))]


def only(ran: Ran) -> dict[str, Any]:
    assert ran.code == 0, ran.out + ran.err
    (picture,) = ran.document["pictures"]
    assert isinstance(picture, dict)
    return picture


@pytest.fixture
def cat(run: Run, desk: Path) -> dict[str, Any]:  # noqa: ARG001
    """An artwork drawn here, in cat.png."""
    return only(run("draw", "一只红色的猫", "--seed", "7", "--out", "cat.png", "--json"))


def test_an_edit_of_our_own_starts_from_the_clean_master(
    run: Run, home: Path, cat: dict[str, Any]
) -> None:
    """At strength 0 the new master is the old one, not the marked file that was named."""
    by_file = run("draw", "一只猫", "--from", "cat.png", "--strength", "0", "--json")
    assert cat["id"] in by_file.err
    by_id = run("draw", "一只猫", "--from", cat["id"][:12].lower(), "--strength", "0", "--json")
    for ran in (by_file, by_id):
        picture = only(ran)
        assert picture["sources"] == [{"kind": "artwork", "id": cat["id"]}]
        assert np.array_equal(master(home, picture["id"]), master(home, cat["id"]))
        assert (picture["width_px"], picture["height_px"]) == (512, 512)
    assert ledger(home, "source") == []


def test_our_own_is_known_again_when_it_was_packed_anew(
    run: Run, desk: Path, cat: dict[str, Any]
) -> None:
    """A chat sends a smaller JPEG on; as long as the number is in it and it looks alike, it's ours."""
    released = (desk / "cat.png").read_bytes()
    packet = next(p.data[22:] for p in read(released, "image/png").pieces if p.name == "iTXt")
    with Image.open(desk / "cat.png") as picture:
        picture.convert("RGB").resize((256, 256)).save("sent.jpg", xmp=packet, quality=70)
        scribbled = picture.convert("RGB")
    ImageDraw.Draw(scribbled).rectangle((200, 300, 260, 360), fill="black")
    scribbled.save("scribbled.jpg", xmp=packet)
    assert only(run("draw", "猫", "--from", "sent.jpg", "--json"))["sources"][0]["id"] == cat["id"]
    assert run("draw", "猫", "--from", "scribbled.jpg").code == 9


def test_strength_says_how_far_to_go(run: Run, home: Path, cat: dict[str, Any]) -> None:
    """The test card fades linearly, so what comes out can be worked out."""
    plain = only(run("draw", "a dog", "--seed", "9", "--json"))
    half = only(
        run("draw", "a dog", "--seed", "9", "--from", cat["id"], "--strength", ".25", "--json")
    )
    expected = 0.75 * master(home, cat["id"]) + 0.25 * master(home, plain["id"])
    assert np.abs(master(home, half["id"]) - expected).max() <= 0.5
    assert half["strength"] == 0.25


def test_inpainting_leaves_the_rest_to_the_last_bit(
    run: Run, home: Path, desk: Path, cat: dict[str, Any]
) -> None:
    right_half(desk / "mask.png")
    ran = run("draw", "a dog", "--from", "cat.png", "--mask", "mask.png", "--seed", "9", "--json")
    painted, before = master(home, only(ran)["id"]), master(home, cat["id"])
    assert np.array_equal(painted[:, :256], before[:, :256])
    plain = only(run("draw", "a dog", "--seed", "9", "--json"))
    assert np.array_equal(painted[:, 280:], master(home, plain["id"])[:, 280:])
    assert [line["role"] for line in ledger(home, "source")] == ["mask"]


@pytest.mark.parametrize("media_format", ["png", "webp", "jpeg"])
def test_labels_name_the_parent(
    run: Run, home: Path, cat: dict[str, Any], media_format: str
) -> None:
    picture = only(run("draw", "一只狗", "--from", cat["id"], "--format", media_format, "--json"))
    data = Path(picture["file"]).read_bytes()
    assert read(data, picture["media_type"]).source_type == COMPOSITE
    root = (home / "keys" / "signing" / "root.cert.pem").read_bytes()
    report = c2pa_report(data, picture["media_type"], root)
    assert report["validation_state"] == "Trusted"
    assert [a["action"] for a in actions(report)] == ["c2pa.opened", "c2pa.edited"]
    assert actions(report)[1]["digitalSourceType"] == COMPOSITE
    (parent,) = report["manifests"][report["active_manifest"]]["ingredients"]
    assert parent["relationship"] == "parentOf"
    assert parent["active_manifest"] in report["manifests"]
    verified = run("verify", picture["file"])
    assert verified.code == 0
    assert "was made from" in verified.out


def test_a_file_from_outside_needs_the_declaration(run: Run, home: Path, desk: Path) -> None:
    photo(desk / "photo.png")
    ran = run("draw", "a dog", "--from", "photo.png")
    assert ran.code == 9
    assert "--i-may-use-this" in ran.err
    assert "Art. 14" in ran.err
    assert ledger(home, "source") == ledger(home, "request") == []
    assert not list((home / "blobs").glob("sources/??/*"))


@pytest.mark.parametrize("option", ["--i-may-use-this", "--我有权使用"])
def test_with_the_declaration_it_is_sealed_logged_and_worked_on(
    run: Run, home: Path, desk: Path, option: str
) -> None:
    data = photo(desk / "photo.png").read_bytes()
    picture = only(run("draw", "a dog", "--from", "photo.png", option, "--json"))
    assert (picture["width_px"], picture["height_px"]) == (300, 200)
    (source,) = picture["sources"]
    assert source["kind"] == "upload"
    (line,) = ledger(home, "source")
    assert line["sha256"] == source["id"]
    assert line["declaration"] == "1"
    (file,) = (home / "blobs").glob("sources/??/*")
    assert file.read_bytes() == data
    (artwork,) = ledger(home, "artwork")
    ((check, score),) = artwork["source_checks"]
    assert check == "open-nsfw"
    assert 0 <= score < 0.85
    (request,) = ledger(home, "request")
    assert request["sources"] == [source]
    assert request["strength"] == 0.6
    assert run("ledger", "verify").code == 0


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("answer", "code"), [("是\n", 0), ("yes\n", 0), ("\n", 9), ("no\n", 9), ("", 9)]
)
def test_at_a_terminal_one_is_asked(
    run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    photo(desk / "photo.png")
    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    ran = run("draw", "一只狗", "--from", "photo.png", "--lang", "zh-Hans")
    assert ran.code == code
    assert "第十四条" in ran.err


def test_redo_finds_its_sources_again(run: Run, desk: Path) -> None:
    photo(desk / "photo.png")
    right_half(desk / "mask.png", 300, 200)
    picture = only(
        run("draw", "a dog", "--from", "photo.png", "--mask", "mask.png", "--i-may-use-this",
            "--strength", "0.7", "--json")
    )  # fmt: skip
    (desk / "photo.png").unlink()
    (desk / "mask.png").unlink()
    assert run("redo", picture["id"]).code == 0


def test_a_damaged_source_is_said_to_be_damaged(run: Run, home: Path, desk: Path) -> None:
    photo(desk / "photo.png")
    picture = only(run("draw", "a dog", "--from", "photo.png", "--i-may-use-this", "--json"))
    (file,) = (home / "blobs").glob("sources/??/*")
    file.write_bytes(b"something else")
    assert run("redo", picture["id"]).code == 6
    assert run("ledger", "verify").code == 6


def test_a_backup_brings_the_sources_along(run: Run, desk: Path, tmp_path: Path) -> None:
    photo(desk / "photo.png")
    picture = only(run("draw", "a dog", "--from", "photo.png", "--i-may-use-this", "--json"))
    assert run("backup", "b.zip").code == 0
    again = str(tmp_path / "again")
    assert run("restore", "b.zip", "--home", again).code == 0
    assert run("redo", picture["id"], "--home", again).code == 0
    assert run("ledger", "verify", "--home", again).code == 0


def test_show_and_history_tell_the_parent(run: Run, cat: dict[str, Any]) -> None:
    picture = only(run("draw", "a dog", "--from", cat["id"], "--json"))
    assert cat["id"] in run("show", picture["id"]).out
    assert run("show", picture["id"], "--json").document["sources"][0]["id"] == cat["id"]
    line = next(x for x in run("history").out.splitlines() if picture["id"][:10] in x)
    assert line.endswith(f"← {cat['id'][:10]}")


def test_variations_of_an_artwork(run: Run, home: Path, desk: Path, cat: dict[str, Any]) -> None:
    ran = run("vary", cat["id"][:12], "--seed", "50", "--out", "near", "--json")
    pictures = ran.document["pictures"]
    assert [p["seed"] for p in pictures] == [50, 51, 52, 53]
    assert len(list((desk / "near").iterdir())) == 5, "and a contact sheet"
    for picture in pictures:
        assert picture["prompt"] == cat["prompt"]
        assert picture["sources"] == [{"kind": "artwork", "id": cat["id"]}]
        assert picture["strength"] == 0.5
    masters = [master(home, p["id"]) for p in pictures]
    assert not any(np.array_equal(masters[0], other) for other in masters[1:])
    alone = only(run("vary", cat["id"], "--n", "1", "--seed", "52", "--json"))
    assert np.array_equal(master(home, alone["id"]), masters[2])
    assert run("redo", alone["id"]).code == 0


def test_a_variation_of_a_variation_carries_the_line(
    run: Run, home: Path, cat: dict[str, Any]
) -> None:
    picture = cat
    for _ in range(2):
        picture = only(run("vary", picture["id"], "--n", "1", "--json"))
    root = (home / "keys" / "signing" / "root.cert.pem").read_bytes()
    report = c2pa_report(Path(picture["file"]).read_bytes(), "image/png", root)
    assert report["validation_state"] == "Trusted"
    assert len(report["manifests"]) == 3


def test_the_rules_look_at_the_picture_that_was_brought(
    run: Run, home: Path, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo(desk / "photo.png")
    looked_at: list[tuple[int, ...]] = []

    def score(_: OpenNsfw, pixels: Pixels) -> float:
        looked_at.append(pixels.shape)
        return 0.99

    monkeypatch.setattr(OpenNsfw, "score", score)
    ran = run("draw", "一只狗", "--from", "photo.png", "--i-may-use-this")
    assert ran.code == 10
    assert "底图" in ran.out
    assert looked_at == [(200, 300, 4)], "the source, and nothing was drawn"
    (line,) = ledger(home, "refusal")
    assert line["source_checks"] == [["open-nsfw", 0.99]]
    assert line["reasons"][0]["rule"] == "sexual/picture"
    assert ledger(home, "artwork") == []


def bad_mask(desk: Path) -> None:
    right_half(desk / "mask.png", 100, 100)


def black_mask(desk: Path) -> None:
    Image.new("L", (512, 512)).save(desk / "mask.png")


def no_picture(desk: Path) -> None:
    (desk / "mask.png").write_bytes(b"not a picture")


def no_file(_: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("prepare", "said"),
    [(bad_mask, "100×100"), (black_mask, "nothing white"), (no_picture, "can't be read"),
     (no_file, "no file")],
)  # fmt: skip
def test_masks_that_will_not_do(
    run: Run, home: Path, desk: Path, cat: dict[str, Any], prepare: Any, said: str
) -> None:
    prepare(desk)
    ran = run("draw", "a dog", "--from", cat["id"], "--mask", "mask.png", "--lang", "en")
    assert (ran.code, said in ran.err) == (2, True), ran.err
    assert ledger(home, "source") == []


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--mask", "cat.png"], 2),
        (["--strength", "0.5"], 2),
        (["--from", "cat.png", "--strength", "1.5"], 2),
        (["--from", "cat.png", "--strength", "-1"], 2),
        (["--from", "cat.png", "--strength", "nan"], 2),
        (["--from", "cat.png", "--strength", "half"], 2),
        (["--from", "nowhere.png"], 2),
        (["--from", "."], 2),
        (["--from", "text.png"], 2),
        (["--from", "huge.png", "--i-may-use-this"], 2),
        (["--from", "01ZZZZZZZZ"], 3),
    ],
)
def test_what_can_not_be_done_is_said(
    run: Run, desk: Path, cat: dict[str, Any], options: list[str], code: int
) -> None:
    (desk / "text.png").write_bytes(b"not a picture")
    with (desk / "huge.png").open("wb") as huge:
        huge.truncate(33 * 2**20)
    ran = run("draw", "a dog", *options)
    assert ran.code == code, (cat["id"], ran.out, ran.err)
    assert ran.err.count("\n") == 1


def test_a_contact_sheet_is_no_picture_to_start_from(run: Run, desk: Path) -> None:
    run("draw", "a cat", "--n", "2", "--out", "cats.png")
    ran = run("draw", "a dog", "--from", "cats-sheet.png", "--i-may-use-this")
    assert ran.code == 2
    assert "contact sheet" in ran.err
    assert (desk / "cats-sheet.png").exists()


def test_from_python(home: Path, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANQING_ENGINE", "test-card")
    with Studio(home) as studio:
        cat = studio.draw("一只猫", seed=3)
        mask = Image.open(right_half(desk / "mask.png"))
        edited = studio.draw("一只狗", source=cat, mask=mask, seed=4)
        assert edited.artwork.request.sources[0].id == cat.id
        assert np.array_equal(master(home, edited.id)[:, :256], master(home, cat.id)[:, :256])
        assert len(studio.vary(cat, n=2)) == 2
        assert studio.vary(cat.id, n=1, strength=0.1)[0].artwork.request.strength == 0.1
        by_bytes = studio.draw("一只狗", source=cat.data, strength=0)
        assert by_bytes.artwork.request.sources == edited.artwork.request.sources
        outside = photo(desk / "photo.png")
        for source in (outside, str(outside), outside.read_bytes(), Image.open(outside)):
            with pytest.raises(NotDeclared):
                studio.draw("一只狗", source=source)
        declared = studio.draw("一只狗", source=outside, i_may_use_this=True)
        assert declared.image.size == (300, 200)
        monkeypatch.setattr(OpenNsfw, "score", lambda _, __: 0.99)
        with pytest.raises(Refused):
            studio.draw("一只狗", source=outside, i_may_use_this=True)
