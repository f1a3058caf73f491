"""Two plain pages: one draws a sentence and shows the picture, with what has to be said of it; one
checks a file, for anybody (Code of Practice on AI-generated content, commitment 2)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from danqing.messages import FALLBACKS, say
from danqing.server.house import HouseDep
from danqing.server.languages import language_of
from danqing.store.checking import FileVerdict

if TYPE_CHECKING:
    from jinja2 import Environment

router = APIRouter(include_in_schema=False)
_SAID = ("title", "prompt", "draw", "drawing", "ai_note", "sign_in", "login", "password", "example",
         "failed", "another_language", "sign_in_elsewhere", "check_a_file", "guest")  # fmt: skip
_SAID_CHECKING = ("title", "what", "file", "check", "checking", "kept", "failed")


@router.get("/", response_class=HTMLResponse)
def index(request: Request, house: HouseDep) -> HTMLResponse:
    language = language_of(request)
    text = {name: say(f"server.page_{name}", language) for name in _SAID}
    other = "en" if language in FALLBACKS else "zh-Hans"
    page = (
        _environment()
        .get_template("index.html")
        .render(
            language=language,
            other=other,
            say=text,
            accounts=house.has_accounts(),
            guests=house.lets_guests_in(),
            elsewhere=bool(house.settings.oidc.issuer and house.settings.server.public_url),
        )
    )
    return HTMLResponse(page)


@router.get("/check", response_class=HTMLResponse)
def check(request: Request) -> HTMLResponse:
    """The detector. Without a login it answers where `service.public_detector` is on."""
    language = language_of(request)
    text = {name: say(f"detector.page_{name}", language) for name in _SAID_CHECKING}
    text |= {name: say(f"detector.verdict_{name}", language) for name in get_args(FileVerdict)}
    text["another_language"] = say("server.page_another_language", language)
    other = "en" if language in FALLBACKS else "zh-Hans"
    template = _environment().get_template("check.html")
    return HTMLResponse(template.render(language=language, other=other, say=text))


def static_files() -> StaticFiles:
    return StaticFiles(directory=_folder() / "static")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_folder() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
    )


def _folder() -> Path:
    return Path(str(files("danqing.server.pages")))
