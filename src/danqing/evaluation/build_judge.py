"""Make a judge folder from the pinned art: fit the classifiers, train the finder, measure them,
write it all down.

Needs the [train] extra and about half an hour of two cores. Killed, it goes on where it
stopped.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from danqing.engines.mini.vocabulary import OWN_STYLE
from danqing.evaluation.build_style import STYLE_RECIPE, make_style
from danqing.evaluation.catalogue import Catalogue
from danqing.evaluation.classes import class_list, class_of, judged, may_mirror
from danqing.evaluation.features import (
    COLOURS,
    DEEP,
    EDGES,
    FEATURES,
    Features,
    bend,
    cut_network,
)
from danqing.evaluation.finder_scenes import finder_batch, finder_loss, tight_boxes
from danqing.evaluation.judge import peaks
from danqing.evaluation.linear import Blend, fit_block
from danqing.evaluation.networks import SIDE, FinderNet
from danqing.evaluation.references import References, calibrate_near, descriptor, edge_energy
from danqing.evaluation.tone import fit_thresholds, skin_lightness, tone_of
from danqing.evaluation.train_judge import (
    FINDER_RECIPE,
    JudgeRecipe,
    MakeBatch,
    Stage,
    export,
    train_network,
)
from danqing.training.art import ArtSet, Row
from danqing.training.scenes import shrink

Array = npt.NDArray[np.float32]
# One piece, one thing: what is drawn as a pair, a flock or crumbs can't teach what "one" is.
_MANY_PIECES = (
    "footprints", "paw-prints", "two-", "couple", "people", "family", "holding-hands", "socks",
    "cherries", "sparkles", "musical-notes", "hearts", "chopsticks", "dashing-away", "eyes",
    "sweat-droplets", "zzz", "men-", "women-", "fog", "clinking", "crossed", "footwear",
    "mandarin-ducks", "spring-couplets", "lungs", "raising-hands", "open-hands", "clapping",
    "palms-up", "bubbles", "mahjong", "houses", "chart",
)  # fmt: skip
_FEATURE_BATCH = 32
PARTS = (DEEP, EDGES, COLOURS)
CONCEPT_SHRINKS = (0.06, 0.5, 0.5)
CONCEPT_WEIGHTS = (1.0, 0.4, 0.15)
_FINDER_BATCHES = 12


@dataclass(frozen=True, slots=True)
class JudgeArt:
    """judge_only: 64 px, what the judge learns from. real: 128 px, what the generator learns
    from, which only measures the judge. kinds: concept → kind. bodies: concept → build, for
    people."""

    judge_only: ArtSet
    real: ArtSet
    kinds: Mapping[str, str]
    bodies: Mapping[str, str]

    def only_judged(self) -> JudgeArt:
        return JudgeArt(self._kept(self.judge_only), self._kept(self.real), self.kinds, self.bodies)

    def _kept(self, art: ArtSet) -> ArtSet:
        keep = [
            i
            for i, row in enumerate(art.rows)
            if row.concept in self.kinds and judged(self.kinds[row.concept], row.style == OWN_STYLE)
        ]
        return ArtSet(np.asarray(art.pictures)[keep], tuple(art.rows[i] for i in keep))


def build_judge(
    art: JudgeArt,
    folder: Path,
    energy_512: Mapping[str, float],
    finder_recipe: JudgeRecipe = FINDER_RECIPE,
    style_recipe: JudgeRecipe = STYLE_RECIPE,
) -> Iterator[Stage]:
    """Fit, train, export and measure into `folder`, yielding what is done.

    energy_512: mean edge energy per style of real drawings at 512 px (see
    `gather.energy_at_512`).
    """
    art = art.only_judged()
    folder.mkdir(parents=True, exist_ok=True)
    classes = class_list(row.concept for row in art.judge_only.rows)
    styles = tuple(dict.fromkeys(r.style for r in art.real.rows if r.style != OWN_STYLE))
    network = folder / "features.onnx"
    if not network.is_file():
        network.write_bytes(cut_network())
    see = Features(network)
    real = _in_one_tone(art.real)
    judged_features = yield from _features_of(see, art.judge_only, folder, "judge-only", copies=2)
    (real_features,) = yield from _features_of(see, real, folder, "real", copies=1)
    concept, own = _fit_concept(art.judge_only, judged_features, real, real_features, classes)
    thresholds, own["skin tone, exact"] = _fit_tone(art)
    stored: dict[str, Any] = concept.arrays()
    np.savez(folder / "classifiers.npz", **stored)
    own["style"] = yield from make_style(real, styles, folder, style_recipe)
    threshold, own["count"] = yield from _make_finder(art.judge_only, folder, finder_recipe)
    small = ArtSet(shrink(art.real.pictures, SIDE), art.real.rows)
    references = _references(small, art.real, dict(energy_512))
    references.save(folder / "references.npz")
    catalogue = Catalogue.of(art.real.rows, art.kinds, art.bodies, OWN_STYLE)
    card = {
        "classes": classes,
        "styles": styles,
        "finder_threshold": threshold,
        "tone_thresholds": thresholds,
        "own": own,
        "catalogue": {c: asdict(e) for c, e in catalogue.entries.items()},
    }
    (folder / "judge.json").write_text(json.dumps(card, ensure_ascii=False), "utf-8")


def _features_of(
    see: Features, art: ArtSet, folder: Path, name: str, copies: int
) -> Generator[Stage, None, Array]:
    """Frozen features of an art set, (copies, N, 1728), kept in the folder once they are
    made.

    The first copy is of the pictures as they are, each further one of pictures bent at
    random.
    """
    file = folder / "training" / f"{name}.npy"
    if file.exists():
        kept: Array = np.load(file)
        if kept.shape[:2] == (copies, len(art.rows)):
            return kept
    rng = np.random.default_rng(len(art.rows))
    found = np.empty((copies, len(art.rows), FEATURES), np.float32)
    for copy in range(copies):
        for start in range(0, len(art.rows), _FEATURE_BATCH):
            pictures = [np.asarray(p) for p in art.pictures[start : start + _FEATURE_BATCH]]
            rows = art.rows[start : start + _FEATURE_BATCH]
            bent = [
                p if copy == 0 else bend(p, rng, may_mirror(row.concept))
                for p, row in zip(pictures, rows, strict=True)
            ]
            found[copy, start : start + len(bent)] = see(bent)
            yield Stage(
                f"features {name}", copy * len(art.rows) + start + len(bent), len(found[0]) * copies
            )
    file.parent.mkdir(parents=True, exist_ok=True)
    np.save(file, found)
    return found


def _in_one_tone(art: ArtSet) -> ArtSet:
    """Every drawing that isn't of a person, and people in the middle tone."""
    keep = [i for i, row in enumerate(art.rows) if row.skin in (0, 3)]
    return ArtSet(np.asarray(art.pictures)[keep], tuple(art.rows[i] for i in keep))


