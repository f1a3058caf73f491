"""Random ways to falsify a ledger, for the test and for `bench/tamper.py`.

Each is done inside a transaction that is rolled back. Some of the falsifiers know how the chain is
made and mend it behind them; some of those have the key of the seal as well.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text, update

from danqing.db import Database, Event, LedgerCheck, Line, open_database
from danqing.db.checkpoints import Checkpoint, CheckpointKey, make_checkpoint
from danqing.db.ledger import GENESIS, EventKind, _chain, _facts_hash
from danqing.db.retention import forget
from danqing.db.tables import ledger, ledger_head

LINES = 48
KINDS: tuple[EventKind, ...] = ("source", "request", "refusal", "artwork", "closed", "vote")
COLUMNS = tuple(name for name in Line.__slots__ if name != "seq")
START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Tampering:
    """how: its name. first: the number of the first line that isn't what it was."""

    how: str
    first: int


class RolledBack(Exception):
    """Ends a transaction without a trace."""


def make_ledger(home: Path) -> tuple[Database, Checkpoint]:
    """LINES lines, a few of them lawfully forgotten, and a checkpoint of them all."""
    database = open_database(home)
    randomly = random.Random(1)
    with database.write() as connection:
        for n in range(LINES - 1):
            kind = KINDS[randomly.randrange(len(KINDS))]
            facts = {"n": n, "prompt": "熊猫" * randomly.randrange(3)}
            event = Event(kind, START + timedelta(days=n), facts, f"b{n // 3}", "p")
            database.ledger.append(connection, event)
        now = START + timedelta(days=LINES)
        forget(
            connection, database.ledger, before=START + timedelta(days=8), now=now, person_id="p"
        )
    with database.read() as connection:
        key = CheckpointKey(home / "keys").load_or_create()
        checkpoint = make_checkpoint(connection, database.ledger, key, now)
    with database.write() as connection:
        for trigger in ("ledger_no_update", "ledger_no_delete", "ledger_head_no_delete"):
            connection.execute(text(f"DROP TRIGGER {trigger}"))
    return database, checkpoint


@contextmanager
def falsified(database: Database, change: Callable[[Connection], None]) -> Iterator[Connection]:
    with suppress(RolledBack), database.write(lasting=False) as connection:
        change(connection)
        yield connection
        raise RolledBack


