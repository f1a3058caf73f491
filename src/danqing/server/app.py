"""The whole application: routers, errors, and the frame around them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from anyio import to_thread
from fastapi import FastAPI

from danqing.identity.guests import check_guests
from danqing.server import a1111, api, files, health, oidc, openai, pages, problems
from danqing.server.bodies import MOST_BYTES
from danqing.server.frame import LOOPBACK_NAMES, Frame
from danqing.server.house import House
from danqing.server.proxies import Origins, read_networks
from danqing.server.responses import problem_schemas
from danqing.services import utc_now

if TYPE_CHECKING:
    from fastapi.routing import APIRoute

    from danqing.settings import Settings

THREADS = 24
"""That routes run in. More would only wait for the database, which hands out fewer connections."""
_TITLE = "Danqing 丹青"
_ABOUT = (
    "One sentence in Chinese or English becomes a picture, labelled as the law asks. Without an "
    "account everything is one person's own, at this machine alone; with accounts, send "
    "`Authorization: Bearer dq_…`. Errors have one shape: "
    '`{"error": {"code", "message", "hint", "request_id"}}`.'
)


def create_app(settings: Settings, *, clock: Callable[[], datetime] = utc_now) -> FastAPI:
    """The application over the home of these settings; it opens when the server starts.

    Raises InputError for a placeholder secret, a network or a table of regions that isn't one, for
    guests where real names are asked for; StoreError.
    """
    check_guests(settings)
    house = House(settings, clock=clock)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        await to_thread.run_sync(house.open)
        if hasattr(app.state, "on_ready"):
            app.state.on_ready()
        try:
            yield
        finally:
            await to_thread.run_sync(house.close)

    app = FastAPI(
        title=_TITLE,
        version=version("danqing"),
        description=_ABOUT,
        lifespan=lifespan,
        docs_url=None,  # their scripts come from elsewhere; /openapi.json is all there is to know
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        form_limits={"max_files": 4, "max_fields": 64, "max_part_size": MOST_BYTES},
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.house = house
    app.add_middleware(
        Frame,
        origins=_origins(settings),
        hosts=_hosts(settings, house),
        metrics=house.metrics,
        new_id=house.services.new_id,
    )
    problems.install(app)
    for router in (
        openai.router, a1111.router, api.router, oidc.router, files.router, health.router,
        pages.router,
    ):  # fmt: skip
        app.include_router(router)
    app.mount("/static", pages.static_files())
    _complete(app)
    return app


def _origins(settings: Settings) -> Origins:
    server, regions = settings.server, None
    if server.region_table is not None:
        from danqing.server.regions import read_regions

        regions = read_regions(server.region_table)
    return Origins(read_networks(server.trusted_proxies), server.region_header, regions)


def _hosts(settings: Settings, house: House) -> frozenset[str] | None:
    """The names we answer to. With a public URL its own; alone at this machine, this machine's; else
    any, since a cookie belongs to the name it was given under."""
    server = settings.server
    if server.public_url is not None:
        return LOOPBACK_NAMES | {urlsplit(server.public_url).hostname or ""}
    if server.host in LOOPBACK_NAMES and not house.has_accounts():
        return LOOPBACK_NAMES
    return None


def _operation_id(route: APIRoute) -> str:
    """`post_v1_images_generations`: stable, and telling."""
    method = min(route.methods or {"get"}).lower()
    return re.sub(r"\W+", "_", f"{method}{route.path_format}").strip("_")


def _complete(app: FastAPI) -> None:
    """Says in the OpenAPI document how to come in, what an error looks like, and gives examples."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            from danqing.server.examples import add_examples

            document = plain()
            document["components"]["securitySchemes"] = {
                "key": {"type": "http", "scheme": "bearer"},
                "password": {"type": "http", "scheme": "basic"},
            }
            document["components"]["schemas"] |= problem_schemas()
            document["security"] = [{}, {"key": []}, {"password": []}]
            add_examples(document)
        return app.openapi_schema or {}

    app.openapi = described  # type: ignore[method-assign]  # how FastAPI says it is done
