"""What the C2PA manifest claims, as plain data (C2PA 2.2, 18.14: the first action says how it
came to be)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from danqing.provenance.findings import Action
from danqing.provenance.xmp import Statement

GENERATOR = "Danqing"
OPENED = "c2pa.opened"
PARENT = "parent-{}"
"""How the parents are told apart until the manifest is written."""


def generator() -> tuple[str, str]:
    """Name and installed version of this project, as the claim generator states them."""
    from importlib.metadata import version

    return GENERATOR, version("danqing")


def created(statement: Statement, when: datetime) -> Action:
    """The action `c2pa.created` of a finished file, at a moment (aware)."""
    return _made("c2pa.created", statement, when)


def edited(statement: Statement, when: datetime) -> tuple[Action, Action]:
    """The actions of a file made from another, at a moment (aware): the parent is opened first,
    as C2PA 2.2, 18.14 has it, then edited."""
    change = _made("c2pa.edited", statement, when)
    return Action(OPENED, change.when, source_type=None, agent=None), change


def stamp(when: datetime) -> str:
    """A moment (aware) as C2PA writes it: RFC 3339, UTC, whole seconds."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _made(name: str, statement: Statement, when: datetime) -> Action:
    return Action(
        name=name,
        when=stamp(when),
        source_type=statement.source_type,
        agent=" ".join(statement.agent),
    )


def definition(
    statement: Statement, actions: Sequence[Action], parents: int = 0
) -> dict[str, object]:
    """The manifest definition c2pa's Builder takes. No title and no prompt: prompts are
    property here. parents: how many files are opened; they are PARENT.format(0) and so on."""
    name, version = generator()
    return {
        "claim_generator_info": [{"name": name, "version": version}],
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {"actions": [_stated(a, statement, parents) for a in actions]},
            }
        ],
    }


def _stated(action: Action, statement: Statement, parents: int) -> dict[str, object]:
    if action.name == OPENED:
        opened = [PARENT.format(number) for number in range(parents)]
        return {
            "action": action.name,
            "when": action.when,
            "parameters": {"ingredientIds": opened},
        }
    agent, agent_version = statement.agent
    stated: dict[str, object] = {
        "action": action.name,
        "when": action.when,
        "softwareAgent": {"name": agent, "version": agent_version},
    }
    if action.source_type is not None:
        stated["digitalSourceType"] = action.source_type
    return stated
