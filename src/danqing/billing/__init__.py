"""Groups, quotas, prices, codes and the account book. Money is an integer in the smallest unit.

Names load on first use, so that importing this package doesn't import SQLAlchemy (0.15 s).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from danqing.billing.desk import Billing
    from danqing.billing.types import BookFault, Group, Price, Quota, Transfer, UsageLine

__all__ = ["Billing", "BookFault", "Group", "Price", "Quota", "Transfer", "UsageLine"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(name)
    from importlib import import_module

    home = "desk" if name == "Billing" else "types"
    return getattr(import_module(f"danqing.billing.{home}"), name)
