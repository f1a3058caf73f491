"""What operators and reviewers see: the queue, the ledger, cases; and whether all is well."""

from __future__ import annotations

from typing import Any

from danqing.server.examples import story

_GATE: dict[str, Any] = {
    "kind": "group",
    "name": "guest",
    "state": "slowed",
    "since": story.ASKED_AT,
    "per_minute": 10,
    "until": "2026-11-20T10:30:04Z",
    "note": "午间人多，先放慢",
}
_COMPLAINT: dict[str, Any] = {
    "id": story.CASE,
    "kind": "complaint",
    "about": story.ARTWORK,
    "job": None,
    "text": "这张图里的人是我，我没有同意。",
    "opened_at": "2026-11-21T15:30:04Z",
    "due_at": "2026-12-06T15:30:04Z",
    "answer": None,
    "upheld": None,
    "answered_at": None,
    "token": None,
}
_READY = {"ready": True, "database": True, "room": True, "policy": True}

ANSWERS: dict[str, Any] = {
    "Overview": {
        "lines": [
            {"engine": "mini", "waiting": 3, "running": 1, "waiting_pictures": 9, "workers": 2,
             "s_per_picture": 2.6}
        ],
        "gates": [_GATE],
        "workers": [
            {"id": story.WORKER, "engines": ["mini"], "started_at": "2026-11-20T04:30:04Z",
             "seen_at": story.ASKED_AT, "working_on": 1}
        ],
    },
    "GateDocument": _GATE,
    "Lines": {
        "lines": [
            {
                "seq": 1042,
                "kind": "request",
                "at": story.ASKED_AT,
                "batch_id": story.JOB,
                "person_id": story.PERSON,
                "facts": {"engine": "mini", "format": "png", "width_px": 512, "height_px": 512,
                          "language": "zh-Hans", "prompt": story.PROMPT, "seeds": [story.SEED]},
                "hash": story.LINE_HASH,
            }
        ],
        "after": 1042,
    },
    "Check": {"sound": True, "lines": 1043, "head": story.LINE_HASH, "fault": None},
    "CaseDocument": _COMPLAINT,
    "CasesDocument": {"cases": [_COMPLAINT]},
    "post /api/complaints 201": _COMPLAINT | {"token": story.SIGNATURE},
    "post /api/complaints/{case_id}/answer 200": _COMPLAINT
    | {"answer": "您说得对，这张图已经撤下。", "upheld": True, "answered_at": "2026-11-22T08:10:00Z"},
    "post /api/appeals 201": _COMPLAINT
    | {"kind": "appeal", "about": None, "job": story.JOB, "text": "“红烧狮子头”是一道菜。"},
    "Health": {"status": "ok"},
    "get /readyz 200": _READY,
    "Readiness 503": _READY | {"ready": False, "room": False},
}  # fmt: skip
