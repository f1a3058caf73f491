"""Answers of /v1, as OpenAI's clients read them."""

from __future__ import annotations

from typing import Any

from danqing.server.examples import story

_CREATED = int(story.ASKED.timestamp())
_CATEGORIES = (
    "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit",
    "illicit/violent", "self-harm", "self-harm/intent", "self-harm/instructions", "sexual",
    "sexual/minors", "violence", "violence/graphic",
)  # fmt: skip
IMAGES: dict[str, Any] = {
    "created": _CREATED,
    "data": [
        {
            "url": story.LINK,
            "revised_prompt": "吃、竹子、熊猫",
            "id": story.ARTWORK,
            "seed": story.SEED,
        }
    ],
    "background": "opaque",
    "output_format": "png",
    "size": "512x512",
    "quality": "high",
    "usage": {
        "input_tokens": 0,
        "input_tokens_details": {"image_tokens": 0, "text_tokens": 0},
        "output_tokens": 0,
        "total_tokens": 0,
        "core_s": 4.6,
    },
    "id": story.JOB,
    "notes": ["这里没有“dall-e-3”，这幅图由 mini 绘制。"],
}
_TASK: dict[str, Any] = {
    "id": story.JOB,
    "object": "generation.task",
    "created": _CREATED,
    "model": "mini",
    "notes": [],
    "error": None,
}
WAITING: dict[str, Any] = _TASK | {
    "status": "queued", "progress": 0, "place": 3, "remaining_s": 7.8, "result": None,
}  # fmt: skip
_MODEL: dict[str, Any] = {
    "id": "mini", "object": "model", "created": 1_790_000_000, "owned_by": "danqing",
    "default": True,
}  # fmt: skip

ANSWERS: dict[str, Any] = {
    "ImagesAnswer": IMAGES,
    "Task": _TASK
    | {"status": "completed", "progress": 100, "place": None, "remaining_s": None,
       "result": IMAGES},
    "post /v1/images/generations 202": WAITING,
    "post /v1/images/edits 202": WAITING,
    "post /v1/images/variations 202": WAITING,
    "post /v1/images/generations/{task_id}/cancel 200": WAITING
    | {"status": "cancelled", "place": None, "remaining_s": None},
    "Model": _MODEL,
    "Models": {"object": "list", "data": [_MODEL]},
    "Moderation": {
        "id": f"modr-{story.REQUEST}",
        "model": "danqing-rules",
        "results": [
            {
                "flagged": False,
                "categories": dict.fromkeys(_CATEGORIES, False),
                "category_scores": dict.fromkeys(_CATEGORIES, 0.0),
                "category_applied_input_types": {name: [] for name in _CATEGORIES},
                "reasons": [],
            }
        ],
    },
}  # fmt: skip
