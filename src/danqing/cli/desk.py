"""What every command works at: the reader's language, where output goes, and the services."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from danqing.errors import DanqingError, InputError
from danqing.messages import say
from danqing.request.types import Language
from danqing.settings import Settings, read_settings

if TYPE_CHECKING:
    from danqing.lexicon import Lexicon
    from danqing.services import Services


@dataclass
class Desk:
    """language: BCP 47; language_fixed: by --lang, so a prompt in another language doesn't change
    it.

    json: one JSON document on stdout in place of sentences.
    """

    environ: Mapping[str, str]
    language: Language
    language_fixed: bool = False
    home: Path | None = None
    json: bool = False

    def speak(self, language: Language) -> None:
        """Goes on in the prompt's language, unless --lang chose one."""
        if not self.language_fixed:
            self.language = language

    def say(self, code: str, /, **facts: object) -> str:
        return say(code, self.language, **facts)

    def print(self, code: str, /, **facts: object) -> None:
        """One sentence for people, on stdout; nothing under --json."""
        self.write(self.say(code, **facts))

    def write(self, text: str) -> None:
        """Text for people, on stdout; nothing under --json."""
        if not self.json:
            print(_visible(text))

    def note(self, code: str, /, **facts: object) -> None:
        """One sentence beside the matter, on stderr."""
        self.complain(self.say(code, **facts))

    def agrees(self, code: str, /, **facts: object) -> bool:
        """Puts a question to a person at a terminal, who must say yes; without one: no."""
        if self.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return False
        print(_visible(self.say(code, **facts)), end=" ", file=sys.stderr, flush=True)
        answer = sys.stdin.readline().strip().lower()
        return answer in self.say("cli.yes").split()

    def complain(self, message: str) -> None:
        """What went wrong, on stderr."""
        print(_visible(message), file=sys.stderr)

    def show(self, document: Mapping[str, Any]) -> None:
        """The command's JSON document; nothing without --json."""
        if self.json:
            print(json.dumps(document, ensure_ascii=False, indent=2, default=str))

    def settings(self) -> Settings:
        return read_settings(self.environ, self.home)

    def words(self) -> Lexicon:
        """The lexicon, with what was taught in this home."""
        from danqing.teaching import Shelf

        return Shelf(self.settings().home).words()

    def services(self) -> Services:
        """Opens the home folder, and says what a kill had left there. Use it in a `with`."""
        from danqing.services import build

        services = build(self.settings())
        recovered = services.store.recovered
        if recovered.interrupted:
            self.note("store.interrupted", count=len(recovered.interrupted))
        for path in recovered.delivered:
            self.note("store.delivered", path=path)
        return services


def _visible(text: str) -> str:
    """Text with codes that could move a terminal's cursor spelt out: it may come from any file."""
    return "".join(
        c if c == "\n" or unicodedata.category(c) != "Cc" else f"\\x{ord(c):02x}" for c in text
    )


def desk_of(context: typer.Context) -> Desk:
    """The desk of a running command.

    Raises InputError for words left over: nearly always a sentence without its quotes.
    """
    if context.args:
        raise InputError("cli.extra_words", words=" ".join(context.args))
    desk: Desk = context.obj
    return desk


def tell(problem: DanqingError, language: str) -> str:
    """The sentence for an error; its bare code where a catalogue lacks it (a plugin's, perhaps)."""
    try:
        return say(problem.code, language, **problem.facts)
    except (KeyError, ValueError, IndexError):
        return say("errors.unknown", language, code=str(problem))


def error_document(
    code: str,
    message: str,
    *,
    hint: str | None = None,
    request_id: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The one error shape, the same as over HTTP. hint: what to do, where the message doesn't say."""
    return {
        "error": {"code": code, "message": message, "hint": hint, "request_id": request_id, **more}
    }
