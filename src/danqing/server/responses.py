"""What every route may answer instead, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from danqing.server.problems import ProblemDocument

_SAID = {
    400: "The request can't be understood.",
    401: "Sign in, or send a key.",
    402: "The balance doesn't cover it.",
    403: "Not allowed; or refused, held or withheld by the rules, with `reasons`.",
    404: "There is no such thing, or it isn't yours.",
    405: "This address doesn't take that method.",
    409: "It was cancelled.",
    413: "More bytes than are taken here.",
    421: "This host name isn't served here.",
    422: "It can't be done as asked.",
    429: "Not now; `Retry-After` says when.",
    500: "A fault of ours.",
    503: "Closed for now, or not able to; `Retry-After` may say until when.",
    504: "It isn't finished yet; ask for it by its id.",
    507: "There is no room on the disk.",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": said,
        # Not as a `model`: that would take the media type of a route that answers with a file.
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}
        },
    }
    for status, said in _SAID.items()
}


def problem_schemas() -> dict[str, Any]:
    """What PROBLEMS refers to, for the components of the OpenAPI document."""
    schema = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "ProblemDocument": schema}
