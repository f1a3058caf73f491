"""Forgetting what lines say, once the law no longer asks for it: the chain stays whole.

A line loses its facts and their salt, and keeps its place, kind, time, pseudonymous id and hashes.
A `retention` line says up to where and of which kinds, so that a line emptied by anyone else is
found. Personal data is kept no longer than its purpose needs (PIPL Art. 19, GDPR Art. 5(1)(e));
logs at least six months (Cybersecurity Law Art. 21(3), Labelling Measures Art. 9).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, or_, select, update

from danqing.db.ledger import FORGETTABLE, Event, Ledger
from danqing.db.tables import artworks, batches, ledger, open_batches, prompt_grams
from danqing.db.times import utc_text


@dataclass(frozen=True, slots=True)
class Forgotten:
    """through_seq: the last line old enough. lines: how many of those lost what they said, now.
    prompts: of requests without a picture, forgotten beside them."""

    through_seq: int
    lines: int
    prompts: int


def forget(
    connection: Connection, book: Ledger, *, before: datetime, now: datetime, person_id: str | None
) -> Forgotten:
    """Forgets what lines older than `before` say, within a write transaction.

    Lines of an open batch and what names a kept picture's file (`artwork`, `sheet`) stay. A prompt
    stays with the pictures drawn from it; where there are none, it goes. person_id: who asked.
    """
    limit = utc_text(before)
    first_kept = connection.execute(
        select(func.min(ledger.c.seq)).where(ledger.c.at >= limit)
    ).scalar()
    last = connection.execute(select(func.max(ledger.c.seq))).scalar()
    through = (last or 0) if first_kept is None else first_kept - 1
    gone = connection.execute(
        update(ledger).where(_forgettable(through)).values(salt="", facts="")
    ).rowcount
    prompts = _forget_prompts(connection, limit)
    if gone or prompts:
        facts = {
            "through_seq": through,
            "kinds": sorted(FORGETTABLE),
            "before": limit,
            "lines": gone,
            "prompts": prompts,
        }
        book.append(connection, Event("retention", now, facts, person_id=person_id))
    return Forgotten(through, gone, prompts)


def forgotten_before(connection: Connection) -> str:
    """Up to what time (as `utc_text`) lines may have been forgotten; empty when none ever was."""
    query = select(ledger.c.facts).where(ledger.c.kind == "retention")
    last = connection.execute(query.order_by(ledger.c.seq.desc()).limit(1)).scalar()
    return "" if last is None else str(json.loads(last)["before"])


def _forgettable(through: int) -> ColumnElement[bool]:
    opened = select(open_batches.c.batch_id)
    return and_(
        ledger.c.seq <= through,
        ledger.c.kind.in_(sorted(FORGETTABLE)),
        ledger.c.facts != "",
        or_(ledger.c.batch_id.is_(None), ledger.c.batch_id.not_in(opened)),
    )


def _forget_prompts(connection: Connection, limit: str) -> int:
    bare = and_(
        batches.c.asked_at < limit,
        batches.c.prompt != "",
        ~exists().where(artworks.c.batch_id == batches.c.id),
        ~exists().where(open_batches.c.batch_id == batches.c.id),
    )
    ids = select(batches.c.id).where(bare)
    connection.execute(delete(prompt_grams).where(prompt_grams.c.batch_id.in_(ids)))
    emptied = {"prompt": "", "folded": "", "request": "{}"}
    return connection.execute(update(batches).where(bare).values(emptied)).rowcount
