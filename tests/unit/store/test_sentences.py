"""Every sentence of the store and the ledger: in all languages, with the same facts."""

from __future__ import annotations

import re
import string
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

import danqing

LANGUAGES = ("zh-Hans", "zh-Hant", "en")


def catalogue(language: str, namespace: str) -> dict[str, str]:
    file = files("danqing.messages") / language / f"{namespace}.toml"
    return tomllib.loads(file.read_text("utf-8"))


@pytest.mark.parametrize("namespace", ["store", "ledger"])
def test_languages_say_the_same(namespace: str) -> None:
    facts = [
        {
            key: {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
            for key, sentence in catalogue(language, namespace).items()
        }
        for language in LANGUAGES
    ]
    assert facts[0] == facts[1] == facts[2]


def test_every_id_raised_has_a_sentence_and_the_other_way_round() -> None:
    root = Path(danqing.__file__).parent
    raised = {
        code
        for package in ("db", "store", "identity", "cli")
        for file in (root / package).rglob("*.py")
        for code in re.findall(r'"((?:store|ledger)\.[a-z_]*[a-z])"', file.read_text("utf-8"))
    }
    raised |= {"store.problem_blob_missing", "store.problem_blob_changed"}  # made from blob errors
    said = {f"{n}.{key}" for n in ("store", "ledger") for key in catalogue("en", n)}
    not_sentences = {"ledger.key", "ledger.read", "ledger.export"}  # a file and two permissions
    assert raised - not_sentences == said
