"""How the films and sounds beside this file were made: by FFmpeg, through PyAV, which the tests
themselves don't need.

    pip install av && python tests/media/make_media.py

`labelled.*` were given their label by FFmpeg's own muxers, as the TC260 guides show it, so that our
readers meet another maker's writing; `plain.*` have none.
"""

from __future__ import annotations

from pathlib import Path

import av  # type: ignore[import-not-found]  # only to make the files again
import numpy as np

FOLDER = Path(__file__).parent
FIELDS = ("Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator",
          "PropagateID", "ReservedCode2")  # fmt: skip
VALUES = ("1", "OtherMaker", "film-0001", "", "OtherMaker", "film-0001", "")
LABEL = "{" + ",".join(f'"{f}":"{v}"' for f, v in zip(FIELDS, VALUES, strict=True)) + "}"
RATE_HZ, SAMPLES = 8_000, 4_000


def film(name: str, codec: str, sound: str | None = None, *, label: bool = False, **options: str):
    with av.open(str(FOLDER / name), "w", options=options) as container:
        if label:
            container.metadata.update({"AIGC": LABEL, "title": "a film"})
        stream = container.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        audio = container.add_stream(sound, rate=RATE_HZ, layout="mono") if sound else None
        y, x = np.mgrid[:48, :64]
        for i in range(10):
            picture = np.stack([(4 * x + 5 * i) % 256, 5 * y % 256, (x + y + 9 * i) % 256], 2)
            frame = av.VideoFrame.from_ndarray(picture.astype(np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if audio:
            tone(container, audio)


def sound(name: str, codec: str, *, label: bool = False):
    with av.open(str(FOLDER / name), "w") as container:
        if label:
            container.metadata["AIGC"] = LABEL
        tone(container, container.add_stream(codec, rate=RATE_HZ, layout="mono"))


def tone(container, stream):
    time_s = np.arange(SAMPLES) / RATE_HZ
    wave = (9000 * np.sin(2 * np.pi * (300 + 200 * time_s) * time_s)).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(wave[None], format="s16", layout="mono")
    frame.sample_rate, frame.pts = RATE_HZ, 0
    context = stream.codec_context
    resampler = av.AudioResampler(
        format=context.format.name, layout="mono", rate=RATE_HZ,
        frame_size=context.frame_size or 1024,
    )  # fmt: skip
    for part in (*resampler.resample(frame), *resampler.resample(None)):
        container.mux(stream.encode(part))
    container.mux(stream.encode())


def main() -> None:
    film("plain.mp4", "libx264", "aac")
    film("faststart.mp4", "libx264", "aac", movflags="faststart")
    film("fragmented.mp4", "libx264", movflags="frag_keyframe+empty_moov")
    film("plain.mov", "libx264")
    film("plain.avi", "mpeg4")
    film("labelled.mp4", "libx264", "aac", label=True, movflags="use_metadata_tags")
    film("labelled.mov", "libx264", label=True, movflags="use_metadata_tags")
    film("labelled.mkv", "libx264", label=True)
    film("labelled.webm", "libvpx-vp9", label=True)
    film("labelled.flv", "flv1", label=True)
    sound("plain.wav", "pcm_s16le")
    sound("plain.mp3", "libmp3lame")
    sound("plain.m4a", "aac")
    sound("plain.flac", "flac")
    sound("labelled.mp3", "libmp3lame", label=True)
    sound("labelled.flac", "flac", label=True)
    sound("labelled.opus", "libopus", label=True)


if __name__ == "__main__":
    main()
