"""Signed files with one bit turned, one byte changed or a stretch zeroed, and what must not follow.

A change outside the manifest makes the file invalid or unreadable. One inside it may go unnoticed
where nothing protects it, padding and such; it is never believed to claim something else.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache

from danqing.provenance import FileLabeller, Findings, verify
from support.mutations import film, keys, labelled, saved
from support.pictures import ARTWORK_ID, WHEN

BELIEVED = ("trusted", "valid")


@cache
def signed_files() -> dict[str, bytes]:
    """One finished file of each kind that is signed, small."""
    files = FileLabeller(keys(), "Danqing", lambda: WHEN)
    ours = {kind: labelled(kind)[0] for kind in ("png", "webp", "jpeg", "svg", "gif")}
    others = {
        "edited png": saved("PNG"),
        "pdf": saved("PDF"),
        "mp4": film("plain.mp4"),
        "wav": film("plain.wav"),
        "mp3": film("plain.mp3"),
        "flac": film("plain.flac"),
    }
    return ours | {k: files.label(d, content_id=ARTWORK_ID).data for k, d in others.items()}


def claim(found: Findings) -> object:
    """All that a reader would believe of a file."""
    credential = found.credential
    return (
        tuple(label.fields for label in found.labels),
        found.source_types,
        credential.actions,
        credential.claim_generator,
        credential.signer,
        credential.ingredients,
    )


def manifest_span(data: bytes) -> tuple[int, int]:
    """A stretch that has the whole manifest in it, with what frames it: from its first box to behind
    its signature."""
    marks = [found.start() for found in re.finditer(rb"c2pa", data)]
    return max(0, marks[0] - 64), min(len(data), marks[-1] + 4096)


def changed(data: bytes, rng: random.Random, span: tuple[int, int] | None = None) -> bytes:
    """A copy with one change, within the span if there is one."""
    start, end = span or (0, len(data))
    out, at = bytearray(data), rng.randrange(start, end)
    kind = rng.randrange(8)
    if kind < 5:
        out[at] ^= 1 << rng.randrange(8)
    elif kind < 7:
        out[at] = rng.randrange(256)
    else:
        out[at : at + 16] = bytes(len(out[at : at + 16]))
    return bytes(out)


def tried(name: str, data: bytes) -> str:
    """The state of a changed file. Raises AssertionError when it is believed to say other than it
    did; whatever else is raised is a traceback nobody should see."""
    original = verify(signed_files()[name], keys().root)
    found = verify(data, keys().root)
    if found.credential.state in BELIEVED:
        assert claim(found) == claim(original), name
    return found.credential.state


def count(name: str, changes: int, seed: int) -> Counter[str]:
    """States after so many changes: half of them anywhere, half in and around the manifest."""
    data, rng = signed_files()[name], random.Random(f"{seed} {name}")
    span = manifest_span(data)
    states: Counter[str] = Counter()
    for number in range(changes):
        other = changed(data, rng, span if number % 2 else None)
        if other != data:
            states[tried(name, other)] += 1
    return states
