"""Batches in which words stand for concepts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

pytestmark = [pytest.mark.train, pytest.mark.filterwarnings("ignore")]
pytest.importorskip("torch", reason="training needs the [train] extra")
pytest.importorskip("resvg_py", reason="training needs the [train] extra")

import torch

from danqing.diffusion.autoencoder import AutoEncoder
from danqing.engines.mini.layout import Box, Placed
from danqing.engines.mini.vocabulary import Vocabulary
from danqing.lexicon import lexicon
from danqing.lexicon.subwords import subword_ids
from danqing.training.art import culture_drawings, render
from danqing.training.data import culture_folder
from danqing.training.flow import Batch, BatchMaker, FlowRecipe
from danqing.training.pool import Pool, conditions_of
from danqing.training.scenes import Library, Scene, SceneMaker, SceneObject
from danqing.training.words import Told, Wording, is_held_out_word

CONCEPTS = ("hotpot", "koi", "bamboo", "great-wall")
Row = tuple[torch.Tensor, ...]


@pytest.fixture(scope="module")
def pool() -> tuple[Pool, SceneMaker]:
    drawings = [d for d in culture_drawings(culture_folder(), "a") if d.row.concept in CONCEPTS]
    maker = SceneMaker(Library(render(drawings, 128), dict.fromkeys(CONCEPTS, "place"), {}))
    rng = np.random.default_rng(0)
    counted = (maker._cast(maker._counted(rng), rng) for _ in range(32))
    scenes = [s or maker._must(rng) for s in counted] + [maker._must(rng) for _ in range(32)]
    words = Vocabulary((), ()).extended(maker.library.concepts, maker.library.styles)
    latents = rng.standard_normal((64, 64, 32)).astype(np.float16)
    return Pool(latents, conditions_of(scenes, words), tuple(scenes)), maker


def batch(pool: tuple[Pool, SceneMaker], step: int = 0, **recipe: float) -> Batch:
    torch.manual_seed(0)
    chosen = FlowRecipe(**{"batch": 48, "no_condition_share": 0.0, **recipe})  # type: ignore[arg-type]
    return BatchMaker(*pool, AutoEncoder().encoder, chosen).make(step)


def test_batches_tell_some_things_by_words(pool: tuple[Pool, SceneMaker]) -> None:
    made = batch(pool, words_share=0.3, sketch_only_share=0.0, no_sketch_share=0.0)
    objects, *_, has_sketch, words = made.conditions
    assert words.shape == (48, 6, 8)
    assert words.dtype == torch.int64
    concept, worded = objects[..., 0] > 0, (words > 0).any(-1)
    alone, both = (worded & ~concept).any(-1), (worded & concept).any(-1)
    assert 5 < alone.sum() < 25
    assert 5 < both.sum() < 25
    assert not (alone & both).any()
    assert (has_sketch[~alone] == 1).all()
    assert 0 < (has_sketch[alone] == 0).sum() < alone.sum()


def test_the_same_step_gives_the_same_batch(pool: tuple[Pool, SceneMaker]) -> None:
    first, second, other = batch(pool), batch(pool), batch(pool, 1)
    for a, b in zip(first.conditions, second.conditions, strict=True):
        torch.testing.assert_close(a, b)
    assert not torch.equal(first.conditions[-1], other.conditions[-1])


def test_who_is_told_nothing_is_told_no_word(pool: tuple[Pool, SceneMaker]) -> None:
    made = batch(pool, words_share=0.5, no_condition_share=1.0)
    objects, *_, words = made.conditions
    assert not objects.any()
    assert not words.any()


def test_who_sees_the_sketch_alone_sees_all_of_it(pool: tuple[Pool, SceneMaker]) -> None:
    """A thing told by a word alone isn't taken out of a sketch that is all there is."""
    made = batch(pool, words_share=0.5, no_sketch_share=0.0, sketch_only_share=1.0)
    objects, *_, has_sketch, words = made.conditions
    nothing = ~(objects[..., 0] > 0).any(-1) & ~(words > 0).any(-1).any(-1)
    assert (has_sketch[nothing] == 1).all()
    assert 0 < nothing.sum() < 48


def test_without_words_batches_are_as_they_were(pool: tuple[Pool, SceneMaker]) -> None:
    made = batch(pool, words_share=0.0)
    assert not made.conditions[-1].any()


def scene(*concepts: str) -> Scene:
    placed = [
        Placed(c, Box(0.5, 0.5, 0.4, 0.4), i, backdrop=c == "great-wall")
        for i, c in enumerate(concepts)
    ]
    return Scene("danqing", None, tuple(SceneObject(p, 0) for p in placed))


def tellings(wording: Wording, of: Scene, share: float = 0.5) -> Iterator[Told]:
    rng = np.random.default_rng(3)
    for _ in range(60):
        yield wording.tell(of, share, rng)


def test_three_of_a_kind_share_their_word() -> None:
    """Or the concept of the second would tell what the first one's word means."""
    wording = Wording({"koi": ["锦鲤", "koi"]})
    several = scene("great-wall", "koi", "koi", "koi")
    told = [t for t in tellings(wording, several) if t.words.any()]
    assert told
    for t in told:
        assert t.words[1:4].any(-1).all()
        assert (t.words[1] == t.words[2]).all()
        assert not t.words[[0, 4, 5]].any()
        assert t.instead.tolist() in ([False] * 6, [False, True, True, True, False, False])
    unseen = next(t for t in told if t.unseen)
    left = unseen.in_sketch(several)
    assert left is not None
    assert [o.placed.concept for o in left.objects] == ["great-wall"]
    assert unseen.in_sketch(scene("koi")) is None


def test_the_backdrop_is_told_in_its_slot() -> None:
    wording = Wording({"great-wall": ["长城"]})
    told = [t for t in tellings(wording, scene("great-wall", "koi")) if t.words.any()]
    assert told
    assert all((t.words[0] == subword_ids("长城")).all() for t in told)


def test_some_words_are_never_trained_on() -> None:
    words = lexicon().words()
    held_out = [w for group in words.values() for w in group if is_held_out_word(w)]
    assert 0.03 < len(held_out) / sum(map(len, words.values())) < 0.07
    concept = next(c for c, group in words.items() if any(map(is_held_out_word, group)))
    open_ = {tuple(subword_ids(w)) for w in words[concept] if not is_held_out_word(w)}
    open_.discard((0,) * 8)  # its emoji
    told = {tuple(t.words[1]) for t in tellings(Wording(words), scene(concept), 0.5)}
    assert told == open_


def test_a_concept_all_of_whose_words_are_held_out_is_told_as_ever() -> None:
    held_out = next(w for group in lexicon().words().values() for w in group if is_held_out_word(w))
    assert not any(t.words.any() for t in tellings(Wording({"koi": [held_out]}), scene("koi")))
