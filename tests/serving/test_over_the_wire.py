"""What is no HTTP at all, sent as bytes: no client of ours could."""

from __future__ import annotations

import json
import socket
from urllib.parse import urlsplit

import pytest

from support.serving import Served


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/9.9\r\n\r\n", b"hello\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nbad header\r\n\r\n",
        b"POST /api/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: many\r\n\r\n",
    ],
    ids=["version", "words", "tls", "header", "length"],
)  # fmt: skip
def test_what_is_no_http_is_answered_in_the_one_shape_and_both_languages(
    studio: Served, sent: bytes
) -> None:
    there = urlsplit(studio.url)
    with socket.create_connection((there.hostname, there.port), timeout=30) as line:
        line.sendall(sent)
        answer = b""
        while part := line.recv(65536):  # until it hangs up, as it says it will
            answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *rest = head.decode().split("\r\n")
    headers = dict(name_and_value.split(": ", 1) for name_and_value in rest)
    assert first == "HTTP/1.1 400 Bad Request"
    assert headers["content-type"] == "application/json"
    assert int(headers["content-length"]) == len(body)
    assert headers["connection"] == "close"
    error = json.loads(body)["error"]
    assert set(error) == {"code", "message", "hint", "request_id"}
    assert error["code"] == "server.not_http"
    assert "读不出来" in error["message"]
    assert "can't be read" in error["message"]
    assert error["request_id"] == headers["x-request-id"]
