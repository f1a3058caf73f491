"""Bringing a database to the schema this version knows. Alembic is imported when there is work."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, text

from danqing.errors import StoreError

HEAD = "2026_11_26_guests"
_FOLDER = Path(__file__).parent / "migrations"
_HAS_REVISION = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'",
    "postgresql": "SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL",
}


def revision_of(connection: Connection) -> str | None:
    """The revision a database is at, or None for an empty one."""
    if connection.execute(text(_HAS_REVISION[connection.dialect.name])).first() is None:
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return None if row is None else str(row[0])


def upgrade(connection: Connection, place: Path | str) -> None:
    """Applies what is missing, in the transaction that is open on the connection.

    Raises StoreError for a database of a later version.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError("store.newer_database", file=place) from error
