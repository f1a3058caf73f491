"""People, the ledger, batches and artworks.

Statements are frozen here: a migration that called our own code would change meaning with it.
"""

from alembic import op

revision = "2026_11_22_first"
down_revision = None

TABLES = """
CREATE TABLE people (
    id TEXT NOT NULL PRIMARY KEY,
    created_at TEXT NOT NULL,
    local INTEGER NOT NULL CHECK (local IN (0, 1))
);
CREATE UNIQUE INDEX people_one_local ON people (local) WHERE local = 1;

CREATE TABLE ledger (
    seq INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    batch_id TEXT,
    person_id TEXT,
    at TEXT NOT NULL,
    salt TEXT NOT NULL,
    facts TEXT NOT NULL,
    facts_sha256 TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX ledger_batch ON ledger (batch_id, kind);
CREATE TABLE ledger_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    seal TEXT NOT NULL
);

CREATE TABLE batches (
    id TEXT NOT NULL PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id),
    asked_at TEXT NOT NULL,
    prompt TEXT NOT NULL,
    folded TEXT NOT NULL,
    language TEXT NOT NULL,
    request TEXT NOT NULL,
    request_sha256 TEXT NOT NULL
);
CREATE TABLE open_batches (
    batch_id TEXT NOT NULL PRIMARY KEY REFERENCES batches (id),
    holder TEXT NOT NULL
);
CREATE TABLE releases (
    id TEXT NOT NULL PRIMARY KEY,
    batch_id TEXT NOT NULL REFERENCES batches (id),
    created_at TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    produce_id TEXT NOT NULL,
    exported TEXT
);
CREATE INDEX releases_sha256 ON releases (sha256);
CREATE INDEX releases_produce_id ON releases (produce_id);
CREATE TABLE artworks (
    id TEXT NOT NULL PRIMARY KEY REFERENCES releases (id),
    batch_id TEXT NOT NULL REFERENCES batches (id),
    position INTEGER NOT NULL,
    engine TEXT NOT NULL,
    engine_version TEXT NOT NULL,
    seed BIGINT NOT NULL,
    width_px INTEGER NOT NULL,
    height_px INTEGER NOT NULL,
    ignored TEXT NOT NULL,
    master_sha256 TEXT NOT NULL,
    master_pixels_sha256 TEXT NOT NULL,
    UNIQUE (batch_id, position)
);
CREATE INDEX artworks_master ON artworks (master_sha256);
CREATE TABLE pending_releases (
    id TEXT NOT NULL PRIMARY KEY,
    batch_id TEXT NOT NULL REFERENCES open_batches (batch_id),
    sha256 TEXT NOT NULL,
    master_sha256 TEXT,
    part TEXT,
    wanted TEXT
);
CREATE INDEX pending_releases_batch ON pending_releases (batch_id);

CREATE TABLE prompt_grams (
    gram TEXT NOT NULL,
    batch_id TEXT NOT NULL REFERENCES batches (id),
    PRIMARY KEY (gram, batch_id)
)
"""

# Mistakes and casual edits stop here; the hash chain is what finds the rest.
APPEND_ONLY_SQLITE = (
    """CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER ledger_head_no_delete BEFORE DELETE ON ledger_head
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
)

APPEND_ONLY_POSTGRES = (
    """CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$""",
    """CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()""",
    """CREATE TRIGGER ledger_head_no_delete BEFORE DELETE OR TRUNCATE ON ledger_head
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()""",
)
# Search looks for what begins with a word by comparing characters, whatever the server's language.
BY_CHARACTER = """ALTER TABLE prompt_grams ALTER COLUMN gram TYPE TEXT COLLATE "C" """


def upgrade() -> None:
    for statement in TABLES.split(";"):
        op.execute(statement)
    if op.get_bind().dialect.name == "postgresql":
        for statement in (*APPEND_ONLY_POSTGRES, BY_CHARACTER):
            op.execute(statement)
    else:
        for statement in APPEND_ONLY_SQLITE:
            op.execute(statement)
