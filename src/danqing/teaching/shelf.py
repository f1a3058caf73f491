"""Where taught concepts are kept: one JSON file each, in `home/taught/`.

A file never changes: its id ends in a hash of what it holds, so that a picture drawn with it can
be drawn again from the same sketches, or not at all.
"""

from __future__ import annotations

import json
import os
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from danqing.db.faults import file_errors
from danqing.db.files import make_folder, sync_folder, write_whole
from danqing.db.times import utc_text, utc_time
from danqing.engines.protocol import Pixels, Taught
from danqing.errors import NotFound, StoreDamaged
from danqing.lexicon import TAUGHT_PREFIX, Concept, Lexicon, lexicon
from danqing.request.canonical import canonical_json
from danqing.teaching.names import Names, slug

_FILE_NAME = re.compile(r"taught-[a-z0-9-]{1,80}")
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class TaughtConcept:
    """names: for zh-Hans, zh-Hant and en. sketches: lossless WebP files, 64 × 64 px RGBA; 32 × 32 in
    older files."""

    names: Names
    sketches: tuple[bytes, ...]
    taught_at: datetime

    @property
    def id(self) -> str:
        """`taught-<English name>-<hash of names and sketches>`."""
        digest = sha256(canonical_json(dict(self.names)).encode())
        for data in self.sketches:
            digest.update(sha256(data).digest())
        return f"{TAUGHT_PREFIX}{slug(self.names['en'])}-{digest.hexdigest()[:12]}"

    @property
    def concept(self) -> Concept:
        """As the lexicon knows it: a thing that can be held."""
        names = {language: (name,) for language, name in self.names.items()}
        return Concept(self.id, "object", names)

    @property
    def file_bytes(self) -> bytes:
        """Its file, in UTF-8."""
        return canonical_json(
            {
                "format": _FORMAT,
                "names": dict(self.names),
                "sketches": [b64encode(data).decode("ascii") for data in self.sketches],
                "taught_at": utc_text(self.taught_at),
            }
        ).encode()


def encode_sketches(sketches: Sequence[Pixels]) -> tuple[bytes, ...]:
    """As they are kept, each once. sketches: (64, 64, 4) uint8 straight RGBA."""
    from danqing.engines.mini.memory import encode_sprite

    return tuple(dict.fromkeys(map(encode_sprite, sketches)))


class Shelf:
    """The taught concepts of one home. Reading makes nothing; every call looks at the disk."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "taught"

    def concepts(self) -> tuple[TaughtConcept, ...]:
        """All of them, in the order they were taught. Raises StoreDamaged, naming the file."""
        found = [self._read(file) for file in self.folder.glob(f"{TAUGHT_PREFIX}*.json")]
        return tuple(sorted(filter(None, found), key=lambda c: (c.taught_at, c.id)))

    def words(self) -> Lexicon:
        """The lexicon with everything that was taught."""
        taught = self.concepts()
        return lexicon().with_taught(c.concept for c in taught) if taught else lexicon()

    def for_engine(self, concept_id: str) -> Taught:
        """A concept's sketches. Raises NotFound when it has been forgotten, StoreDamaged."""
        import numpy as np
        from PIL import Image

        known = bool(_FILE_NAME.fullmatch(concept_id))
        found = self._read(self._file(concept_id)) if known else None
        if found is None:
            raise NotFound("teaching.forgotten", id=concept_id)
        pictures = (Image.open(BytesIO(data), formats=["WEBP"]) for data in found.sketches)
        return Taught(concept_id, tuple(np.asarray(p.convert("RGBA")) for p in pictures))

    def stage(self, concept: TaughtConcept) -> Path:
        """Writes a concept under a name nobody reads; one at a time, under the database's lock."""
        with file_errors(self.folder):
            make_folder(self.folder, 0o700)
            part = self.folder / f".{concept.id}.part"
            part.unlink(missing_ok=True)  # left by a kill
            write_whole(part, concept.file_bytes, 0o600)
        return part

    def publish(self, part: Path, concept: TaughtConcept) -> None:
        """Puts a staged concept in its place: from here on it can be drawn."""
        with file_errors(self.folder):
            os.replace(part, self._file(concept.id))
            sync_folder(self.folder)

    def remove(self, concept_id: str) -> None:
        with file_errors(self.folder):
            self._file(concept_id).unlink(missing_ok=True)
            sync_folder(self.folder)

    def _file(self, concept_id: str) -> Path:
        return self.folder / f"{concept_id}.json"

    def _read(self, file: Path) -> TaughtConcept | None:
        """None when it is gone, which may be any moment."""
        try:
            data = file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise StoreDamaged("teaching.damaged", file=file) from problem
        try:
            found = _concept(json.loads(data))
            whole = found.id == file.stem
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise StoreDamaged("teaching.damaged", file=file) from problem
        if not whole:
            raise StoreDamaged("teaching.damaged", file=file)
        return found


def _concept(record: Mapping[str, Any]) -> TaughtConcept:
    if record["format"] != _FORMAT:
        raise ValueError("another format")
    return TaughtConcept(
        names={
            language: str(record["names"][language]) for language in ("zh-Hans", "zh-Hant", "en")
        },
        sketches=tuple(b64decode(data, validate=True) for data in record["sketches"]),
        taught_at=utc_time(record["taught_at"]),
    )
