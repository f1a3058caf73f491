"""The images API many programs speak: /v1/images, /v1/models, /v1/moderations."""

from danqing.server.openai import edits, generations, models, moderations, tasks, variations
from danqing.server.parts import Part
from danqing.server.responses import PROBLEMS

router = Part(prefix="/v1", tags=["OpenAI-style"], responses=PROBLEMS)
for part in (generations, edits, variations, tasks, models, moderations):
    router.include_router(part.router)
