from __future__ import annotations

import json
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from danqing.db import Event, open_database
from danqing.db.times import utc_text, utc_time
from danqing.request import canonical_json

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=10,
)
COLUMNS = (
    "kind",
    "batch_id",
    "person_id",
    "at",
    "salt",
    "facts",
    "facts_sha256",
    "prev_hash",
    "hash",
)


@given(values)
def test_canonical_json_comes_back_and_is_one_form(value: object) -> None:
    written = canonical_json(value)
    assert json.loads(written) == value
    assert canonical_json(json.loads(written)) == written


@given(
    st.datetimes(min_value=datetime(1000, 1, 1)),
    st.integers(-14, 14).map(lambda h: timezone(timedelta(hours=h))),
)
def test_times_come_back_and_sort_as_text(moment: datetime, zone: timezone) -> None:
    aware = moment.replace(tzinfo=UTC)
    assert utc_time(utc_text(aware.astimezone(zone))) == aware
    later = aware + timedelta(microseconds=1)
    assert utc_text(aware) < utc_text(later)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_ledger_verifies_until_anything_in_it_changes(data: st.DataObject) -> None:
    facts = data.draw(st.lists(st.dictionaries(text, values, max_size=3), min_size=1, max_size=6))
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(Path(folder))
        with database.write() as connection:
            for n, fact in enumerate(facts):
                event = Event("vote", datetime(2026, 1, 1, tzinfo=UTC), fact, f"b{n}", None)
                database.ledger.append(connection, event)
        with database.read() as connection:
            sound = database.ledger.verify(connection)
        assert (sound.lines, sound.fault) == (len(facts), None)

        seq = data.draw(st.integers(1, len(facts)))
        column = data.draw(st.sampled_from(COLUMNS))
        with closing(sqlite3.connect(database.file)) as raw, raw:
            raw.execute("DROP TRIGGER ledger_no_update")
            (old,) = raw.execute(f"SELECT {column} FROM ledger WHERE seq = ?", (seq,)).fetchone()
            new = data.draw((text | st.integers().map(str)).filter(lambda value: value != old))
            raw.execute(f"UPDATE ledger SET {column} = ? WHERE seq = ?", (new, seq))
        with database.read() as connection:
            broken = database.ledger.verify(connection)
        database.close()
    assert broken.fault is not None
    assert broken.fault.seq == seq
    assert broken.lines == seq - 1