def _fit_concept(
    judge_only: ArtSet,
    judged_features: Array,
    real: ArtSet,
    real_features: Array,
    classes: tuple[str, ...],
) -> tuple[Blend, dict[str, Any]]:
    """The concept classifier and its own scores on real drawings it never saw."""
    number = {name: i for i, name in enumerate(classes)}
    rows = judge_only.rows
    labels = np.array([number[class_of(row.concept)] for row in rows])
    drawn: dict[int, set[str]] = {}
    for label, row in zip(labels, rows, strict=True):
        drawn.setdefault(int(label), set()).add(row.style)
    hands = np.array([len(drawn[i]) for i in range(len(classes))])
    copies = len(judged_features)
    flat = judged_features.reshape(-1, FEATURES)
    blocks = tuple(
        fit_block(flat[:, part], np.tile(labels, copies), hands, shrink_by, weight)
        for part, shrink_by, weight in zip(PARTS, CONCEPT_SHRINKS, CONCEPT_WEIGHTS, strict=True)
    )
    blend = Blend(blocks, PARTS)
    own = {
        "classes": len(classes),
        "concept": concept_scores(blend, real_features, real.rows, number),
    }
    return blend, own


def _fit_tone(art: JudgeArt) -> tuple[tuple[float, ...], dict[str, float]]:
    """Thresholds between skin tones from judge-only art, and how often they are exact on real
    drawings."""
    lightness, tones = _lightness(art.judge_only)
    thresholds = fit_thresholds(lightness, tones)
    real_lightness, real_tones = _lightness(art.real)
    found = np.array([tone_of(float(value), thresholds) for value in real_lightness])
    exact = float((found == real_tones).mean())
    near = float((np.abs(found - real_tones) <= 1).mean())
    return thresholds, {"top1": exact, "within one": near, "count": len(found)}


