"""A refusal, a hold or a withheld picture, as people and programs are told of it."""

from __future__ import annotations

from typing import Any

from danqing.cli.desk import Desk, error_document
from danqing.cli.exits import Exit
from danqing.policy import Held, Reason, Refusal, Withheld

CONTEXT_CHARACTERS = 24
_MARK = "~"
Verdict = Refusal | Held | Withheld


def exit_code(verdict: Verdict) -> Exit:
    match verdict:
        case Refusal():
            return Exit.REFUSED
        case Held():
            return Exit.HELD
        case Withheld():
            return Exit.WITHHELD


def tell(verdict: Verdict, desk: Desk) -> None:
    """What was decided, then each reason: its place in the sentence, its rule, its article."""
    desk.print(_heading(verdict))
    text = _prompt(verdict)
    for reason in verdict.reasons:
        desk.write("")
        if reason.end > reason.start:
            excerpt, marks = underlined(text, reason.start, reason.end)
            desk.write(f"  {excerpt}\n  {marks}")
        desk.write(reason.explain(desk.language))
        desk.print("cli.by_rule", rule=reason.rule, pack=reason.pack, article=reason.article)
    desk.write("")
    desk.print("cli.verdict_logged", batch_id=_batch_id(verdict))


def document(verdict: Verdict, desk: Desk) -> dict[str, Any]:
    """The one error shape, with the reasons."""
    kind = _kind(verdict)
    reasons = [reason_document(reason, desk.language) for reason in verdict.reasons]
    return error_document(
        kind, desk.say(_heading(verdict)), request_id=_batch_id(verdict), reasons=reasons
    )


def underlined(text: str, start: int, end: int) -> tuple[str, str]:
    """The stretch with what stands around it on one line, and a line that marks it, column by
    column."""
    from rich.cells import cell_len

    before = text[max(0, start - CONTEXT_CHARACTERS) : start].replace("\n", " ").replace("\t", " ")
    marked = text[start:end].replace("\n", " ").replace("\t", " ")
    after = text[end : end + CONTEXT_CHARACTERS].replace("\n", " ").replace("\t", " ")
    before = ("…" if start > CONTEXT_CHARACTERS else "") + before
    after += "…" if end + CONTEXT_CHARACTERS < len(text) else ""
    marks = " " * cell_len(before) + _MARK * max(1, cell_len(marked))
    return before + marked + after, marks


def _kind(verdict: Verdict) -> str:
    return {Refusal: "refused", Held: "held", Withheld: "withheld"}[type(verdict)]


def _heading(verdict: Verdict) -> str:
    """The message id of what it comes to in one sentence."""
    if isinstance(verdict, Refusal) and verdict.source_checks:
        return "cli.refused_source"
    return f"cli.{_kind(verdict)}"


def _identified(verdict: Verdict) -> Any:
    return verdict.permit.identified if isinstance(verdict, Withheld) else verdict.identified


def _prompt(verdict: Verdict) -> str:
    return str(_identified(verdict).request.reading.prompt.text)


def _batch_id(verdict: Verdict) -> str:
    return str(_identified(verdict).batch_id)


def reason_document(reason: Reason, language: str) -> dict[str, Any]:
    """A reason for programs."""
    return {
        "rule": reason.rule,
        "category": reason.category,
        "pack": reason.pack,
        "article": reason.article,
        "start": reason.start,
        "end": reason.end,
        "text": reason.text,
        "explanation": reason.explain(language),
    }
