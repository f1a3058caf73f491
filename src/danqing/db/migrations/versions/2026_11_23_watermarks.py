"""Watermark payloads and perceptual hashes."""

from alembic import op

revision = "2026_11_23_watermarks"
down_revision = "2026_11_23_policy_cases"

WATERMARKS = """
CREATE TABLE watermarks (
    release_id TEXT NOT NULL PRIMARY KEY REFERENCES releases (id),
    payload BIGINT CHECK (payload BETWEEN 0 AND 4294967295),
    pdq TEXT NOT NULL CHECK (length(pdq) = 64),
    pdq_quality INTEGER NOT NULL CHECK (pdq_quality BETWEEN 0 AND 100)
)
"""
BY_PAYLOAD = "CREATE INDEX watermarks_by_payload ON watermarks (payload)"


def upgrade() -> None:
    op.execute(WATERMARKS)
    op.execute(BY_PAYLOAD)
