"""Whose law applies, as data: which duties it brings, and whether this installation meets them.

`open` (the default) asks for nothing and labels all the same; `cn` and `eu` name their duties with
the article each comes from. Not legal advice.
"""

from __future__ import annotations

from danqing.profiles.checks import check_duties, require_duties
from danqing.profiles.duties import Duty, Finding, Status, duties_of, minimum_log_days

__all__ = [
    "Duty",
    "Finding",
    "Status",
    "check_duties",
    "duties_of",
    "minimum_log_days",
    "require_duties",
]
