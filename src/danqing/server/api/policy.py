"""/api/policy: what the rules would say of a sentence, before anything is asked for."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from danqing.request import detect_language
from danqing.server.caller import CallerDep
from danqing.server.documents import Reason
from danqing.server.house import HouseDep
from danqing.server.parts import Part

router = Part(prefix="/policy", tags=["Policy"])


class Trial(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "三只红色的猫"}]}
    )

    text: str = Field(max_length=20_000)


class Tried(BaseModel):
    """may_be_drawn: no rule holds anything against the words; a picture is looked at besides."""

    may_be_drawn: bool
    language: str
    reasons: list[Reason]


class PackDocument(BaseModel):
    name: str
    version: str
    sha256: str


class Packs(BaseModel):
    packs: list[PackDocument]


@router.post("/try", summary="Try a sentence on the rules")
def try_out(asked: Trial, house: HouseDep, caller: CallerDep) -> Tried:
    """Decides nothing and logs nothing."""
    reasons = house.services.policy.examine(asked.text)
    return Tried(
        may_be_drawn=not reasons,
        language=detect_language(asked.text),
        reasons=[
            Reason(
                rule=reason.rule, category=reason.category, pack=reason.pack,
                article=reason.article, start=reason.start, end=reason.end, text=reason.text,
                explanation=reason.explain(caller.language),
            )
            for reason in reasons
        ],
    )  # fmt: skip


@router.get("/packs", summary="The rule packs in force")
def packs(house: HouseDep, caller: CallerDep) -> Packs:  # noqa: ARG001 - to be let in
    return Packs(
        packs=[
            PackDocument(name=pack.name, version=pack.version, sha256=pack.sha256)
            for pack in house.services.policy.packs
        ]
    )