class Falsifier:
    """Changes a ledger at random and says what it did. Never leaves it as it was."""

    def __init__(self, database: Database, randomly: random.Random) -> None:
        self._database = database
        self._random = randomly
        self._ways = [
            self.edit, self.remove, self.swap, self.put_in, self.cut, self.empty, self.mend,
            self.mend_and_seal, self.break_the_seal, self.other_type,
        ]  # fmt: skip

    def once(self, connection: Connection) -> Tampering:
        return self._random.choice(self._ways)(connection)

    def _any(self, low: int = 1, high: int = LINES) -> int:
        return self._random.randint(low, high)

    def edit(self, connection: Connection) -> Tampering:
        """Any column of any line gets another value, often a plausible one."""
        seq, column = self._any(), self._random.choice(COLUMNS)
        old = connection.execute(select(ledger.c[column]).where(ledger.c.seq == seq)).scalar()
        others = connection.execute(select(ledger.c[column])).scalars().all()
        plausible = [str(o) for o in others if o is not None]
        new = old
        while new == old:
            new = self._random.choice(
                [
                    self._random.choice(plausible or ["x"]), f"{old} ", str(old).upper(),
                    str(old)[:-1], "", "熊" + str(old), str(old)[::-1],
                ]
            )  # fmt: skip
        connection.execute(update(ledger).where(ledger.c.seq == seq).values({column: new}))
        return Tampering(f"edit {column}", seq)

    def other_type(self, connection: Connection) -> Tampering:
        seq = self._any()
        column = self._random.choice(("facts_sha256", "at", "kind", "hash", "prev_hash"))
        statement = f"UPDATE ledger SET {column} = CAST({column} AS BLOB) WHERE seq = {seq}"
        connection.execute(text(statement))
        return Tampering("other type", seq)

    def remove(self, connection: Connection) -> Tampering:
        seq, many = self._any(), self._random.randint(1, 3)
        connection.execute(delete(ledger).where(ledger.c.seq.between(seq, seq + many - 1)))
        if self._random.random() < 0.5:  # and closes the gap
            self._shift(connection, seq + many, -many)
        return Tampering("remove", seq)

    def swap(self, connection: Connection) -> Tampering:
        one, other = sorted(self._random.sample(range(1, LINES + 1), 2))
        for old, new in ((one, -1), (other, one), (-1, other)):
            connection.execute(update(ledger).where(ledger.c.seq == old).values(seq=new))
        return Tampering("reorder", one)

    def put_in(self, connection: Connection) -> Tampering:
        at, like = self._any(1, LINES + 1), self._any()
        self._shift(connection, at, 1)
        copied = connection.execute(
            select(ledger).where(ledger.c.seq == (like if like < at else like + 1))
        ).mappings().one()  # fmt: skip
        connection.execute(insert(ledger), dict(copied) | {"seq": at})
        # Of a line and its copy right before it, the second is the one too many.
        return Tampering("insert", at + 1 if like == at else at)

    def cut(self, connection: Connection) -> Tampering:
        seq = self._any()
        connection.execute(delete(ledger).where(ledger.c.seq >= seq))
        if self._random.random() < 0.5:
            last = connection.execute(select(ledger.c.hash).where(ledger.c.seq == seq - 1)).scalar()
            connection.execute(update(ledger_head).values(seq=seq - 1, hash=last or GENESIS))
        return Tampering("truncate", seq)

    def empty(self, connection: Connection) -> Tampering:
        """As retention does, without its line."""
        query = select(ledger.c.seq).where(ledger.c.facts != "", ledger.c.seq > 8)
        seq = self._random.choice(connection.execute(query).scalars().all())
        connection.execute(update(ledger).where(ledger.c.seq == seq).values(salt="", facts=""))
        return Tampering("empty", seq)

    def break_the_seal(self, connection: Connection) -> Tampering:
        broken: list[dict[str, Any]] = [
            {"seal": "0" * 64}, {"hash": "0" * 64}, {"seq": LINES + 5}, {"seq": 0}, {"seal": ""},
        ]  # fmt: skip
        connection.execute(update(ledger_head).values(self._random.choice(broken)))
        return Tampering("seal", LINES)

    def mend(self, connection: Connection) -> Tampering:
        """Rewrites a line, or drops, adds or moves one, and every hash after it; not the seal."""
        first = self._rewrite(connection)
        last = self._last(connection)
        connection.execute(update(ledger_head).values(seq=last.seq, hash=last.hash))
        return Tampering("rewrite", first)

    def mend_and_seal(self, connection: Connection, what: str | None = None) -> Tampering:
        """The same by whoever has the key as well: a whole ledger, well sealed."""
        first = self._rewrite(connection, what)
        last = self._last(connection)
        seal = self._database.ledger._seal(last.seq, last.hash)
        connection.execute(update(ledger_head).values(seq=last.seq, hash=last.hash, seal=seal))
        return Tampering("rewrite with the key", first)

    def _rewrite(self, connection: Connection, what: str | None = None) -> int:
        lines = list(self._database.ledger.lines(connection))
        seq = self._any(9, LINES - 1)
        index = seq - 1
        what = what or self._random.choice(("edit", "drop", "add", "swap", "cut"))
        if what == "edit":
            lines[index] = replace(lines[index], facts='{"prompt":"老虎"}', salt="00" * 16)
        elif what == "drop":
            del lines[index]
        elif what == "add":
            lines.insert(index, replace(lines[index], facts='{"n":-1}', salt="11" * 16))
        elif what == "swap":
            lines[index], lines[index + 1] = lines[index + 1], lines[index]
        else:
            del lines[index:]
        connection.execute(delete(ledger))
        previous = GENESIS
        for n, line in enumerate(lines, 1):
            kept = line.facts_sha256 if not line.facts else _facts_hash(line.salt, line.facts)
            again = _chain(previous, n, line.kind, line.batch_id, line.person_id, line.at,
                           line.salt, line.facts, kept)  # fmt: skip
            connection.execute(insert(ledger), asdict(again))
            previous = again.hash
        return seq

    def _last(self, connection: Connection) -> Line:
        return list(self._database.ledger.lines(connection))[-1]

    def _shift(self, connection: Connection, start: int, by: int) -> None:
        moved = update(ledger).where(ledger.c.seq >= start)
        connection.execute(moved.values(seq=-(ledger.c.seq + by)))
        connection.execute(update(ledger).where(ledger.c.seq < 0).values(seq=-ledger.c.seq))


def found_where_it_is(check: LedgerCheck, done: Tampering) -> bool:
    """Whether the check found something, and named the first line that isn't what it was."""
    if check.fault is None:
        return False
    return check.fault.seq <= done.first <= (check.fault.last_seq or check.fault.seq)


def tamper(
    database: Database, checkpoint: Checkpoint, times: int, seed: int
) -> tuple[Counter[str], list[tuple[int, Tampering, LedgerCheck]]]:
    """Falsifies the ledger so many times; returns how often in which way, and what was not found or
    not named, with the number of the attempt."""
    ways: Counter[str] = Counter()
    missed = []
    for n in range(times):
        falsifier = Falsifier(database, random.Random(f"{seed}-{n}"))
        done: list[Tampering] = []
        with falsified(database, lambda c: done.append(falsifier.once(c))) as connection:  # noqa: B023
            check = database.ledger.verify(connection, checkpoint)
        ways[done[0].how] += 1
        if not found_where_it_is(check, done[0]):
            missed.append((n, done[0], check))
    return ways, missed
