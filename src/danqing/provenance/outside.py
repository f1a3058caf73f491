"""Files another tool made: the one label, a mark people notice, our signature over both.

Their maker declares what they are; what they say of another producer is kept, never replaced by
us. What they were before is named, and their own C2PA manifest carried, as an ingredient.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from danqing.errors import ProvenanceError
from danqing.provenance import svg, text
from danqing.provenance.aigc import check_producer, completed, first_label
from danqing.provenance.containers import PDF, WRITTEN_FORMATS, keeps_xmp, media_type_of
from danqing.provenance.embed import embed
from danqing.provenance.findings import Action, Findings
from danqing.provenance.keys import SigningKeys
from danqing.provenance.manifest import OPENED, definition, generator, stamp
from danqing.provenance.media import pdf_mark, rhythm
from danqing.provenance.overlay import PICTURES, check_marked, mark_picture
from danqing.provenance.propagation import LABEL_OF, Verdict
from danqing.provenance.signing import SIGNABLE, sign
from danqing.provenance.types import AigcLabel, Explicit, LabelledFile, Parent
from danqing.provenance.verify import MAX_FIELD_CHARACTERS, verify
from danqing.provenance.xmp import TRAINED, Statement

_ACTIONS: dict[Explicit, str] = {
    "drawn": "c2pa.addedText", "written": "c2pa.addedText", "sounded": "c2pa.edited",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileLabeller:
    """Labels whole files from outside. content_producer, content_propagator: a provider code, or a
    short ASCII name without one; clock gives aware times.

    Raises ProvenanceError for a name Annex E does not allow.
    """

    keys: SigningKeys
    content_producer: str
    clock: Callable[[], datetime]
    content_propagator: str = ""

    def __post_init__(self) -> None:
        check_producer(self.content_producer)
        check_producer(self.content_propagator or self.content_producer)

    def label(self, data: bytes, *, content_id: str, media_type: str | None = None) -> LabelledFile:
        """The file, labelled as AI-generated on its maker's word. content_id: a ULID; it becomes
        ProduceID. media_type: where bytes alone don't say it, as with Markdown.

        A label it has already is kept in its words and put in the right place; then no mark is
        added, since its producer's is there. Raises ProvenanceError when it can't be labelled, or
        does not read back as written.
        """
        kind = self._kind(data, media_type)
        found = verify(data, self.keys.anchors, self.keys.stampers)
        stated = stated_label(found)
        if stated is not None:
            label = stated if stated.label in LABEL_OF.values() else replace(stated, label="1")
            if kind == text.MARKDOWN and not found.text_marks:
                return self._finish(data, text.with_mark(data), kind, label, "written", None)
            return self._finish(data, data, kind, label, "kept", source_type=None)
        label = first_label(self.content_producer, content_id)
        marked, explicit = _with_mark(data, kind)
        source_type = None if found.source_types else TRAINED
        return self._finish(data, marked, kind, label, explicit, source_type)

    def propagate(
        self,
        data: bytes,
        verdict: Verdict,
        *,
        content_id: str,
        media_type: str | None = None,
    ) -> LabelledFile:
        """The file with the propagator's fields (Labelling Measures, Art. 6): the verdict as Label,
        who spreads it, and their id for it. The producer's fields stay as they are, empty where
        nobody has said them. Raises ProvenanceError as `label` does, and for plain text, which has no
        place for fields."""
        kind = self._kind(data, media_type)
        if kind == text.PLAIN:
            raise ProvenanceError("provenance.not_writable", formats=WRITTEN_FORMATS)
        stated = stated_label(verify(data, self.keys.anchors, self.keys.stampers))
        unknown = AigcLabel("", "", "", "", "", "", "")
        label = replace(
            stated or unknown,
            label=LABEL_OF[verdict],
            content_propagator=self.content_propagator or self.content_producer,
            propagate_id=content_id,
            reserved_code_2="",
        )
        return self._finish(data, data, kind, label, "kept", source_type=None)

    def _kind(self, data: bytes, media_type: str | None) -> str:
        kind = media_type or media_type_of(data)
        if kind is None:
            raise ProvenanceError("provenance.not_writable", formats=WRITTEN_FORMATS)
        return kind

    def _finish(
        self,
        original: bytes,
        marked: bytes,
        kind: str,
        label: AigcLabel,
        explicit: Explicit,
        source_type: str | None,
    ) -> LabelledFile:
        said = source_type if keeps_xmp(kind) or kind == PDF else None
        ours = label.content_producer == self.content_producer
        statement = Statement(label, said, generator(), kept=not ours)
        data = marked if kind == text.PLAIN else embed(marked, statement, kind)
        signed = kind in SIGNABLE
        actions: tuple[Action, ...] = ()
        if signed:
            actions = self._actions(explicit)
            manifest = definition(statement, actions, parents=1)
            data = sign(data, kind, manifest, self.keys, [Parent(original, kind)])
        _check(
            data,
            kind,
            verify(data, self.keys.anchors, self.keys.stampers),
            label,
            actions,
            explicit,
        )
        return LabelledFile(
            data=data,
            media_type=kind,
            sha256=hashlib.sha256(data).hexdigest(),
            aigc=None if kind == text.PLAIN else label,
            explicit=explicit,
            signed=signed,
        )

    def _actions(self, explicit: Explicit) -> tuple[Action, ...]:
        when, agent = stamp(self.clock()), " ".join(generator())
        names = [name for name in (_ACTIONS.get(explicit), "c2pa.edited.metadata") if name]
        done = [Action(name, when, source_type=None, agent=agent) for name in names]
        return (Action(OPENED, when, source_type=None, agent=None), *done)


def stated_label(found: Findings) -> AigcLabel | None:
    """The one thing a file's labels say, fields that are missing left empty; None without a label.

    Raises ProvenanceError when it has several that differ: which of them is true, a person must say.
    """
    stated = {completed(dict(label.fields)) for label in found.labels if label.fields}
    if len(stated) > 1:
        raise ProvenanceError("provenance.labels_disagree", count=len(stated))
    if any(len(v) >= MAX_FIELD_CHARACTERS for label in found.labels for _, v in label.fields):
        raise ProvenanceError("provenance.field_too_long", limit=MAX_FIELD_CHARACTERS)
    return stated.pop() if stated else None


def _with_mark(data: bytes, kind: str) -> tuple[bytes, Explicit]:
    """The file with a mark people notice, where we can put one in."""
    if kind in PICTURES:
        return mark_picture(data, kind), "drawn"
    if kind == "image/svg+xml":
        return svg.with_mark(data), "drawn"
    if kind == PDF:
        return pdf_mark.with_mark(data), "drawn"
    if kind in (text.PLAIN, text.MARKDOWN):
        return text.with_mark(data), "written"
    sounding = rhythm.with_rhythm(data) if kind == "audio/wav" else None
    return (data, "missing") if sounding is None else (sounding, "sounded")


def _check(
    data: bytes,
    kind: str,
    found: Findings,
    label: AigcLabel,
    actions: tuple[Action, ...],
    explicit: Explicit,
) -> None:
    """The finished file, read anew, must say exactly what was meant."""
    told = {
        "AIGC": kind == text.PLAIN or found.aigc == label,
        f"C2PA {found.credential.state}": not actions or found.credential.state == "trusted",
        "C2PA actions": found.credential.actions == actions,
        "C2PA parents": len(found.credential.ingredients) == (1 if actions else 0),
        "text": explicit != "written" or bool(text.marks_in_file(data)),
    }
    wrong = [what for what, holds in told.items() if not holds]
    if wrong:
        raise ProvenanceError("provenance.read_back", what=", ".join(wrong))
    if explicit == "drawn" and kind in PICTURES:
        check_marked(data, kind)
