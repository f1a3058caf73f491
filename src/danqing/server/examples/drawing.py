"""Jobs, artworks, packs; what a file says of itself; engines; the rules tried out."""

from __future__ import annotations

from typing import Any

from danqing.server.examples import story

ARTWORK: dict[str, Any] = {
    "id": story.ARTWORK,
    "pack_id": story.JOB,
    "prompt": story.PROMPT,
    "language": "zh-Hans",
    "created_at": story.DRAWN_AT,
    "engine": "mini",
    "engine_version": story.ENGINE_VERSION,
    "seed": story.SEED,
    "width_px": 512,
    "height_px": 512,
    "style": None,
    "transparent": False,
    "media_type": "image/png",
    "size_bytes": 148_231,
    "sha256": story.FILE_SHA256,
    "produce_id": story.ARTWORK,
    "ai_generated": True,
    "sources": [],
    "understood": [
        {"text": "一只", "start": 0, "end": 2, "meaning": "count:1", "name": "一只"},
        {"text": "吃", "start": 2, "end": 3, "meaning": "relation:eating", "name": "吃"},
        {"text": "竹子", "start": 3, "end": 5, "meaning": "bamboo", "name": "竹子"},
        {"text": "熊猫", "start": 6, "end": 8, "meaning": "panda", "name": "熊猫"},
    ],
    "unknown": [],
    "ignored": [],
    "url": story.LINK,
}
_JOB: dict[str, Any] = {
    "id": story.JOB,
    "object": "job",
    "engine": "mini",
    "pictures": 1,
    "cancel_asked": False,
    "grant": None,
    "quoted_minor": 8,
    "submitted_at": story.ASKED_AT,
    "problem": None,
    "reasons": [],
    "notes": [],
}
WAITING: dict[str, Any] = _JOB | {
    "state": "queued",
    "drawn": 0,
    "progress": 0.0,
    "place": 3,
    "wait_s": 5.2,
    "remaining_s": 7.8,
    "core_s": 0.0,
    "charged_minor": None,
    "started_at": None,
    "ended_at": None,
    "artworks": [],
}
DONE: dict[str, Any] = _JOB | {
    "state": "done",
    "drawn": 1,
    "progress": 1.0,
    "place": None,
    "wait_s": None,
    "remaining_s": None,
    "core_s": 4.6,
    "charged_minor": 4,
    "started_at": story.BEGUN_AT,
    "ended_at": story.DRAWN_AT,
    "artworks": [ARTWORK],
}
CANCELLED: dict[str, Any] = WAITING | {
    "state": "cancelled",
    "place": None,
    "wait_s": None,
    "remaining_s": None,
    "charged_minor": 0,
    "ended_at": "2026-11-20T09:30:05.120000Z",
}
_FINDINGS: dict[str, Any] = {
    "media_type": "image/png",
    "size_bytes": 148_231,
    "sha256": story.FILE_SHA256,
    "labels": [
        {
            "place": "xmp:element",
            "namespace": "http://www.tc260.org.cn/ns/AIGC/1.0/",
            "wrapped": False,
            "fields": [["Label", "1"], ["ContentProducer", "Danqing"],
                       ["ProduceID", story.ARTWORK]],
            "aigc": {"label": "1", "content_producer": "Danqing", "produce_id": story.ARTWORK},
            "remarks": [],
        }
    ],
    "source_types": ["http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"],
    "ai_systems": ["mini"],
    "credential": {"state": "trusted", "claim_generator": "Danqing 0.1.0",
                   "signer": "Danqing local signer", "problems": [], "stamp": None},
    "remarks": [],
}  # fmt: skip

ANSWERS: dict[str, Any] = {
    "JobDocument": DONE,
    "post /api/jobs 202": WAITING,
    "post /api/jobs/variations/{artwork_id} 202": WAITING,
    "post /api/jobs/{job_id}/cancel 200": CANCELLED,
    "Jobs": {"jobs": [DONE], "before": None},
    "ArtworkDocument": ARTWORK,
    "Artworks": {"artworks": [ARTWORK], "before": None},
    "Link": {"url": story.LINK, "life_s": 3600},
    "Pack": {"id": story.JOB, "prompt": story.PROMPT, "artworks": [ARTWORK]},
    "Verified": {
        "verdict": "intact",
        "watermark": {"found": "strong"},
        "ledger": {"altered": False, "id": story.ARTWORK},
        "findings": _FINDINGS,
        "remarks": ["画面里有本处的水印，编号属于这里放出的一幅作品，画面也相近。"],
    },
    "Classified": {
        "verdict": "confirmed",
        "evidence": ["xmp:element 处的 AIGC 标识写着 Label 1。", "画面里有本处的水印。"],
    },
    "Tried": {
        "may_be_drawn": False,
        "language": "zh-Hans",
        "reasons": [
            {
                "rule": "fraud/named",
                "category": "fraud",
                "pack": "danqing-deceit",
                "article": "刑法第二百六十六条、第二百八十条、第二百八十七条之一",
                "start": 5,
                "end": 8,
                "text": "假公章",
                "explanation": "不画用来骗人的东西；做反诈宣传请写明「反诈」。",
            }
        ],
    },
    "Packs": {
        "packs": [
            {"name": "danqing-deceit", "version": "2026.11.1", "sha256": story.LINE_HASH},
        ]
    },
    "Engines": {
        "engines": [
            {
                "name": "mini",
                "package": "danqing",
                "default": True,
                "available": True,
                "version": story.ENGINE_VERSION,
                "modes": ["text-to-image", "image-to-image", "inpaint", "variation"],
                "sizes": [[128, 128], [512, 512]],
                "languages": ["zh-Hans", "zh-Hant", "en"],
                "styles": ["noto", "flat", "paper", "danqing"],
                "honours_seed": True,
                "transparent": True,
            }
        ]
    },
}
