"""Pictures from outside: bounded, decoded first in a process of their own, and never fetched.

A picture comes as a file or as base64, in a data: URL or bare. A URL is refused: the server fetches
nothing on anybody's word, so none can send it to a private address.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from danqing.errors import Busy, InputError, StoreError
from danqing.sources import MAX_FILE_BYTES

if TYPE_CHECKING:
    from danqing.provenance import WatermarkKey

AT_ONCE = 2
_DATA_URL = re.compile(r"data:[\w.+-]+/[\w.+-]+(;[\w=.+-]+)*;base64,", re.ASCII)
_FORMATS = "PNG, JPEG, WebP, GIF"


@dataclass(frozen=True, slots=True)
class SeenMark:
    """A watermark that was read. payload: its 32 bits. pdq: the picture's PDQ hash, in hexadecimal."""

    payload: int
    pdq: str


@dataclass(frozen=True, slots=True)
class Decodable:
    """What a decoder in a process of its own found: it is a picture, within all limits. mark: None
    also where none was asked for."""

    media_type: str
    width_px: int
    height_px: int
    mark: SeenMark | None = None


class Decoder:
    """Looks at pictures in processes that read one each. One stands ready, so that nobody waits for
    it to start. Safe to share between threads; close it when done.

    at_once: how many work at the same time; whoever comes then waits time_s for a place."""

    def __init__(self, memory_bytes: int, time_s: float, at_once: int = AT_ONCE) -> None:
        self._command = [
            sys.executable, "-P", "-m", "danqing.server.decoding",
            str(memory_bytes), str(math.ceil(time_s)),
        ]  # fmt: skip
        self._time_s = time_s
        self._places = threading.Semaphore(at_once)
        self._lock = threading.Lock()
        self._spare: subprocess.Popen[bytes] | None = None
        self._closed = False

    def look(self, data: bytes, key: WatermarkKey | None = None) -> Decodable:
        """key: to look for a watermark with. Raises InputError for what isn't a picture, or would
        take too much memory or time; Busy when no place came free."""
        if len(data) > MAX_FILE_BYTES:
            raise InputError("source.too_large", limit_mib=MAX_FILE_BYTES // 2**20)
        if not data:
            raise InputError("source.unreadable", formats=_FORMATS)
        if not self._places.acquire(timeout=self._time_s):
            raise Busy("server.decoder_busy", retry_after_s=math.ceil(self._time_s))
        try:
            answer = self._ask((b"" if key is None else key.secret.hex().encode()) + b"\n" + data)
        finally:
            self._places.release()
        if "code" in answer:
            raise InputError(str(answer["code"]), **answer["facts"])
        mark = answer.pop("mark", None)
        return Decodable(**answer, mark=None if mark is None else SeenMark(**mark))

    def warm_up(self) -> None:
        """Makes the process that stands ready."""
        with self._lock:
            if self._spare is None and not self._closed:
                self._spare = self._start()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            spare, self._spare = self._spare, None
        if spare is not None:
            _end(spare)

    def _ask(self, question: bytes) -> dict[str, Any]:
        with self._lock:
            process, self._spare = self._spare or self._start(), None
        try:
            out, _ = process.communicate(question, timeout=self._time_s)
        except subprocess.TimeoutExpired:
            raise InputError("server.upload_slow", limit_s=f"{self._time_s:g}") from None
        finally:
            _end(process)
            self.warm_up()
        try:
            answer = json.loads(out)
        except ValueError:
            # It was ended for the memory or time it took, or a decoder crashed.
            raise InputError("server.upload_heavy") from None
        return answer if isinstance(answer, dict) else {}

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
                start_new_session=True,
            )
        except OSError as problem:
            reason = problem.strerror or str(problem)
            raise StoreError("server.no_decoder", reason=reason) from problem


def from_base64(text: str) -> bytes:
    """A picture's bytes from a data: URL or bare base64.

    Raises InputError: server.no_fetching for any other URL, source.too_large, source.unreadable.
    """
    found = _DATA_URL.match(text[:256])
    if found is None and "://" in text[:64]:
        raise InputError("server.no_fetching")
    encoded = text[found.end() :] if found else text
    if len(encoded) > MAX_FILE_BYTES * 4 / 3 + 4_096:
        raise InputError("source.too_large", limit_mib=MAX_FILE_BYTES // 2**20)
    try:
        return base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise InputError("source.unreadable", formats=_FORMATS) from problem


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a process and its pipes, whatever state it is in."""
    with suppress(OSError):
        process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.wait()
