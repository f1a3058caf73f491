"""What of an error goes with a failed job, to be told to whoever asked."""

from __future__ import annotations

import json
from pathlib import Path

from danqing.errors import EngineError, StoreError
from danqing.jobs.in_hand import MAX_FACT_CHARACTERS, facts_to_tell


def test_the_facts_of_its_sentence_are_kept() -> None:
    told = facts_to_tell(EngineError("engine.mode", name="test-card", count=3))
    assert told is not None
    assert json.loads(told) == {"name": "test-card", "count": 3}
    assert facts_to_tell(EngineError("engine.nothing_to_draw")) is None


def test_what_somebody_elses_code_said_is_not() -> None:
    """It may name a folder of this machine, or repeat a sentence."""
    problem = EngineError("engine.failed", name="x", problem="/srv/secret 一句话")
    problem.__cause__ = RuntimeError("/srv/secret 一句话")
    told = facts_to_tell(problem)
    assert told is not None
    assert json.loads(told) == {"name": "x", "problem": "RuntimeError"}


def test_of_a_file_its_name_alone() -> None:
    told = facts_to_tell(StoreError("store.unwritable", file=Path("/srv/secret/danqing.db")))
    assert told == '{"file":"danqing.db"}'
    long = facts_to_tell(StoreError("store.unwritable", reason="x" * 5_000))
    assert long is not None
    assert len(json.loads(long)["reason"]) == MAX_FACT_CHARACTERS


def test_what_nobody_foresaw_says_nothing_of_itself() -> None:
    assert facts_to_tell(RuntimeError("/srv/secret")) is None
