"""Tables of the queue: jobs, what an operator shut, workers, and how fast engines are."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text
from sqlalchemy import UniqueConstraint as Unique

from danqing.db.identity_tables import grants
from danqing.db.tables import metadata

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, ForeignKey("batches.id"), primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("key_id", Text),
    Column("asked_as", Text, nullable=False),  # the rest of what was known of the person then
    Column("group_name", Text, nullable=False),
    Column("region", Text),
    Column("network", Text),  # of a guest's job that goes on: a keyed hash of where it came from
    Column("idempotency_key", Text),
    Column("state", Text, nullable=False),
    Column("engine", Text, nullable=False),
    Column("together", Text),  # jobs with equal ones fit into one call of the engine; None: alone
    Column("priority", Integer, nullable=False),
    Column("turn", BigInteger, nullable=False),  # from here to turn_end it holds the fair order
    Column("turn_end", BigInteger, nullable=False),
    Column("pictures", Integer, nullable=False),
    Column("drawn", Integer, nullable=False),
    Column("progress_ppm", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("ready_at", Text, nullable=False),  # after a failed attempt: not before
    Column("worker_id", Text),
    Column("lease_until", Text),
    Column("cancel_asked", Integer, nullable=False),
    Column("previews", Integer, nullable=False),  # how many of each picture somebody watches
    Column("grant_id", Text, ForeignKey(grants.c.id)),  # by which it is released without its mark
    Column("problem", Text),  # a message id
    Column("problem_facts", Text),  # what fills its sentence, as a JSON object
    Column("core_ms", BigInteger, nullable=False),
    Column("quoted_minor", BigInteger, nullable=False),
    Column("charged_minor", BigInteger),
    Column("submitted_at", Text, nullable=False),
    Column("started_at", Text),
    Column("ended_at", Text),
    Unique("person_id", "idempotency_key"),
)

previews = Table(  # pictures on their way, for minutes; what they were stays in the ledger
    "previews",
    metadata,
    Column("id", Text, primary_key=True),
    Column("batch_id", Text, ForeignKey("batches.id"), nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),  # of this picture, from 0
    Column("created_at", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
    Column("base64", Text, nullable=False),
)

queue_gates = Table(
    "queue_gates",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("per_minute", Integer),
    Column("since", Text, nullable=False),
    Column("until", Text),
    Column("note", Text),
)

queue_workers = Table(
    "queue_workers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("engines", Text, nullable=False),  # a JSON list
    Column("started_at", Text, nullable=False),
    Column("seen_at", Text, nullable=False),
    Column("working_on", Integer, nullable=False),
)

engine_speeds = Table(  # a moving average over what was drawn
    "engine_speeds",
    metadata,
    Column("engine", Text, primary_key=True),
    Column("pictures", BigInteger, nullable=False),
    Column("ms_per_picture", BigInteger, nullable=False),
    Column("core_ms_per_picture", BigInteger, nullable=False),
)
