"""The queue."""

revision = "2026_11_23_jobs"
down_revision = "2026_11_23_watermarks"


def upgrade() -> None:
    pass
