"""A picture comes back without its metadata: `danqing verify --who` finds where it came from."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from support.running import Run


@pytest.fixture
def cat(run: Run) -> Any:
    """A drawn cat, as JSON tells of it, in cat.png; and a dog beside it in the store."""
    run("draw", "一只狗", "--seed", "3")
    drawn = run("draw", "一只红色的猫", "--seed", "7", "--out", "cat.png", "--json")
    return drawn.document["pictures"][0]


def kinds(found: Any) -> dict[str, str]:
    return {e["kind"]: e["strength"] for e in found["evidence"]}


def disclosures(home: Path) -> list[Any]:
    query = "SELECT facts FROM ledger WHERE kind = 'disclosure' ORDER BY seq"
    with sqlite3.connect(home / "danqing.db") as database:
        return [json.loads(facts) for (facts,) in database.execute(query)]


def test_the_file_itself_is_known_by_everything(run: Run, cat: Any) -> None:
    ran = run("verify", "cat.png", "--who", "--json")
    assert ran.code == 0
    (origin,) = ran.document["who"]["origins"][:1]
    assert origin["id"] == cat["id"]
    assert kinds(origin)["bytes"] == "exact"
    assert kinds(origin)["signature"] == kinds(origin)["watermark"] == "strong"


def test_stripped_shrunk_and_recompressed_it_is_still_found(
    run: Run, cat: Any, desk: Path, home: Path
) -> None:
    with Image.open(desk / "cat.png") as picture:
        small = picture.convert("RGB").resize((410, 410), Image.Resampling.BICUBIC)
    small.save(desk / "seen.jpg", quality=75)
    assert run("verify", "seen.jpg").code == 20  # no label is left
    ran = run("verify", "seen.jpg", "--who", "--json")
    assert ran.code == 0
    origin = ran.document["who"]["origins"][0]
    assert origin["id"] == cat["id"]
    assert kinds(origin)["watermark"] == "strong"
    assert next(e["chance"] for e in origin["evidence"] if e["kind"] == "watermark") < 1e-10
    assert {"bytes", "label", "signature"}.isdisjoint(kinds(origin))

    told = run("verify", "seen.jpg", "--who")
    assert cat["id"] in told.out
    assert "come from here" not in told.out
    assert "came from here, or was made from one that did" in told.out
    assert "出自这里" in run("verify", "seen.jpg", "--who", "--lang", "zh-Hans").out
    logged = disclosures(home)
    assert [facts["step"] for facts in logged] == ["origin"] * 3
    assert logged[0]["found"][0]["artwork_id"] == cat["id"]
    assert run("ledger", "verify").code == 0


def test_a_picture_from_elsewhere_leads_nowhere_and_was_asked_about(
    run: Run, cat: Any, desk: Path, home: Path
) -> None:
    assert cat
    Image.linear_gradient("L").convert("RGB").save(desk / "else.png")
    ran = run("verify", "else.png", "--who", "--json")
    assert ran.code == 3
    assert ran.document["who"]["origins"] == []
    assert "does not prove" in run("verify", "else.png", "--who").out
    assert [facts["found"] for facts in disclosures(home)] == [[], []]


def test_a_label_alone_is_weak(run: Run, cat: Any, desk: Path) -> None:
    """Another's picture with our label copied into it."""
    from PIL.PngImagePlugin import PngInfo

    with Image.open(desk / "cat.png") as picture:
        packet = picture.info["XML:com.adobe.xmp"]
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", packet)
    Image.linear_gradient("L").convert("RGB").save(desk / "forged.png", pnginfo=info)
    ran = run("verify", "forged.png", "--who", "--json")
    (origin,) = ran.document["who"]["origins"]
    assert origin["id"] == cat["id"]
    assert kinds(origin) == {"label": "weak"}
    assert "no proof" in run("verify", "forged.png", "--who").out


def test_a_file_without_pixels_to_read_is_said_to_be_one(run: Run, desk: Path) -> None:
    run("draw", "一只猫", "--out", "cat.svg")
    text = (desk / "cat.svg").read_text("utf-8")
    (desk / "bare.svg").write_text(text[: text.index("<metadata>")] + "</svg>", "utf-8")
    ran = run("verify", "bare.svg", "--who")
    assert ran.code == 3
    assert "Pixels in this kind of file are not read" in ran.out


def test_drawing_again_gives_the_master_although_the_file_is_watermarked(
    run: Run, cat: Any
) -> None:
    assert run("redo", cat["id"], "--json").document["same"] is True
