"""Structured logs: one JSON object a line, with the request's id and without anybody's words.

What is logged of a request is its route's template, never its path or query, its status and its time;
what of an error, its code. Prompts, names, keys, cookies and addresses beyond /24 or /48 stay out.
Every value is JSON, so that nothing a client sends can begin a line of its own.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any, TextIO

FIELDS = ("request_id", "method", "route", "status", "ms", "person", "network", "code", "facts",
          "job_id", "kind")  # fmt: skip
"""All that a line may carry beside `at`, `level`, `logger` and `event`; anything else is dropped."""


class JsonLines(logging.Formatter):
    """A record as one line of JSON, with the FIELDS it has. An exception gives its type and where it
    was raised, not its text: that may repeat what somebody wrote."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage() if not record.exc_info else str(record.msg),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = type(record.exc_info[1]).__name__
            line["raised_at"] = _places(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True, default=str)


def set_up(stream: TextIO | None = None) -> None:
    """Sends our log and uvicorn's to a stream (stderr), as JSON lines. uvicorn's access log, which
    has whole URLs, stays off."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    for name in ("danqing", "uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [], name == "uvicorn.error"
        logger.setLevel(logging.INFO)
    logging.getLogger("danqing").addHandler(handler)
    logging.getLogger("uvicorn").addHandler(handler)
    access = logging.getLogger("uvicorn.access")
    access.handlers, access.propagate = [], False


def network_of(address: str) -> str | None:
    """An address without its last part, enough to see where an attack comes from."""
    try:
        length = 48 if ":" in address else 24
        return str(ip_network(f"{address}/{length}", strict=False))
    except ValueError:
        return None


def _places(problem: BaseException) -> list[str]:
    """`file:line` of the innermost frames."""
    places: list[str] = []
    trace = problem.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return places[-6:]
