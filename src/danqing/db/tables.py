"""The tables as queries name them. How they came to be is in migrations/; a test compares the two.

Times are text (`db.times.utc_text`), ids ULIDs, hashes lower-case hex; JSON is canonical.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, Table, Text
from sqlalchemy import UniqueConstraint as Unique

metadata = MetaData()

people = Table(
    "people",
    metadata,
    Column("id", Text, primary_key=True),
    Column("created_at", Text, nullable=False),
    Column("local", Integer, nullable=False),  # 1 for the one person on the command line
)

ledger = Table(
    "ledger",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("batch_id", Text),
    Column("person_id", Text),
    Column("at", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("facts_sha256", Text, nullable=False),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

ledger_head = Table(
    "ledger_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("seq", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    Column("seal", Text, nullable=False),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("folded", Text, nullable=False),  # the prompt as search compares it
    Column("language", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("request_sha256", Text, nullable=False),
)

uploads = Table(  # what was brought from outside, by whom; the bytes are on the shelf `sources`
    "uploads",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("role", Text, nullable=False),  # picture or mask
    Column("first_at", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
)

open_batches = Table(
    "open_batches",
    metadata,
    Column("batch_id", Text, ForeignKey("batches.id"), primary_key=True),
    Column("holder", Text, nullable=False),  # whose lock file says the work still goes on
    Column("queued", Integer, nullable=False),  # 1: the queue sees to it, whoever dies
)

releases = Table(  # every file that left: pictures, contact sheets
    "releases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("batch_id", Text, ForeignKey("batches.id"), nullable=False),
    Column("created_at", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("produce_id", Text, nullable=False),
    Column("exported", Text),  # where the user's file was put
)

artworks = Table(  # those of them that are pictures, with how they were drawn
    "artworks",
    metadata,
    Column("id", Text, ForeignKey("releases.id"), primary_key=True),
    Column("batch_id", Text, ForeignKey("batches.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("engine", Text, nullable=False),
    Column("engine_version", Text, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
    Column("ignored", Text, nullable=False),
    Column("master_sha256", Text, nullable=False),
    Column("master_pixels_sha256", Text, nullable=False),
    Unique("batch_id", "position"),
)

pending_releases = Table(  # noted before a byte is written, gone when the batch is closed
    "pending_releases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("batch_id", Text, ForeignKey("open_batches.batch_id"), nullable=False),
    Column("sha256", Text, nullable=False),
    Column("master_sha256", Text),
    Column("part", Text),  # the user's file while it is written, and the name it is to get
    Column("wanted", Text),
)

watermarks = Table(  # what leads back to a release from its pixels alone
    "watermarks",
    metadata,
    Column("release_id", Text, ForeignKey("releases.id"), primary_key=True),
    Column("payload", BigInteger),  # 32 bits, which two releases may share; none in an SVG
    Column("pdq", Text, nullable=False),
    Column("pdq_quality", Integer, nullable=False),
)

prompt_grams = Table(
    "prompt_grams",
    metadata,
    Column("gram", Text, primary_key=True),
    Column("batch_id", Text, ForeignKey("batches.id"), primary_key=True),
)
