"""What retention forgets: a line may lose its salt and facts together, and nothing else of it.

`db.retention` writes a line that says so; a line emptied without one is found by `ledger verify`.
"""

from alembic import op

revision = "2026_11_23_ledger"
down_revision = "2026_11_23_identity"

_SAME = ("seq", "kind", "batch_id", "person_id", "at", "facts_sha256", "prev_hash", "hash")

SQLITE = (
    "DROP TRIGGER ledger_no_update",
    f"""CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
    WHEN NOT (NEW.salt = '' AND NEW.facts = ''
              AND {" AND ".join(f"NEW.{c} IS OLD.{c}" for c in _SAME)})
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
)
POSTGRES = (
    "DROP TRIGGER ledger_no_change ON ledger",
    """CREATE TRIGGER ledger_no_delete BEFORE DELETE OR TRUNCATE ON ledger
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()""",
    f"""CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger FOR EACH ROW
    WHEN (NOT (NEW.salt = '' AND NEW.facts = ''
               AND {" AND ".join(f"NEW.{c} IS NOT DISTINCT FROM OLD.{c}" for c in _SAME)}))
    EXECUTE FUNCTION ledger_is_append_only()""",
)


def upgrade() -> None:
    for statement in POSTGRES if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)
