"""Who booked a transfer, and what a failed job's sentence is filled with."""

from alembic import op

revision = "2026_11_25_who_and_why"
down_revision = "2026_11_24_previews"


def upgrade() -> None:
    op.execute("ALTER TABLE book_transfers ADD COLUMN booked_by TEXT REFERENCES people (id)")
    op.execute("ALTER TABLE jobs ADD COLUMN problem_facts TEXT")
