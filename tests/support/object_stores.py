"""An S3 service nobody here wrote (moto's), on loopback, for one test run.

s3_url     the URL of an empty bucket, with the environment set as AWS's own tools read it
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import httpx
import pytest

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def s3_service() -> Iterator[str]:
    """Where it listens."""
    server = pytest.importorskip("moto.server", reason="moto is not installed")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def s3_url(s3_service: str, monkeypatch: pytest.MonkeyPatch) -> str:
    set_environment(monkeypatch, s3_service)
    bucket = f"danqing-{next(_NUMBERS)}"
    httpx.put(f"{s3_service}/{bucket}").raise_for_status()
    return f"s3://{bucket}/studio"


def set_environment(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    """Credentials and address, where obstore and AWS's own tools look for them."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
