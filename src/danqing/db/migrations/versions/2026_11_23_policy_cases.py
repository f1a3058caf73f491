"""Rulings of reviewers, appeals and complaints, consents to edit a face; refusals by person."""

from alembic import op

revision = "2026_11_23_policy_cases"
down_revision = "2026_11_23_ledger"

TABLES = """
CREATE TABLE policy_rulings (
    id TEXT NOT NULL PRIMARY KEY,
    decision TEXT NOT NULL CHECK (decision IN ('allow', 'refuse', 'pardon')),
    batch_id TEXT REFERENCES batches (id),
    person_id TEXT REFERENCES people (id),
    matter_sha256 TEXT,
    rules TEXT NOT NULL,
    because TEXT NOT NULL,
    reviewer_id TEXT NOT NULL REFERENCES people (id),
    at TEXT NOT NULL,
    CHECK ((decision = 'pardon') = (matter_sha256 IS NULL))
);
CREATE INDEX policy_rulings_matter ON policy_rulings (matter_sha256);
CREATE INDEX policy_rulings_batch ON policy_rulings (batch_id);
CREATE INDEX policy_rulings_person ON policy_rulings (person_id);
CREATE TABLE policy_cases (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('appeal', 'complaint')),
    batch_id TEXT REFERENCES batches (id),
    about TEXT,
    person_id TEXT REFERENCES people (id),
    contact TEXT,
    body TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    due_at TEXT NOT NULL,
    answer TEXT,
    upheld INTEGER CHECK (upheld IN (0, 1)),
    answered_at TEXT,
    answered_by TEXT REFERENCES people (id),
    CHECK ((kind = 'appeal') = (batch_id IS NOT NULL)),
    CHECK ((answer IS NULL) = (answered_at IS NULL))
);
CREATE INDEX policy_cases_due ON policy_cases (answered_at, due_at);
CREATE TABLE face_consents (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id),
    sha256 TEXT NOT NULL,
    statement TEXT NOT NULL CHECK (statement IN ('everyone', 'nobody')),
    wording TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX face_consents_picture ON face_consents (sha256, person_id);
CREATE INDEX ledger_person ON ledger (person_id, kind, at)
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)
