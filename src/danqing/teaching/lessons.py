"""Teaching and forgetting: names and pictures go through policy, and both acts into the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from danqing.db.ledger import Event, EventKind
from danqing.errors import InputError, NotFound
from danqing.identity.types import Person
from danqing.lexicon import TAUGHT_PREFIX, Lexicon, lexicon
from danqing.policy.types import Reason
from danqing.store.records import verdict_facts
from danqing.teaching.names import Names, make_names, meaning_of
from danqing.teaching.shelf import Shelf, TaughtConcept, encode_sketches

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from danqing.db import Database
    from danqing.policy import Policy

MAX_PICTURES = 20
MAX_CONCEPTS = 200
PictureFile = tuple[str, bytes]
"""What a file is called, for messages, and what is in it."""


@dataclass(frozen=True, slots=True)
class Teacher:
    """Who teaches, under which rules, and where it is written down. clock: UTC, aware."""

    person: Person
    policy: Policy
    database: Database
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Declined:
    """Not taught: the rules hold something against a name or a picture."""

    names: Names
    reasons: tuple[Reason, ...]


def teach(
    shelf: Shelf,
    teacher: Teacher,
    *,
    chinese: str,
    english: str,
    pictures: Sequence[PictureFile],
    replace: bool = False,
) -> TaughtConcept | Declined:
    """Teaches a concept; from the next sentence on it can be drawn by either name.

    replace: what was taught under one of these names before is forgotten for it. A word Danqing
    knew by itself can't be replaced: rules speak of those.

    Raises InputError (names, pictures, teaching.known, teaching.taught_already,
    teaching.too_many_pictures, teaching.too_many_concepts), StoreError, PolicyError.
    """
    names = make_names(chinese, english)
    if not 1 <= len(pictures) <= MAX_PICTURES:
        raise InputError("teaching.too_many_pictures", count=len(pictures), limit=MAX_PICTURES)
    _in_the_way(names, shelf, replace=replace)  # before any picture is opened
    facts: dict[str, Any] = {
        "names": names,
        "pictures": [sha256(data).hexdigest() for _, data in pictures],
    }
    sketches, reasons = _look_at(names, pictures, teacher.policy)
    if reasons:
        refused = facts | verdict_facts(teacher.policy.packs, reasons)
        with teacher.database.write() as connection:
            _note(connection, teacher, "not-taught", refused)
        return Declined(names, reasons)
    concept = TaughtConcept(names, sketches, teacher.clock())
    with teacher.database.write() as connection:  # the lock: one teaches at a time
        replaced = _in_the_way(names, shelf, replace=replace)
        if len(shelf.concepts()) - len(replaced) >= MAX_CONCEPTS:
            raise InputError("teaching.too_many_concepts", limit=MAX_CONCEPTS)
        part = shelf.stage(concept)
        facts |= {"concept": concept.id, "replaced": replaced,
                  "packs": [asdict(pack) for pack in teacher.policy.packs]}  # fmt: skip
        _note(connection, teacher, "taught", facts)
    # Logged first: nothing can ever be drawn that the ledger doesn't know was taught.
    shelf.publish(part, concept)
    for concept_id in replaced:
        if concept_id != concept.id:
            shelf.remove(concept_id)
    return concept


def forget(shelf: Shelf, teacher: Teacher, name: str) -> TaughtConcept:
    """Takes away what was taught under a name, in any language, or under an id.

    Raises NotFound, StoreError.
    """
    taught = {concept.id: concept for concept in shelf.concepts()}
    words = lexicon().with_taught(c.concept for c in taught.values())
    found = taught.get(name) or taught.get(meaning_of(name, words) or "")
    if found is None:
        raise NotFound("teaching.not_taught", name=name)
    with teacher.database.write() as connection:
        facts = {"concept": found.id, "names": dict(found.names)}
        _note(connection, teacher, "forgotten", facts)
    shelf.remove(found.id)
    return found


def _in_the_way(names: Names, shelf: Shelf, *, replace: bool) -> list[str]:
    """Ids of what was taught under these names before. Raises InputError for what can't go."""
    words = shelf.words()
    found: list[str] = []
    for name in names.values():
        meaning = meaning_of(name, words)
        if meaning is None or meaning in found:
            continue
        if not meaning.startswith(TAUGHT_PREFIX):
            raise InputError("teaching.known", name=name, meaning=_said(meaning, words))
        if not replace:
            raise InputError("teaching.taught_already", name=name)
        found.append(meaning)
    return found


def _said(meaning: str, words: Lexicon) -> str:
    return words.name(meaning, "en") if meaning in words else meaning


def _look_at(
    names: Names, pictures: Iterable[PictureFile], policy: Policy
) -> tuple[tuple[bytes, ...], tuple[Reason, ...]]:
    """Sketches of the pictures, and what the rules hold against a name or a picture."""
    from danqing.teaching.pictures import open_picture, sketch

    reasons = [r for name in (names["zh-Hans"], names["en"]) for r in policy.examine(name)]
    sketches = []
    for file, data in pictures:
        picture = open_picture(data, file)
        drawn = sketch(picture)
        if drawn is None:
            raise InputError("teaching.picture_empty", file=file)
        reasons += policy.examine_picture(picture)
        sketches.append(drawn)
    return encode_sketches(sketches), tuple(reasons)


def _note(connection: Connection, teacher: Teacher, kind: EventKind, facts: dict[str, Any]) -> None:
    event = Event(kind, teacher.clock(), facts, person_id=teacher.person.id)
    teacher.database.ledger.append(connection, event)
