"""Public names say what is there, importing costs nothing, and nothing heavy comes along."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import pytest

import danqing

DOORS = ("danqing", *(
    f"danqing.{name}"
    for name in (
        "billing", "db", "engines", "identity", "jobs", "lexicon", "policy", "provenance", "request",
        "sources", "store", "teaching",
    )
))  # fmt: skip
HEAVY = ("torch", "onnxruntime", "sqlalchemy", "c2pa", "typer", "rich", "pydantic", "numpy", "PIL")


@pytest.mark.parametrize("door", DOORS)
def test_all_names_are_there_and_sorted(door: str) -> None:
    module = importlib.import_module(door)
    for name in module.__all__:
        assert getattr(module, name) is not None
    assert len(set(module.__all__)) == len(module.__all__)


@pytest.mark.parametrize("door", DOORS)
def test_no_public_name_is_left_out_of_all(door: str) -> None:
    """What a door imports from its own package is public, or it would not be there."""
    module = importlib.import_module(door)
    ours = {
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and getattr(value, "__module__", "").startswith("danqing.")
        and not isinstance(value, type(sys))
    }
    assert ours <= set(module.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError):
        danqing.Nothing  # noqa: B018
    assert "Studio" in dir(danqing)
    assert danqing.__version__


def loaded_by(code: str) -> set[str]:
    script = f"import sys; {code}; print(*sys.modules)"
    out = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout
    return set(out.split())


@pytest.mark.parametrize(
    "code",
    [
        "import danqing",
        "import danqing.messages, danqing.errors",
        "from danqing.engines.registry import list_engines",
    ],
)
def test_importing_brings_nothing_heavy(code: str) -> None:
    allowed = {"numpy"} if "registry" in code else set()
    assert loaded_by(code) & (set(HEAVY) - allowed) == set()


def test_only_training_and_evaluation_ever_import_torch() -> None:
    for module in pkgutil.walk_packages(danqing.__path__, "danqing."):
        parts = module.name.split(".")
        if parts[1] in ("training", "evaluation", "diffusion") or "migrations" in parts:
            continue
        importlib.import_module(module.name)
    code = "import danqing.flow, danqing.cli.draw, danqing.store.store, danqing.engines.test_card"
    assert "torch" not in loaded_by(code)
