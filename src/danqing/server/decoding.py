"""Decoding one picture from outside in a process of its own, and ending with it.

    python -m danqing.server.decoding MEMORY_BYTES CPU_S <question >answer

Reads a question from standard input, a line with a watermark key in hexadecimal or nothing, then a
file, and writes one line of JSON: what was found, or the code of what is wrong with it. With a key
the picture's watermark is looked for too. Whatever hostile bytes make a decoder do (grow, spin,
crash), they do it here, under limits the system enforces.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

MOST_KEY_CHARACTERS = 80


def main(arguments: list[str]) -> None:
    memory_bytes, cpu_s = (int(text) for text in arguments)
    # Whatever is slow to import is imported before anybody waits for it.
    from danqing.errors import InputError
    from danqing.provenance.pdq import pdq_hash
    from danqing.provenance.watermark import WatermarkKey, detect
    from danqing.sources.reading import MAX_FILE_BYTES, open_picture

    _limit(memory_bytes, cpu_s)
    secret = bytes.fromhex(sys.stdin.buffer.readline(MOST_KEY_CHARACTERS).decode("ascii"))
    data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
    if not data:
        return
    answer: dict[str, Any]
    try:
        opened = open_picture(data)
        mark = detect(opened.pixels, WatermarkKey(secret)) if secret else None
    except InputError as problem:
        cause = problem.__cause__
        if isinstance(cause, MemoryError):
            answer = {"code": "server.upload_heavy", "facts": {}}
        else:
            answer = {"code": problem.code, "facts": problem.facts}
    except MemoryError:
        answer = {"code": "server.upload_heavy", "facts": {}}
    else:
        answer = {
            "media_type": opened.media_type,
            "width_px": opened.width_px,
            "height_px": opened.height_px,
            "mark": None,
        }
        if mark is not None:
            answer["mark"] = {"payload": mark.payload, "pdq": pdq_hash(opened.pixels).text}
    os.write(1, json.dumps(answer).encode() + b"\n")


def _limit(memory_bytes: int, cpu_s: int) -> None:
    """No more memory, time, files or processes than one picture needs."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(sys.argv[1:])
