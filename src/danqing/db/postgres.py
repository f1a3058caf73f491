"""PostgreSQL, by one URL, for a team (extra `[postgres]`). Transactions keep the promises they make
on SQLite: one consistent view to a reader, and a writer alone unless it says that it need not be.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from danqing.db.transactions import BUSY_TIMEOUT_S, transaction_of
from danqing.errors import StoreError

# Any number will do, so long as every version of Danqing takes the same one.
_WRITERS_LOCK = 0x64616E71696E67
_CONNECTIONS, _MORE_AT_PEAK = 8, 24


def postgres_engine(url: str) -> Engine:
    """An engine for `postgresql://user@host/database` (the driver is always psycopg 3).

    Raises StoreError when it isn't such a URL or the driver isn't installed. Connects to nothing.
    """
    try:
        address = make_url(url)
        if address.get_backend_name() != "postgresql" or not address.database:
            raise StoreError("store.bad_url", scheme=address.drivername)
        engine = create_engine(
            address.set(drivername="postgresql+psycopg"),
            connect_args={"connect_timeout": 10, "application_name": "danqing"},
            pool_size=_CONNECTIONS,
            max_overflow=_MORE_AT_PEAK,
            pool_pre_ping=True,  # a server that was restarted is no error to whoever asks next
        )
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StoreError("store.bad_url", scheme=url.partition(":")[0]) from error
    except ModuleNotFoundError as error:
        raise StoreError("store.no_driver", extra="postgres") from error
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    asked = transaction_of(connection)
    if not asked.write:
        # Several queries make one answer; without this each would see another moment.
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return
    # READ COMMITTED: a view fixed by the first statement would be from before its turn came.
    first = [
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE",
        f"SET LOCAL synchronous_commit = {'on' if asked.lasting else 'off'}",
        f"SET LOCAL lock_timeout = '{BUSY_TIMEOUT_S:.0f}s'",
    ]
    if asked.alone:
        first.append(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})")
    connection.exec_driver_sql("; ".join(first))
