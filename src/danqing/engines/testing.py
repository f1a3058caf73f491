"""What every engine must do, as tests a plugin author inherits.

    from danqing.engines.testing import EngineContract

    class TestMyEngine(EngineContract):
        name = "my-engine"        # as registered under the entry-point group `danqing.engines`

pytest then runs each `test_` method against the engine as Danqing would load it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import entry_points

import numpy as np

from danqing.engines.protocol import Engine, Pixels, Preview, Rng, Spec
from danqing.engines.registry import GROUP, list_engines, load_engine
from danqing.errors import Unsupported
from danqing.request import make_prompt, read


class Stop(Exception):
    """Raised by a test from on_progress, as a cancelled job would."""


class EngineContract:
    """name: of the engine. prompts: sentences it can draw; override them for an engine with a
    narrow repertoire. side_px: of the test pictures; a native size is quickest."""

    name = ""
    prompts: tuple[str, ...] = ("一只熊猫", "三只红色的猫", "a dog and a tree")
    side_px = 128

    def engine(self) -> Engine:
        return load_engine(self.name)

    def spec(
        self, prompt: str, width_px: int = 0, height_px: int = 0, transparent: bool = False
    ) -> Spec:
        checked = make_prompt(prompt)
        return Spec(
            text=checked.text,
            language=checked.language,
            brief=read(checked).brief,
            width_px=width_px or self.side_px,
            height_px=height_px or self.side_px,
            transparent=transparent,
        )

    def draw(self, spec: Spec, seed: int) -> Pixels:
        (result,) = self.engine().generate([spec], [Rng(seed)])
        return result.pixels

    def test_is_listed_and_named_as_registered(self) -> None:
        assert self.name in {entry.name for entry in list_engines()}
        engine = self.engine()
        assert isinstance(engine, Engine)
        assert engine.name == self.name
        assert engine.version
        assert engine.capabilities.sizes

    def test_listing_does_not_import_it(self) -> None:
        (point,) = (p for p in entry_points(group=GROUP) if p.name == self.name)
        code = (
            "import sys; from danqing.engines.registry import list_engines; list_engines();"
            f"sys.exit({point.module!r} in sys.modules)"
        )
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

    def test_pixels_are_rgba_of_the_size_asked(self) -> None:
        for width_px, height_px in ((self.side_px, self.side_px), (200, 136), (100, 260)):
            pixels = self.draw(self.spec(self.prompts[0], width_px, height_px), 1)
            assert pixels.shape == (height_px, width_px, 4)
            assert pixels.dtype == np.uint8

    def test_same_seed_same_picture(self) -> None:
        if self.engine().capabilities.honours_seed:
            spec = self.spec(self.prompts[0])
            np.testing.assert_array_equal(self.draw(spec, 7), self.draw(spec, 7))

    def test_another_seed_another_picture(self) -> None:
        spec = self.spec(self.prompts[0])
        assert not np.array_equal(self.draw(spec, 7), self.draw(spec, 8))

    def test_picture_of_a_batch_equals_the_picture_alone(self) -> None:
        if not self.engine().capabilities.honours_seed:
            return
        specs = [self.spec(prompt) for prompt in self.prompts]
        rngs = [Rng(100 + i) for i in range(len(specs))]
        together = [result.pixels for result in self.engine().generate(specs, rngs)]
        alone = [self.draw(spec, rng.seed) for spec, rng in zip(specs, rngs, strict=True)]
        assert len(together) == len(specs)
        for one, other in zip(together, alone, strict=True):
            np.testing.assert_array_equal(one, other)

    def test_opaque_unless_asked_otherwise(self) -> None:
        opaque = self.draw(self.spec(self.prompts[0]), 3)
        assert opaque[..., 3].min() == 255
        if self.engine().capabilities.transparent:
            clear = self.draw(self.spec(self.prompts[0], transparent=True), 3)
            assert clear[..., 3].min() == 0

    def test_progress_rises_to_one(self) -> None:
        shares: list[float] = []
        specs = [self.spec(prompt) for prompt in self.prompts[:2]]

        def note(share: float, previews: Sequence[Preview] = ()) -> None:
            shares.append(share)
            assert all(0 <= preview.number < 2 and 0 <= preview.share <= 1 for preview in previews)

        list(self.engine().generate(specs, [Rng(1), Rng(2)], note))
        assert shares == sorted(shares)
        assert all(0 <= share <= 1 for share in shares)

    def test_watching_changes_nothing(self) -> None:
        spec = self.spec(self.prompts[0], 200, 136)
        shown: list[Pixels] = []

        def watch(_: float, previews: Sequence[Preview] = ()) -> None:
            shown.extend(preview.draw() for preview in previews)

        (watched,) = self.engine().generate([spec], [Rng(7)], watch)
        assert all(p.shape == (136, 200, 4) and p.dtype == np.uint8 for p in shown)
        if self.engine().capabilities.honours_seed:
            np.testing.assert_array_equal(watched.pixels, self.draw(spec, 7))

    def test_cancelling_stops_it(self) -> None:
        drawn = 0

        def stop(_share: float, _previews: Sequence[Preview] = ()) -> None:
            raise Stop

        specs = [self.spec(self.prompts[0])] * 3
        try:
            for _ in self.engine().generate(specs, [Rng(1), Rng(2), Rng(3)], stop):
                drawn += 1
        except Stop:
            assert drawn <= 1
        else:
            raise AssertionError("on_progress raised, and the engine went on")

    def start_from(self, picture: Pixels, strength: float, seed: int) -> Pixels:
        spec = replace(self.spec(self.prompts[0]), picture=picture, strength=strength)
        return self.draw(spec, seed)

    def test_a_low_strength_stays_near_the_picture(self) -> None:
        if "image-to-image" not in self.engine().capabilities.modes:
            return
        picture = self.draw(self.spec(self.prompts[0]), 11)
        near, far = (self.start_from(picture, strength, 12) for strength in (0.2, 1.0))
        assert near.shape == picture.shape
        distances = [float(np.abs(p.astype(np.int16) - picture).mean()) for p in (near, far)]
        assert distances[0] < distances[1]
        np.testing.assert_array_equal(near, self.start_from(picture, 0.2, 12))

    def test_every_strength_gives_a_picture(self) -> None:
        if "image-to-image" not in self.engine().capabilities.modes:
            return
        picture = self.draw(self.spec(self.prompts[0], 200, 136), 11)
        for strength in (0.01, 0.5, 1.0):
            spec = replace(self.spec(self.prompts[0], 200, 136), picture=picture, strength=strength)
            assert self.draw(spec, 12).shape == (136, 200, 4)

    def test_inpainting_changes_what_the_mask_shows(self) -> None:
        if "inpaint" not in self.engine().capabilities.modes:
            return
        picture = self.draw(self.spec(self.prompts[0]), 11)
        mask = np.zeros(picture.shape[:2], np.uint8)
        mask[:, self.side_px // 2 :] = 255
        spec = replace(self.spec(self.prompts[0]), picture=picture, mask=mask, strength=1.0)
        changed = np.abs(self.draw(spec, 12).astype(np.int16) - picture).mean(axis=(0, 2))
        half = self.side_px // 2
        assert changed[half:].mean() > changed[:half].mean()

    def test_modes_it_lacks_are_refused(self) -> None:
        if "image-to-image" in self.engine().capabilities.modes:
            return
        plain = self.spec(self.prompts[0])
        picture = np.zeros((self.side_px, self.side_px, 4), np.uint8)
        spec = Spec(
            plain.text,
            plain.language,
            plain.brief,
            plain.width_px,
            plain.height_px,
            picture=picture,
        )
        try:
            list(self.engine().generate([spec], [Rng(1)]))
        except Unsupported:
            return
        raise AssertionError("a mode the engine doesn't declare was accepted")
