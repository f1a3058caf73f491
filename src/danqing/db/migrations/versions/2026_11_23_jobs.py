"""The queue."""

from alembic import op

revision = "2026_11_23_jobs"
down_revision = "2026_11_23_watermarks"

# A job's id is its batch's. `turn` is where it stands in the fair order (jobs/line.py), the partial
# indexes hold only what still goes on, so that a claim costs the same however long the history is.
TABLES = """
ALTER TABLE open_batches ADD COLUMN queued INTEGER NOT NULL DEFAULT 0;

CREATE TABLE jobs (
    id TEXT NOT NULL PRIMARY KEY REFERENCES batches (id),
    person_id TEXT NOT NULL REFERENCES people (id),
    key_id TEXT,
    asked_as TEXT NOT NULL,
    group_name TEXT NOT NULL,
    region TEXT,
    idempotency_key TEXT,
    state TEXT NOT NULL CHECK (
        state IN ('queued', 'running', 'done', 'refused', 'held', 'failed', 'cancelled')
    ),
    engine TEXT NOT NULL,
    together TEXT,
    priority INTEGER NOT NULL,
    turn BIGINT NOT NULL,
    turn_end BIGINT NOT NULL,
    pictures INTEGER NOT NULL CHECK (pictures > 0),
    drawn INTEGER NOT NULL,
    progress_ppm INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    ready_at TEXT NOT NULL,
    worker_id TEXT,
    lease_until TEXT,
    cancel_asked INTEGER NOT NULL CHECK (cancel_asked IN (0, 1)),
    problem TEXT,
    core_ms BIGINT NOT NULL,
    quoted_minor BIGINT NOT NULL,
    charged_minor BIGINT,
    submitted_at TEXT NOT NULL,
    started_at TEXT,
    ended_at TEXT,
    CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    UNIQUE (person_id, idempotency_key)
);
CREATE INDEX jobs_in_line ON jobs (engine, priority DESC, turn, id, pictures)
    WHERE state = 'queued';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_going_on ON jobs (person_id, engine, priority, turn_end)
    WHERE state IN ('queued', 'running');
CREATE INDEX jobs_of_person ON jobs (person_id, id);
CREATE INDEX jobs_of_group ON jobs (group_name, submitted_at);
CREATE INDEX jobs_of_region ON jobs (region, submitted_at);

CREATE TABLE queue_gates (
    kind TEXT NOT NULL CHECK (kind IN ('engine', 'group', 'region')),
    name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('paused', 'slowed', 'closed')),
    per_minute INTEGER,
    since TEXT NOT NULL,
    until TEXT,
    note TEXT,
    PRIMARY KEY (kind, name)
);

CREATE TABLE queue_workers (
    id TEXT NOT NULL PRIMARY KEY,
    engines TEXT NOT NULL,
    started_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    working_on INTEGER NOT NULL
);

CREATE TABLE engine_speeds (
    engine TEXT NOT NULL PRIMARY KEY,
    pictures BIGINT NOT NULL,
    ms_per_picture BIGINT NOT NULL,
    core_ms_per_picture BIGINT NOT NULL
)
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)
