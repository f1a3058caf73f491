"""What goes wrong, as it is said: by status."""

from __future__ import annotations

from typing import Any

from danqing.messages import hint, say
from danqing.server.examples.story import REQUEST

_SAID: dict[int, tuple[str, dict[str, Any]]] = {
    400: ("server.bad_request", {}),
    401: ("server.sign_in", {}),
    402: ("money.not_enough", {"price": "CNY 0.40", "balance": "CNY 0.12"}),
    403: ("server.csrf", {}),
    404: ("server.no_such_route", {}),
    405: ("server.wrong_method", {}),
    409: ("server.verdict_cancelled", {}),
    413: ("server.body_too_large", {}),
    421: ("server.unknown_host", {}),
    422: ("server.field_missing", {"field": "prompt", "problem": ""}),
    429: ("queue.busy", {"minutes": 18, "retry_after_s": 180}),
    500: ("server.unexpected", {}),
    503: ("queue.closed_group", {"name": "guest"}),
    504: ("server.verdict_unfinished", {}),
    507: ("server.disk_reserve", {"free_mib": 480, "reserve_mib": 512}),
}
_TYPES = {401: "authentication_error", 402: "rate_limit_error", 403: "permission_error",
          429: "rate_limit_error"}  # fmt: skip


def problem(status: int, *, openai_style: bool) -> dict[str, Any]:
    code, facts = _SAID[status]
    error: dict[str, Any] = {
        "code": "errors.unexpected" if status == 500 else code,
        "message": say(code, "zh-Hans", **facts),
        "hint": hint(code, "zh-Hans"),
        "request_id": REQUEST,
    }
    if openai_style:
        kind = "invalid_request_error" if status < 500 else "server_error"
        error |= {"type": _TYPES.get(status, kind), "param": None}
    return {"error": error}
