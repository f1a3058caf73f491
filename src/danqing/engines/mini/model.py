"""The embedded networks as ONNX Runtime sessions, fp32 on the processor, loaded on first use.

Weights are stored as int8 with one scale per output channel and are turned into fp32 once, when a
session opens; all arithmetic is fp32. (int8-dynamic would make a picture depend on its batch-mates.)
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from danqing.engines.mini.memory import INDEX, Memory
from danqing.engines.mini.palette import NO_PALETTES, Palettes
from danqing.engines.mini.pixels import latent_patches
from danqing.engines.mini.vocabulary import Vocabulary, index_of
from danqing.errors import EngineUnavailable

if TYPE_CHECKING:
    import onnxruntime

Array = npt.NDArray[np.float32]
LATENT_SHAPE = (1, 8, 16, 16)
NETWORKS = ("encoder", "decoder", "denoiser", "upscaler")
_FILES = (*(f"{name}.onnx" for name in NETWORKS), "mini.json", "memory.bin", INDEX)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What travels with the weights. latent_mean, latent_std: per latent channel, (8,).

    start: where on the way from noise (0) to picture (1) a drawing with a sketch sets out from it.
    bodies: concept → slim, average or plus, where the drawings of a person have one build. flat_styles: those
    whose real drawings have even fills. palettes: the styles' colours. subwords: rows of the denoiser's
    table of word pieces; 0 for a model that knows no words. guess: whether a word that nothing is near to
    is worth drawing by its pieces alone (`bench/words.py`).
    """

    words: Vocabulary
    default_style: str
    latent_mean: tuple[float, ...]
    latent_std: tuple[float, ...]
    steps: int
    guidance: float
    start: float
    bodies: Mapping[str, str]
    flat_styles: tuple[str, ...] = ()
    palettes: Palettes = NO_PALETTES
    subwords: int = 0
    guess: bool = False

    @classmethod
    def read(cls, file: Path) -> ModelCard:
        record: dict[str, Any] = json.loads(file.read_text("utf-8"))
        return cls(
            words=Vocabulary.read(record["words"]),
            default_style=record["default_style"],
            latent_mean=tuple(record["latent_mean"]),
            latent_std=tuple(record["latent_std"]),
            steps=record["steps"],
            guidance=record["guidance"],
            start=record["start"],
            bodies=record["bodies"],
            flat_styles=tuple(record.get("flat_styles", ())),
            palettes=Palettes.read(record["palettes"]) if "palettes" in record else NO_PALETTES,
            subwords=record.get("subwords", 0),
            guess=record.get("guess", False),
        )


class MiniModel:
    """The four networks, the card and the memory of one weights folder.

    Raises EngineUnavailable when a file of it is missing or can't be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        missing = [name for name in _FILES if not (folder / name).is_file()]
        if missing:
            raise EngineUnavailable("engine.weights_missing", file=missing[0])
        try:
            self.card = ModelCard.read(folder / "mini.json")
        except (ValueError, TypeError, KeyError) as problem:
            raise EngineUnavailable("engine.weights_damaged", file="mini.json") from problem

    @cached_property
    def memory(self) -> Memory:
        try:
            return Memory.load(self.folder)
        except (ValueError, TypeError, KeyError, OSError, EOFError, zlib.error) as problem:
            raise EngineUnavailable("engine.weights_damaged", file=INDEX) from problem

    @cached_property
    def version(self) -> str:
        """`mini-<first 12 hex digits of the weights' SHA-256>/onnxruntime-<version>-<machine>-fp32`."""
        from onnxruntime import __version__ as runtime

        digest = hashlib.sha256()
        for name in _FILES:
            digest.update((self.folder / name).read_bytes())
        return f"mini-{digest.hexdigest()[:12]}/onnxruntime-{runtime}-{platform.machine()}-fp32"

    @cached_property
    def encoder(self) -> onnxruntime.InferenceSession:
        """(1, 4, 128, 128) premultiplied in [-1, 1] → (1, 8, 16, 16)."""
        return self._open("encoder")

    @cached_property
    def decoder(self) -> onnxruntime.InferenceSession:
        """(1, 8, 16, 16) and the style's index (1,) → (1, 4, 128, 128)."""
        return self._open("decoder")

    @cached_property
    def denoiser(self) -> onnxruntime.InferenceSession:
        """See `danqing.diffusion.transformer.Denoiser.forward`; a batch of one."""
        return self._open("denoiser")

    @cached_property
    def upscaler(self) -> onnxruntime.InferenceSession:
        """(1, 4, 128, 128) → (1, 4, 512, 512)."""
        return self._open("upscaler")

    def encode(self, picture: Array) -> Array:
        """(1, 4, 128, 128) premultiplied in [-1, 1] → normalised latent patches (1, 64, 32)."""
        latent: Array = self.encoder.run(None, {"x": picture})[0]
        mean, std = self._statistics
        normalised: Array = (latent_patches(latent) - mean) / std
        return normalised

    def decode(self, patches: Array, style: str | None) -> Array:
        """Normalised latent patches (1, 64, 32) → (1, 4, 128, 128) premultiplied in [-1, 1]."""
        mean, std = self._statistics
        latent = (patches * std + mean).reshape(1, 8, 8, 8, 2, 2).transpose(0, 3, 1, 4, 2, 5)
        feeds = {
            "z": latent.reshape(LATENT_SHAPE),
            "style": np.array([index_of(self.card.words.styles, style)], np.int64),
        }
        decoded: Array = self.decoder.run(None, feeds)[0]
        return decoded.clip(-1, 1)

    @cached_property
    def _statistics(self) -> tuple[Array, Array]:
        """Mean and deviation of each of a patch's 32 numbers."""
        mean = np.repeat(np.array(self.card.latent_mean, np.float32), 4)
        return mean, np.repeat(np.array(self.card.latent_std, np.float32), 4)

    def _open(self, name: str) -> onnxruntime.InferenceSession:
        import onnxruntime as ort

        options = ort.SessionOptions()
        options.intra_op_num_threads = min(4, os.cpu_count() or 1)
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        # Fold the int8 weights into fp32 constants when the session opens.
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        # One session's threads would spin for work while the next session does it: half as fast.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            return ort.InferenceSession(
                str(self.folder / f"{name}.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as problem:
            raise EngineUnavailable("engine.weights_damaged", file=f"{name}.onnx") from problem
