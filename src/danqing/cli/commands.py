"""The commands by name, each imported when it is called, so that `danqing version` starts in no
time.

To add a command, add a line to COMMANDS, and its texts to the catalogues: `cli.help_<name>`,
`cli.example_<name>`, and `cli.option_<parameter>` for a parameter no other command has. A command
is a function Typer can read: it takes a `typer.Context`, gets its desk by `desk_of`, returns an
`Exit`.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from danqing.cli.desk import Desk
from danqing.errors import InputError

COMMANDS = {
    "draw": "danqing.cli.draw:draw",
    "vary": "danqing.cli.vary:vary",
    "teach": "danqing.cli.teach:teach",
    "redo": "danqing.cli.redo:redo",
    "show": "danqing.cli.artworks:show",
    "history": "danqing.cli.artworks:history",
    "verify": "danqing.cli.verify:verify",
    "label": "danqing.cli.label:label",
    "classify": "danqing.cli.label:classify",
    "keys show": "danqing.cli.keys:show",
    "keys rotate": "danqing.cli.keys:rotate",
    "keys use": "danqing.cli.keys:use",
    "policy try": "danqing.cli.policy:try_out",
    "policy test": "danqing.cli.policy:test",
    "policy sign": "danqing.cli.policy:sign",
    "policy verify": "danqing.cli.policy:verify",
    "review list": "danqing.cli.review:list_all",
    "review allow": "danqing.cli.review:allow",
    "review refuse": "danqing.cli.review:refuse",
    "review pardon": "danqing.cli.review:pardon",
    "consent": "danqing.cli.review:consent",
    "appeal": "danqing.cli.cases:appeal",
    "complaint": "danqing.cli.cases:complain",
    "case list": "danqing.cli.cases:list_all",
    "case show": "danqing.cli.cases:show",
    "case answer": "danqing.cli.cases:answer",
    "ledger verify": "danqing.cli.ledger:verify_ledger",
    "ledger checkpoint": "danqing.cli.ledger:checkpoint_ledger",
    "ledger export": "danqing.cli.ledger:export_ledger",
    "ledger prune": "danqing.cli.ledger:prune_ledger",
    "doctor": "danqing.cli.doctor:doctor",
    "backup": "danqing.cli.keeping:backup",
    "restore": "danqing.cli.keeping:restore_home",
    "evaluate": "danqing.cli.evaluate_command:evaluate",
    "train": "danqing.cli.training:train",
    "data build": "danqing.cli.training:build_data",
    "data lexicon": "danqing.cli.training:build_lexicon",
    "account add": "danqing.cli.account:add",
    "account list": "danqing.cli.account:list_all",
    "account password": "danqing.cli.account:password",
    "account role": "danqing.cli.account:set_role",
    "account suspend": "danqing.cli.account:suspend",
    "account resume": "danqing.cli.account:resume",
    "account key": "danqing.cli.account:key",
    "account keys": "danqing.cli.account:keys",
    "account revoke": "danqing.cli.account:revoke",
    "account attest": "danqing.cli.real_names:attest",
    "account phone": "danqing.cli.real_names:phone",
    "account disclose ask": "danqing.cli.disclose:ask",
    "account disclose approve": "danqing.cli.disclose:approve",
    "account disclose decline": "danqing.cli.disclose:decline",
    "account disclose show": "danqing.cli.disclose:show",
    "account disclose list": "danqing.cli.disclose:list_all",
    "account export": "danqing.cli.real_names:export",
    "account erase": "danqing.cli.real_names:erase",
    "account prune": "danqing.cli.real_names:prune",
    "account rotate": "danqing.cli.real_names:rotate",
    "grant agreement": "danqing.cli.grant:agreement",
    "grant ask": "danqing.cli.grant:ask",
    "grant give": "danqing.cli.grant:give",
    "grant decline": "danqing.cli.grant:decline",
    "grant list": "danqing.cli.grant:list_all",
    "serve": "danqing.cli.serve:serve",
    "queue list": "danqing.cli.queue:list_jobs",
    "queue show": "danqing.cli.queue:show",
    "queue cancel": "danqing.cli.queue:cancel",
    "queue pause": "danqing.cli.queue:pause",
    "queue resume": "danqing.cli.queue:resume",
    "queue slow": "danqing.cli.queue:slow",
    "queue close": "danqing.cli.queue:close",
    "queue open": "danqing.cli.queue:reopen",
    "worker": "danqing.cli.queue:worker",
    "usage": "danqing.cli.money:usage",
    "money groups": "danqing.cli.money:list_groups",
    "money group": "danqing.cli.money:set_group",
    "money join": "danqing.cli.money:join",
    "money quota": "danqing.cli.money:quota",
    "money price": "danqing.cli.money:price",
    "money codes": "danqing.cli.money:make_codes",
    "money redeem": "danqing.cli.money:redeem",
    "money balance": "danqing.cli.money:balance",
    "money pay": "danqing.cli.money:pay",
    "money check": "danqing.cli.money:check",
    "engines": "danqing.cli.about:engines",
    "version": "danqing.cli.about:version",
}


def find(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """The command that is called, and what is left for it. A group alone (`ledger`, or nothing at
    all) comes back as it is. Raises InputError for a command there isn't."""
    path: list[str] = []
    for word in arguments:
        wanted = " ".join([*path, word])
        if not any(name == wanted or name.startswith(f"{wanted} ") for name in COMMANDS):
            break
        path.append(word)
        if wanted in COMMANDS:
            break
    rest = list(arguments[len(path) :])
    name = " ".join(path)
    if name not in COMMANDS and rest and not rest[0].startswith("-"):
        raise _unknown(" ".join([*path, rest[0]]))
    return name, rest


