"""The command line: parses, calls flow, shows. It decides nothing.

Whatever goes wrong ends here as one sentence in the reader's language and a documented exit code;
with DANQING_DEBUG set, an unexpected error shows its traceback as well.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from danqing.cli.desk import Desk
    from danqing.errors import DanqingError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Runs the command line and returns its exit code (docs/exit-codes.md)."""
    from danqing.cli.desk import Desk
    from danqing.cli.exits import Exit
    from danqing.cli.language import from_environment
    from danqing.errors import DanqingError

    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        # Half a character in an argument, or a terminal without Chinese, must not stop a sentence.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    desk = Desk(environ, from_environment(environ))
    try:
        code = _run(arguments, desk)
        sys.stdout.flush()
    except DanqingError as problem:
        code = _tell_error(problem, desk)
    except KeyboardInterrupt:
        desk.note("errors.stopped")
        code = Exit.INTERRUPTED
    except BrokenPipeError:  # `danqing history | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.BROKEN_PIPE
    except MemoryError:
        code = _tell_error(DanqingError("errors.out_of_memory"), desk)
    except Exception as problem:
        if environ.get("DANQING_DEBUG"):
            raise
        what = f"{type(problem).__name__}: {problem}"
        code = _tell_error(DanqingError("errors.unexpected", problem=what), desk)
    return int(code)


def _run(arguments: Sequence[str], desk: Desk) -> int:
    from danqing.cli import commands, common
    from danqing.errors import InputError

    asked = common.take(arguments)
    desk.home, desk.json = asked.home, asked.json
    if asked.language is not None:
        desk.language, desk.language_fixed = asked.language, True
    rest = ["version"] if asked.rest == ("--version",) else asked.rest
    name, left = commands.find(rest)
    if asked.help or name not in commands.COMMANDS:
        from danqing.cli.help import help_for

        if left and not asked.help:
            raise InputError("cli.unknown_option", option=left[0], command=name or "danqing")
        print(help_for(name, desk.language))
        return 0
    return commands.run(name, left, desk)


def _tell_error(problem: DanqingError, desk: Desk) -> int:
    from danqing.cli.desk import error_document, tell
    from danqing.messages import hint

    message = tell(problem, desk.language)
    advice = hint(problem.code, desk.language)
    if desk.json:
        desk.show(error_document(problem.code, message, hint=advice))
    else:
        gap = "" if message.endswith("。") else " "
        desk.complain(message if advice is None else f"{message}{gap}{advice}")
    return problem.exit_code
