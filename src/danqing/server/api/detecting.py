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
from danqing.server.caller import Caller, caller, visitor_of
from danqing.server.house import HouseDep
from danqing.server.languages import language_of

if TYPE_CHECKING:
    from danqing.provenance import Findings
    from danqing.server.house import House

router = APIRouter(tags=["Detecting"])
Picture = Annotated[
    UploadFile, File(description="Any file; one without a label is no less a file.")
]


class Known(BaseModel):
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


class Verified(BaseModel):
    """verdict: `intact` says AI made it and nothing is broken; `not_intact`: a label or signature is
    damaged, or the file isn't what was released under its number; `watermark_only`: its labels are
    gone, and this service's watermark is in its pixels; `no_label`: nothing was found, which does
    not mean that no AI made it."""

    verdict: Literal["intact", "not_intact", "watermark_only", "no_label"]
    watermark: Watermarked
    ledger: Known | None
    findings: dict[str, Any]
    remarks: list[str]


@router.post("/verify", summary="Check a file's labels")
def verify(file: Picture, request: Request, house: HouseDep) -> Verified:
    """Needs no login where the operator keeps a public detector, or has no accounts."""
    who = _let_in(request, house)
    data = file.file.read()
    findings = _findings(house, data)
    known = _known(house, findings, who)
    mark = _watermark(house, data, findings)
    language = language_of(request)
    remarks = [*findings.remarks, *(r for label in findings.labels for r in label.remarks)]
    said = [say(f"detector.watermark_{mark.found}", language)]
    said += [remark.say(language) for remark in remarks]
    return Verified(
        verdict=_verdict(findings, known, mark),
        watermark=mark,
        ledger=known,
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
        house.open_doors.take(visitor_of(request).address)
        return None
    return caller(request, house)


def _known(house: House, findings: Findings, who: Caller | None) -> Known | None:
    store = house.services.store
    release = store.find_by_sha256(findings.sha256)
    altered = False
    for produce_id in findings.produce_ids if release is None else ():
        release = store.find_by_produce_id(produce_id)
        if release is not None:
            altered = True
            break
    if release is None:
        return None
    theirs = who is not None and who.reach in (None, release.person_id)
    return Known(altered=altered, id=release.id if theirs else None)


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


def _verdict(
    findings: Findings, known: Known | None, mark: Watermarked
) -> Literal["intact", "not_intact", "watermark_only", "no_label"]:
    broken = findings.credential.state in ("invalid", "unreadable")
    half = any(label.aigc is None for label in findings.labels)
    if broken or half or (known is not None and known.altered):
        return "not_intact"
    if findings.claims_ai:
        return "intact"
    return "watermark_only" if mark.found in ("strong", "fair") else "no_label"


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
    watermarked = _watermark(house, data, findings).found in ("strong", "fair")
    found = judge(findings, declared=declared, watermarked=watermarked)
    language = language_of(request)
    evidence = [remark.say(language) for _, remark in found.evidence]
    return Classified(verdict=found.verdict, evidence=evidence)
