"""A second opinion on wordings no list has: logistic regression on hashed character n-grams.

One binary model per category, trained by `tools/train_policy_ngrams.py` on the rule packs' own words
and the tuning half of the tests' corpus. Whatever it is sure of is held for a reviewer, never refused:
it can say that a sentence looks like others, not which law it breaks.

Features: every run of one to four characters of the folded text (Latin words between spaces), hashed to
2¹⁵ places, each counted once and scaled to unit length (Weinberger et al., Feature Hashing, 2009).
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from danqing.policy.folding import NONE, Symbol, View, is_han, leet, letters_of, unsplit
from danqing.policy.tables import joined, readings
from danqing.policy.types import PackVersion

BITS = 15
LENGTHS = (1, 2, 3, 4)
NAME = "danqing-ngrams"
MAX_CHARACTERS = 4096
Places = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Likeness:
    """The text looks like a category's: probability in [0, 1]; start, end: where most of all."""

    category: str
    probability: float
    start: int
    end: int


class Ngrams:
    """categories: C names. weights: (C, 2¹⁵) int8, times `scales` (C,) the real ones. bias: (C,).
    thresholds: (C,), the probability from which a text is held."""

    def __init__(
        self,
        categories: tuple[str, ...],
        weights: npt.NDArray[np.int8],
        scales: npt.NDArray[np.float32],
        bias: npt.NDArray[np.float32],
        thresholds: npt.NDArray[np.float32],
        version: PackVersion,
    ) -> None:
        self.categories = categories
        self.version = version
        self._weights, self._scales, self._bias = weights, scales, bias
        self._thresholds = thresholds

    def probabilities(self, text: str) -> npt.NDArray[np.float32]:
        """(C,) in [0, 1], for a folded text as `plain_text` gives it."""
        places = np.unique(np.concatenate([found for _, found in runs(text)]))
        if not len(places):
            return np.zeros(len(self.categories), np.float32)
        total = self._weights[:, places].sum(axis=1, dtype=np.float32) * self._scales
        logits = total / np.sqrt(np.float32(len(places))) + self._bias
        return np.asarray(1 / (1 + np.exp(-logits)), np.float32)

    def look(self, symbols: tuple[Symbol, ...]) -> Likeness | None:
        """The category whose threshold the text is most above, if any."""
        best: Likeness | None = None
        most = 0.0
        for view in views(symbols):
            text, owners = plain_text(view)
            if not text:
                continue
            probabilities = self.probabilities(text)
            above = probabilities - self._thresholds
            at = int(above.argmax())
            if above[at] >= most and above[at] >= 0:
                most = float(above[at])
                start, end = self._strongest(text, at)
                best = Likeness(
                    self.categories[at],
                    float(probabilities[at]),
                    view.starts[owners[start]],
                    view.ends[owners[end - 1]],
                )
        return best

    def _strongest(self, text: str, category: int) -> tuple[int, int]:
        """The stretch of the text that speaks most for the category (Kadane's maximum sum)."""
        share = np.zeros(len(text))
        for length, places in runs(text):
            worth = self._weights[category, places] / length
            for shift in range(length):
                share[shift : shift + len(worth)] += worth
        best = total = 0.0
        first, span = 0, (0, len(text))
        for at, value in enumerate(share):
            if total <= 0:
                first, total = at, 0.0
            total += float(value)
            if total > best:
                best, span = total, (first, at + 1)
        return span


def views(symbols: tuple[Symbol, ...]) -> list[View]:
    """The folded text, and as it reads without leetspeak and with split characters joined."""
    plain = letters_of(symbols)
    found = [plain]
    read = leet(symbols, "i")
    if read is not None:
        found.append(letters_of(read))
    together = unsplit(plain, joined(), readings())
    if together is not None:
        found.append(together)
    return found


def plain_text(view: View) -> tuple[str, list[int]]:
    """The letters with a space where Latin words have a gap; and which letter each came from."""
    text: list[str] = []
    owners: list[int] = []
    for at, letter in enumerate(view.letters[:MAX_CHARACTERS]):
        before = view.letters[at - 1 : at]
        apart = view.gaps[at] != NONE and not (is_han(letter) and (not before or is_han(before)))
        if text and (apart or (bool(before) and is_han(before) != is_han(letter))):
            text.append(" ")
            owners.append(at)
        text.append(letter)
        owners.append(at)
    return "".join(text), owners


def runs(text: str) -> list[tuple[int, Places]]:
    """For each length, where its runs of characters hash to, in the text's order."""
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    found = []
    for length in LENGTHS:
        count = len(codes) - length + 1
        hashed = np.full(max(count, 0), 2166136261 + length, np.uint32)  # FNV-1a, a code point each
        for shift in range(length):
            hashed = (hashed ^ codes[shift : shift + max(count, 0)]) * np.uint32(16777619)
        hashed ^= hashed >> np.uint32(15)
        hashed = hashed * np.uint32(2246822519)
        found.append((length, hashed >> np.uint32(32 - BITS)))
    return found


def load(data: bytes) -> Ngrams:
    """From the bytes of the .npz that the training tool writes."""
    with np.load(io.BytesIO(data), allow_pickle=False) as kept:
        arrays: dict[str, Any] = {name: kept[name] for name in kept.files}
    version = PackVersion(NAME, str(arrays["version"]), hashlib.sha256(data).hexdigest())
    return Ngrams(
        tuple(map(str, arrays["categories"])),
        arrays["weights"],
        arrays["scales"],
        arrays["bias"],
        arrays["thresholds"],
        version,
    )


@cache
def shipped_ngrams() -> Ngrams:
    """The models of this package."""
    return load((files("danqing.policy") / "data" / "ngrams.npz").read_bytes())
