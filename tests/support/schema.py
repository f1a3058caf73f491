"""That what migrations make and what queries name are the same tables."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from sqlalchemy import inspect

from danqing.db import Database, tables
from danqing.db.tables import metadata

for file in Path(tables.__file__).parent.glob("*_tables.py"):  # each adds its own to the metadata
    import_module(f"danqing.db.{file.stem}")


def assert_has_the_tables_that_queries_name(database: Database) -> None:
    with database.read() as connection:
        found = inspect(connection)
        for table in metadata.sorted_tables:
            there = {
                (c["name"], str(c["type"]).split()[0], c["nullable"])  # without its collation
                for c in found.get_columns(table.name)
            }
            assert there == {(c.name, str(c.type), c.nullable) for c in table.columns}, table.name
            keys = {(k["constrained_columns"][0], k["referred_table"])
                    for k in found.get_foreign_keys(table.name)}  # fmt: skip
            assert keys == {(k.parent.name, k.column.table.name) for k in table.foreign_keys}
        assert set(found.get_table_names()) == {*metadata.tables, "alembic_version"}