def _lightness(art: ArtSet) -> tuple[Array, npt.NDArray[np.int64]]:
    """Skin lightness and tone of every picture that states a tone and shows skin."""
    found = [
        (lightness, row.skin)
        for row, picture in zip(art.rows, art.pictures, strict=True)
        if row.skin and (lightness := skin_lightness(np.asarray(picture))) is not None
    ]
    return np.array([v for v, _ in found], np.float32), np.array([t for _, t in found])


def _make_finder(
    art: ArtSet, folder: Path, recipe: JudgeRecipe
) -> Generator[Stage, None, tuple[float, dict[str, float]]]:
    """Train and export the finder. Returns its threshold and its own score."""
    singles = [
        i for i, row in enumerate(art.rows) if not any(part in row.concept for part in _MANY_PIECES)
    ]
    tight = tight_boxes(art)

    def scenes(g: torch.Generator, _progress: float) -> tuple[torch.Tensor, torch.Tensor]:
        return finder_batch(art, tight, singles, recipe.batch, g)

    torch.manual_seed(recipe.seed)
    net = FinderNet()
    for step in train_network(net, scenes, finder_loss, recipe, folder / "training" / "finder.pt"):
        yield Stage("finder", step.step, recipe.steps)
    net.eval()
    export(net, folder / "finder.onnx", (3, SIDE, SIDE))
    return calibrate_finder(net, scenes)


def concept_scores(
    classifier: Blend, features: Array, rows: tuple[Row, ...], number: Mapping[str, int]
) -> dict[str, Any]:
    """top-1 and top-5 on real drawings, per style and in all, each concept counting once per
    style.

    Skin tones of one drawing are averaged, or five tones of 200 people would outweigh all
    things.
    """
    index = [i for i, row in enumerate(rows) if class_of(row.concept) in number]
    labels = np.array([number[class_of(rows[i].concept)] for i in index])
    ranks = ranks_of(classifier, features[index], labels)
    groups: dict[tuple[str, str], list[int]] = {}
    for i, rank in zip(index, ranks, strict=True):
        groups.setdefault((rows[i].style, rows[i].concept), []).append(int(rank))
    scores: dict[str, Any] = {}
    for style in ["all", *dict.fromkeys(row.style for row in rows)]:
        chosen = [g for (s, _), g in groups.items() if style in ("all", s)]
        scores[style] = {
            "top1": float(np.mean([np.mean([r == 0 for r in g]) for g in chosen])),
            "top5": float(np.mean([np.mean([r < 5 for r in g]) for g in chosen])),
            "count": len(chosen),
        }
    return scores


def ranks_of(
    classifier: Blend, features: Array, labels: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Rank (0 = first) of each row's label."""
    scores = classifier.scores(features)
    ranks: npt.NDArray[np.int64] = (scores > scores[np.arange(len(labels)), labels][:, None]).sum(1)
    return ranks


def calibrate_finder(net: nn.Module, make: MakeBatch) -> tuple[float, dict[str, float]]:
    """The probability above which a peak counts as a thing, chosen on fresh scenes of judge-only
    art, and how often the count is then right there. Scenes of other art measure it afterwards (`real` in the
    report)."""
    heats: list[tuple[npt.NDArray[np.float32], int]] = []
    for n in range(_FINDER_BATCHES):
        x, target = make(torch.Generator().manual_seed(10_000 + n), 1.0)
        with torch.no_grad():
            found = net(x).numpy()
        counts = (target[:, 0] > 0.999).sum((1, 2)).tolist()
        heats += list(zip(found, counts, strict=True))
    right = {
        t: float(np.mean([len(peaks(found, t)) == count for found, count in heats]))
        for t in np.arange(0.2, 0.7, 0.05).round(2).tolist()
    }
    best = max(right, key=lambda t: right[t])
    return best, {"top1": right[best], "count": len(heats)}


def _references(small: ArtSet, real: ArtSet, energy_512: dict[str, float]) -> References:
    descriptors = np.stack([descriptor(p) for p in np.asarray(small.pictures)])
    labels = tuple(f"{row.style} {row.concept}" for row in real.rows)
    energy = np.array([edge_energy(p) for p in np.asarray(real.pictures)], np.float32)
    near = calibrate_near(descriptors, labels, np.random.default_rng(1))
    return References(descriptors, energy, labels, energy_512, near)
