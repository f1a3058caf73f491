"""One example for each JSON answer of the OpenAPI document, as whole documents in one story: 小林 has
drawn a panda at draw.example.org, and 掌柜 looks after the place.

A catalogue has them by the name of their schema, or, where a route has an answer of its own or none
with a name, by method and path. A test holds each against its schema.
"""

from __future__ import annotations

from typing import Any

from danqing.server.examples import a1111, desk, drawing, money, openai, people, problems

ANSWERS: dict[str, Any] = {
    **drawing.ANSWERS, **people.ANSWERS, **money.ANSWERS, **desk.ANSWERS, **openai.ANSWERS,
    **a1111.ANSWERS,
}  # fmt: skip
JSON = "application/json"


def add_examples(document: dict[str, Any]) -> None:
    """Puts them where the document describes the answers. Raises KeyError for one without."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {}).get(JSON)
                if content is not None and status.startswith("2"):
                    content["example"] = _answer(f"{method} {path} {status}", content["schema"])
                elif content is not None:
                    content.setdefault("example", _problem(status, path, content["schema"]))


def _answer(where: str, schema: dict[str, Any]) -> Any:
    if where in ANSWERS:
        return ANSWERS[where]
    if schema.get("type") == "array" and "$ref" in schema["items"]:
        return [ANSWERS[_name(schema["items"])]]
    return ANSWERS[_name(schema) or where]


def _problem(status: str, path: str, schema: dict[str, Any]) -> Any:
    if _name(schema) != "ProblemDocument":
        return ANSWERS[f"{_name(schema)} {status}"]
    return problems.problem(int(status), openai_style=path.startswith("/v1/"))


def _name(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]
