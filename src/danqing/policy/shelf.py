"""The rules in force: the shipped packs, an operator's files, and the names rules refer to.

Replacing a file is enough: before each decision the files are looked at, and read again when one
changed (time, size or inode). A replacement that can't be read, or whose signature is wrong, changes
nothing and is reported: the rules that were in force stay so.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from danqing.errors import PolicyError
from danqing.policy.names import Names, load_names, merged, shipped_names
from danqing.policy.packs import load_pack, shipped_packs
from danqing.policy.rules import RulePack

log = logging.getLogger("danqing.policy")


@dataclass(frozen=True, slots=True)
class InForce:
    """What is decided by, from one moment on."""

    packs: tuple[RulePack, ...]
    names: Names


class Shelf:
    """packs, names: an operator's files. trusted: public keys; with any, every pack among the files
    must be signed by one of them.

    The first reading raises PolicyError; a later one that fails is kept in `fault`.
    """

    def __init__(
        self, packs: Sequence[Path] = (), names: Sequence[Path] = (), trusted: Sequence[Path] = ()
    ) -> None:
        self._packs, self._names, self._trusted = tuple(packs), tuple(names), tuple(trusted)
        self._lock = threading.Lock()
        self._stamp = self._look()
        self._in_force = self._read()
        self.fault: PolicyError | None = None

    def in_force(self) -> InForce:
        """The rules of this moment; the same object as long as no file changed."""
        stamp = self._look()
        if stamp == self._stamp:
            return self._in_force
        with self._lock:
            if stamp != self._stamp:
                self._stamp = stamp
                try:
                    self._in_force, self.fault = self._read(), None
                except PolicyError as fault:
                    self.fault = fault
                    log.error("rule packs were not replaced: %s", fault)
        return self._in_force

    def _look(self) -> tuple[tuple[int, int, int] | None, ...]:
        from danqing.policy.signatures import signature_file

        signatures = map(signature_file, self._packs) if self._trusted else ()
        return tuple(map(_stamp, (*self._packs, *self._names, *self._trusted, *signatures)))

    def _read(self) -> InForce:
        packs = (*shipped_packs(), *map(self._pack, self._packs))
        for pack in packs:
            if sum(p.name == pack.name for p in packs) > 1:
                raise PolicyError("policy.pack_named_twice", pack=pack.name)
        return InForce(packs, merged((shipped_names(), *map(load_names, self._names))))

    def _pack(self, file: Path) -> RulePack:
        pack = load_pack(file)
        if self._trusted:
            from danqing.policy.signatures import public_key, read_signature, verify

            keys = tuple(map(public_key, self._trusted))
            verify(pack.version, read_signature(file), keys, str(file))
        return pack


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
