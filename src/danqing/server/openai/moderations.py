"""POST /v1/moderations: what the rules in force hold against a text; nothing is logged or drawn."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from danqing.server.caller import CallerDep
from danqing.server.house import HouseDep
from danqing.server.openai.categories import THEIRS, theirs

router = APIRouter()
MOST_TEXTS, LONGEST_TEXT = 32, 20_000
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]


class TextPart(BaseModel):
    """A part of a message; pictures are looked at when they are drawn or brought, not here."""

    type: str = Field(max_length=32, examples=["text"])
    text: Text = ""


class ModerationRequest(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"input": "三只红色的猫"}]})

    input: Text | Annotated[list[Text | TextPart], Field(min_length=1, max_length=MOST_TEXTS)]
    model: str | None = Field(None, max_length=64)


class ModerationResult(BaseModel):
    """categories: that API's names, and after them our own, as `danqing/<category>`. A rule either
    holds or doesn't: a score is 1 or 0."""

    flagged: bool
    categories: dict[str, bool]
    category_scores: dict[str, float]
    category_applied_input_types: dict[str, list[str]]
    reasons: list[dict[str, Any]]


class Moderation(BaseModel):
    id: str
    model: str = "danqing-rules"
    results: list[ModerationResult]


@router.post("/moderations", summary="Try a text on the rules")
def moderations(asked: ModerationRequest, house: HouseDep, caller: CallerDep) -> Moderation:
    given = [asked.input] if isinstance(asked.input, str) else asked.input
    texts = [part if isinstance(part, str) else part.text for part in given]
    return Moderation(
        id=f"modr-{house.services.new_id()}",
        results=[_result(house, text, caller.language) for text in texts],
    )


def _result(house: HouseDep, text: str, language: str) -> ModerationResult:
    reasons = house.services.policy.examine(text)
    ours = {f"danqing/{reason.category}" for reason in reasons}
    flagged = ours.union(*(theirs(reason.category) for reason in reasons))
    names = (*THEIRS, *sorted(ours))
    return ModerationResult(
        flagged=bool(reasons),
        categories={name: name in flagged for name in names},
        category_scores={name: float(name in flagged) for name in names},
        category_applied_input_types={name: ["text"] if name in flagged else [] for name in names},
        reasons=[
            {
                "rule": reason.rule, "category": reason.category, "pack": reason.pack,
                "article": reason.article, "start": reason.start, "end": reason.end,
                "text": reason.text, "explanation": reason.explain(language),
            }
            for reason in reasons
        ],
    )  # fmt: skip
