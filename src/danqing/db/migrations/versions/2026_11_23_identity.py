"""Accounts, keys, real names, grants."""

revision = "2026_11_23_identity"
down_revision = "2026_11_23_uploads"


def upgrade() -> None:
    pass
