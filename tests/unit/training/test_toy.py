"""A toy of the real thing, trained here for about a minute on our own drawings."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

# What torch and its exporter warn of is theirs.
pytestmark = [pytest.mark.train, pytest.mark.filterwarnings("ignore")]
pytest.importorskip("torch", reason="training needs the [train] extra")
pytest.importorskip("resvg_py", reason="training needs the [train] extra")

import torch

from danqing.diffusion.autoencoder import sharpness_loss
from danqing.diffusion.sampler import Array, sample
from danqing.diffusion.transformer import Denoiser
from danqing.engines.mini.conditions import SKETCH_PIXELS
from danqing.engines.mini.engine import MiniEngine
from danqing.engines.mini.model import MiniModel
from danqing.engines.mini.pixels import to_network, to_straight
from danqing.engines.mini.vocabulary import Vocabulary
from danqing.engines.protocol import GUESSED, Ignored, Rng, Spec, StandIn
from danqing.lexicon.subwords import SUBWORD_ROWS
from danqing.request.types import Brief, Thing
from danqing.training import run
from danqing.training.adversarial import drawn_latents
from danqing.training.art import ArtSet, culture_drawings, render
from danqing.training.autoencode import AutoEncoderRecipe, load_autoencoder, train_autoencoder
from danqing.training.data import culture_folder
from danqing.training.decoder import DecoderRecipe, load_decoder, train_decoder
from danqing.training.export import read_weights, write_weights
from danqing.training.flow import (
    BatchMaker,
    FlowRecipe,
    load_denoiser,
    noised,
    train_flow,
    weighted_error,
)
from danqing.training.guide import GuideRecipe, drawn_so_far, guided_prediction, train_guide
from danqing.training.pool import Pool, fill_pool
from danqing.training.samples import drawing_sheet, reconstruction_sheet
from danqing.training.scenes import Library, SceneMaker
from danqing.training.upscale import UpscalerRecipe, load_upscaler, train_upscaler

CONCEPTS = ("hotpot", "taiji", "chinese-knot", "great-wall", "koi", "bamboo")


@pytest.fixture(scope="module")
def library() -> Library:
    drawings = [d for d in culture_drawings(culture_folder(), "a") if d.row.concept in CONCEPTS]
    art = render(drawings, 128)
    assert {row.concept for row in art.rows} == set(CONCEPTS)
    return Library(art, dict.fromkeys(CONCEPTS, "craft"), {})


@pytest.fixture(scope="module")
def trained(library: Library, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[float]]:
    """A weights folder made by every stage, and the denoiser's losses."""
    folder = tmp_path_factory.mktemp("toy")
    maker = SceneMaker(library)
    recipe = AutoEncoderRecipe(
        steps=200, batch=6, peak_lr=3e-3, crowded_share=0, recoloured_share=0
    )
    for _ in train_autoencoder(library.art.pictures, recipe, folder / "ae.pt"):
        pass
    autoencoder = load_autoencoder(folder / "ae.pt")
    words = Vocabulary((), ()).extended(library.concepts, library.styles)
    maker.draw = lambda rng: maker._must(rng)  # type: ignore[method-assign]  # single things only
    *_, pool = fill_pool(maker, autoencoder, words, 96, seed=0)
    assert isinstance(pool, Pool)
    flow = FlowRecipe(steps=160, batch=16, matrix_lr=6e-3, other_lr=4e-3, warmup=20, ema=0.97)
    losses = [
        s.loss
        for s in train_flow(pool, maker, autoencoder.encoder, words, flow, folder / "flow.pt")
    ]
    denoiser, facts = load_denoiser(folder / "flow.pt")
    plain = FlowRecipe(batch=2, no_condition_share=0)
    batches = BatchMaker(pool, maker, autoencoder.encoder, plain)
    enlarged = np.repeat(np.repeat(np.asarray(library.art.pictures), 4, 1), 4, 2)
    for _ in train_upscaler(
        batches,
        ArtSet(enlarged, library.art.rows),
        autoencoder,
        denoiser,
        UpscalerRecipe(steps=3, batch=2),
        folder / "up.pt",
    ):
        pass  # fmt: skip
    networks = (autoencoder, denoiser, load_upscaler(folder / "up.pt"))
    write_weights(
        folder / "weights",
        library,
        networks,
        facts,
        style="danqing",
        steps=4,
        guidance=1.5,
        start=0.0,
    )
    return folder, losses


