"""`danqing data lexicon` compiles the words as a person meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from danqing.lexicon import lexicon
from danqing.training import sources
from support.running import Run


def package(folder: Path, name: str, files: dict[str, object]) -> None:
    """An unpacked npm package, as `obtain` leaves it."""
    root = folder / sources.source_of(name).archive_name.removesuffix(".tgz")
    for file, content in {"package.json": {}, **files}.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(json.dumps(content), "utf-8")


def emoji(language: str) -> list[dict[str, object]]:
    """Every concept the lexicon knows, as if Unicode had an emoji for each."""
    return [
        {"hexcode": f"{0xF0000 + n:X}", "group": 7, "label": names[language], "tags": []}
        for n, names in enumerate(
            {tag: c.names[tag][0] for tag in c.names} | {"en": c.id}
            for c in lexicon().concepts()
            if not c.ours
        )
    ]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    languages = {"en": "en", "zh": "zh-Hans", "zh-hant": "zh-Hant"}
    names = {f"{tag}/data.json": emoji(language) for tag, language in languages.items()}
    package(folder / "npm", "emojibase-data", {**names, "en/shortcodes/none.json": {}})
    none = {"annotations": {"annotations": {}}}
    annotations = {f"annotations/{tag}/annotations.json": none for tag in ("zh", "zh-Hant", "en")}
    package(folder / "npm", "cldr-annotations-full", annotations)
    return folder


def test_the_lexicon_is_compiled_to_a_file(run: Run, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "concepts.json"
    ran = run("data", "lexicon", "--data", str(data), "--out", str(out), "--json")
    assert ran.code == 0, ran.err
    compiled = json.loads(out.read_text("utf-8"))
    assert ran.document["words"] == len(compiled["words"])
    assert compiled["words"]["猫"] == "cat"
    assert compiled["words"]["脏辫女人"] == "woman-locs"


def test_where_it_cannot_be_written_is_one_clear_sentence(
    run: Run, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    ran = run("data", "lexicon", "--data", str(data), "--out", str(tmp_path / "file" / "x.json"))
    assert ran.code != 0
    assert ran.err.count("\n") == 1