def _unknown(name: str) -> InputError:
    near = difflib.get_close_matches(name, COMMANDS, n=1)
    if near:
        return InputError("cli.unknown_command_near", name=name, near=near[0])
    return InputError("cli.unknown_command", name=name)


def build(name: str) -> Any:
    """The command as Typer reads it."""
    import typer
    from typer.main import get_command

    module, _, function = COMMANDS[name].partition(":")
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    # Words left over reach `desk_of`, which says what to do about them; help is ours (help.py).
    settings = {"allow_extra_args": True}
    app.command(add_help_option=False, context_settings=settings)(
        getattr(import_module(module), function)
    )
    return get_command(app)


def run(name: str, arguments: list[str], desk: Desk) -> int:
    """Runs a command. Raises DanqingError, also for an option it doesn't have or has no value."""
    from typer import TyperException

    command = build(name)
    try:
        with command.make_context(f"danqing {name}", [*arguments], obj=desk) as context:
            return int(command.invoke(context) or 0)
    except TyperException as problem:
        _speak_as_typed(arguments, desk)
        raise _usage_error(problem, name) from problem


def _speak_as_typed(arguments: list[str], desk: Desk) -> None:
    """In Chinese with who wrote Chinese, though no command came to read the sentence."""
    from danqing.lexicon import detect_language
    from danqing.lexicon.text import is_han

    chinese = "".join(filter(is_han, "".join(arguments)))
    if chinese:
        desk.speak(detect_language(chinese))


def _usage_error(problem: Any, command: str) -> InputError:
    """Typer's complaint in our words. Its exception classes aren't public: known by their names."""
    kind = type(problem).__name__
    if kind == "NoSuchOption":
        # Without the dashes, which all options have in common.
        names = {known.lstrip("-"): known for known in problem.possibilities or ()}
        near = difflib.get_close_matches(problem.option_name.lstrip("-"), names, n=1)
        if near:
            option = problem.option_name
            return InputError("cli.unknown_option_near", option=option, near=names[near[0]])
        return InputError("cli.unknown_option", option=problem.option_name, command=command)
    if kind == "BadOptionUsage":
        return InputError("cli.option_value", option=problem.option_name)
    if kind == "MissingParameter":
        return InputError("cli.missing", name=problem.param.metavar, command=command)
    return InputError("cli.usage", problem=problem.format_message(), command=command)
