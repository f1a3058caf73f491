"""/api/verify and /api/classify: what a file says of itself, and what follows from it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Request, UploadFile
from pydantic import BaseModel, Field

from danqing.errors import InputError
from danqing.messages import say
from danqing.provenance import WatermarkKey
from danqing.provenance import verify as find
from danqing.server.caller import Caller, caller_or_guest, visitor_of
from danqing.server.house import HouseDep
from danqing.server.languages import language_of
from danqing.store.checking import FileVerdict, Known, look_up, verdict_on

if TYPE_CHECKING:
    from danqing.provenance import Findings
    from danqing.server.house import House

router = APIRouter(tags=["Detecting"])
Picture = Annotated[
    UploadFile,
    File(description="Any file; one without a label is no less a file.", examples=["a.png"]),
]


class InLedger(BaseModel):
    """What our ledger has of a file. altered: its label's number is ours, its bytes are not."""

    altered: bool
    id: str | None = Field(None, description="For its owner and for operators.")


class Watermarked(BaseModel):
    """What the pixels say when all metadata is gone. found: `strong`: the watermark of this service,
    and the release it was made for looks alike; `fair`: the watermark, but no such release; `none`;
    `not_looked`: there are no pixels that are read here. Never who asked for it, nor which release:
    that takes an operator (`danqing verify --who`). How clear the mark was isn't said either, since
    that would help whoever wants it gone."""

    found: Literal["strong", "fair", "none", "not_looked"]

    @property
    def is_ours(self) -> bool:
        return self.found in ("strong", "fair")


class Verified(BaseModel):
    """verdict: `intact` says AI made it and nothing is broken; `not_intact`: a label or signature is
    damaged, or the file isn't what was released under its number; `watermark_only`: its labels are
    gone, and this service's watermark is in its pixels; `no_label`: nothing was found, which does
    not mean that no AI made it."""

    verdict: FileVerdict
    watermark: Watermarked
    ledger: InLedger | None
    findings: dict[str, Any]
    remarks: list[str]


@router.post("/verify", summary="Check a file's labels")
def verify(file: Picture, request: Request, house: HouseDep) -> Verified:
    """Needs no login where the operator keeps a public detector, or has no accounts."""
    who = _let_in(request, house)
    data = file.file.read()
    findings = _findings(house, data)
    known = look_up(house.services.store, findings)
    mark = _watermark(house, data, findings)
    language = language_of(request)
    remarks = [*findings.remarks, *(r for label in findings.labels for r in label.remarks)]
    said = [say(f"detector.watermark_{mark.found}", language)]
    said += [remark.say(language) for remark in remarks]
    return Verified(
        verdict=verdict_on(findings, known, watermarked=mark.is_ours),
        watermark=mark,
        ledger=_told(known, who),
        findings=asdict(findings),
        remarks=list(dict.fromkeys(said)),
    )


def _findings(house: House, data: bytes) -> Findings:
    keys = house.services.signing_keys
    return find(data, keys.anchors, keys.stampers)


def _let_in(request: Request, house: House) -> Caller | None:
    """Who asks; None at the public detector. Raises NotAuthenticated."""
    named = "authorization" in request.headers or request.cookies
    if house.settings.service.public_detector and not named:
        house.open_doors.take(visitor_of(request).network)
        return None
    who = caller_or_guest(request, house)
    if who.person.guest:
        house.open_doors.take(who.visitor.network)
    return who


def _told(known: Known, who: Caller | None) -> InLedger | None:
    release = known.release
    if release is None:
        return None
    theirs = who is not None and who.reach in (None, release.person_id)
    return InLedger(altered=known.altered, id=release.id if theirs else None)


def _watermark(house: House, data: bytes, findings: Findings) -> Watermarked:
    """Decodes the picture in a process of its own. Raises Busy."""
    from danqing.sources.reading import FORMATS
    from danqing.store.origin import is_of_a_release

    if findings.media_type not in FORMATS.values():
        return Watermarked(found="not_looked")
    key = WatermarkKey.load(house.settings.home / "keys")
    if key is None:  # nothing was ever marked here
        return Watermarked(found="none")
    try:
        mark = house.detector.look(data, key).mark
    except InputError:  # no picture after all, or more of one than is read for anybody
        return Watermarked(found="not_looked")
    if mark is None:
        return Watermarked(found="none")
    known = is_of_a_release(house.services.store.database, mark.payload, mark.pdq)
    return Watermarked(found="strong" if known else "fair")


class Classified(BaseModel):
    """What a platform that spreads the file must tell its readers (Labelling Measures, Art. 6).

    evidence: sentences, strongest first."""

    verdict: Literal["confirmed", "possible", "suspected", "none"]
    evidence: list[str]


@router.post(
    "/classify",
    summary="What a platform must say of a file",
)
def classify(
    file: Picture,
    request: Request,
    house: HouseDep,
    declared: Annotated[bool, Form(description="Its uploader says that AI made it.")] = False,
) -> Classified:
    from danqing.provenance.propagation import classify as judge

    _let_in(request, house)
    data = file.file.read()
    findings = _findings(house, data)
    mark = _watermark(house, data, findings)
    found = judge(findings, declared=declared, watermarked=mark.is_ours)
    language = language_of(request)
    evidence = [remark.say(language) for _, remark in found.evidence]
    return Classified(verdict=found.verdict, evidence=evidence)
