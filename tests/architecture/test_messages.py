"""Every sentence exists in every language, takes the same facts, and is said somewhere."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from danqing.identity import PERMISSIONS
from danqing.messages import hint, languages, say

SOURCE = Path(__file__).resolve().parents[2] / "src" / "danqing"
MESSAGES = SOURCE / "messages"
NAMESPACES = sorted({file.stem for file in MESSAGES.rglob("*.toml")})
AN_ID = re.compile(rf"(?:{'|'.join(NAMESPACES)})\.[a-z0-9_-]+")
A_PREFIX = re.compile(rf"(?:{'|'.join(NAMESPACES)})\.(?:[a-z0-9_]+_)?")


@cache
def catalogue(language: str, namespace: str) -> dict[str, str]:
    return tomllib.loads((MESSAGES / language / f"{namespace}.toml").read_text("utf-8"))


def texts_in_code() -> Iterator[tuple[str, bool]]:
    """Every string in the source; and whether more follows it, as in f"cli.help_{name}"."""
    for file in SOURCE.rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        beginnings = {
            id(node.values[0])
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr) and len(node.values) > 1
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value, id(node) in beginnings


def test_there_are_three_languages() -> None:
    assert languages() == ("en", "zh-Hans", "zh-Hant")


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_every_language_has_the_same_ids_with_the_same_facts(namespace: str) -> None:
    def facts(sentence: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}

    english = catalogue("en", namespace)
    for language in languages():
        other = catalogue(language, namespace)
        assert other.keys() == english.keys(), language
        for key, sentence in other.items():
            assert facts(sentence) == facts(english[key]), (language, key)


def test_every_id_in_the_code_exists() -> None:
    missing = {
        text
        for text, goes_on in texts_in_code()
        if not goes_on and AN_ID.fullmatch(text) and not text.endswith("_")
        and text.split(".", 1)[1] not in catalogue("en", text.split(".", 1)[0])
    }  # fmt: skip
    assert missing - FILE_NAMES == set()


FILE_NAMES = {"ledger.key", "data.json", *PERMISSIONS}
"""Texts that look like message ids and are something else."""


def test_every_sentence_is_said_somewhere() -> None:
    exact: set[str] = set()
    prefixes: set[str] = set()
    for text, goes_on in texts_in_code():
        if (goes_on and A_PREFIX.fullmatch(text)) or (
            text.endswith("_") and A_PREFIX.fullmatch(text)
        ):
            prefixes.add(text)
        elif AN_ID.fullmatch(text):
            exact.add(text)
    unused = [
        f"{namespace}.{key}"
        for namespace in NAMESPACES
        for key in catalogue("en", namespace)
        if namespace != "hints"
        if f"{namespace}.{key}" not in exact
        and not any(f"{namespace}.{key}".startswith(prefix) for prefix in prefixes)
    ]
    assert unused == []


@pytest.mark.parametrize("code", catalogue("en", "hints"))
def test_every_hint_belongs_to_a_sentence(code: str) -> None:
    for language in languages():
        assert code.split(".")[1] in catalogue(language, code.split(".")[0])
        advice = hint(code, language)
        assert advice
        assert "{" not in advice
    assert hint(code, "fr") == hint(code, "en")


def test_most_sentences_need_no_hint() -> None:
    assert hint("store.full", "zh-Hans") is None


def test_quotation_marks_are_those_of_the_script() -> None:
    """“” in Simplified, 「」 in Traditional Chinese, as each is printed."""
    for namespace in NAMESPACES:
        for key, sentence in catalogue("zh-Hans", namespace).items():
            assert not set(sentence) & set("「」『』"), (namespace, key)
        for key, sentence in catalogue("zh-Hant", namespace).items():
            assert not set(sentence) & set("“”‘’"), (namespace, key)


def test_chinese_is_chinese() -> None:
    """No sentence was left in English, and no Simplified one stands in the Traditional."""
    han = re.compile(r"[一-鿿]")
    simplified_only = set("画读写规这个们来对说请种图签还没时间")
    for namespace in NAMESPACES:
        for key, sentence in catalogue("zh-Hant", namespace).items():
            assert not set(sentence) & simplified_only, (namespace, key)
        for key, sentence in catalogue("zh-Hans", namespace).items():
            if key.startswith("example_"):
                continue
            words = re.sub(r"\{[^}]*\}", "", sentence)
            if re.search(r"[A-Za-z]{4,} [A-Za-z]{2,} [A-Za-z]{2,}", words):
                assert han.search(words), (namespace, key)


def test_an_unknown_id_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        say("cli.no_such_sentence", "en")
