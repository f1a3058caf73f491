"""A certified OpenID Connect provider (npm's `oidc-provider`) at work, and a browser to visit it with.

Nobody here wrote the provider. The browser is a plain HTTP client with cookies that follows redirects
and fills in the forms it is shown, as somebody does who agrees.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import httpx

FOLDER = Path(__file__).parent / "oidc"
INSTALL = "npm install --prefix tests/support/oidc/.npm oidc-provider@9.13.3"
CLIENT, SECRET = "danqing", "a secret only the two know"
MISSING = (
    f"needs Node.js, and {INSTALL}"
    if shutil.which("node") is None or not (FOLDER / ".npm/node_modules/oidc-provider").is_dir()
    else ""
)
"""Why it can't be run here; empty where it can."""
_MOST_STEPS = 20


@contextmanager
def provider(redirect_uri: str) -> Iterator[str]:
    """Its issuer, for as long as it runs."""
    process = subprocess.Popen(
        ["node", str(FOLDER / "provider.mjs"), redirect_uri],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()
            process.wait(30)


class Behind(httpx.BaseTransport):
    """A proxy that ends TLS in front of a server: what is asked of the public name goes there."""

    def __init__(self, url: str) -> None:
        self._to = httpx.URL(url)
        self._transport = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_with(scheme=self._to.scheme, host=self._to.host, port=self._to.port)
        headers = request.headers.copy()
        headers["x-forwarded-proto"], headers["x-forwarded-for"] = "https", "203.0.113.9"
        passed_on = httpx.Request(
            request.method, url, headers=headers, stream=request.stream,
            extensions=request.extensions,
        )  # fmt: skip
        return self._transport.handle_request(passed_on)

    def close(self) -> None:
        self._transport.close()


class Browser:
    """Somebody at a browser. public: the studio's own name, which leads to `url`."""

    def __init__(self, public: str, url: str) -> None:
        self.client = httpx.Client(
            base_url=public, timeout=60, mounts={f"all://{httpx.URL(public).host}": Behind(url)}
        )
        self.visited: list[httpx.Response] = []

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def sign_in(self, start: str, login: str) -> httpx.Response:
        """From `start` through the provider to where it all ends. Refuses at the provider where the
        login is empty."""
        return self.go_on(self.client.get(start), login)

    def go_on(
        self, answer: httpx.Response, login: str, *, until: str | None = None
    ) -> httpx.Response:
        """until: where it stops, with the answer that would lead there next."""
        for _ in range(_MOST_STEPS):
            self.visited.append(answer)
            if answer.is_redirect:
                location = urljoin(str(answer.request.url), answer.headers["location"])
                if until is not None and location.startswith(until):
                    return answer
                answer = self.client.get(location)
                continue
            if answer.url.host == self.client.base_url.host:
                return answer  # back at the studio, whatever it says
            form = _Form(answer)
            assert form.action is not None, answer.text
            if not login and form.abort is not None:
                answer = self.client.get(urljoin(str(answer.url), form.abort))
                continue
            filled = {"login": login, "password": "any"} if "login" in form.fields else {}
            answer = self.client.post(
                urljoin(str(answer.url), form.action), data={**form.fields, **filled}
            )
        raise AssertionError("it goes round in circles")


class _Form(HTMLParser):
    """The first form of a page. abort: where its `Cancel` leads."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.action: str | None = None
        self.abort: str | None = None
        self.fields: dict[str, str] = {}
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form" and self.action is None:
            self.action = has["action"]
        elif tag == "input" and "name" in has:
            self.fields[has["name"]] = has.get("value", "")
        elif tag == "a" and has.get("href", "").endswith("/abort"):
            self.abort = has["href"]
