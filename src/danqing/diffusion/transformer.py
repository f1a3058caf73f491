"""The denoiser: a transformer over latent patches with one grounded token per object.

    x̂ = f(z_t, t; objects, style, ground, sketch, words)

Tokens: [time | style | ground | backdrop | object₁ … object₅ | 64 latent patches]. An object's token is the
sum of its concept, colour, skin, gender and body embeddings and of the Fourier features of its box, so an
attribute is bound to its object (cf. GLIGEN, Li et al. 2023). A word no concept stands for is told by
the mean of what its pieces mean (fastText's way, Bojanowski et al. 2017). The sketch is a small picture
of roughly what should stand where, composed from memory (retrieval: Blattmann et al. 2022; kNN-Diffusion,
Sheynin et al. 2023); it is added to the patch tokens and may be absent. Pre-norm blocks with RMSNorm,
QK-norm and SwiGLU; no AdaLN: the time is a token (MiniT2I).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

OBJECT_SLOTS = 6  # the backdrop and five objects
BOX_FREQUENCIES = 6
PATCHES = 64  # 8 × 8 patches of 2 × 2 latents
PATCH_NUMBERS = 32  # 2 × 2 × 8 channels
# Under each patch: an 8 × 8 RGBA square of the 64 px sketch, and the sketch's own latent patch.
SKETCH_NUMBERS = 8 * 8 * 4 + PATCH_NUMBERS


@dataclass(frozen=True, slots=True)
class TransformerShape:
    """Sizes. Index 0 of colours, skins, genders, bodies, styles and grounds means "not said";
    index 0 of concepts means "no concept stands for it". subwords: rows of the table of word pieces, 0 for
    a model that knows no words, as the first ones."""

    concepts: int
    styles: int
    colours: int = 13
    skins: int = 6
    genders: int = 3
    bodies: int = 4
    width: int = 256
    depth: int = 8
    heads: int = 4
    hidden: int = 640
    subwords: int = 0
    subword_width: int = 48


class Block(nn.Module):
    """x + attention(norm x), then x + SwiGLU(norm x). x: (B, T, width)."""

    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        width, self.heads = shape.width, shape.heads
        self.norm_attention = nn.RMSNorm(width, eps=1e-6)
        self.norm_mlp = nn.RMSNorm(width, eps=1e-6)
        self.norm_query = nn.RMSNorm(width // shape.heads, eps=1e-6)
        self.norm_key = nn.RMSNorm(width // shape.heads, eps=1e-6)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.gate_up = nn.Linear(width, 2 * shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, width, bias=False)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.down.weight)

    def forward(self, x: Tensor) -> Tensor:
        b, t, width = x.shape
        qkv = self.qkv(self.norm_attention(x)).view(b, t, 3, self.heads, width // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        attended = attend(self.norm_query(q), self.norm_key(k), v)
        x = x + self.out(attended.transpose(1, 2).reshape(b, t, width))
        gate, up = self.gate_up(self.norm_mlp(x)).chunk(2, dim=-1)
        y: Tensor = x + self.down(F.silu(gate) * up)
        return y


def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """softmax(q·kᵀ/√d)·v (Vaswani et al. 2017, §3.2.1). q, k, v: (B, heads, T, d).

    Written out: with some seventy tokens the gradient of the fused kernel takes three times as long.
    """
    scores = (q * q.shape[-1] ** -0.5).to(v.dtype) @ k.to(v.dtype).transpose(-1, -2)
    attended: Tensor = scores.softmax(-1).to(v.dtype) @ v
    return attended


class Denoiser(nn.Module):
    def __init__(self, shape: TransformerShape) -> None:
        super().__init__()
        self.shape = shape
        width = shape.width
        self.concept = nn.Embedding(shape.concepts, width)
        self.colour = nn.Embedding(shape.colours, width)
        self.skin = nn.Embedding(shape.skins, width)
        self.gender = nn.Embedding(shape.genders, width)
        self.body = nn.Embedding(shape.bodies, width)
        self.style = nn.Embedding(shape.styles, width)
        self.ground = nn.Embedding(shape.colours, width)
        if shape.subwords:
            self.subword = nn.Embedding(shape.subwords, shape.subword_width)
            self.subword_in = nn.Linear(shape.subword_width, width, bias=False)
            nn.init.normal_(self.subword.weight, std=0.5)
            nn.init.zeros_(
                self.subword_in.weight
            )  # a trained model that learns words starts unchanged
        self.slot = nn.Parameter(torch.zeros(OBJECT_SLOTS, width))
        self.box = nn.Linear(4 * 2 * BOX_FREQUENCIES, width)
        self.time = nn.Sequential(nn.Linear(128, width), nn.SiLU(), nn.Linear(width, width))
        self.patch_in = nn.Linear(PATCH_NUMBERS, width)
        self.sketch_in = nn.Linear(SKETCH_NUMBERS + 1, width)
        self.position = nn.Parameter(torch.randn(1, PATCHES, width) * 0.02)
        self.blocks = nn.ModuleList([Block(shape) for _ in range(shape.depth)])
        self.norm = nn.RMSNorm(width, eps=1e-6)
        self.patch_out = nn.Linear(width, PATCH_NUMBERS)
        for table in (self.concept, self.style, self.ground, self.colour, self.skin):
            nn.init.normal_(table.weight, std=0.5)
        for table in (self.gender, self.body):
            nn.init.normal_(table.weight, std=0.2)

    def forward(
        self,
        z: Tensor,
        t: Tensor,
        objects: Tensor,
        boxes: Tensor,
        style: Tensor,
        ground: Tensor,
        sketch: Tensor,
        has_sketch: Tensor,
        words: Tensor | None = None,
    ) -> Tensor:
        """Predict the clean latent x̂ (B, 64, 32), normalised per channel, from z_t.

        z: (B, 64, 32).  t: (B,) in [0, 1].  objects: (B, 6, 5) int64 of concept, colour, skin, gender,
        body, slot 0 the backdrop.  boxes: (B, 6, 4) centre and size in [0, 1].  style, ground: (B,) int64.
        sketch: (B, 64, 288) premultiplied RGBA in [-1, 1] and normalised latents, zero where absent.
        has_sketch: (B,) 0 or 1.  words: (B, 6, 8) int64 rows of the table of word pieces, 0 for none; a
        model that knows no words passes over it. An object is there if it has a concept or words.
        """
        concept, colour, skin, gender, body = objects.unbind(-1)
        grounded = (
            self.concept(concept)
            + self.colour(colour)
            + self.skin(skin)
            + self.gender(gender)
            + self.body(body)
            + self.box(fourier(boxes))
            + self.slot
        )
        there = concept > 0
        if words is not None and self.shape.subwords:
            grounded = grounded + self.subword_in(mean_of_pieces(self.subword(words), words > 0))
            there = there | (words > 0).any(-1)
        grounded = grounded * there.unsqueeze(-1)
        flag = has_sketch.view(-1, 1, 1).expand(-1, PATCHES, 1)
        patches = (
            self.patch_in(z)
            + self.position
            + self.sketch_in(torch.cat([sketch * flag, flag], dim=-1))
        )
        head = torch.stack([self.time(time_features(t)), self.style(style), self.ground(ground)], 1)
        x = torch.cat([head, grounded, patches], dim=1)
        for block in self.blocks:
            x = block(x)
        out: Tensor = self.patch_out(self.norm(x[:, -PATCHES:]))
        return out


def mean_of_pieces(pieces: Tensor, there: Tensor) -> Tensor:
    """(B, N, P, width) and (B, N, P) → (B, N, width): the mean of those that are there, zero of none."""
    mask = there.unsqueeze(-1).to(pieces.dtype)
    return (pieces * mask).sum(-2) / mask.sum(-2).clamp(min=1)


def time_features(t: Tensor) -> Tensor:
    """(B,) → (B, 128): sines and cosines of t at 64 frequencies from 1 to 1000, geometrically."""
    frequencies = torch.exp(torch.linspace(0, math.log(1000), 64, device=t.device))
    angles = t[:, None] * frequencies
    return torch.cat([angles.sin(), angles.cos()], dim=-1)


def fourier(boxes: Tensor) -> Tensor:
    """(B, N, 4) in [0, 1] → (B, N, 48): sines and cosines of π·2ᵏ·v, k = 0 … 5 (NeRF's encoding)."""
    frequencies = math.pi * 2 ** torch.arange(BOX_FREQUENCIES, device=boxes.device)
    angles = boxes.unsqueeze(-1) * frequencies
    return torch.cat([angles.sin(), angles.cos()], dim=-1).flatten(-2)


def to_patches(latent: Tensor) -> Tensor:
    """(B, 8, 16, 16) → (B, 64, 32), row by row; within a patch channels outermost."""
    b, c, h, w = latent.shape
    patches = latent.view(b, c, h // 2, 2, w // 2, 2).permute(0, 2, 4, 1, 3, 5)
    return patches.reshape(b, PATCHES, PATCH_NUMBERS)


def from_patches(patches: Tensor) -> Tensor:
    """The inverse of `to_patches`."""
    b = patches.shape[0]
    return patches.view(b, 8, 8, 8, 2, 2).permute(0, 3, 1, 4, 2, 5).reshape(b, 8, 16, 16)
