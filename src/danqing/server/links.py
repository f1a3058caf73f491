"""Signed links to released files: whoever has one may fetch that file, for a while, without a login."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from danqing.errors import Forbidden
from danqing.server.secrets import Signer

PURPOSE = "file"


class Links:
    """base_url: what they begin with, without a slash at the end. life_s: how long one serves."""

    def __init__(
        self, signer: Signer, base_url: str, life_s: int, clock: Callable[[], datetime]
    ) -> None:
        self._signer = signer
        self._base_url = base_url
        self._life_s = life_s
        self._clock = clock

    def to_file(self, artwork_id: str, base_url: str | None = None) -> str:
        """A link to an artwork's released file. base_url: how whoever asks reached us, where the
        operator set none."""
        until = int(self._clock().timestamp()) + self._life_s
        signature = self._signer.sign(PURPOSE, f"{artwork_id}.{until}")
        query = urlencode({"until": until, "signature": signature})
        return f"{self._base_url or base_url or ''}/files/{artwork_id}?{query}"

    def check(self, artwork_id: str, until: int, signature: str) -> None:
        """Raises Forbidden for a link that has run out, or isn't ours."""
        if not self._signer.is_signed(PURPOSE, f"{artwork_id}.{until}", signature):
            raise Forbidden("server.link_foreign")
        if until < self._clock().timestamp():
            raise Forbidden("server.link_old")
