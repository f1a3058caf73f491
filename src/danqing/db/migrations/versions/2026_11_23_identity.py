"""Accounts, keys, real names, disclosures, agreements and grants."""

from alembic import op

revision = "2026_11_23_identity"
down_revision = "2026_11_23_uploads"

TABLES = """
CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY REFERENCES people (id),
    login TEXT,
    login_folded TEXT UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('user', 'reviewer', 'operator', 'owner')),
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'erased')),
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL REFERENCES people (id),
    password_hash TEXT,
    password_set_by TEXT REFERENCES people (id),
    sessions_from TEXT NOT NULL,
    erased_at TEXT,
    keep_until TEXT,
    CHECK ((status = 'erased') = (login IS NULL))
);
CREATE TABLE api_keys (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    prefix TEXT NOT NULL UNIQUE,
    token_sha256 TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('user', 'reviewer', 'operator', 'owner')),
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL REFERENCES people (id),
    expires_at TEXT,
    revoked_at TEXT,
    last_used_at TEXT
);
CREATE INDEX api_keys_account ON api_keys (account_id);
CREATE TABLE oidc_links (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    linked_at TEXT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX oidc_links_account ON oidc_links (account_id);
CREATE TABLE failed_attempts (
    subject TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at TEXT NOT NULL,
    blocked_until TEXT NOT NULL
);
CREATE INDEX failed_attempts_last ON failed_attempts (last_at);
CREATE TABLE sealed (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('real-name', 'phone', 'grant')),
    key_id TEXT NOT NULL,
    box TEXT NOT NULL
);
CREATE INDEX sealed_person ON sealed (person_id);
CREATE INDEX sealed_key ON sealed (key_id);
CREATE TABLE real_names (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES people (id),
    sealed_id TEXT NOT NULL REFERENCES sealed (id),
    provider TEXT NOT NULL,
    kind TEXT NOT NULL,
    number_index TEXT NOT NULL,
    proved_at TEXT NOT NULL,
    proved_by TEXT REFERENCES people (id)
);
CREATE INDEX real_names_number ON real_names (number_index);
CREATE TABLE sms_challenges (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES people (id),
    sealed_id TEXT NOT NULL REFERENCES sealed (id),
    number_index TEXT NOT NULL,
    code_hmac TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    tries INTEGER NOT NULL,
    sent_today INTEGER NOT NULL,
    day TEXT NOT NULL
);
CREATE INDEX sms_challenges_number ON sms_challenges (number_index, day);
CREATE TABLE disclosures (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id),
    case_number TEXT NOT NULL,
    asked_by TEXT NOT NULL REFERENCES people (id),
    asked_at TEXT NOT NULL,
    decided_by TEXT REFERENCES people (id),
    decided_at TEXT,
    approved INTEGER CHECK (approved IN (0, 1)),
    shown_at TEXT,
    CHECK (decided_by IS NULL OR decided_by <> asked_by)
);
CREATE TABLE agreements (
    sha256 TEXT NOT NULL PRIMARY KEY,
    version TEXT NOT NULL,
    text TEXT NOT NULL,
    first_at TEXT NOT NULL
);
CREATE TABLE grants (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id),
    pictures INTEGER NOT NULL CHECK (pictures > 0),
    agreement_sha256 TEXT NOT NULL REFERENCES agreements (sha256),
    sealed_id TEXT NOT NULL REFERENCES sealed (id),
    recipient_index TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    decided_by TEXT REFERENCES people (id),
    decided_at TEXT,
    given INTEGER CHECK (given IN (0, 1)),
    until TEXT
);
CREATE INDEX grants_person ON grants (person_id);
CREATE TABLE grant_uses (
    artwork_id TEXT NOT NULL PRIMARY KEY REFERENCES releases (id),
    grant_id TEXT NOT NULL REFERENCES grants (id),
    at TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    produce_id TEXT NOT NULL
);
CREATE INDEX grant_uses_grant ON grant_uses (grant_id)
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)
