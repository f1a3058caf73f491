"""Our own API: /api, for the pages and for whoever writes against Danqing itself."""

from danqing.server.api import (
    accounts,
    artworks,
    complaints,
    detecting,
    engines,
    groups,
    jobs,
    keys,
    ledger,
    money,
    packs,
    policy,
    queue,
    real_names,
    session,
    usage,
)
from danqing.server.parts import Part
from danqing.server.responses import PROBLEMS

router = Part(prefix="/api", responses=PROBLEMS)
for part in (
    jobs, artworks, packs, detecting, policy, engines, session, accounts, real_names, keys, money, usage,
    groups, queue, ledger, complaints,
):  # fmt: skip
    router.include_router(part.router)
