"""From checkpoints to the weights folder of the package: ONNX with int8 weights, card and memory."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from danqing.diffusion.autoencoder import AutoEncoder
from danqing.diffusion.transformer import (
    OBJECT_SLOTS,
    PATCH_NUMBERS,
    PATCHES,
    SKETCH_NUMBERS,
    Denoiser,
)
from danqing.diffusion.upscaler import Upscaler
from danqing.engines.mini.evenness import share_changed
from danqing.engines.mini.memory import write_memory
from danqing.engines.mini.palette import Palettes
from danqing.engines.mini.pixels import to_network
from danqing.engines.mini.vocabulary import Vocabulary
from danqing.lexicon.subwords import SUBWORD_SLOTS
from danqing.training.scenes import Library
from danqing.training.sketches import sketches_of

OPSET = 20
TRANSPOSED = "_transposed"
_SMALLEST_QUANTISED = 2048
_FLAT, _MEASURED = (
    0.004,
    60,
)  # of the range: one step of 255; so many drawings of a style are looked at


def export_networks(
    folder: Path, autoencoder: AutoEncoder, denoiser: Denoiser, upscaler: Upscaler
) -> dict[str, int]:
    """Write encoder, decoder, denoiser and upscaler. Returns name → size in bytes."""
    z = torch.zeros(1, PATCHES, PATCH_NUMBERS)
    conditions: tuple[torch.Tensor, ...] = (
        torch.zeros(1, OBJECT_SLOTS, 5, dtype=torch.int64),
        torch.zeros(1, OBJECT_SLOTS, 4),
        torch.zeros(1, dtype=torch.int64),
        torch.zeros(1, dtype=torch.int64),
        torch.zeros(1, PATCHES, SKETCH_NUMBERS),
        torch.zeros(1),
    )
    names = ["objects", "boxes", "style", "ground", "sketch", "has_sketch"]
    if denoiser.shape.subwords:
        conditions += (torch.zeros(1, OBJECT_SLOTS, SUBWORD_SLOTS, dtype=torch.int64),)
        names.append("words")
    picture = torch.zeros(1, 4, 128, 128)
    latent = torch.zeros(1, 8, 16, 16)
    folder.mkdir(parents=True, exist_ok=True)
    _export(autoencoder.encoder, (picture,), ["x"], folder / "encoder.onnx")
    unsaid = torch.zeros(1, dtype=torch.int64)
    _export(autoencoder.decoder, (latent, unsaid), ["z", "style"], folder / "decoder.onnx")
    _export(upscaler, (picture,), ["x"], folder / "upscaler.onnx")
    _export(
        denoiser, (z, torch.zeros(1), *conditions), ["z", "t", *names], folder / "denoiser.onnx"
    )
    sizes = {}
    for name in ("encoder", "decoder", "denoiser", "upscaler"):
        file = folder / f"{name}.onnx"
        quantise_weights(file)
        sizes[name] = file.stat().st_size
    return sizes


def _export(net: nn.Module, args: tuple[torch.Tensor, ...], names: list[str], file: Path) -> None:
    net = net.eval().to(memory_format=torch.contiguous_format)
    torch.onnx.export(
        net,
        args,
        str(file),
        input_names=names,
        output_names=["out"],
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
        optimize=True,
        verbose=False,
    )
    _restore_names(net, file)


def _restore_names(net: nn.Module, file: Path) -> None:
    """Give weights that the exporter folded (transposed, broadcast) the name of their parameter.

    The shipped weights are also what the next run starts from, so they must be found by name.
    """
    model = onnx.load(str(file))
    names: dict[bytes, str] = {}
    for name, value in net.state_dict().items():
        if value.ndim == 1:
            names[value.numpy().tobytes()] = name
        elif value.ndim == 2:
            names[value.numpy().T.tobytes()] = f"{name}{TRANSPOSED}"
    parameters = dict(net.named_parameters())
    renamed = {}
    for tensor in model.graph.initializer:
        name = names.get(numpy_helper.to_array(tensor).tobytes())
        if name is not None and tensor.name not in parameters:
            renamed[tensor.name] = tensor.name = name
    for node in model.graph.node:
        for i, used in enumerate(node.input):
            node.input[i] = renamed.get(used, used)
    onnx.save(model, str(file))


def read_weights(file: Path) -> dict[str, torch.Tensor]:
    """The parameters of an exported network by name, int8 ones turned back into fp32."""
    stored = {t.name: numpy_helper.to_array(t) for t in onnx.load(str(file)).graph.initializer}
    weights: dict[str, torch.Tensor] = {}
    for name, value in stored.items():
        if name.endswith("_scale") or not (name.endswith("_int8") or value.dtype == np.float32):
            continue
        if name.endswith("_int8"):
            name = name.removesuffix("_int8")
            scale = stored[f"{name}_scale"]
            axis = _output_axis(name)
            shaped = scale.reshape([-1 if a == axis else 1 for a in range(value.ndim)])
            value = value.astype(np.float32) * shaped
        if value.ndim > 1 and value.size == max(value.shape):
            value = value.reshape(-1)  # a norm's weight, broadcast over the picture
        if name.endswith(TRANSPOSED):
            name, value = name.removesuffix(TRANSPOSED), value.T
        weights[name] = torch.from_numpy(np.ascontiguousarray(value))
    return weights


def quantise_weights(file: Path) -> None:
    """Store an ONNX file's larger weights as int8 with one fp32 scale per output channel.

    A DequantizeLinear node per weight turns them back into fp32 when a session opens; activations and
    arithmetic stay fp32. Symmetric, round to nearest: the error is at most max|w| / 254 per channel.
    """
    model = onnx.load(str(file))
    graph = model.graph
    added: list[onnx.NodeProto] = []
    kept: list[onnx.TensorProto] = []
    for tensor in graph.initializer:
        weight = numpy_helper.to_array(tensor)
        if (
            tensor.data_type != TensorProto.FLOAT
            or weight.ndim < 2
            or weight.size < _SMALLEST_QUANTISED
        ):
            kept.append(tensor)
            continue
        axis = _output_axis(tensor.name)
        others = tuple(a for a in range(weight.ndim) if a != axis)
        scale = np.maximum(np.abs(weight).max(axis=others), 1e-12) / 127
        shaped = scale.reshape([-1 if a == axis else 1 for a in range(weight.ndim)])
        whole = np.clip(np.rint(weight / shaped), -127, 127).astype(np.int8)
        kept.append(numpy_helper.from_array(whole, f"{tensor.name}_int8"))
        kept.append(numpy_helper.from_array(scale.astype(np.float32), f"{tensor.name}_scale"))
        added.append(
            helper.make_node(
                "DequantizeLinear",
                [f"{tensor.name}_int8", f"{tensor.name}_scale"],
                [tensor.name],
                name=f"{tensor.name}_dequantise",
                axis=axis,
            )
        )
    nodes = [*added, *graph.node]
    del graph.initializer[:], graph.node[:], graph.value_info[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes)
    for node in graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    onnx.checker.check_model(model)
    file.write_bytes(model.SerializeToString())


def _output_axis(name: str) -> int:
    """The output-channel axis of a weight: the first, but the last where MatMul has it transposed."""
    return 1 if name.endswith(TRANSPOSED) else 0


def flat_styles(library: Library) -> tuple[str, ...]:
    """The styles whose drawings `evened` leaves almost as they are."""
    return tuple(style for style in library.styles if _unevenness(library, style) < _FLAT)


def _unevenness(library: Library, style: str) -> float:
    rows = [i for i, row in enumerate(library.art.rows) if row.style == style]
    chosen = rows[:: max(1, len(rows) // _MEASURED)][:_MEASURED]
    drawings = (to_network(library.art.pictures[i][None]) for i in chosen)
    return float(np.mean([share_changed(drawing) for drawing in drawings]))


def write_card(
    folder: Path,
    vocabulary: Vocabulary,
    facts: dict[str, Any],
    bodies: dict[str, str],
    *,
    style: str,
    steps: int,
    guidance: float,
    start: float,
    guess: bool,
    flat: tuple[str, ...],
    palettes: Palettes,
) -> None:
    """Write mini.json. facts: a flow checkpoint, for its latent statistics and shape. bodies, palettes: as
    in `Library`. flat: see `flat_styles`."""
    card = {
        "words": asdict(vocabulary),
        "default_style": style,
        "latent_mean": [round(v, 6) for v in facts["latent_mean"]],
        "latent_std": [round(v, 6) for v in facts["latent_std"]],
        "steps": steps,
        "guidance": guidance,
        "start": start,
        "bodies": bodies,
        "flat_styles": flat,
        "palettes": palettes.record(),
        "subwords": facts["shape"].get("subwords", 0),
        "guess": guess,
    }
    packed = json.dumps(card, ensure_ascii=False, separators=(",", ":"))
    (folder / "mini.json").write_text(packed, "utf-8")


def write_weights(
    folder: Path,
    library: Library,
    networks: tuple[AutoEncoder, Denoiser, Upscaler],
    facts: dict[str, Any],
    *,
    style: str,
    steps: int,
    guidance: float,
    start: float,
    guess: bool = False,
) -> int:
    """Write the whole weights folder. Returns its size in bytes."""
    sizes = export_networks(folder, *networks)
    _, memory_bytes = write_memory(folder, sketches_of(library))
    vocabulary = Vocabulary.read(facts["vocabulary"])
    write_card(
        folder,
        vocabulary,
        facts,
        library.bodies,
        style=style,
        steps=steps,
        guidance=guidance,
        start=start,
        guess=guess,
        flat=flat_styles(library),
        palettes=library.palettes,
    )
    return sum(sizes.values()) + memory_bytes + (folder / "mini.json").stat().st_size
