"""Guests: what their address has asked for today, and which jobs that go on came from it."""

from alembic import op

revision = "2026_11_26_guests"
down_revision = "2026_11_26_open_gates"

# SQLite can't change a CHECK: the table is written anew.
STATEMENTS = """
CREATE TABLE new_use (
    kind TEXT NOT NULL CHECK (kind IN ('person', 'key', 'group', 'network')),
    subject TEXT NOT NULL,
    hour TEXT NOT NULL,
    pictures INTEGER NOT NULL CHECK (pictures >= 0),
    PRIMARY KEY (kind, subject, hour)
);
INSERT INTO new_use SELECT kind, subject, hour, pictures FROM quota_use;
DROP TABLE quota_use;
ALTER TABLE new_use RENAME TO quota_use;
CREATE INDEX quota_use_hours ON quota_use (hour);

ALTER TABLE jobs ADD COLUMN network TEXT;
CREATE INDEX jobs_of_network ON jobs (network, engine, priority, turn_end)
    WHERE network IS NOT NULL
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";"):
        op.execute(statement)