def test_the_loss_falls(trained: tuple[Path, list[float]]) -> None:
    _, losses = trained
    assert np.mean(losses[-20:]) < 0.5 * np.mean(losses[:5])


def test_known_prompts_are_recognised(trained: tuple[Path, list[float]], library: Library) -> None:
    """Each drawn concept is nearer to its own rendering than to any other's, for most of the six."""
    engine = MiniEngine(trained[0] / "weights")
    real = {
        row.concept: to_network(np.asarray(library.art.pictures[i])[None])
        for i, row in enumerate(library.art.rows)
    }
    right = 0
    for concept in CONCEPTS:
        spec = Spec("", "en", Brief((Thing(concept),)), 128, 128, transparent=True)
        (result,) = engine.generate([spec], [Rng(3)])
        drawn = to_network(result.pixels[None])
        nearest = min(real, key=lambda c: float(np.square(real[c] - drawn).mean()))
        right += nearest == concept
    assert right >= 5, f"{right} of {len(CONCEPTS)}"


def test_the_sheets_show_what_was_learned(
    trained: tuple[Path, list[float]], library: Library
) -> None:
    """What is drawn looks more like what was meant than like what stands beside it."""
    maker = SceneMaker(library)
    maker.draw = lambda rng: maker._must(rng)  # type: ignore[method-assign]  # as it was trained
    autoencoder = load_autoencoder(trained[0] / "ae.pt")
    for sheet in (
        reconstruction_sheet(trained[0] / "ae.pt", maker),
        drawing_sheet(trained[0] / "flow.pt", autoencoder, maker),
    ):
        rows = sheet.reshape(len(sheet) // 128, 128, 12, 128, 4).transpose(0, 2, 1, 3, 4)
        meant, made = (to_network(row) for row in rows[-2:])
        own = np.square(made - meant).mean()
        others = np.square(made - np.roll(meant, 1, axis=0)).mean()
        assert own < 0.7 * others


def test_the_softer_an_edge_the_more_it_costs() -> None:
    crisp = torch.zeros(1, 4, 32, 32)
    crisp[..., 16:] = 1
    blurred = [
        torch.nn.functional.avg_pool2d(crisp, k, stride=1, padding=k // 2, count_include_pad=False)
        for k in (1, 3, 5, 9)
    ]
    costs = [float(sharpness_loss(picture, crisp)) for picture in blurred]
    assert costs[0] == 0
    assert costs == sorted(set(costs))


Pupil = Callable[[GuideRecipe], tuple[Denoiser, Denoiser, BatchMaker]]


@pytest.fixture
def taught(trained: tuple[Path, list[float]], library: Library, tmp_path: Path) -> Pupil:
    """A pupil of the toy by its recipe, with its teacher and the batches it learned from."""
    teacher, facts = load_denoiser(trained[0] / "flow.pt")
    autoencoder = load_autoencoder(trained[0] / "ae.pt")
    maker, words = SceneMaker(library), Vocabulary.read(facts["vocabulary"])
    maker.draw = lambda rng: maker._must(rng)  # type: ignore[method-assign]  # as it was trained
    *_, pool = fill_pool(maker, autoencoder, words, 48, seed=1)

    def teach(recipe: GuideRecipe) -> tuple[Denoiser, Denoiser, BatchMaker]:
        assert isinstance(pool, Pool)
        batches = BatchMaker(pool, maker, autoencoder.encoder, recipe)
        file = tmp_path / f"{recipe.critic}.pt"
        for _ in train_guide(batches, teacher, words, recipe, file, steps=4, start=0.1):
            pass
        return load_denoiser(file)[0], teacher, batches

    return teach


def test_a_pupil_draws_in_one_pass_what_guidance_needs_two_for(taught: Pupil) -> None:
    """Beside noised pictures and on the way of its own drawings."""
    recipe = GuideRecipe(steps=80, batch=16, warmup=5, ema=0.9, style_guidance=0.0, critic=0.0)
    pupil, teacher, batches = taught(recipe)
    batch = batches.make(1000)
    for z, t in ((noised(batch), batch.t), drawn_so_far(pupil, batch, 2, steps=4, start=0.1)):
        wanted = guided_prediction(teacher, z, t, batch, recipe.guidance)
        with torch.no_grad():
            errors = [
                float(weighted_error(net(z, t, *batch.conditions), wanted, t))
                for net in (teacher, pupil)
            ]
        assert errors[1] < 0.7 * errors[0]


def test_a_critic_pulls_the_pupil_and_stays_behind(taught: Pupil) -> None:
    recipe = GuideRecipe(steps=2, batch=4, warmup=1, critic=0.0)
    alone, *_ = taught(recipe)
    under_critic, *_ = taught(replace(recipe, critic=0.7))
    assert under_critic.state_dict().keys() == alone.state_dict().keys()
    assert not torch.allclose(under_critic.patch_out.weight, alone.patch_out.weight)


def test_a_pupils_own_way_is_the_engines(
    trained: tuple[Path, list[float]], library: Library
) -> None:
    """Step for step as the sampler goes it, from the noised sketch or, without one, from noise."""
    net, facts = load_denoiser(trained[0] / "flow.pt")
    autoencoder = load_autoencoder(trained[0] / "ae.pt")
    maker, words = SceneMaker(library), Vocabulary.read(facts["vocabulary"])
    maker.draw = lambda rng: maker._must(rng)  # type: ignore[method-assign]  # as it was trained
    *_, pool = fill_pool(maker, autoencoder, words, 32, seed=3)
    assert isinstance(pool, Pool)
    recipe = FlowRecipe(batch=8, no_sketch_share=0.5)
    batch = BatchMaker(pool, maker, autoencoder.encoder, recipe).make(0)
    sketched = batch.conditions[5].bool()
    assert 0 < sketched.sum() < 8

    def denoise(z: Array, t: float) -> tuple[Array, None]:
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            x_hat = net(torch.from_numpy(z), torch.full((8,), t), *batch.conditions)
        return x_hat.float().numpy(), None

    for start, which in ((0.2, sketched), (0.0, ~sketched)):
        sketch = batch.conditions[4][..., SKETCH_PIXELS:].numpy()
        way = sample(
            denoise, batch.noise.numpy(), steps=4, guidance=1.0, picture=sketch, start=start
        )
        for done, expected in enumerate(way, start=1):
            if done < 4:
                z, t = drawn_so_far(net, batch, done, steps=4, start=0.2)
                assert t[which].numpy() == pytest.approx(start + (1 - start) * done / 4)
                torch.testing.assert_close(
                    z[which], torch.from_numpy(expected)[which], atol=0.05, rtol=0.05
                )


def test_the_decoder_learns_to_make_pictures_of_drawn_latents(
    trained: tuple[Path, list[float]], library: Library, tmp_path: Path
) -> None:
    """After a few steps drawings come nearer to what was meant than before; the rest stays as it is."""
    denoiser, facts = load_denoiser(trained[0] / "flow.pt")
    before, autoencoder = (load_autoencoder(trained[0] / "ae.pt") for _ in range(2))
    maker, words = SceneMaker(library), Vocabulary.read(facts["vocabulary"])
    maker.draw = lambda rng: maker._must(rng)  # type: ignore[method-assign]  # as it was trained
    *_, pool = fill_pool(maker, autoencoder, words, 48, seed=2)
    assert isinstance(pool, Pool)
    recipe = DecoderRecipe(steps=60, batch=8, warmup=3, ema=0.8, earliest=0.6)
    plain = FlowRecipe(batch=8, no_condition_share=0, no_style_share=0, no_sketch_share=0)
    batches = BatchMaker(pool, maker, autoencoder.encoder, plain)
    for _ in train_decoder(batches, autoencoder, denoiser, recipe, tmp_path / "decoder.pt"):
        pass
    tuned = load_decoder(autoencoder, tmp_path / "decoder.pt")
    batch = batches.make(1000)
    latents = drawn_latents(denoiser, batch, batches, recipe, np.random.default_rng(0))
    meant = batches.pictures(batch)
    with torch.no_grad():
        errors = [
            float((net.decoder(latents, batch.style) - meant).abs().mean())
            for net in (before, tuned)
        ]
    assert errors[1] < 0.9 * errors[0]
    for name, value in before.encoder.state_dict().items():
        torch.testing.assert_close(tuned.encoder.state_dict()[name], value)


def test_exported_networks_compute_what_was_trained(trained: tuple[Path, list[float]]) -> None:
    """The engine's own session on the int8 weights against torch on the same weights, read back."""
    folder, _ = trained
    denoiser, _ = load_denoiser(folder / "flow.pt")
    weights = read_weights(folder / "weights" / "denoiser.onnx")
    own = denoiser.state_dict()
    assert set(own) <= set(weights)
    for name, value in own.items():
        step = value.abs().amax() / 127
        assert (weights[name].reshape(value.shape) - value).abs().max() <= step, name
    denoiser.load_state_dict({k: weights[k].reshape(v.shape) for k, v in own.items()})
    session = MiniModel(folder / "weights").denoiser
    rng = np.random.default_rng(0)
    feeds = {
        "z": rng.standard_normal((1, 64, 32), dtype=np.float32),
        "t": np.float32([0.7]),
        "objects": rng.integers(0, 2, (1, 6, 5)),
        "boxes": rng.random((1, 6, 4), dtype=np.float32),
        "style": np.array([1]),
        "ground": np.array([2]),
        "sketch": rng.random((1, 64, 288), dtype=np.float32),
        "has_sketch": np.float32([1]),
        "words": rng.integers(0, SUBWORD_ROWS, (1, 6, 8)),
    }
    with torch.no_grad():
        expected = denoiser(*map(torch.from_numpy, feeds.values())).numpy()
    np.testing.assert_allclose(session.run(None, feeds)[0], expected, atol=2e-4)


Exported = Callable[[float], Path]


@pytest.fixture
def exported(
    trained: tuple[Path, list[float]],
    library: Library,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Exported:
    """The weights folder of a run of other stages, whose denoiser is half of the one it began with, by how
    much of that it keeps."""
    checkpoint = torch.load(trained[0] / "flow.pt", weights_only=False)
    for value in checkpoint["average"]:
        value.mul_(0.5)
    torch.save(checkpoint, tmp_path / "flow.pt")
    monkeypatch.setattr(run, "load_library", lambda _: library)
    recipe = run.Recipe.read(Path(__file__).parents[3] / "recipes" / "toy.toml")

    def export(kept: float) -> Path:
        *_, written = run.run(
            replace(recipe, kept=kept), tmp_path, tmp_path,
            init=trained[0] / "weights", stages=("export",),
        )  # fmt: skip
        assert isinstance(written, run.Written)
        return written.folder

    return export


def test_what_a_run_leaves_out_is_as_where_it_began(
    trained: tuple[Path, list[float]], exported: Exported
) -> None:
    """A new denoiser goes out with the old decoder and upscaler."""
    folder = exported(0.0)
    for network in ("decoder.onnx", "upscaler.onnx"):
        left = read_weights(trained[0] / "weights" / network)
        right = read_weights(folder / network)
        for name, value in left.items():
            torch.testing.assert_close(right[name], value, atol=1e-5, rtol=1e-4)


def test_what_a_run_began_with_can_be_kept_in_part(exported: Exported) -> None:
    none, half, whole = (
        float(read_weights(exported(kept) / "denoiser.onnx")["time.0.weight"].abs().mean())
        for kept in (0.0, 0.5, 1.0)
    )
    assert half == pytest.approx((none + whole) / 2, rel=0.02)
    assert whole == pytest.approx(2 * none, rel=0.02)


def test_words_reach_the_picture(trained: tuple[Path, list[float]]) -> None:
    """Beside the concept nearest to it or all alone; what is guessed is said."""
    engine = MiniEngine(trained[0] / "weights")
    assert engine.model.card.subwords == SUBWORD_ROWS
    koi = Spec("", "zh-Hans", Brief((Thing("koi"),)), 128, 128)
    (plain,) = engine.generate([koi], [Rng(1)])
    (read_as_koi,) = engine.generate(
        [replace(koi, stand_ins=(StandIn("koi", "花锦鲤"),))], [Rng(1)]
    )
    assert (plain.pixels != read_as_koi.pixels).any()
    assert not read_as_koi.ignored
    engine = MiniEngine(trained[0] / "weights", guess=True)
    guesses = [replace(koi, brief=Brief(unknown=(word,))) for word in ("格鲁特", "机甲")]
    first, second = engine.generate(guesses, [Rng(1), Rng(1)])
    assert first.ignored == (Ignored("格鲁特", GUESSED),)
    assert (first.pixels != second.pixels).any()


def test_the_same_seed_gives_the_same_pixels_alone_or_in_a_batch(
    trained: tuple[Path, list[float]],
) -> None:
    engine = MiniEngine(trained[0] / "weights")
    specs = [Spec("", "en", Brief((Thing(c),)), 128, 128) for c in CONCEPTS[:3]]
    batch = [r.pixels for r in engine.generate(specs, [Rng(s) for s in (1, 2, 3)])]
    (alone,) = engine.generate(specs[2:], [Rng(3)])
    np.testing.assert_array_equal(batch[2], alone.pixels)
    (other,) = engine.generate(specs[2:], [Rng(4)])
    assert (other.pixels != alone.pixels).any()


def test_resuming_follows_the_same_loss_curve(library: Library, tmp_path: Path) -> None:
    recipe = AutoEncoderRecipe(steps=6, batch=4, checkpoint_every=3)
    whole = [s.loss for s in train_autoencoder(library.art.pictures, recipe, tmp_path / "a.pt")]
    first = []
    for step in train_autoencoder(library.art.pictures, recipe, tmp_path / "b.pt"):
        first.append(step.loss)
        if step.step == 4:
            break  # killed after the checkpoint of step 3
    second = [s.loss for s in train_autoencoder(library.art.pictures, recipe, tmp_path / "b.pt")]
    np.testing.assert_allclose(first[:3] + second, whole, rtol=1e-5)


def test_people_come_in_five_tones() -> None:
    rows = [d for d in culture_drawings(culture_folder(), "a") if d.row.concept == "woman-afro"]
    assert [d.row.skin for d in rows] == [1, 2, 3, 4, 5]
    assert len({d.svg for d in rows}) == 5


def test_an_art_set_is_read_as_it_was_written(library: Library, tmp_path: Path) -> None:
    library.art.save(tmp_path)
    again = ArtSet.load(tmp_path)
    assert again.rows == library.art.rows
    np.testing.assert_array_equal(again.pictures, library.art.pictures)
    assert json.loads((tmp_path / "rows.json").read_text("utf-8"))[0]["licence"] == "Apache-2.0"


def test_straight_and_network_pixels_agree_on_real_art(library: Library) -> None:
    pictures = np.asarray(library.art.pictures[:2])
    back = to_straight(to_network(pictures))
    solid = pictures[..., 3] > 250
    assert np.abs(back[solid].astype(int) - pictures[solid]).max() <= 2
