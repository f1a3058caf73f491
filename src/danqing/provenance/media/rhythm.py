"""The audible mark in a WAV: short-long, short-short, which is AI in Morse (GB 45438-2025, 5.3).

Put before the sound; behind it where cue points or loops count from the start.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from danqing.provenance.media import riff

UNIT_S = 0.12
TONE_HZ = 880
LEVEL = 0.25  # of full scale: plain to hear, startling to nobody
_PATTERN = ((1, 1), (3, 3), (1, 1), (1, 4))  # units sounding, units silent
_EDGE_S = 0.005  # without it the tone clicks
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_COUNTED = (b"cue ", b"smpl", b"plst")


@dataclass(frozen=True, slots=True)
class _Form:
    """float: 32 or 64 bits; else whole numbers, those of 8 bits unsigned."""

    is_float: bool
    channels: int
    rate_hz: int
    bits: int


def with_rhythm(data: bytes) -> bytes | None:
    """A whole WAV with the rhythm in it; None where the sound isn't plain PCM."""
    found = list(riff.chunks(data))
    form = next((_form(data[c.start : c.end]) for c in found if c.fourcc == b"fmt "), None)
    sound = next((c for c in found if c.fourcc == b"data"), None)
    if form is None or sound is None:
        return None
    added = _encoded(rhythm(form.rate_hz), form)
    counted = any(c.fourcc in _COUNTED for c in found)
    body = data[sound.start : sound.end]
    body = body + added if counted else added + body
    out = bytearray(data[:12])
    for chunk in found:
        content = body if chunk is sound else data[chunk.start : chunk.end]
        if chunk.fourcc == b"fact" and len(content) >= 4:
            frames = int.from_bytes(content[:4], "little") + _frames(added, form)
            content = min(frames, 2**32 - 1).to_bytes(4, "little") + content[4:]
        out += chunk.fourcc + len(content).to_bytes(4, "little") + content
        out += bytes(len(content) % 2)
    out[4:8] = (len(out) - 8).to_bytes(4, "little")
    return bytes(out)


def rhythm(rate_hz: int) -> npt.NDArray[np.float64]:
    """(samples,) in [-LEVEL, LEVEL]: the four tones and the pauses after them, 1.7 s."""
    pieces = []
    for sounding, silent in _PATTERN:
        time_s = np.arange(round(sounding * UNIT_S * rate_hz)) / rate_hz
        length_s = sounding * UNIT_S
        edge = np.clip(np.minimum(time_s, length_s - time_s) / _EDGE_S, 0, 1)
        pieces.append(LEVEL * edge * np.sin(2 * np.pi * TONE_HZ * time_s))
        pieces.append(np.zeros(round(silent * UNIT_S * rate_hz)))
    return np.concatenate(pieces)


def _form(body: bytes) -> _Form | None:
    if len(body) < 16:
        return None
    code, channels = (int.from_bytes(body[at : at + 2], "little") for at in (0, 2))
    rate, bits = int.from_bytes(body[4:8], "little"), int.from_bytes(body[14:16], "little")
    if code == _EXTENSIBLE and len(body) >= 26:
        code = int.from_bytes(body[24:26], "little")
    plain = (code == _PCM and bits in (8, 16, 24, 32)) or (code == _FLOAT and bits in (32, 64))
    if not plain or not 1 <= channels <= 64 or not 4_000 <= rate <= 384_000:
        return None
    return _Form(code == _FLOAT, channels, rate, bits)


def _frames(added: bytes, form: _Form) -> int:
    return len(added) // (form.channels * form.bits // 8)


def _encoded(wave: npt.NDArray[np.float64], form: _Form) -> bytes:
    """The same in every channel, in the file's own samples."""
    wave = np.repeat(wave, form.channels)
    if form.is_float:
        return wave.astype(f"<f{form.bits // 8}").tobytes()
    if form.bits == 8:
        return (128 + 127 * wave).round().astype(np.uint8).tobytes()
    whole = (wave * (2 ** (form.bits - 1) - 1)).round().astype("<i4")
    width = form.bits // 8
    samples: bytes = whole.view(np.uint8).reshape(-1, 4)[:, :width].tobytes()
    return samples
