"""Groups, quotas, codes and the account book."""

revision = "2026_11_23_money"
down_revision = "2026_11_23_jobs"


def upgrade() -> None:
    pass
