"""Answers of /sdapi/v1, as webuiapi reads them."""

from __future__ import annotations

import json
from typing import Any

from danqing.server.a1111.empty import LISTS, NOTHING_TO_DO
from danqing.server.examples import story

_TEXT = (
    f"{story.PROMPT}\nSeed: {story.SEED}, Size: 512x512, Sampler: Danqing, Model: mini, "
    f"Model hash: {story.ENGINE_VERSION}, Artwork: {story.ARTWORK}, Version: danqing"
)
_INFO = {
    "prompt": story.PROMPT, "all_prompts": [story.PROMPT], "negative_prompt": "",
    "seed": story.SEED, "all_seeds": [story.SEED], "width": 512, "height": 512,
    "sampler_name": "Danqing", "sd_model_name": "mini", "sd_model_hash": story.ENGINE_VERSION,
    "infotexts": [_TEXT], "job_timestamp": "20261120093006", "version": "danqing",
}  # fmt: skip
_OPTIONS: dict[str, Any] = {
    "sd_model_checkpoint": "mini", "sd_checkpoint_hash": story.FILE_SHA256, "sd_vae": "Automatic",
    "CLIP_stop_at_last_layers": 1, "samples_format": "png", "samples_save": False,
    "grid_save": False, "enable_pnginfo": False, "return_grid": False,
    "show_progress_every_n_steps": -1,
}  # fmt: skip
_STATE: dict[str, Any] = {
    "skipped": False, "interrupted": False, "stopping_generation": False, "job": story.JOB,
    "job_count": 1, "job_timestamp": "20261120093004", "job_no": 0, "sampling_step": 5,
    "sampling_steps": 20,
}  # fmt: skip

ANSWERS: dict[str, Any] = {
    "Drawn": {
        "images": [story.PNG],
        "parameters": {"prompt": story.PROMPT, "negative_prompt": "", "seed": -1, "width": 512,
                       "height": 512, "batch_size": 1, "n_iter": 1},
        "info": json.dumps(_INFO, ensure_ascii=False),
    },
    "ExtraOne": {"image": story.PNG, "html_info": ""},
    "ExtraMany": {"images": [story.PNG], "html_info": ""},
    "Progress": {"progress": 0.25, "eta_relative": 1.9, "state": _STATE, "current_image": None,
                 "textinfo": None},
    "PngInfo": {
        "info": _TEXT,
        "items": {"parameters": _TEXT, "AIGC.Label": "1", "AIGC.ContentProducer": "Danqing",
                  "AIGC.ProduceID": story.ARTWORK},
        "parameters": {"ai_generated": True},
    },
    "Caption": {"caption": story.PROMPT},
    "SdModel": {"title": "mini", "model_name": "mini", "hash": story.FILE_SHA256[:10],
                "sha256": story.FILE_SHA256, "filename": "mini", "config": None},
    "Sampler": {"name": "Danqing", "aliases": ["Euler", "Euler a"], "options": {}},
    "Scheduler": {"name": "automatic", "label": "Automatic", "aliases": None, "default_rho": -1.0,
                  "need_inner_model": False},
    "Upscaler": {"name": "Lanczos", "model_name": None, "model_path": None, "model_url": None,
                 "scale": 4.0},
    "get /sdapi/v1/prompt-styles 200": [],
    "get /sdapi/v1/options 200": _OPTIONS,
    "post /sdapi/v1/options 200": None,
    "post /sdapi/v1/interrupt 200": {},
    "post /sdapi/v1/skip 200": {},
    "get /sdapi/v1/latent-upscale-modes 200": [{"name": "None"}],
    "get /sdapi/v1/embeddings 200": {"loaded": {}, "skipped": {}},
    "get /sdapi/v1/scripts 200": {"txt2img": [], "img2img": []},
    "get /sdapi/v1/script-info 200": [],
    "get /sdapi/v1/cmd-flags 200": {"api": True, "nowebui": True, "ckpt": None, "share": False,
                                    "listen": False},
    "get /sdapi/v1/memory 200": {
        "ram": {"free": 5_368_709_120, "used": 2_684_354_560, "total": 8_053_063_680},
        "cuda": {"error": "unavailable"},
        "disk": {"free": 79_485_652_992, "total": 270_553_174_016},
    },
    **{f"get /sdapi/v1/{name} 200": [] for name in LISTS},
    **{f"post /sdapi/v1/{name} 200": {} for name in NOTHING_TO_DO},
}  # fmt: skip
