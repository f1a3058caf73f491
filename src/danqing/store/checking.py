"""A file that somebody brings to be checked: what our books have of it, and what it all comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from danqing.provenance.findings import Findings
from danqing.store.archive import Archive
from danqing.store.types import Stored, StoredSheet

FileVerdict = Literal["intact", "not_intact", "watermark_only", "no_label"]


@dataclass(frozen=True, slots=True)
class Known:
    """release: by the file's bytes, else by its label's number. altered: the number is ours, the
    bytes are not what was released."""

    release: Stored | StoredSheet | None = None
    altered: bool = False


def look_up(archive: Archive, findings: Findings) -> Known:
    """What was released here under these bytes, or under the number in their label."""
    release = archive.find_by_sha256(findings.sha256)
    if release is not None:
        return Known(release)
    found = map(archive.find_by_produce_id, findings.produce_ids)
    release = next((each for each in found if each is not None), None)
    return Known(release, altered=release is not None)


def verdict_on(findings: Findings, known: Known, *, watermarked: bool = False) -> FileVerdict:
    """`intact`: it says that AI made it, and nothing is broken; `not_intact`: a label or signature is
    damaged, or the file isn't what was released under its number; `watermark_only`: its labels are
    gone, and our own watermark is in its pixels; `no_label`: nothing was found."""
    broken = findings.credential.state in ("invalid", "unreadable")
    half = any(label.aigc is None for label in findings.labels)
    if broken or half or known.altered:
        return "not_intact"
    if findings.claims_ai:
        return "intact"
    return "watermark_only" if watermarked else "no_label"
