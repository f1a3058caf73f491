"""One spelling for every request: canonical JSON, its hash, and the way back."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from danqing.errors import InputError
from danqing.request.make import make_request
from danqing.request.prompt import make_prompt
from danqing.request.types import Reading, Request

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces, Chinese as it is; equal values give equal text.

    Takes dataclasses, mappings with string keys, lists, tuples, strings, finite numbers, booleans
    and None; anything else raises TypeError."""
    return json.dumps(
        _plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def _plain(value: object) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping) and all(isinstance(k, str) for k in value):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    raise TypeError(f"no canonical JSON for {type(value).__name__}: {value!r}")


def request_hash(request: Request) -> str:
    """SHA-256 of the request's canonical JSON in UTF-8, in hexadecimal."""
    return hashlib.sha256(canonical_json(request).encode("utf-8")).hexdigest()


@lru_cache(maxsize=512)
def request_from_json(text: str) -> Request:
    """The Request that `canonical_json` wrote. Raises InputError input.request for anything else:
    unknown or missing fields, wrong types, values out of bounds, spans outside the prompt.

    Requests from before there were masks and strengths are read as having none."""
    from pydantic import ValidationError

    try:
        asked = _upgraded(json.loads(text))
        request = _reader().validate_json(json.dumps(asked), strict=False)
        same = json.loads(canonical_json(request)) == asked
    except (ValidationError, ValueError, RecursionError) as error:
        raise InputError("input.request", problem=_problem(error)) from error
    if not same:
        raise InputError("input.request", problem="fields that do not belong")
    _check(request)
    return request


@cache
def _reader() -> TypeAdapter[Request]:
    """Built once: it takes 8 ms, and a list of artworks reads a request for each."""
    from pydantic import TypeAdapter

    return TypeAdapter(Request)


def _upgraded(asked: Any) -> Any:
    """What an earlier version wrote, with the fields of this one."""
    return {"mask": None, "strength": None} | asked if isinstance(asked, dict) else asked


def _problem(error: Exception) -> str:
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        return ".".join(map(str, error.errors()[0]["loc"])) or "JSON"
    return type(error).__name__


def _check(request: Request) -> None:
    reading = request.reading
    if make_prompt(reading.prompt.text).text != reading.prompt.text or not _spans_fit(reading):
        raise InputError("input.request", problem="reading")
    if request.sources and request.strength is None:
        raise InputError("input.request", problem="strength")
    make_request(
        reading,
        seeds=request.seeds,
        width_px=request.width_px,
        height_px=request.height_px,
        engine=request.engine,
        style=request.style,
        transparent=request.transparent,
        format=request.format,
        sources=request.sources,
        mask=request.mask,
        strength=request.strength,
    )


def _spans_fit(reading: Reading) -> bool:
    return all(reading.prompt.text[u.start : u.end] == u.text for u in reading.understood)
