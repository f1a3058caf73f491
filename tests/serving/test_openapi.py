"""The whole OpenAPI document, tried by schemathesis with accounts off and on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import jsonschema_rs
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from support.serving import Served

EXAMPLES = 3
CHECKS = (
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance,
)  # fmt: skip
ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
LIKE_ULID = re.compile(r"[0-9A-Z]{26}")
ACCOUNTS = ("off", "user", "operator")


@pytest.mark.slow
@pytest.mark.parametrize("accounts", ACCOUNTS)
def test_every_route_keeps_its_word(accounts: str, studio: Served, team: Served) -> None:
    """No server error; every status, media type and body is one the document describes."""
    served = studio if accounts == "off" else team
    login = {"user": "小王", "operator": "oper"}.get(accounts)
    headers = {} if login is None else {"authorization": f"Bearer {served.tokens[login]}"}
    with served.client() as client:
        document = client.get("/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path == "/oidc/callback":
            continue  # it redirects to a provider there isn't
        tried += 1

        @hypothesis.settings(
            max_examples=EXAMPLES, deadline=None, database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
            phases=[hypothesis.Phase.generate], derandomize=True,
        )  # fmt: skip
        @hypothesis.given(case=operation.as_strategy())
        def try_it(case: schemathesis.Case) -> None:
            case.call_and_validate(
                base_url=served.url, checks=list(CHECKS), headers=headers, timeout=120
            )

        try_it()
    assert tried > 60


def test_the_document_is_complete(studio: Served) -> None:
    """Every operation has a name, a summary, a tag, and the one shape of an error; every body and
    every part of a path an example."""
    with studio.client() as client:
        document = client.get("/openapi.json").json()
    ids = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            ids.append(operation["operationId"])
            assert operation["summary"], where
            assert operation["tags"], where
            shape = operation["responses"]["404"]["content"]["application/json"]["schema"]
            assert shape["$ref"].endswith("/ProblemDocument"), where
            for body in operation.get("requestBody", {}).get("content", {}).values():
                assert has_example(body["schema"], document), where
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    assert has_example(parameter, document), (where, parameter["name"])
    assert len(ids) == len(set(ids))


def has_example(schema: dict[str, Any], document: dict[str, Any]) -> bool:
    """Of the whole, or of a part of it, however deep."""
    if "examples" in schema or "example" in schema:
        return True
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    inner += [schema[name] for name in ("schema", "items") if name in schema]
    if reference := schema.get("$ref"):
        inner.append(document["components"]["schemas"][reference.split("/")[-1]])
    return any(has_example(part, document) for part in inner)


def test_the_document_is_the_one_in_the_golden_folder(studio: Served) -> None:
    """Its paths and methods: what clients count on doesn't go by accident."""
    with studio.client() as client:
        paths = client.get("/openapi.json").json()["paths"]
    now = sorted(f"{m.upper()} {path}" for path, methods in paths.items() for m in methods)
    golden = Path(__file__).resolve().parents[1] / "golden" / "routes.txt"
    assert now == golden.read_text("utf-8").split("\n")[:-1]


def test_every_json_answer_has_an_example_that_is_one(studio: Served) -> None:
    """Held against its own schema, formats too; and nothing in it is a mere `string`."""
    with studio.client() as client:
        document = client.get("/openapi.json").json()
    looked_at = 0
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {}).get("application/json")
                if content is None:
                    continue
                where = f"{method} {path} {status}"
                assert "example" in content, where
                schema = content["schema"] | {"components": document["components"]}
                check = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
                wrong = [
                    f"{e.instance_path}: {e.message}" for e in check.iter_errors(content["example"])
                ]
                assert wrong == [], where
                words = set(texts_in(content["example"]))
                assert not words & {"string", "str"}, where
                assert all(ULID.fullmatch(word) for word in words if LIKE_ULID.fullmatch(word))
                looked_at += status.startswith("2")
    assert looked_at > 100


def test_examples_name_every_member_and_no_other(studio: Served) -> None:
    """A document's example shows all of it, so that nobody has to guess what may be there."""
    with studio.client() as client:
        document = client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    for path in (p for p in document["paths"] if p.startswith("/api")):
        for method, operation in document["paths"][path].items():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {}).get("application/json", {})
                name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
                if status.startswith("2") and name:
                    members = set(schemas[name]["properties"])
                    assert set(content["example"]) == members, f"{method} {path}"


def texts_in(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from texts_in(inner)
