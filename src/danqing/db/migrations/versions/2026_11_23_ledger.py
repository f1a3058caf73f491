"""Checkpoints and what retention forgot."""

revision = "2026_11_23_ledger"
down_revision = "2026_11_23_identity"


def upgrade() -> None:
    pass
