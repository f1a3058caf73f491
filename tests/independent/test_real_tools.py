"""Files as people's own tools make them (FFmpeg, librsvg, ExifTool), labelled here, and judged by those
tools again. Skipped, tool by tool, where one is missing."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from danqing.provenance import FileLabeller, SigningKeys, verify
from independent.label_reader import c2pa_report
from independent.media_reader import labels
from support.pictures import ARTWORK_ID, WHEN

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="160" height="120"><rect width="160" height="120"'
    ' fill="#fa3"/><circle cx="70" cy="60" r="40" fill="#36c"/></svg>'
)
FILM = ("-f", "lavfi", "-i", "testsrc=size=160x120:rate=5")
TONE = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=16000")
MADE: dict[str, tuple[str, tuple[str, ...]]] = {
    "picture.png": ("image/png", (*FILM, "-frames:v", "1")),
    "picture.jpg": ("image/jpeg", (*FILM, "-frames:v", "1")),
    "picture.webp": ("image/webp", (*FILM, "-frames:v", "1", "-c:v", "libwebp")),
    "moving.webp": ("image/webp", (*FILM, "-t", "1", "-c:v", "libwebp_anim", "-loop", "0")),
    "moving.gif": ("image/gif", (*FILM, "-t", "1")),
    "film.mp4": ("video/mp4", (*FILM, "-t", "1", "-pix_fmt", "yuv420p")),
    "tone.wav": ("audio/wav", (*TONE, "-t", "1")),
    "tone.mp3": ("audio/mpeg", (*TONE, "-t", "1")),
    "page.pdf": ("application/pdf", ()),
    "drawing.svg": ("image/svg+xml", ()),
}
KEEPS_XMP = ("picture.png", "picture.jpg", "picture.webp", "moving.webp", "moving.gif", "film.mp4",
             "page.pdf")  # fmt: skip
FRAMES = {"moving.webp": 5, "moving.gif": 5}
CREATOR = "齐白石"
Make = Callable[[str], Path]


def run(*command: str | Path) -> str:
    if shutil.which(str(command[0])) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    folder = tmp_path_factory.mktemp("tools")

    def made(name: str) -> Path:
        file = folder / name
        if file.exists():
            return file
        if MADE[name][1]:
            run("ffmpeg", "-v", "error", "-bitexact", *MADE[name][1], file)
        else:
            (folder / "source.svg").write_text(SVG)
            run("rsvg-convert", "-f", file.suffix[1:], "-o", file, folder / "source.svg")
        return file

    return made


@pytest.fixture(scope="module")
def files(keys: SigningKeys) -> FileLabeller:
    return FileLabeller(keys, "Danqing", lambda: WHEN, "Platform")


def told(file: Path) -> dict[str, Any]:
    """What ExifTool reads, by group and tag."""
    (document,) = json.loads(run("exiftool", "-j", "-G1", "-struct", file))
    return dict(document)


@pytest.mark.parametrize("name", MADE)
def test_label_read_back_replace(
    files: FileLabeller, keys: SigningKeys, make: Make, tmp_path: Path, name: str
) -> None:
    data, media_type = make(name).read_bytes(), MADE[name][0]
    done = files.label(data, content_id=ARTWORK_ID)
    assert done.media_type == media_type
    (label,) = labels(done.data, media_type)
    assert (label["Label"], label["ContentProducer"]) == ("1", "Danqing")
    assert c2pa_report(done.data, media_type, keys.root)["validation_state"] == "Trusted"
    for content_id in ("P-1", "P-2"):  # replaced each time, never one beside another
        done = files.propagate(done.data, "confirmed", content_id=content_id)
        (label,) = labels(done.data, media_type)
        assert label["PropagateID"] == content_id
        assert label["ProduceID"] == ARTWORK_ID
    assert verify(done.data, keys.anchors).remarks == ()
    if media_type not in ("application/pdf", "image/svg+xml", "image/webp"):
        out = tmp_path / name  # this FFmpeg reads no moving WebP
        out.write_bytes(done.data)
        assert run("ffmpeg", "-v", "error", "-i", out, "-f", "null", "-") == ""


@pytest.mark.parametrize("name", KEEPS_XMP)
def test_other_xmp_comes_along(files: FileLabeller, make: Make, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(make(name).read_bytes())
    run("exiftool", "-q", f"-XMP-dc:Creator={CREATOR}", "-XMP-dc:Rights=free", file)
    done = files.label(file.read_bytes(), content_id=ARTWORK_ID)
    file.write_bytes(done.data)
    found = told(file)
    assert found["XMP-dc:Creator"] in (CREATOR, [CREATOR])
    assert found["XMP-dc:Rights"] == "free"
    if name not in ("film.mp4", "page.pdf"):  # they keep the label where TC260's guides want it
        assert ARTWORK_ID in json.dumps(found)


@pytest.mark.parametrize("name", FRAMES)
def test_every_frame_is_still_there(
    files: FileLabeller, make: Make, tmp_path: Path, name: str
) -> None:
    done = files.label(make(name).read_bytes(), content_id=ARTWORK_ID)
    file = tmp_path / name
    file.write_bytes(done.data)
    if name.endswith(".gif"):
        assert told(file)["GIF:FrameCount"] == FRAMES[name]
    else:
        assert f"Number of frames: {FRAMES[name]}" in run("webpmux", "-info", file)
