"""The studio in Python: what `danqing draw` does, good to use in a notebook.

from danqing import Studio

studio = Studio()
picture = studio.draw("一只熊猫")        # shows itself in a notebook
picture.image                            # PIL, with its visible mark
studio.draw("三只红色的猫", n=4, seed=7, out="cats/")
studio.vary(picture)                     # four more, near it
studio.draw("一只戴帽子的熊猫", source=picture, mask="hat.png")
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, overload

from danqing.messages import say
from danqing.outputs import Outputs, format_of, plan_outputs
from danqing.picture import Picture, PictureLike, Refused, bytes_of, picture_file
from danqing.request.types import PictureFormat, Request
from danqing.settings import Settings, read_settings

if TYPE_CHECKING:
    from danqing.editing import Chosen
    from danqing.flow import Redone
    from danqing.identity import Grant
    from danqing.policy import Held, Refusal, Withheld
    from danqing.provenance import Findings
    from danqing.services import Services
    from danqing.teaching import TaughtConcept


class Studio:
    """Draws, remembers and checks pictures in one home folder, the same one the command line uses.

    home: another folder than DANQING_HOME or the platform's. The folder is opened on first use; use
    the studio in a `with`, or close it, to let go of it earlier than the process does.
    """

    def __init__(self, home: str | Path | None = None) -> None:
        self.settings: Settings = read_settings(home=None if home is None else Path(home))
        self._opened: Services | None = None

    @overload
    def draw(
        self, prompt: str, *, n: Literal[1] = 1, size: int | tuple[int, int] | None = None,
        seed: int | None = None, style: str | None = None, transparent: bool = False,
        format: PictureFormat | None = None, engine: str | None = None,
        out: str | Path | None = None, source: PictureLike | None = None,
        mask: PictureLike | None = None, strength: float | None = None,
        i_may_use_this: bool = False, grant: str | None = None,
    ) -> Picture: ...  # fmt: skip

    @overload
    def draw(
        self, prompt: str, *, n: int, size: int | tuple[int, int] | None = None,
        seed: int | None = None, style: str | None = None, transparent: bool = False,
        format: PictureFormat | None = None, engine: str | None = None,
        out: str | Path | None = None, source: PictureLike | None = None,
        mask: PictureLike | None = None, strength: float | None = None,
        i_may_use_this: bool = False, grant: str | None = None,
    ) -> Picture | list[Picture]: ...  # fmt: skip

    def draw(
        self,
        prompt: str,
        *,
        n: int = 1,
        size: int | tuple[int, int] | None = None,
        seed: int | None = None,
        style: str | None = None,
        transparent: bool = False,
        format: PictureFormat | None = None,
        engine: str | None = None,
        out: str | Path | None = None,
        source: PictureLike | None = None,
        mask: PictureLike | None = None,
        strength: float | None = None,
        i_may_use_this: bool = False,
        grant: str | None = None,
    ) -> Picture | list[Picture]:
        """Draws a sentence: one Picture, or a list of them where n > 1.

        size: pixels a side, 64 to 2048, or (width, height); 512, or that of the source, unless
        given. seed: of the first picture, the others count up; random unless given. out: a file or
        folder to write to; unless given, no file is written and the picture is in the store. With
        n > 1, `out` also gets a contact sheet.

        source: a picture to start from: one drawn here (a Picture or an id), a file or its bytes, or
        a PIL image. strength: 0 keeps it, 1 draws afresh; 0.6, or 1.0 with a mask, unless given.
        mask: of the source's size; white is drawn afresh, the rest stays as it is. i_may_use_this:
        needed for a source not drawn here: you declare that you may use it, and that everyone who
        can be recognised in it has consented to the edit separately. It is logged. grant: the id of
        one given to you (`danqing grant`), by which the pictures leave without their visible mark.

        Raises Refused when the sentence may not be drawn, or no picture passed the check;
        NotDeclared; InputError; Forbidden and NotFound for a grant that can't serve; EngineError;
        ProvenanceError; StoreError.
        """
        from danqing.editing import keep_mask
        from danqing.errors import InputError
        from danqing.flow import grant_for, seeds_for
        from danqing.request import make_prompt, make_request, read
        from danqing.sources import size_for

        services = self._services
        reading = read(make_prompt(prompt), services.shelf.words())
        if mask is not None and source is None:
            raise InputError("input.mask_alone")
        chosen = None if source is None else self._choose(source, i_may_use_this)
        mask_sha256 = None
        if mask is not None and chosen is not None:
            mask_sha256 = keep_mask(services.store, services.person, bytes_of(mask), chosen)
        size = size or (512 if chosen is None else size_for(chosen.width_px, chosen.height_px))
        width_px, height_px = (size, size) if isinstance(size, int) else size
        request = make_request(
            reading,
            seeds=seeds_for(n, seed),
            width_px=width_px,
            height_px=height_px,
            engine=engine or self.settings.engine,
            style=style,
            transparent=transparent,
            format=format or (None if out is None else format_of(str(out))) or "png",
            sources=() if chosen is None else (chosen.source,),
            mask=mask_sha256,
            strength=strength,
        )
        given = None
        if grant is not None:
            given = grant_for(services, services.person, grant, [request])
        pictures = list(self._draw(request, self._outputs(request, out), given))
        return pictures[0] if n == 1 else pictures

    def vary(
        self,
        artwork: str | Picture,
        *,
        n: int = 4,
        strength: float | None = None,
        seed: int | None = None,
        size: int | tuple[int, int] | None = None,
        format: PictureFormat | None = None,
        engine: str | None = None,
        out: str | Path | None = None,
    ) -> list[Picture]:
        """Further pictures near one drawn here, in its own sentence's words.

        strength: 0 keeps it, 1 draws afresh; 0.5 unless given. size, format and engine are the
        artwork's unless given; the rest is as in `draw`. Raises what `draw` does, and NotFound.
        """
        from danqing.editing import variation_of
        from danqing.flow import seeds_for

        found = artwork.artwork if isinstance(artwork, Picture) else self.show(artwork).artwork
        request = variation_of(
            found,
            seeds=seeds_for(n, seed),
            strength=strength,
            size=(size, size) if isinstance(size, int) else size,
            engine=engine,
            format=format or (None if out is None else format_of(str(out))),
        )
        return list(self._draw(request, self._outputs(request, out)))

    def show(self, artwork_id: str) -> Picture:
        """An earlier picture by its id or the beginning of it. Raises NotFound."""
        return Picture(self._services.store.show(artwork_id), self._services)

    def history(self, query: str | None = None, *, limit: int = 50) -> list[Picture]:
        """Earlier pictures, newest first; those whose sentence holds these words."""
        found = self._services.store.history(query, limit=limit)
        return [Picture(artwork, self._services) for artwork in found]

    def redo(self, artwork_id: str) -> Redone:
        """Draws a picture again and compares it with its sealed master."""
        from danqing.flow import redo

        return redo(self._services, artwork_id)

    def teach(
        self, zh: str, en: str, *pictures: str | Path | bytes, replace: bool = False
    ) -> TaughtConcept:
        """Teaches something new from 1 to 20 pictures; from then on either name draws it.

        zh: in either script. replace: forget what was taught under one of these names before.
        Raises Refused when the rules hold something against it; InputError; StoreError.
        """
        from danqing.request import detect_language
        from danqing.teaching import Declined, teach

        taught = teach(
            self._services.shelf,
            self._services.teacher,
            chinese=zh,
            english=en,
            pictures=[picture_file(picture) for picture in pictures],
            replace=replace,
        )
        if isinstance(taught, Declined):
            raise Refused(taught, detect_language(zh))
        return taught

    def taught(self) -> tuple[TaughtConcept, ...]:
        """What has been taught in this home, in the order it was."""
        return self._services.shelf.concepts()

    def forget(self, name: str) -> TaughtConcept:
        """Takes away what was taught under a name, in any language. Raises NotFound."""
        from danqing.teaching import forget

        return forget(self._services.shelf, self._services.teacher, name)

    def verify(self, file: str | Path | bytes) -> Findings:
        """What a file says of itself: labels in every known form, C2PA, remarks."""
        from danqing.provenance import verify

        data = file if isinstance(file, bytes) else Path(file).read_bytes()
        return verify(data, self._services.labeller.keys.anchors)

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _services(self) -> Services:
        if self._opened is None:
            from danqing.services import build

            self._opened = build(self.settings)
        return self._opened

    def _choose(self, source: PictureLike, declared: bool) -> Chosen:
        """A picture drawn here by its id, any other by its bytes."""
        from danqing.editing import choose_artwork, choose_file

        store = self._services.store
        if isinstance(source, Picture):
            return choose_artwork(store, source.id)
        if isinstance(source, str) and not Path(source).exists():
            return choose_artwork(store, source)
        return choose_file(
            store,
            self._services.person,
            bytes_of(source),
            declared=lambda: declared,
            anchors=self._services.labeller.keys.anchors,
        )

    def _outputs(self, request: Request, out: str | Path | None) -> Outputs | None:
        if out is None:
            return None
        prompt = request.reading.prompt.text
        return plan_outputs(str(out), prompt, request.format, len(request.seeds))

    def _draw(
        self, request: Request, outputs: Outputs | None, grant: Grant | None = None
    ) -> Iterator[Picture]:
        from danqing.flow import draw
        from danqing.store import Stored, StoredSheet

        language = request.reading.prompt.language
        drawn = 0
        last: Refusal | Held | Withheld | None = None
        for outcome in draw(self._services, request, grant=grant, outputs=outputs):
            if isinstance(outcome, Stored):
                drawn += 1
                yield Picture(outcome, self._services)
            elif not isinstance(outcome, StoredSheet):
                last = outcome
        if last is not None and not drawn:
            raise Refused(last, language)
        if last is not None:
            warnings.warn(say("cli.withheld", language), stacklevel=3)
