"""A finished picture in Python, a refusal to make one, and the ways a picture can be handed in."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from danqing.errors import Unsupported
from danqing.inputs import read_file
from danqing.outputs import save_copy
from danqing.request.types import Language, Reading

if TYPE_CHECKING:
    from PIL.Image import Image

    from danqing.engines.protocol import Ignored
    from danqing.policy import Held, Reason, Refusal, Withheld
    from danqing.services import Services
    from danqing.store import Stored
    from danqing.teaching import Declined, PictureFile


PictureLike: TypeAlias = "str | Path | bytes | Image | Picture"


SVG = "image/svg+xml"


class Refused(Exception):
    """Raised by `Studio.draw` when nothing may be drawn or leave, and by `Studio.teach`. A refusal
    is a verdict, not a fault: it is in the ledger, and `outcome` has its reasons.

    outcome: a `policy.Refusal`, `Held` (a person would have to review it) or `Withheld` (it was
    drawn and did not pass the check); from `teach`, a `teaching.Declined`.
    """

    def __init__(self, outcome: Refusal | Held | Withheld | Declined, language: Language) -> None:
        super().__init__("; ".join(reason.explain(language) for reason in outcome.reasons))
        self.outcome = outcome

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.outcome.reasons


class Picture:
    """A finished, labelled picture. Its bytes are read from the store when they are first needed."""

    def __init__(self, artwork: Stored, services: Services) -> None:
        self.artwork = artwork
        self._services = services

    @property
    def id(self) -> str:
        return self.artwork.id

    @property
    def seed(self) -> int:
        return self.artwork.seed

    @property
    def prompt(self) -> str:
        return self.artwork.prompt

    @property
    def path(self) -> Path | None:
        """Where the file you asked for with `out` was put; None while it is in the store alone."""
        return self.artwork.path

    @property
    def understood(self) -> tuple[str, ...]:
        """What was understood of the sentence, in its own language, a phrase for each part."""
        from danqing.request import describe

        return describe(self._reading)

    @property
    def ignored(self) -> tuple[str, ...]:
        """What was asked and is not in the picture, or not as asked, in the sentence's language."""
        from danqing.wording import left_out

        return left_out(self.artwork.ignored, self._reading, self._reading.prompt.language)

    @property
    def details(self) -> tuple[Ignored, ...]:
        """`ignored` for programs: ids, and what was drawn instead."""
        return self.artwork.ignored

    @property
    def data(self) -> bytes:
        """The whole labelled file."""
        return self._services.store.released_bytes(self.id)

    @property
    def image(self) -> Image:
        """The picture as it was released, visible mark included, as a PIL image.

        Raises Unsupported for an SVG, which has no pixels of its own: use `data` or `save`.
        """
        from PIL import Image

        if self.artwork.media_type == SVG:
            raise Unsupported("engine.no_pixels")
        return Image.open(BytesIO(self.data))

    def save(self, path: str | Path) -> Path:
        """Writes the labelled file under this name, or the next free one. Returns the name it got."""
        return save_copy(self.data, Path(path))

    def _repr_svg_(self) -> str | None:
        return self.data.decode() if self.artwork.media_type == SVG else None

    def _repr_png_(self) -> bytes | None:
        if self.artwork.media_type == SVG:
            return None
        if self.artwork.media_type == "image/png":
            return self.data
        out = BytesIO()
        self.image.save(out, "PNG")
        return out.getvalue()

    def __repr__(self) -> str:
        return f"<Picture {self.id} {self.prompt!r} seed={self.seed}>"

    @property
    def _reading(self) -> Reading:
        return self.artwork.request.reading


def bytes_of(picture: PictureLike) -> bytes:
    """A picture's file, however it was given. Raises InputError when there is none to be read."""
    from danqing.sources import MAX_FILE_BYTES

    if isinstance(picture, bytes):
        return picture
    if isinstance(picture, Picture):
        return picture.data
    if isinstance(picture, str | Path):
        return read_file(Path(picture), MAX_FILE_BYTES, too_large="source.too_large")
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def picture_file(picture: str | Path | bytes) -> PictureFile:
    """What it is called, for messages, and its bytes. Raises InputError when there is no such file."""
    name = f"<{len(picture)} bytes>" if isinstance(picture, bytes) else str(picture)
    return name, bytes_of(picture)
