"""Danqing 丹青: one sentence becomes a picture, on this machine, labelled as the law asks.

    from danqing import Studio
    Studio().draw("一只熊猫")

Names load on first use: importing the package costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from danqing.errors import (
        DanqingError,
        EngineError,
        InputError,
        NotDeclared,
        NotFound,
        PolicyError,
        ProvenanceError,
        StoreError,
        Unsupported,
    )
    from danqing.picture import Picture, Refused
    from danqing.studio import Studio

_HOMES = {
    "DanqingError": "errors",
    "EngineError": "errors",
    "InputError": "errors",
    "NotDeclared": "errors",
    "NotFound": "errors",
    "Picture": "picture",
    "PolicyError": "errors",
    "ProvenanceError": "errors",
    "Refused": "picture",
    "StoreError": "errors",
    "Studio": "studio",
    "Unsupported": "errors",
}

__all__ = [
    "DanqingError",
    "EngineError",
    "InputError",
    "NotDeclared",
    "NotFound",
    "Picture",
    "PolicyError",
    "ProvenanceError",
    "Refused",
    "StoreError",
    "Studio",
    "Unsupported",
    "__version__",
]


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "__version__":
        from importlib.metadata import version

        return version("danqing")
    if name not in _HOMES:
        raise AttributeError(f"module 'danqing' has no attribute {name!r}")
    return getattr(import_module(f"danqing.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
