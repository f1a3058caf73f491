"""/api/complaints and /api/appeals: somebody says that something here is wrong, and is answered by a day.

A complaint needs no account: whoever is wronged by a picture may not be a user. What comes back has a
token to ask for the answer with (Deep Synthesis Provisions, Art. 12).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from danqing.errors import NotFound
from danqing.identity import may
from danqing.policy.cases import MAX_CONTACT, MAX_TEXT
from danqing.server.caller import Caller, GuestDep, ReviewerDep, caller_or_guest, visitor_of
from danqing.server.house import HouseDep
from danqing.server.reaching import ULID_PATTERN

if TYPE_CHECKING:
    from danqing.policy.cases import Case
    from danqing.server.house import House

router = APIRouter(tags=["Complaints"])
PURPOSE = "case"
CaseId = Annotated[str, Path(pattern=ULID_PATTERN, examples=["01KB9N3V6W4G0C5Q2T8XJ7RM1H"])]


class Complaint(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={
        "examples": [{"text": "这张图里的人是我，我没有同意。", "about": "01KB9N3V6W4G0C5Q2T8XJ7RM1H",
                      "contact": "me@example.org"}]
    })  # fmt: skip

    text: str = Field(min_length=1, max_length=MAX_TEXT)
    about: str | None = Field(
        None, max_length=MAX_CONTACT, description="An artwork's id, a file's hash, an address."
    )
    contact: str | None = Field(
        None, max_length=MAX_CONTACT, description="Where to answer whoever has no account."
    )


class Appeal(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={
        "examples": [{"job": "01KB9N3V6W4G0C5Q2T8XJ7RM1H", "text": "这是一道菜的名字。"}]
    })  # fmt: skip

    job: str = Field(pattern=ULID_PATTERN)
    text: str = Field(min_length=1, max_length=MAX_TEXT)


class Answer(BaseModel):
    """upheld: they were right. An appeal that is upheld overturns the decision."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={
        "examples": [{"text": "您说得对，可以画了。", "upheld": True}]
    })  # fmt: skip

    text: str = Field(min_length=1, max_length=MAX_TEXT)
    upheld: bool


class CaseDocument(BaseModel):
    """due_at: by when it is answered. token: to ask for the answer with, without an account."""

    id: str
    kind: Literal["appeal", "complaint"]
    about: str | None
    job: str | None
    text: str
    opened_at: datetime
    due_at: datetime
    answer: str | None
    upheld: bool | None
    answered_at: datetime | None
    token: str | None = None


class CasesDocument(BaseModel):
    cases: list[CaseDocument]


@router.post("/complaints", status_code=201, summary="Complain")
def complain(asked: Complaint, request: Request, house: HouseDep) -> CaseDocument:
    """Anybody may; whoever has no account leaves a contact."""
    who = _known(request, house)
    if who is None or who.person.guest:
        house.open_doors.take(visitor_of(request).network)
    case = house.services.cases.complain(
        asked.text,
        about=asked.about,
        person=None if who is None else who.person,
        contact=asked.contact,
    )
    return _document(case, token=house.signer.sign(PURPOSE, case.id))


@router.get("/complaints/{case_id}", summary="A case and its answer")
def complaint(
    case_id: CaseId,
    request: Request,
    house: HouseDep,
    token: Annotated[str | None, Query(max_length=64, pattern=r"^[\w-]+$")] = None,
) -> CaseDocument:
    """With its token, or for whoever opened it, or for those who answer."""
    if token is None or not house.signer.is_signed(PURPOSE, case_id, token):
        who = caller_or_guest(request, house)
        case = house.services.cases.find(case_id)
        if case.person_id != who.person.id and not may(who.person, "review"):
            raise NotFound("policy.no_such_case", id=case_id)
        return _document(case)
    return _document(house.services.cases.find(case_id))


@router.get("/complaints", summary="What waits for an answer, the one due first at the top")
def complaints(
    house: HouseDep,
    caller: ReviewerDep,  # noqa: ARG001 - to be let in
    everything: bool = False,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> CasesDocument:
    found = house.services.cases.waiting(everything=everything, limit=limit)
    return CasesDocument(cases=[_document(case) for case in found])


@router.post("/complaints/{case_id}/answer", summary="Answer a case")
def answer(case_id: CaseId, asked: Answer, house: HouseDep, caller: ReviewerDep) -> CaseDocument:
    case = house.services.cases.answer(case_id, caller.person, asked.text, upheld=asked.upheld)
    return _document(case)


@router.post("/appeals", status_code=201, summary="Appeal against a decision on a job of yours")
def appeal(asked: Appeal, house: HouseDep, caller: GuestDep) -> CaseDocument:
    return _document(house.services.cases.appeal(asked.job, caller.person, asked.text))


def _known(request: Request, house: House) -> Caller | None:
    """Who complains; None for somebody without an account."""
    named = "authorization" in request.headers or request.cookies
    if named or not house.has_accounts():
        return caller_or_guest(request, house)
    return None


def _document(case: Case, *, token: str | None = None) -> CaseDocument:
    return CaseDocument(
        id=case.id, kind=case.kind, about=case.about, job=case.batch_id, text=case.body,
        opened_at=case.opened_at, due_at=case.due_at, answer=case.answer, upheld=case.upheld,
        answered_at=case.answered_at, token=token,
    )  # fmt: skip
