"""One plain page that draws a sentence and shows the picture, with what has to be said of it."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from danqing.messages import FALLBACKS, say
from danqing.server.house import HouseDep
from danqing.server.languages import language_of

if TYPE_CHECKING:
    from jinja2 import Environment

router = APIRouter(include_in_schema=False)
_SAID = ("title", "prompt", "draw", "drawing", "ai_note", "sign_in", "login", "password", "example",
         "failed", "another_language", "sign_in_elsewhere")  # fmt: skip


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
            elsewhere=bool(house.settings.oidc.issuer and house.settings.server.public_url),
        )
    )
    return HTMLResponse(page)


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
