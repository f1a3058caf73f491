"""Pictures and masks from outside, and who declared that they may be used."""

from alembic import op

revision = "2026_11_23_uploads"
down_revision = "2026_11_22_first"

UPLOADS = """
CREATE TABLE uploads (
    sha256 TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES people (id),
    role TEXT NOT NULL CHECK (role IN ('picture', 'mask')),
    first_at TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    width_px INTEGER NOT NULL,
    height_px INTEGER NOT NULL,
    PRIMARY KEY (sha256, person_id)
)
"""


def upgrade() -> None:
    op.execute(UPLOADS)
