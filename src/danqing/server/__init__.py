"""The studio over HTTP: `danqing serve`. Routes parse and show; everything goes through jobs and flow.

    app = create_app(read_settings())        # an ASGI application

Names load on first use: nothing here is imported to draw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from danqing.server.app import create_app
    from danqing.server.serving import check_binding, serve

_HOMES = {"create_app": "app", "check_binding": "serving", "serve": "serving"}

__all__ = ["check_binding", "create_app", "serve"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"danqing.server.{_HOMES[name]}"), name)
