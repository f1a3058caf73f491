"""Settings, read once at the edge and passed down frozen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs


@dataclass(frozen=True, slots=True)
class Settings:
    """home: where the database, blobs and keys live. content_producer: what the AIGC label names.

    Without a provider code of the operator's own, content_producer is a short ASCII name, never an
    invented 27-character code (TC260-PG-20252A). policy_packs: further rule packs, beside those shipped.
    """

    home: Path
    content_producer: str = "Danqing"
    policy_packs: tuple[Path, ...] = ()
    engine: str = "mini"


def read_settings(environ: Mapping[str, str] = os.environ, home: Path | None = None) -> Settings:
    """Settings from the environment: DANQING_HOME, DANQING_PROVIDER_CODE, DANQING_POLICY (a list of
    files, separated as PATH is), DANQING_ENGINE. `home`, when given, wins."""
    folder = home or Path(
        environ.get("DANQING_HOME") or platformdirs.user_data_dir("danqing", appauthor=False)
    )
    packs = tuple(Path(p) for p in environ.get("DANQING_POLICY", "").split(os.pathsep) if p)
    return Settings(
        home=folder.expanduser(),
        content_producer=environ.get("DANQING_PROVIDER_CODE") or "Danqing",
        policy_packs=packs,
        engine=environ.get("DANQING_ENGINE") or "mini",
    )
