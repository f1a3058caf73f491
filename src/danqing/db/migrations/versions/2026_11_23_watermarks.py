"""Watermark payloads and perceptual hashes."""

revision = "2026_11_23_watermarks"
down_revision = "2026_11_23_policy_cases"


def upgrade() -> None:
    pass
