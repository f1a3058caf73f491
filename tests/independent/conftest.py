from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from danqing.provenance import Labeller, SigningKeys
from support.pictures import WATERMARK, WHEN


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> SigningKeys:
    # The C2PA library compares certificates with the real time, so these are made now.
    folder: Path = tmp_path_factory.mktemp("home") / "keys"
    return SigningKeys.load_or_create(folder, lambda: datetime.now(UTC))


@pytest.fixture(scope="session")
def labeller(keys: SigningKeys) -> Labeller:
    return Labeller(keys, "Danqing", lambda: WHEN, WATERMARK)
