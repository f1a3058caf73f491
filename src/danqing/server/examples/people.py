"""Sessions, accounts, keys, real names."""

from __future__ import annotations

from typing import Any

from danqing.server.examples import story

_ACCOUNT: dict[str, Any] = {
    "id": story.PERSON,
    "login": "小林",
    "role": "user",
    "status": "active",
    "created_at": "2026-11-03T17:30:04Z",
    "verified_by": "sms",
    "has_password": True,
}
_KEY: dict[str, Any] = {
    "id": story.KEY,
    "prefix": "k7f3m2qa",
    "name": "表情包机器人",
    "role": "user",
    "created_at": "2026-11-07T21:30:04Z",
    "expires_at": None,
    "revoked_at": None,
    "last_used_at": "2026-11-20T09:00:00Z",
}
_SESSION: dict[str, Any] = {
    "id": story.PERSON,
    "role": "user",
    "door": "session",
    "may": ["draw", "grant.ask", "self"],
    "csrf": story.SIGNATURE,
}
_VERIFIED = {"needed": True, "verified": True, "how": "sms"}

ANSWERS: dict[str, Any] = {
    "SessionDocument": _SESSION,
    "post /api/session/guest 201": _SESSION | {"role": "guest", "door": "guest", "may": ["draw"]},
    "InvitationDocument": {
        "invitation": f"eyJsb2dpbiI6ICJcdTVjMGZcdTY3OTcifQ.{story.SIGNATURE}",
        "login": "小林",
        "until": "2026-11-27T09:30:04Z",
    },
    "Elsewhere": {
        "url": "https://login.example.org/authorize?client_id=danqing&response_type=code"
        "&code_challenge_method=S256"
    },
    "AccountDocument": _ACCOUNT,
    "AccountsDocument": {"accounts": [_ACCOUNT]},
    "post /api/accounts/{account_id}/suspend 200": _ACCOUNT | {"status": "suspended"},
    "put /api/accounts/{account_id}/role 200": _ACCOUNT | {"role": "reviewer"},
    "KeyDocument": _KEY | {"revoked_at": "2026-11-20T09:30:04Z"},
    "KeysDocument": {"keys": [_KEY]},
    "NewKeyDocument": _KEY
    | {"last_used_at": None, "token": "dq_k7f3m2qa_LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE"},
    "RealNameState": _VERIFIED,
    "CodeSent": {"expires_at": "2026-11-20T09:35:04Z"},
}
