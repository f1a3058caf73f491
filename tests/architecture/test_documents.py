"""The documents say what is there: exit codes, variables, commands, no traces of one machine."""

from __future__ import annotations

import ast
import re
import runpy
import tomllib
from pathlib import Path

import pytest

from danqing import errors
from danqing.cli.commands import COMMANDS
from danqing.cli.exits import Exit
from danqing.cli.language import LOCALE_VARIABLES

ROOT = Path(__file__).resolve().parents[2]
README, README_ZH = ROOT / "README.md", ROOT / "README.zh-CN.md"
EXIT_CODES = ROOT / "docs" / "exit-codes.md"
FIRST_LINE = (
    "python3 -m venv .venv && . .venv/bin/activate && pip install . && "
    'danqing draw "纽约唐人街小孩吃烧卖"'
)
SECOND_LINE = "pip install '.[test]' && pytest"


def read(file: Path) -> str:
    return file.read_text("utf-8")


def test_every_exit_code_is_documented() -> None:
    rows = re.findall(r"^\| (\d+) \|", read(EXIT_CODES), re.MULTILINE)
    assert [int(code) for code in rows] == [code.value for code in Exit]


def test_errors_and_exits_agree() -> None:
    codes = {
        kind.exit_code
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.DanqingError)
    }
    assert codes <= {code.value for code in Exit}


def test_every_environment_variable_is_documented() -> None:
    used = set(LOCALE_VARIABLES)
    for file in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(read(file))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                used |= set(re.findall(r"\bDANQING_[A-Z_]+\b", node.value))
    documented = read(ROOT / "docs" / "settings.md")
    assert {name for name in used if name not in documented} == set()


@pytest.mark.parametrize("readme", [README, README_ZH], ids=["en", "zh"])
def test_the_two_lines_come_first(readme: Path) -> None:
    blocks = re.findall(r"^```\w*\n(.*?)\n```$", read(readme), re.MULTILINE | re.DOTALL)
    assert blocks[:2] == [FIRST_LINE, SECOND_LINE]


@pytest.mark.parametrize("readme", [README, README_ZH], ids=["en", "zh"])
def test_every_group_of_commands_is_on_the_tour(readme: Path) -> None:
    groups = {name.split()[0] for name in COMMANDS}
    assert [name for name in sorted(groups) if f"danqing {name}" not in read(readme)] == []


@pytest.mark.parametrize("name", ["commands.md", "commands.zh-CN.md"])
def test_the_list_of_commands_is_as_the_tool_writes_it(name: str) -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "list_commands.py"))
    assert read(ROOT / "docs" / name) == tool["page"](name), "run python tools/list_commands.py"


@pytest.mark.parametrize("readme", [README, README_ZH], ids=["en", "zh"])
def test_every_folder_of_the_source_is_in_the_tree(readme: Path) -> None:
    folders = (p.name for p in (ROOT / "src" / "danqing").iterdir() if p.name[0] not in "_.")
    names = [name.removesuffix(".py") for name in folders if name != "py.typed"]
    assert [name for name in names if name not in read(readme)] == []


def test_links_between_documents_lead_somewhere() -> None:
    for page in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")):
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", read(page)):
            assert (page.parent / link).exists(), (page.name, link)


CHINESE_SENTENCE = re.compile(r"[一-鿿]{6,}[，。]")


def test_every_chinese_page_stands_beside_its_english_one() -> None:
    """docs/<name>.zh-CN.md, each pointing at the other from its third line; no other place."""
    docs = ROOT / "docs"
    assert [p for p in docs.rglob("*.md") if "zh-CN" in p.parent.parts] == []
    for chinese in docs.glob("*.zh-CN.md"):
        english = docs / chinese.name.replace(".zh-CN", "")
        assert f"({english.name})" in read(chinese), chinese.name
        assert f"({chinese.name})" in read(english), english.name


def test_english_pages_are_english() -> None:
    """Chinese words and titles of laws are quoted there; no sentence is written in it."""
    for page in (ROOT / "docs").glob("*.md"):
        if ".zh-CN" in page.name or page.name in ("evaluation-latest.md", "evaluation-quick.md"):
            continue
        prose = re.sub(
            r"```.*?```|《[^》]*》|`[^`]*`|“[^”]*”|「[^」]*」", "", read(page), flags=re.DOTALL
        )
        assert not CHINESE_SENTENCE.search(prose), (page.name, CHINESE_SENTENCE.search(prose))


def test_the_changelog_has_this_version() -> None:
    version = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]["version"]
    assert f"## {version}" in read(ROOT / "CHANGELOG.md")


MACHINE = re.compile(
    r"/(?:work|root|home/[a-z]+|Users/[a-z]+)/|\.pyenv|(?:pypi|npmjs)\.org|//localhost"
)


def test_nothing_tells_of_one_machine_or_registry() -> None:
    kinds = {".py", ".md", ".toml", ".yaml", ".yml", ".txt", ".json", ".cfg", ""}
    skipped = {"data", "runs", "build", "dist"}
    for file in ROOT.rglob("*"):
        parts = file.relative_to(ROOT).parts
        if skipped & {parts[0]} or any(p[0] in "._" and p != ".ci" for p in parts[:-1]):
            continue
        if file == Path(__file__).resolve() or not file.is_file() or file.suffix not in kinds:
            continue
        found = MACHINE.search(file.read_text("utf-8", errors="ignore"))
        assert found is None, (file, found)
