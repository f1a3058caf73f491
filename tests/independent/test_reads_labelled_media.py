"""Files another tool made, labelled here, read by a reader that shares no code with the writers;
where PyAV is installed, by FFmpeg too."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from danqing.provenance import FileLabeller, Labeller, SigningKeys
from independent.label_reader import actions, c2pa_report
from independent.media_reader import labels, mp4_samples, riff_chunks
from support.pictures import ARTWORK_ID, WHEN, cleared, gradient, sticker

MEDIA = Path(__file__).resolve().parents[1] / "media"
TYPES = {
    "mp4": "video/mp4", "mov": "video/quicktime", "m4a": "audio/mp4", "wav": "audio/wav",
    "avi": "video/avi", "mp3": "audio/mpeg", "flac": "audio/flac",
}  # fmt: skip
FIELDS = ["Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator",
          "PropagateID", "ReservedCode2"]  # fmt: skip
PLAIN = ["plain.mp4", "faststart.mp4", "fragmented.mp4", "plain.mov", "plain.m4a", "plain.wav",
         "plain.avi", "plain.mp3", "plain.flac"]  # fmt: skip
LABELLED = ["labelled.mp4", "labelled.mov", "labelled.mp3", "labelled.flac"]
OURS = dict(zip(FIELDS, ("1", "Danqing", ARTWORK_ID, "", "Danqing", ARTWORK_ID, ""), strict=True))
THEIRS = {**OURS, "ContentProducer": "OtherMaker", "ProduceID": "film-0001",
          "ContentPropagator": "OtherMaker", "PropagateID": "film-0001"}  # fmt: skip


@pytest.fixture(scope="module")
def files(keys: SigningKeys) -> FileLabeller:
    return FileLabeller(keys, "Danqing", lambda: WHEN, "Platform")


def media_type(name: str) -> str:
    return TYPES[name.rsplit(".", 1)[1]]


@pytest.mark.parametrize("name", PLAIN)
def test_one_label_in_its_place(files: FileLabeller, keys: SigningKeys, name: str) -> None:
    done = files.label((MEDIA / name).read_bytes(), content_id=ARTWORK_ID)
    assert done.media_type == media_type(name)
    assert labels(done.data, done.media_type) == [OURS]
    report = c2pa_report(done.data, done.media_type, keys.root)
    assert report["validation_state"] == "Trusted"
    assert actions(report)[0]["action"] == "c2pa.opened"


@pytest.mark.parametrize("name", LABELLED)
def test_another_makers_label_keeps_its_words(files: FileLabeller, name: str) -> None:
    data = (MEDIA / name).read_bytes()
    assert labels(data, media_type(name)) == [THEIRS]
    done = files.label(data, content_id=ARTWORK_ID)
    assert labels(done.data, done.media_type) == [THEIRS]
    spread = files.propagate(data, "confirmed", content_id="P-1")
    told = {**THEIRS, "ContentPropagator": "Platform", "PropagateID": "P-1"}
    assert labels(spread.data, spread.media_type) == [told]


@pytest.mark.parametrize("name", [n for n in (*PLAIN, *LABELLED) if n.endswith((".mp4", ".mov"))])
def test_offsets_still_lead_to_the_same_sound_and_pictures(files: FileLabeller, name: str) -> None:
    data = (MEDIA / name).read_bytes()
    done = files.label(data, content_id=ARTWORK_ID)
    assert mp4_samples(done.data) == mp4_samples(data)


def test_a_wav_keeps_its_sound_behind_the_rhythm(files: FileLabeller) -> None:
    data = (MEDIA / "plain.wav").read_bytes()
    done = files.label(data, content_id=ARTWORK_ID)
    before, after = (dict(riff_chunks(d))[b"data"] for d in (data, done.data))
    assert after.endswith(before)
    assert len(after) - len(before) == 2 * 8_000 * 15 * 12 // 100  # 15 units of 0.12 s
    assert done.explicit == "sounded"


@pytest.mark.parametrize("name", [*PLAIN, *LABELLED])
def test_ffmpeg_plays_and_reads_it(files: FileLabeller, name: str) -> None:
    av = pytest.importorskip("av")
    data = (MEDIA / name).read_bytes()
    done = files.label(data, content_id=ARTWORK_ID)
    with av.open(io.BytesIO(data)) as before, av.open(io.BytesIO(done.data)) as after:
        if not name.endswith(".wav"):  # FFmpeg does not tell of a WAV's own chunks
            assert "ContentProducer" in after.metadata["AIGC"]
            expected = [bytes(packet) for packet in before.demux()]
            assert [bytes(packet) for packet in after.demux()] == expected
        else:
            assert sum(1 for _ in after.decode()) > sum(1 for _ in before.decode())


def picture(pillow_format: str, **settings: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(gradient(160, 120)).convert("RGB").save(out, pillow_format, **settings)
    return out.getvalue()


def animation(pillow_format: str) -> bytes:
    frames = [Image.fromarray(gradient(160, 120)).rotate(angle) for angle in (0, 40, 80)]
    out = io.BytesIO()
    frames[0].save(out, pillow_format, save_all=True, append_images=frames[1:], duration=120)
    return out.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M0 0L9 9"/></svg>'


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (picture("PNG"), "image/png"),
        (picture("JPEG"), "image/jpeg"),
        (picture("WEBP"), "image/webp"),
        (picture("GIF"), "image/gif"),
        (picture("PDF"), "application/pdf"),
        (animation("GIF"), "image/gif"),
        (animation("WEBP"), "image/webp"),
        (animation("PNG"), "image/png"),
        (SVG, "image/svg+xml"),
    ],
    ids=["png", "jpeg", "webp", "gif", "pdf", "gif animated", "webp animated", "apng", "svg"],
)
def test_pictures_of_others(
    files: FileLabeller, keys: SigningKeys, data: bytes, media_type: str
) -> None:
    done = files.label(data, content_id=ARTWORK_ID)
    assert done.explicit == "drawn"
    assert labels(done.data, media_type) == [OURS]
    report = c2pa_report(done.data, media_type, keys.root)
    assert report["validation_state"] == "Trusted"
    names = [action["action"] for action in actions(report)]
    assert names == ["c2pa.opened", "c2pa.addedText", "c2pa.edited.metadata"]
    if media_type not in ("application/pdf", "image/svg+xml"):
        with Image.open(io.BytesIO(data)) as old, Image.open(io.BytesIO(done.data)) as new:
            assert (new.size, getattr(new, "n_frames", 1)) == (
                old.size,
                getattr(old, "n_frames", 1),
            )


def test_markdown(files: FileLabeller) -> None:
    done = files.label(
        "---\ntitle: 熊猫\n---\n\n正文。\n".encode(),
        content_id=ARTWORK_ID,
        media_type="text/markdown",
    )
    assert labels(done.data, "text/markdown") == [OURS]
    assert done.data.decode().startswith("---\ntitle: 熊猫\nAIGC:\n")
    assert "AI生成" in done.data.decode().split("---\n")[2]


@pytest.mark.parametrize("media_format", ["gif", "pdf"])
@pytest.mark.parametrize("pixels", [gradient(120, 96), sticker(120, 96)], ids=["opaque", "clear"])
def test_our_own_gif_and_pdf(
    labeller: Labeller, keys: SigningKeys, media_format: str, pixels: object
) -> None:
    done = labeller.label(cleared(pixels), artwork_id=ARTWORK_ID, media_format=media_format)
    assert labels(done.data, done.media_type) == [OURS]
    assert c2pa_report(done.data, done.media_type, keys.root)["validation_state"] == "Trusted"
