"""Whatever goes wrong, in the one shape: `{"error": {"code", "message", "hint", "request_id"}}`.

Under /v1 there are also `type` and `param`, as the clients of that API expect. The sentence is in the
language of whoever asks; a traceback never leaves the process.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Literal

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from danqing.errors import DanqingError, InputError
from danqing.messages import hint, say
from danqing.server.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

log = logging.getLogger("danqing.server")

REQUEST_ID = "danqing.request_id"
"""Where `frame` keeps a request's id in the ASGI scope."""
_SAID = {
    400: "server.bad_request",
    404: "server.no_such_route",
    405: "server.wrong_method",
    413: "server.body_too_large",
    415: "server.wrong_media_type",
    421: "server.unknown_host",
    429: "server.too_many_requests",
}
_FIELDS = {
    "missing": "server.field_missing",
    "literal_error": "server.field_choice",
    "enum": "server.field_choice",
    "string_too_long": "server.field_long",
    "string_too_short": "server.field_short",
    "too_long": "server.field_long",
    "too_short": "server.field_short",
    "greater_than_equal": "server.field_range",
    "less_than_equal": "server.field_range",
    "greater_than": "server.field_range",
    "less_than": "server.field_range",
    "json_invalid": "server.not_json",
}
Style = Literal["plain", "openai"]


class Problem(BaseModel):
    """What went wrong. code: stable, for programs; message: for people, in their language."""

    model_config = ConfigDict(extra="allow")

    code: str = Field(examples=["input.empty"])
    message: str = Field(examples=["There is nothing to draw yet; write a sentence."])
    hint: str | None = Field(None, description="What may help, where there is more to say.")
    request_id: str | None = Field(None, examples=["01KB9N3V6W4G0C5Q2T8XJ7RM1H"])


class ProblemDocument(BaseModel):
    """The one shape of an error. A refusal is shown in it too, with `reasons`."""

    error: Problem


def install(app: FastAPI) -> None:
    """Hangs the translations into an app."""
    app.add_exception_handler(DanqingError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)


def respond(
    request: Request,
    status: int,
    code: str,
    message: str,
    *,
    param: str | None = None,
    type: str | None = None,
    hint: str | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    """The error document as a response. param, type: what those under /v1 get besides. more: further
    members of `error`, such as `reasons`."""
    error: dict[str, Any] = {
        "code": code,
        "message": message,
        "hint": hint,
        "request_id": request.scope.get(REQUEST_ID),
        **more,
    }
    if request.url.path.startswith("/v1/"):
        error |= {"type": type or _type_of(status), "param": param}
    return JSONResponse({"error": error}, status, headers=dict(headers or {}))


def tell(problem: DanqingError, language: str) -> str:
    """The sentence for an error; its bare code where a catalogue lacks it (a plugin's, perhaps)."""
    try:
        return say(problem.code, language, **problem.facts)
    except (KeyError, ValueError, IndexError):
        return say("errors.unknown", language, code=problem.code)


def unexpected(request: Request) -> JSONResponse:
    """For what nobody foresaw: says so, and nothing of what it was."""
    message = say("server.unexpected", language_of(request))
    return respond(request, 500, "errors.unexpected", message)


def _known(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, DanqingError)
    status = problem.http_status
    if isinstance(problem, InputError) and status == 422 and request.url.path.startswith("/v1/"):
        status = 400  # what those clients know as a request they got wrong
    if status >= 500:
        facts = _names_only(problem.facts)
        request_id = request.scope.get(REQUEST_ID)
        log.error("failed", extra={"request_id": request_id, "code": problem.code, "facts": facts})
    headers: dict[str, str] = {}
    after_s = getattr(problem, "retry_after_s", None)
    if after_s is not None:
        headers["Retry-After"] = str(after_s)
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="danqing"'
        if request.url.path.startswith("/sdapi/"):
            headers["WWW-Authenticate"] = 'Basic realm="danqing", charset="UTF-8"'
    language = language_of(request)
    message, advice = tell(problem, language), hint(problem.code, language)
    return respond(request, status, problem.code, message, hint=advice, headers=headers)


def _names_only(facts: Mapping[str, object]) -> list[str]:
    """What an error was about, without the values: those may be somebody's words."""
    return sorted(facts)


def _invalid(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, RequestValidationError)
    first = problem.errors()[0]
    kind = str(first["type"])
    where = _place(first.get("loc", ()))
    facts = {"field": where or "body", "problem": _bound(first)}
    code = _FIELDS.get(kind, "server.field_wrong")
    message = say(code, language_of(request), **facts)
    status = 400 if request.url.path.startswith("/v1/") else 422
    return respond(request, status, code, message, param=where or None)


def _place(location: Sequence[str | int]) -> str:
    """`size` from ("body", "size"): where, as whoever wrote the request calls it."""
    inside = location[1:] if location and location[0] in ("body", "query", "path") else location
    return ".".join(str(part)[:64] for part in inside)


def _bound(error: Mapping[str, Any]) -> str:
    """What would be right, from pydantic's own account of it; never what was sent."""
    context = error.get("ctx", {})
    names = ("ge", "gt", "le", "lt", "expected", "max_length", "min_length")
    return ", ".join(str(context[name]) for name in names if name in context)


def _http(request: Request, problem: Exception) -> JSONResponse:
    assert isinstance(problem, HTTPException)
    code = _SAID.get(problem.status_code, "server.bad_request")
    message = say(code, language_of(request))
    return respond(request, problem.status_code, code, message, headers=problem.headers)


def _type_of(status: int) -> str:
    if status == 401:
        return "authentication_error"
    if status == 403:
        return "permission_error"
    if status in (402, 429):
        return "rate_limit_error"
    return "invalid_request_error" if status < 500 else "server_error"
