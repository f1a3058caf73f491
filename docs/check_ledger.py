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


def canonical(value, *but):
    kept = {name: each for name, each in value.items() if name not in but}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


texts = [Path(name).read_text("utf-8") for name in sys.argv[1:]]
ledger, *published = [[json.loads(line) for line in text.split("\n") if line] for text in texts]
hashes, emptied = ["0" * 64], []
for number, line in enumerate(ledger[:-1], 1):
    row = canonical(line, "facts", "hash", "prev_hash", "salt")
    expected = sha256(bytes.fromhex(hashes[-1]) + row).hexdigest()
    if (line["seq"], line["prev_hash"], line["hash"]) != (number, hashes[-1], expected):
        sys.exit(f"line {number} was changed, or a line before it is missing")
    hashes.append(expected)
    if line.get("facts"):
        if sha256((line["salt"] + line["facts"]).encode()).hexdigest() != line["facts_sha256"]:
            sys.exit(f"what line {number} says was changed")
        if line["kind"] == "retention":  # up to where, and of which kinds, lines were emptied
            told = json.loads(line["facts"])
            last, kinds = told["through_seq"], told["kinds"]
            emptied = [(n, kind) for n, kind in emptied if n > last or kind not in kinds]
    elif "facts" in line:
        emptied.append((number, line["kind"]))
if emptied:
    sys.exit(f"what line {emptied[0][0]} said is gone, and no retention line says why")
for name, file in zip(sys.argv[1:], [ledger, *published], strict=True):
    checkpoint, agreed = file[-1].get("checkpoint", file[-1]), 0
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(checkpoint["key"]))
        signature = bytes.fromhex(checkpoint["signature"])
        key.verify(signature, canonical(checkpoint, "key", "signature"))
    except (InvalidSignature, ValueError):
        sys.exit(f"{name}: the checkpoint was changed after it was signed")
    for number, line_hash in [*checkpoint["posts"], (checkpoint["seq"], checkpoint["hash"])]:
        if number >= len(hashes) or hashes[number] != line_hash:
            sys.exit(f"{name}: a line from {agreed + 1} to {number} was rewritten or is missing")
        agreed = number
    print(f"{name}: sound to line {agreed}, signed {checkpoint['at']} by {checkpoint['key']}")
