"""What the user's own files are called, and in which folder they go."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from danqing.errors import InputError
from danqing.request.types import PictureFormat

SUFFIXES: dict[PictureFormat, tuple[str, ...]] = {
    "png": (".png",),
    "webp": (".webp",),
    "jpeg": (".jpg", ".jpeg"),
    "svg": (".svg",),
    "gif": (".gif",),
    "pdf": (".pdf",),
}
_SOME_FORMAT = re.compile(r"\.[A-Za-z]{3,4}")
SLUG_CHARACTERS = 24
SHORT_ID_CHARACTERS = 10
"""The time part of a ULID: enough for `danqing show`, unless two pictures share a millisecond."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """File names for one batch of `count` pictures.

    stem: the beginning of each name. exact: the stem is the user's own, so one picture gets just
    that; else the artwork's short id follows, so that names differ and lead back to the picture.
    """

    folder: Path
    stem: str
    suffix: str
    count: int = 1
    exact: bool = False

    def picture(self, position: int, artwork_id: str) -> Path:
        """Where picture `position` (from 0) goes."""
        if not self.exact:
            return self._named(f"{self.stem}-{artwork_id[:SHORT_ID_CHARACTERS]}")
        if self.count == 1:
            return self._named(self.stem)
        return self._named(f"{self.stem}-{position + 1:0{len(str(self.count))}}")

    def sheet(self, sheet_id: str) -> Path:
        """Where the batch's contact sheet goes. The sheet of SVG pictures is a PNG."""
        short_id = "" if self.exact else f"-{sheet_id[:SHORT_ID_CHARACTERS]}"
        wanted = self._named(f"{self.stem}{short_id}-sheet")
        return wanted.with_suffix(".png") if self.suffix.lower() == ".svg" else wanted

    def _named(self, stem: str) -> Path:
        return self.folder / f"{stem}{self.suffix}"


def plan_outputs(
    out: str | None, prompt: str, media_format: PictureFormat, count: int, *, folder: bool = False
) -> Outputs:
    """The names for a batch. out: a name ending in a picture's suffix is a file, any other a
    folder; None is the current folder. folder: a file won't do.

    Raises InputError for the suffix of another format, or of one that isn't drawn here.
    """
    suffix = SUFFIXES[media_format][0]
    if out is None or out.endswith(("/", os.sep)) or Path(out).is_dir():
        return Outputs(Path(out or "."), slug(prompt), suffix, count)
    file, said = Path(out), format_of(out)
    if said is None:
        if _SOME_FORMAT.fullmatch(file.suffix):
            raise InputError("input.format", format=file.suffix[1:], formats=", ".join(SUFFIXES))
        return Outputs(file, slug(prompt), suffix, count)
    if folder:
        raise InputError("cli.folder_needed", out=out)
    if said != media_format:
        raise InputError("cli.suffix_differs", suffix=file.suffix, format=media_format)
    return Outputs(file.parent, file.stem, file.suffix, count, exact=True)


def format_of(out: str) -> PictureFormat | None:
    """The picture format a file name's suffix stands for."""
    suffix = Path(out).suffix.lower()
    return next((f for f, suffixes in SUFFIXES.items() if suffix in suffixes), None)


def slug(prompt: str) -> str:
    """The beginning of a sentence as a file name: letters, marks and digits of any script."""
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in prompt)
    words = "-".join(kept.split())[:SLUG_CHARACTERS].strip("-")
    return words or "danqing"


def save_copy(data: bytes, wanted: Path) -> Path:
    """Writes a released file once more, under a free name. Raises StoreError, StoreFull."""
    from danqing.db.faults import file_errors
    from danqing.db.files import link_new, make_folder, write_whole

    wanted = Path(os.path.abspath(wanted))
    part = wanted.with_name(f".{wanted.name}.{os.urandom(6).hex()}.part")
    with file_errors(wanted):
        make_folder(wanted.parent)
        write_whole(part, data)
        return link_new(part, wanted)
