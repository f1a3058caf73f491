"""Jobs that are watched, and jobs whose pictures leave under a grant."""

from alembic import op

revision = "2026_11_24_previews"
down_revision = "2026_11_23_money"

# A preview is shown for minutes: its bytes are here, as text, and in no blob store. The ledger has what
# it was.
STATEMENTS = """
ALTER TABLE jobs ADD COLUMN previews INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN grant_id TEXT REFERENCES grants (id);

CREATE TABLE previews (
    id TEXT NOT NULL PRIMARY KEY,
    batch_id TEXT NOT NULL REFERENCES batches (id),
    seed BIGINT NOT NULL,
    number INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    media_type TEXT NOT NULL,
    width_px INTEGER NOT NULL,
    height_px INTEGER NOT NULL,
    base64 TEXT NOT NULL
);
CREATE INDEX previews_of_batch ON previews (batch_id, id)
"""


def upgrade() -> None:
    for statement in STATEMENTS.split(";"):
        op.execute(statement)
