"""docs/compliance.md leads somewhere: every file and test it names is there, and every rule in code
that it points to names its article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from danqing.profiles import duties_of
from danqing.settings import Profile

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "docs" / "compliance.md", ROOT / "docs" / "compliance.zh-CN.md"]
NAMED = re.compile(r"`((?:src|tests|docs|bench)/[\w./-]+)(?:::(\w+))?`")
# A file that does what an article asks says which: in words, or by the name of the standard.
AN_ARTICLE = re.compile(
    r"Art(?:\.|icle)|GB[ /]T? ?\d|GB 4|TC260|Annex|C2PA|Code of Practice|RFC \d|第.{1,4}条"
)


def named(page: Path) -> list[tuple[str, str]]:
    return NAMED.findall(page.read_text("utf-8"))


def missing(names: list[tuple[str, str]]) -> Iterator[str]:
    for path, test in names:
        file = ROOT / path
        if not file.exists():
            yield path
        elif test and not re.search(rf"^def {test}\(", file.read_text("utf-8"), re.MULTILINE):
            yield f"{path}::{test}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_everything_the_map_names_is_there(page: Path) -> None:
    assert len(named(page)) > 60
    assert list(missing(named(page))) == []


def test_that_check_can_fail() -> None:
    here = "tests/architecture/test_compliance.py"
    assert list(missing([("src/danqing/gone.py", "")])) == ["src/danqing/gone.py"]
    assert list(missing([(here, "test_gone")])) == [f"{here}::test_gone"]
    assert list(missing([(here, "test_that_check_can_fail")])) == []


def test_both_languages_map_the_same() -> None:
    english, chinese = (set(named(page)) for page in PAGES)
    assert english == chinese


def test_code_that_the_map_points_to_names_its_article() -> None:
    rows = re.findall(r"^\|.*$", PAGES[0].read_text("utf-8"), re.MULTILINE)
    silent = []
    for row in rows:
        files = [path for path, _ in NAMED.findall(row) if path.startswith("src/")]
        by_law = row.count("|") == 6  # the tables that say how sure we are
        if (
            by_law
            and files
            and not any(AN_ARTICLE.search((ROOT / f).read_text("utf-8")) for f in files)
        ):
            silent.append(row)
    assert silent == []


@pytest.mark.parametrize("profile", get_args(Profile))
def test_every_duty_is_on_the_map(profile: Profile) -> None:
    """By the first law its article names, in its short form, with the number."""
    text = PAGES[0].read_text("utf-8")
    for duty in duties_of(profile):
        first = duty.article.split(";")[0].replace(", Art.", "").replace(", §", ", ")
        law = re.sub(r" \(.*\)|-2025|, .*$", "", first).replace("Code of Practice", "Code")
        assert law in text, duty.id


def test_it_says_that_it_is_not_legal_advice() -> None:
    for page, words in zip(PAGES, ("not legal advice", "不构成法律意见"), strict=True):
        assert words in page.read_text("utf-8")[:600]
