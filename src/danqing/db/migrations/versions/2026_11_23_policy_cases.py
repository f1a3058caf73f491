"""Offences, appeals, complaints, reviews."""

revision = "2026_11_23_policy_cases"
down_revision = "2026_11_23_ledger"


def upgrade() -> None:
    pass
