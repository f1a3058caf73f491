"""Checks a ledger that `danqing ledger export` wrote; of Danqing itself it needs nothing.

    python check_ledger.py LEDGER.jsonl [CHECKPOINT.json ...]     (pip install cryptography)

Each line must follow from the one before; each checkpoint, the one that ends the file and any that was
published earlier, must agree with the lines it names. Compare the key it prints with the published one.
Ends with 0 when all is well, else with 1 and the first thing wrong. How it works: docs/ledger.md.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ROW = ("at", "batch_id", "facts_sha256", "kind", "person_id", "seq")


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def check_lines(lines):
    hashes, emptied = ["0" * 64], []
    for number, line in enumerate(lines, 1):
        row = canonical({name: line[name] for name in ROW})
        expected = sha256(bytes.fromhex(hashes[-1]) + row).hexdigest()
        if (line["seq"], line["prev_hash"], line["hash"]) != (number, hashes[-1], expected):
            sys.exit(f"line {number} was changed, or a line before it is missing")
        hashes.append(expected)
        if line.get("facts"):
            if sha256((line["salt"] + line["facts"]).encode()).hexdigest() != line["facts_sha256"]:
                sys.exit(f"what line {number} says was changed")
            if line["kind"] == "retention":  # up to where, and of which kinds, lines were emptied
                gone = json.loads(line["facts"])
                emptied = [
                    e for e in emptied if e[0] > gone["through_seq"] or e[1] not in gone["kinds"]
                ]
        elif "facts" in line:
            emptied.append((number, line["kind"]))
    if emptied:
        sys.exit(f"what line {emptied[0][0]} said is gone, and no retention line says why")
    return hashes


def check_checkpoint(name, checkpoint, hashes):
    signed = canonical({k: v for k, v in checkpoint.items() if k not in ("key", "signature")})
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(checkpoint["key"]))
        key.verify(bytes.fromhex(checkpoint["signature"]), signed)
    except (InvalidSignature, ValueError):
        sys.exit(f"{name}: the checkpoint was changed after it was signed")
    agreed = 0
    for number, line_hash in [*checkpoint["posts"], (checkpoint["seq"], checkpoint["hash"])]:
        if number >= len(hashes) or hashes[number] != line_hash:
            sys.exit(f"{name}: a line from {agreed + 1} to {number} was rewritten or is missing")
        agreed = number
    print(f"{name}: sound to line {agreed}, signed {checkpoint['at']} by {checkpoint['key']}")


if __name__ == "__main__":
    texts = [Path(name).read_text("utf-8") for name in sys.argv[1:]]
    read = [[json.loads(line) for line in text.split("\n") if line] for text in texts]
    hashes = check_lines(read[0][:-1])
    for name, file in zip(sys.argv[1:], read, strict=True):
        check_checkpoint(name, file[-1].get("checkpoint", file[-1]), hashes)
