"""Where rule packs come from: the ones in this package, and an operator's files."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from danqing.errors import PolicyError
from danqing.policy.rules import RulePack

MAX_PACK_BYTES = 16 * 2**20


def load_pack(source: Path | bytes) -> RulePack:
    """A rule pack from a YAML file or its bytes.

    Raises PolicyError when it can't be read or isn't a pack: `policy.pack_…`, with `file`, the
    place in it and what is wrong there. Nothing is decided with half a pack.
    """
    if isinstance(source, bytes):
        return _parsed(source, "-")
    try:
        with source.open("rb") as file:
            data = file.read(MAX_PACK_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise PolicyError("policy.pack_unreadable", file=str(source), what=reason) from None
    return _parsed(data, str(source))


@cache
def shipped_packs() -> tuple[RulePack, ...]:
    """The packs of this package, in order of their names."""
    folder = files("danqing.policy") / "packs"
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".yaml")), key=lambda f: f.name)
    return tuple(_parsed(f.read_bytes(), f.name) for f in found)


def _parsed(data: bytes, source: str) -> RulePack:
    from danqing.policy.schema import parse

    if len(data) > MAX_PACK_BYTES:
        limit_mib = MAX_PACK_BYTES // 2**20
        raise PolicyError("policy.pack_too_large", file=source, limit_mib=limit_mib)
    return parse(data, source, hashlib.sha256(data).hexdigest())
