"""An RFC 3161 time-stamp authority of its own on loopback: OpenSSL's `ts` behind a plain HTTP server.

None of our code and nothing of the C2PA library is in it. It can also be asked to misbehave, as real
ones do.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

OPENSSL = shutil.which("openssl")
_CONFIG = """
[ req ]
distinguished_name = none
[ none ]
[ root ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[ stamper ]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ tsa ]
dir = {folder}
serial = $dir/serial
crypto_device = builtin
signer_cert = $dir/stamper.pem
certs = $dir/root.pem
signer_key = $dir/stamper.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@dataclass
class Authority:
    """A running authority. answer: what makes a reply of a request; `stamp` unless replaced.

    requests, replies: everything that came and went, in DER.
    """

    folder: Path
    url: str = ""
    answer: Callable[[bytes], bytes] | None = None
    requests: list[bytes] = field(default_factory=list)
    replies: list[bytes] = field(default_factory=list)

    @property
    def root(self) -> bytes:
        """Its trust anchor, in PEM."""
        return (self.folder / "root.pem").read_bytes()

    def stamp(self, request: bytes) -> bytes:
        """What the authority says to a request, in DER."""
        query, reply = self.folder / "query.tsq", self.folder / "reply.tsr"
        query.write_bytes(request)
        run("ts", "-reply", "-config", "tsa.cnf", "-section", "tsa", "-queryfile", query.name,
            "-out", reply.name, folder=self.folder)  # fmt: skip
        return reply.read_bytes()

    def bears_out(self, request: bytes, reply: bytes) -> bool:
        """Whether OpenSSL finds a reply sound: signature, chain, what was stamped, the nonce."""
        (self.folder / "q").write_bytes(request)
        (self.folder / "r").write_bytes(reply)
        command = ["ts", "-verify", "-queryfile", "q", "-in", "r", "-CAfile", "root.pem"]
        done = subprocess.run(
            [str(OPENSSL), *command], cwd=self.folder, capture_output=True, check=False
        )
        return done.returncode == 0 and b"Verification: OK" in done.stdout + done.stderr


def run(*command: str, folder: Path) -> None:
    done = subprocess.run(
        [str(OPENSSL), *command], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"openssl {command[0]}: {done.stderr}")


def make_keys(folder: Path) -> None:
    """A root and, under it, a certificate that may do nothing but stamp."""
    (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    for name in ("root", "stamper"):
        run("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", f"{name}.key",
            folder=folder)  # fmt: skip
        run("req", "-new", "-config", "tsa.cnf", "-key", f"{name}.key", "-out", f"{name}.csr",
            "-subj", f"/O=Stamping Office/CN={name}", folder=folder)  # fmt: skip
    run("x509", "-req", "-in", "root.csr", "-signkey", "root.key", "-days", "30", "-sha256",
        "-extfile", "tsa.cnf", "-extensions", "root", "-out", "root.pem", folder=folder)  # fmt: skip
    run("x509", "-req", "-in", "stamper.csr", "-CA", "root.pem", "-CAkey", "root.key", "-set_serial",
        "2", "-days", "30", "-sha256", "-extfile", "tsa.cnf", "-extensions", "stamper", "-out",
        "stamper.pem", folder=folder)  # fmt: skip


@contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    """Makes its keys in `folder` and answers on a free port of 127.0.0.1."""
    folder.mkdir(parents=True, exist_ok=True)
    make_keys(folder)
    made = Authority(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers.get("content-length", 0)))
            made.requests.append(request)
            try:
                reply = (made.answer or made.stamp)(request)
            except ConnectionError:
                self.send_error(503)
                return
            made.replies.append(reply)
            self.send_response(200)
            self.send_header("content-type", "application/timestamp-reply")
            self.send_header("content-length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
