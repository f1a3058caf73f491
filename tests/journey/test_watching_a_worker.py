"""Partial pictures of a `danqing worker` in a process of its own, streamed by a server that draws
nothing itself."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from danqing.provenance import verify
from support.serving import Served, serving

WORK = "import sys; from danqing.cli import main; sys.exit(main())"


@contextmanager
def worker(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    environ = {**os.environ, "DANQING_HOME": str(home), "DANQING_ENGINE": "test-card"}
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORK, "worker"],
        env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def streamed(served: Served) -> list[tuple[str, dict[str, Any]]]:
    asked = {"prompt": "三只猫和两只狗", "size": "128x128", "stream": True, "partial_images": 2}
    found, name = [], ""
    with (
        served.client() as client,
        client.stream("POST", "/v1/images/generations", json=asked) as stream,
    ):
        for line in stream.iter_lines():
            if line.startswith("event:"):
                name = line.removeprefix("event:").strip()
            elif line.startswith("data:"):
                found.append((name, json.loads(line.removeprefix("data:"))))
    return found


def test_the_pictures_on_their_way_come_from_another_process(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with serving(home, drawing_workers=0) as served, worker(home) as process:
        events = streamed(served)
        assert process.poll() is None
        anchors = served.house.services.signing_keys.anchors
        partial = [said for name, said in events if name == "image_generation.partial_image"]
        ((_, whole),) = [event for event in events if event[0] == "image_generation.completed"]
        (drawn,) = served.house.services.store.drawn_for(
            served.house.services.store.show(whole["id"]).batch_id
        )
    assert [said["partial_image_index"] for said in partial] == [0, 1]
    assert [name for name, _ in events][-1] == "image_generation.completed"
    for said in partial:
        found = verify(base64.b64decode(said["b64_json"]), anchors)
        assert found.aigc is not None
        assert found.aigc.produce_id == drawn.produce_id
        assert found.credential.state == "trusted"
    assert partial[0]["b64_json"] != partial[1]["b64_json"]
