"""The `info` of an answer, and the text lines of it: what was drawn, truthfully.

What A1111 has and Danqing has not (a negative prompt, a sampler of one's choice) is given as asked in
`parameters`; here stands what was really done.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from danqing.server.a1111.shapes import DrawingRequest
    from danqing.server.outcomes import Outcome
    from danqing.store import Stored

SAMPLER, SCHEDULER = "Danqing", "Automatic"


def info(asked: DrawingRequest, outcome: Outcome, notes: list[str]) -> str:
    """A JSON text with the members A1111's has, and ours under `danqing`."""
    pictures = outcome.pictures
    first = pictures[0]
    return json.dumps(
        {
            "prompt": first.prompt,
            "all_prompts": [artwork.prompt for artwork in pictures],
            "negative_prompt": asked.negative_prompt or "",
            "all_negative_prompts": [asked.negative_prompt or ""] * len(pictures),
            "seed": first.seed,
            "all_seeds": [artwork.seed for artwork in pictures],
            "subseed": first.seed,
            "all_subseeds": [artwork.seed for artwork in pictures],
            "subseed_strength": 0,
            "width": first.width_px,
            "height": first.height_px,
            "sampler_name": SAMPLER,
            "cfg_scale": asked.cfg_scale,
            "steps": asked.steps,
            "batch_size": asked.batch_size or 1,
            "restore_faces": False,
            "face_restoration_model": None,
            "sd_model_name": first.engine,
            "sd_model_hash": first.engine_version,
            "sd_vae_name": None,
            "sd_vae_hash": None,
            "seed_resize_from_w": -1,
            "seed_resize_from_h": -1,
            "denoising_strength": first.request.strength,
            "extra_generation_params": {},
            "index_of_first_image": 0,
            "infotexts": [parameters_text(artwork) for artwork in pictures],
            "styles": [artwork.request.style for artwork in pictures if artwork.request.style],
            "job_timestamp": f"{first.created_at:%Y%m%d%H%M%S}",
            "clip_skip": 1,
            "is_using_inpainting_conditioning": False,
            "version": "danqing",
            "danqing": _ours(pictures, outcome, notes),
        },
        ensure_ascii=False,
    )


def parameters_text(artwork: Stored) -> str:
    """The lines that A1111 calls infotext: the sentence, then what it was drawn with."""
    facts: dict[str, Any] = {
        "Seed": artwork.seed,
        "Size": f"{artwork.width_px}x{artwork.height_px}",
        "Sampler": SAMPLER,
        "Model": artwork.engine,
        "Model hash": artwork.engine_version,
        "Denoising strength": artwork.request.strength,
        "Artwork": artwork.id,
        "Version": "danqing",
    }
    told = ", ".join(f"{name}: {value}" for name, value in facts.items() if value is not None)
    return f"{artwork.prompt}\n{told}"


def _ours(pictures: tuple[Stored, ...], outcome: Outcome, notes: list[str]) -> dict[str, Any]:
    return {
        "artworks": [artwork.id for artwork in pictures],
        "job": outcome.job.id,
        "core_s": round(outcome.job.core_s, 3),
        "ignored": [[ignored.what for ignored in artwork.ignored] for artwork in pictures],
        "withheld": outcome.job.pictures - len(pictures),
        "notes": notes,
        "ai_generated": True,
    }
