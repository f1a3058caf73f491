"""Every engine in the package keeps the contract that plugin authors run."""

from __future__ import annotations

from importlib.resources import files

import pytest

from danqing.engines import list_engines, load_engine
from danqing.engines.testing import EngineContract
from danqing.errors import EngineUnavailable

WEIGHTS = files("danqing.engines.mini") / "weights" / "mini.json"


class TestTheTestCard(EngineContract):
    name = "test-card"


@pytest.mark.skipif(not WEIGHTS.is_file(), reason="the embedded model's weights aren't here yet")
class TestMini(EngineContract):
    name = "mini"


def test_all_engines_of_the_package_are_under_contract() -> None:
    ours = {entry.name for entry in list_engines() if entry.package == "danqing"}
    assert ours == {TestTheTestCard.name, TestMini.name}


def test_an_unknown_engine_names_those_there_are() -> None:
    with pytest.raises(EngineUnavailable) as caught:
        load_engine("nope")
    assert "test-card" in str(caught.value.facts["known"])
