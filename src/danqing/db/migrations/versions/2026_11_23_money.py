"""Groups, quotas, codes and the account book."""

from alembic import op

revision = "2026_11_23_money"
down_revision = "2026_11_23_jobs"

TABLES = """
CREATE TABLE person_groups (
    name TEXT NOT NULL PRIMARY KEY,
    weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 1000),
    price_percent INTEGER NOT NULL CHECK (price_percent >= 0),
    highest_priority INTEGER NOT NULL,
    person_pictures_per_day INTEGER,
    person_pictures_waiting INTEGER,
    group_pictures_per_day INTEGER
);
INSERT INTO person_groups VALUES ('local', 4, 100, 1, NULL, NULL, NULL);
INSERT INTO person_groups VALUES ('member', 2, 100, 0, 2000, 400, NULL);
INSERT INTO person_groups VALUES ('guest', 1, 100, -1, 40, 8, 2000);

CREATE TABLE group_members (
    person_id TEXT NOT NULL PRIMARY KEY REFERENCES people (id),
    group_name TEXT NOT NULL REFERENCES person_groups (name)
);

CREATE TABLE quotas (
    kind TEXT NOT NULL CHECK (kind IN ('person', 'key')),
    subject TEXT NOT NULL,
    pictures_per_day INTEGER,
    pictures_waiting INTEGER,
    PRIMARY KEY (kind, subject)
);

CREATE TABLE quota_use (
    kind TEXT NOT NULL CHECK (kind IN ('person', 'key', 'group')),
    subject TEXT NOT NULL,
    hour TEXT NOT NULL,
    pictures INTEGER NOT NULL CHECK (pictures >= 0),
    PRIMARY KEY (kind, subject, hour)
);
CREATE INDEX quota_use_hours ON quota_use (hour);

CREATE TABLE prices (
    engine TEXT NOT NULL PRIMARY KEY,
    per_picture_minor BIGINT NOT NULL CHECK (per_picture_minor >= 0),
    per_core_hour_minor BIGINT NOT NULL CHECK (per_core_hour_minor >= 0)
);

CREATE TABLE book (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    currency TEXT NOT NULL
);
INSERT INTO book VALUES (1, 'CNY');

CREATE TABLE book_accounts (
    name TEXT NOT NULL PRIMARY KEY,
    may_owe INTEGER NOT NULL CHECK (may_owe IN (0, 1)),
    balance_minor BIGINT NOT NULL,
    CHECK (may_owe = 1 OR balance_minor >= 0)
);

CREATE TABLE book_transfers (
    id TEXT NOT NULL PRIMARY KEY,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    UNIQUE (kind, reference)
);

CREATE TABLE book_lines (
    transfer_id TEXT NOT NULL REFERENCES book_transfers (id),
    account TEXT NOT NULL REFERENCES book_accounts (name),
    amount_minor BIGINT NOT NULL CHECK (amount_minor <> 0),
    PRIMARY KEY (transfer_id, account)
);
CREATE INDEX book_lines_account ON book_lines (account, transfer_id);

CREATE TABLE redeem_codes (
    code_sha256 TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    value_minor BIGINT NOT NULL CHECK (value_minor >= 0),
    group_name TEXT REFERENCES person_groups (name),
    made_at TEXT NOT NULL,
    expires_at TEXT,
    redeemed_at TEXT,
    redeemed_by TEXT REFERENCES people (id)
);

CREATE TABLE usage_lines (
    job_id TEXT NOT NULL PRIMARY KEY REFERENCES batches (id),
    at TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES people (id),
    key_id TEXT,
    group_name TEXT NOT NULL,
    engine TEXT NOT NULL,
    pictures INTEGER NOT NULL,
    core_ms BIGINT NOT NULL,
    charged_minor BIGINT NOT NULL
);
CREATE INDEX usage_lines_at ON usage_lines (at);
CREATE INDEX usage_lines_person ON usage_lines (person_id, at)
"""


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)
