"""The routes of /sdapi/v1 that have no meaning here, answered emptily in the shape clients expect."""

from __future__ import annotations

import os
import shutil
from typing import Any

from fastapi import APIRouter

from danqing.server.caller import CallerDep, GuestDep
from danqing.server.house import HouseDep

router = APIRouter()
LISTS = (
    "hypernetworks", "face-restorers", "realesrgan-models", "artist-categories", "artists", "loras",
    "sd-vae", "extensions",
)  # fmt: skip
NOTHING_TO_DO = (
    "refresh-checkpoints", "refresh-vae", "refresh-loras", "unload-checkpoint", "reload-checkpoint",
    "create/embedding", "create/hypernetwork", "train/embedding", "train/hypernetwork",
)  # fmt: skip


def _nothing(caller: GuestDep) -> list[dict[str, Any]]:  # noqa: ARG001 - to be let in
    return []


def _done(caller: GuestDep) -> dict[str, Any]:  # noqa: ARG001
    return {}


for name in LISTS:
    router.add_api_route(
        f"/{name}", _nothing, methods=["GET"], name=name, summary="There are none",
        operation_id=f"sdapi_{name.replace('-', '_')}",
    )  # fmt: skip
for name in NOTHING_TO_DO:
    router.add_api_route(
        f"/{name}", _done, methods=["POST"], name=name, summary="There is nothing to do",
        operation_id=f"sdapi_{name.replace('-', '_').replace('/', '_')}",
    )  # fmt: skip


@router.get("/latent-upscale-modes", summary="There is one")
def latent_upscale_modes(caller: GuestDep) -> list[dict[str, str]]:  # noqa: ARG001
    return [{"name": "None"}]


@router.get("/embeddings", summary="There are none")
def embeddings(caller: GuestDep) -> dict[str, dict[str, Any]]:  # noqa: ARG001
    return {"loaded": {}, "skipped": {}}


@router.get("/scripts", summary="There are none")
def scripts(caller: GuestDep) -> dict[str, list[str]]:  # noqa: ARG001
    return {"txt2img": [], "img2img": []}


@router.get("/script-info", summary="There are none")
def script_info(caller: GuestDep) -> list[dict[str, Any]]:  # noqa: ARG001
    return []


@router.get("/cmd-flags", summary="None that a client may know")
def cmd_flags(caller: GuestDep) -> dict[str, Any]:  # noqa: ARG001
    return {"api": True, "nowebui": True, "ckpt": None, "share": False, "listen": False}


@router.get("/memory", summary="Memory of the machine; there is no graphics card")
def memory(house: HouseDep, caller: CallerDep) -> dict[str, Any]:  # noqa: ARG001
    """In bytes, as far as the system tells."""
    total = free = 0
    if hasattr(os, "sysconf"):
        page = os.sysconf("SC_PAGE_SIZE")
        total = os.sysconf("SC_PHYS_PAGES") * page
        free = os.sysconf("SC_AVPHYS_PAGES") * page
    disk = shutil.disk_usage(house.settings.home)
    return {
        "ram": {"free": free, "used": max(0, total - free), "total": total},
        "cuda": {"error": "unavailable"},
        "disk": {"free": disk.free, "total": disk.total},
    }
