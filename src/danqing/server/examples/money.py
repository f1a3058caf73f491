"""Balances, prices, codes, usage, groups and limits."""

from __future__ import annotations

from typing import Any

from danqing.server.examples import story

_GROUP: dict[str, Any] = {
    "name": "studio",
    "weight": 4,
    "price_percent": 80,
    "highest_priority": 0,
    "person_pictures_per_day": 2000,
    "person_pictures_waiting": 400,
    "group_pictures_per_day": None,
}

ANSWERS: dict[str, Any] = {
    "BalanceDocument": {
        "person_id": story.PERSON,
        "currency": "CNY",
        "balance_minor": 1240,
        "set_aside_minor": 8,
        "group": "studio",
        "price_percent": 80,
        "pictures_in_24_hours": 12,
        "pictures_per_day": 2000,
        "pictures_waiting": 400,
    },
    "PricesDocument": {
        "currency": "CNY",
        "prices": [{"engine": "mini", "per_picture_minor": 2, "per_core_hour_minor": 100}],
        "yours_percent": 80,
    },
    "RedeemedDocument": {
        "amount_minor": 1000,
        "balance_minor": 2240,
        "currency": "CNY",
        "group": "studio",
    },
    "CodesDocument": {"codes": ["72J9-VZS1-Y0GC-2T9D", "M4QX-8B0T-6KWE-1R5Z"]},
    "PaidDocument": {"booked": True, "balance_minor": 6240, "currency": "CNY"},
    "BookCheck": {"sound": True, "faults": []},
    "UsageDocument": {
        "currency": "CNY",
        "usage": [
            {
                "person_id": story.PERSON,
                "key_id": story.KEY,
                "engine": "mini",
                "jobs": 3,
                "pictures": 12,
                "core_s": 41.5,
                "charged_minor": 24,
            }
        ],
    },
    "GroupDocument": _GROUP,
    "Groups": {
        "groups": [
            {"name": "guest", "weight": 1, "price_percent": 100, "highest_priority": -1,
             "person_pictures_per_day": 40, "person_pictures_waiting": 8,
             "group_pictures_per_day": 2000},
            _GROUP,
        ]
    },
    "Limits": {"pictures_per_day": 500, "pictures_waiting": 50},
    "KeyLimits": {"pictures_per_day": 500},
}  # fmt: skip
