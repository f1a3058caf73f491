"""Names that rules refer to as `names:people`: who and what a picture may pretend to show.

They live in files of their own, so that an operator can add a mayor or a local paper without touching a
rule pack. A name in the list blames nobody; a rule says what must stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from danqing.errors import PolicyError

FORMAT = "danqing-names/1"
KINDS = ("people", "institutions", "outlets")
MAX_NAMES = 50_000
MAX_BYTES = 4 * 2**20

Names = Mapping[str, tuple[str, ...]]
"""people, institutions, outlets → names as they are written."""


def load_names(source: Path | bytes) -> Names:
    """Names from a YAML file or its bytes: `format: danqing-names/1`, then lists under KINDS.

    Raises PolicyError (`policy.names_…`) when it can't be read or isn't such a file.
    """
    from danqing.policy.bounded_yaml import read_tree

    file = "-" if isinstance(source, bytes) else str(source)
    try:
        data = source if isinstance(source, bytes) else _read(source)
        tree = read_tree(data, file)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise PolicyError("policy.names_unreadable", file=file, what=reason) from None
    except PolicyError:
        raise PolicyError("policy.names_malformed", file=file) from None
    if tree.pop("format", None) != FORMAT:
        raise PolicyError("policy.names_malformed", file=file)
    return {kind: _checked(names, kind, file) for kind, names in tree.items()}


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise OSError(f"over {MAX_BYTES // 2**20} MiB")
    return data


def _checked(names: object, kind: object, file: str) -> tuple[str, ...]:
    if kind not in KINDS or not isinstance(names, list) or len(names) > MAX_NAMES:
        raise PolicyError("policy.names_malformed", file=file)
    for name in names:
        usable = isinstance(name, str) and len(name) <= 64 and any(c.isalnum() for c in name)
        if not usable:
            raise PolicyError("policy.names_malformed", file=file)
    return tuple(names)


@cache
def shipped_names() -> Names:
    """The starter list of this package."""
    return load_names((files("danqing.policy") / "data" / "names.yaml").read_bytes())


def merged(several: Iterable[Names]) -> Names:
    """All names of several files, each once."""
    together: dict[str, dict[str, None]] = {kind: {} for kind in KINDS}
    for names in several:
        for kind, found in names.items():
            together[kind].update(dict.fromkeys(found))
    return {kind: tuple(found) for kind, found in together.items()}
