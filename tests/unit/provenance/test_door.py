"""The package's door and its sentences."""

from __future__ import annotations

import re
import string
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

import danqing.provenance as provenance

LANGUAGES = ("zh-Hans", "zh-Hant", "en")


def catalogue(language: str) -> dict[str, str]:
    file = files("danqing.messages") / language / "provenance.toml"
    return tomllib.loads(file.read_text("utf-8"))


def facts_in(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_name_on_the_door_is_there() -> None:
    for name in provenance.__all__:
        assert hasattr(provenance, name)


def test_every_sentence_exists_in_all_languages_with_the_same_facts() -> None:
    first, *others = [catalogue(language) for language in LANGUAGES]
    for other in others:
        assert list(other) == list(first)
        for key in first:
            assert facts_in(other[key]) == facts_in(first[key]), key


def test_every_code_in_the_source_has_a_sentence_and_none_is_idle() -> None:
    folder = Path(str(provenance.__file__)).parent
    source = "".join(path.read_text("utf-8") for path in folder.rglob("*.py"))
    used = set(re.findall(r'"provenance\.([a-z0-9_]+)"', source))
    used |= {"keys_missing", "keys_unreadable"}  # chosen between by the kind of OSError
    assert used == set(catalogue("en"))


def test_importing_loads_neither_c2pa_nor_pillow() -> None:
    code = (
        "import sys, danqing.provenance;"
        "print([m for m in ('c2pa', 'PIL', 'cryptography', 'defusedxml') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
