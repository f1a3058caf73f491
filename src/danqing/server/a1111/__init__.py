"""The API that many bots and plug-ins speak to draw: /sdapi/v1, as `webuiapi` and others call it.

What has a meaning here is done; what has none is answered emptily, in the shape clients expect, so
that none of them falls over on the way.
"""

from danqing.server.a1111 import drawing, empty, extras, options, pnginfo, progress
from danqing.server.parts import Part
from danqing.server.responses import PROBLEMS

router = Part(prefix="/sdapi/v1", tags=["A1111-style"], responses=PROBLEMS)
for part in (drawing, extras, progress, options, pnginfo, empty):
    router.include_router(part.router)
