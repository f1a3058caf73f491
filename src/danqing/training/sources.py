"""The open art and word lists Danqing learns from, pinned by version and integrity.

Everything comes through the ordinary npm client, so that a proxy, a mirror or an offline cache works as
its owner set it up. The integrity string is the registry's own (Subresource Integrity, SHA-512) and is
checked again here, on the bytes that arrived.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from danqing.errors import DataError

Use = Literal["train", "judge", "words"]


@dataclass(frozen=True, slots=True)
class Source:
    """One pinned npm package.

    style: the name the art has in Danqing; empty for word lists.
    names_from: a package of the same art that says which sequence each name is, if this one does not.
    use: `train` art may shape the generator (Apache-2.0 or MIT only), `judge` art only ever marks it.
    """

    package: str
    version: str
    integrity: str
    licence: str
    use: Use
    style: str = ""
    names_from: str = ""

    @property
    def archive_name(self) -> str:
        return f"{self.package.removeprefix('@').replace('/', '-')}-{self.version}.tgz"


SOURCES: tuple[Source, ...] = (
    Source(
        "@iconify-json/noto",
        "1.2.9",
        "sha512-DQiuXENbun41ch+XPSV55H9FaWKpHTyz46YIKtSaKYD4fIDDzL1tR6H4np/T38jfrTAeI3rcKF0mqHYeZVAuaw==",
        "Apache-2.0",
        "train",
        "noto",
    ),
    Source(
        "@iconify-json/noto-v1",
        "1.2.5",
        "sha512-/DsVMius69Q0fRS53z7QK1TROSuar606jiIx+laXtdsYGMXpf6LtHBx6CGfoo3UHHb/XpBsw+1L1x3eyPqMuVA==",
        "Apache-2.0",
        "train",
        "blob",
    ),
    Source(
        "@iconify-json/fluent-emoji-flat",
        "1.2.6",
        "sha512-RY47RgPb47fYUiyrA64sIOL0+UU02s29sXpNBbIQRBUlPlfNFTKUmZDERGuxDs/7yNGWqQYvuaSYM1M4fRXlUw==",
        "MIT",
        "train",
        "flat",
    ),
    Source(
        "@iconify-json/fluent-emoji",
        "1.2.7",
        "sha512-D8G6bKAyIsyxP1rzZtIWr/gg/fO4Rg1+DyCWlfqKK4h8W+4Em/Y0P6QYgJUQTlUcagzJvSyg+9OBv4hz4Hc/QA==",
        "MIT",
        "train",
        "glossy",
        names_from="@iconify-json/fluent-emoji-flat",
    ),
    Source(
        "@iconify-json/fxemoji",
        "1.2.2",
        "sha512-UAasRaxzFUKfIGSmLwnoarsssA4LX0VLLuEmplIqM6ZNQqIQRtav8tZ4H1neTlBreXuMQyAifr5jP4kn78DpiQ==",
        "Apache-2.0",
        "train",
        "paper",
    ),
    Source(
        "@iconify-json/twemoji",
        "1.2.5",
        "sha512-uKpuIEV0v6K5BW3Mjdyl+XKFVAbbcPxAgifKvEMtZoUZB5+YiY5zaMm2uNNCxyXzAWU9yNLlj41WU6/mvgALsw==",
        "CC-BY-4.0",
        "judge",
        "twemoji",
    ),
    Source(
        "@iconify-json/emojione",
        "1.2.3",
        "sha512-T9+T3HIbJNLKKsmxYKlaYhvnHYkz/HNYTV7SHCXVZPfeUi4FqskY70YeN8yYAZT8cCv7w5vJxS4Q1m8zb9CMMg==",
        "CC-BY-4.0",
        "judge",
        "emojione",
    ),
    Source(
        "@iconify-json/openmoji",
        "1.2.29",
        "sha512-vXdhkqcXVSO6suy+m9LbcUM3OdVyuNOtpV8/als/WqfkQIRxevL5Geb/g+6GH/Qwnq1OqksEmaDGTCmZ5nFKJQ==",
        "CC-BY-SA-4.0",
        "judge",
        "openmoji",
    ),
    Source(
        "emojibase-data",
        "17.0.0",
        "sha512-Yvgb5AWoHViHV/gq1qr5ZAarcBip+B27/ZLRsUJkbgAEaLlZ/fof9g882LTpmEpyhBNEC0m2SEmItljHsTygjA==",
        "MIT",
        "words",
    ),
    Source(
        "cldr-annotations-full",
        "48.2.0",
        "sha512-DV7A+rEcgUSNTRsVGNGqBZRmAkGfwhGHO5Q1dRwzBoBnVrHWp804JP7/QJdEc66iHmx3+zLWVIMCFLm0lW7PUQ==",
        "Unicode-3.0",
        "words",
    ),
)

TRAIN_STYLES: tuple[str, ...] = tuple(s.style for s in SOURCES if s.use == "train")
JUDGE_STYLES: tuple[str, ...] = tuple(s.style for s in SOURCES if s.use == "judge")


def source_of(package: str) -> Source:
    """The pinned source of a package name."""
    return next(source for source in SOURCES if source.package == package)


def integrity_of(archive: Path) -> str:
    """The Subresource Integrity string (SHA-512) of a file's bytes."""
    digest = hashlib.sha512(archive.read_bytes()).digest()
    return "sha512-" + base64.b64encode(digest).decode("ascii")


def obtain(source: Source, folder: Path) -> Path:
    """Bring one package into `folder`, check its integrity and unpack it.

    Returns the package's root folder. A package that is there already is not asked for again.
    Raises DataError when the client fails or the bytes are not the pinned ones.
    """
    unpacked = folder / source.archive_name.removesuffix(".tgz")
    if (unpacked / "package.json").exists():
        return unpacked
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / source.archive_name
    if not archive.exists():
        command = ["npm", "pack", "--silent", f"{source.package}@{source.version}"]
        try:
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=600)
        except (OSError, subprocess.SubprocessError) as problem:
            raise DataError("data.download", package=source.package) from problem
    if integrity_of(archive) != source.integrity:
        archive.unlink()
        raise DataError("data.integrity", package=source.package)
    with tarfile.open(archive) as tar:
        tar.extractall(unpacked.with_suffix(".part"), filter="data")
    inner = unpacked.with_suffix(".part") / "package"
    inner.rename(unpacked)
    unpacked.with_suffix(".part").rmdir()
    return unpacked


def load_icons(root: Path) -> Iterator[tuple[str, str]]:
    """Yield (name, SVG text) for every icon of an unpacked Iconify package, aliases left out."""
    icons = json.loads((root / "icons.json").read_text("utf-8"))
    for name, icon in icons["icons"].items():
        width = icon.get("width", icons.get("width", 16))
        height = icon.get("height", icons.get("height", 16))
        box = f"{icon.get('left', 0)} {icon.get('top', 0)} {width} {height}"
        yield (
            name,
            '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
            f'viewBox="{box}">{icon["body"]}</svg>',
        )
