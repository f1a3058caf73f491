"""Files the user names, read whole and bounded; each thing that can be wrong with one is one clear
sentence."""

from __future__ import annotations

from pathlib import Path

from danqing.errors import InputError


def read_file(file: Path, limit_bytes: int, *, too_large: str = "cli.file_too_large") -> bytes:
    """A whole file the user named. Raises InputError when it can't be read or is over the limit.

    too_large: the message id for that, with the facts file and limit_mib."""
    try:
        with file.open("rb") as opened:
            data = opened.read(limit_bytes + 1)
    except FileNotFoundError as problem:
        raise InputError("cli.file_missing", file=file) from problem
    except IsADirectoryError as problem:
        raise InputError("cli.file_is_folder", file=file) from problem
    except PermissionError as problem:
        raise InputError("cli.file_denied", file=file) from problem
    except (OSError, ValueError) as problem:  # ValueError: a name with a zero byte in it
        reason = getattr(problem, "strerror", None) or str(problem)
        raise InputError("cli.file_unreadable", file=file, reason=reason) from problem
    if len(data) > limit_bytes:
        raise InputError(too_large, file=file, limit_mib=limit_bytes // 2**20)
    return data
