"""YAML from outside, bounded: no alias, no key twice, no depth or number of keys that costs more than a
moment to read."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import yaml

from danqing.errors import PolicyError

MAX_DEPTH, MAX_KEYS = 32, 5_000


def read_tree(data: bytes, source: str) -> dict[Any, Any]:
    """The mapping that a YAML file holds. source: what to call the file in an error.

    Raises PolicyError (`policy.pack_not_yaml`, `pack_too_many`, `pack_key_twice`, `pack_alias`).
    """
    try:
        _refuse_overgrown(data)
        tree = yaml.load(data, Loader=_Loader)
        _refuse_aliases(tree)
    except PolicyError as error:
        raise PolicyError(error.code, file=source, **error.facts) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PolicyError("policy.pack_not_yaml", file=source, line=line) from None
    except (yaml.YAMLError, RecursionError, ValueError, UnicodeError):
        raise PolicyError("policy.pack_not_yaml", file=source, line=1) from None
    if not isinstance(tree, dict):
        raise PolicyError("policy.pack_not_yaml", file=source, line=1)
    return tree


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # C when built
    """Safe YAML that refuses a key given twice: the second would silently replace the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key in (str(k.value) for k, _ in node.value):
            if key in seen:
                line = node.start_mark.line + 1
                raise PolicyError("policy.pack_key_twice", key=key[:64], line=line)
            seen.add(key)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def _refuse_overgrown(data: bytes) -> None:
    """Libyaml composes what lies in another by recursion in C, which ends in a crash, not in an
    error; its events come one by one."""
    within: list[list[int]] = []  # of what is open: keys and values so far, and 1 if they count
    for event in yaml.parse(data, Loader=_Loader):
        if isinstance(event, yaml.CollectionEndEvent):
            within.pop()
            continue
        if within and isinstance(event, yaml.NodeEvent):
            within[-1][0] += within[-1][1]
            if within[-1][0] > 2 * MAX_KEYS:
                raise PolicyError("policy.pack_too_many", limit=MAX_KEYS)
        if isinstance(event, yaml.CollectionStartEvent):
            within.append([0, isinstance(event, yaml.MappingStartEvent)])
        if len(within) > MAX_DEPTH:
            mark = event.start_mark
            raise PolicyError("policy.pack_not_yaml", line=mark.line + 1 if mark else 1)


def _refuse_aliases(tree: object) -> None:
    """A container met twice came from an alias, with which a small file can grow without end."""
    seen: set[int] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, dict | list):
            continue
        if id(node) in seen:
            raise PolicyError("policy.pack_alias")
        seen.add(id(node))
        waiting.extend(node.values() if isinstance(node, dict) else node)
