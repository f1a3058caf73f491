"""A gate may stand open while the one before all of its kind is shut."""

from alembic import op

revision = "2026_11_26_open_gates"
down_revision = "2026_11_25_who_and_why"

# SQLite can't change a CHECK: the table is written anew.
STATEMENTS = """
CREATE TABLE new_gates (
    kind TEXT NOT NULL CHECK (kind IN ('engine', 'group', 'region')),
    name TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('paused', 'slowed', 'closed', 'open')),
    per_minute INTEGER,
    since TEXT NOT NULL,
    until TEXT,
    note TEXT,
    PRIMARY KEY (kind, name)
);
INSERT INTO new_gates SELECT kind, name, state, per_minute, since, until, note FROM queue_gates;
DROP TABLE queue_gates;
ALTER TABLE new_gates RENAME TO queue_gates
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";"):
        op.execute(statement)
