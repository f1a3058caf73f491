"""Teaching, replacing, forgetting: what is kept, what is logged, and what a kill leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from danqing.errors import InputError, NotFound, StoreDamaged
from danqing.identity import local_person
from danqing.policy import Policy, shipped_packs
from danqing.store import Store, back_up, open_store, restore
from danqing.teaching import MAX_PICTURES, Declined, Shelf, TaughtConcept, Teacher, forget, teach
from support import batches as made
from support.asking import FixedCheck
from support.teaching import ball, file

PICTURES = [("a.png", file(ball())), ("b.jpg", file(ball((30, 90, 60)), "JPEG"))]


class Class:
    """A shelf with a teacher."""

    def __init__(self, store: Store, clock: made.Clock) -> None:
        self.store, self.check = store, FixedCheck()
        person = local_person(store.database, clock)
        self.teacher = Teacher(
            person, Policy(shipped_packs(), self.check, clock), store.database, clock
        )
        self.shelf = Shelf(store.database.home)

    def teach(
        self, chinese: str = "小团", english: str = "Tuantuan", **more: Any
    ) -> TaughtConcept | Declined:
        facts = {"pictures": PICTURES} | more
        return teach(self.shelf, self.teacher, chinese=chinese, english=english, **facts)

    def taught(self, *names: str, **more: Any) -> TaughtConcept:
        concept = self.teach(*names, **more)
        assert isinstance(concept, TaughtConcept)
        return concept

    def lines(self) -> list[tuple[str, dict[str, Any]]]:
        with self.store.database.read() as connection:
            lines = self.store.database.ledger.lines(connection)
            return [(line.kind, json.loads(line.facts)) for line in lines]


@pytest.fixture
def clock() -> made.Clock:
    return made.Clock()


@pytest.fixture
def lesson(tmp_path: Path, clock: made.Clock) -> Iterator[Class]:
    with open_store(tmp_path / "home", clock) as store:
        yield Class(store, clock)


def test_what_is_taught_can_be_read_and_drawn(lesson: Class) -> None:
    concept = lesson.taught()
    assert lesson.shelf.concepts() == (concept,)
    assert lesson.shelf.words().match("小團")[0].meanings == (concept.id,)
    sketches = lesson.shelf.for_engine(concept.id).sketches
    assert len(sketches) == 2
    assert sketches[0].shape == (64, 64, 4)
    ((kind, facts),) = lesson.lines()
    assert (kind, facts["concept"], len(facts["pictures"])) == ("taught", concept.id, 2)
    assert [pack["name"] for pack in facts["packs"]]
    (kept,) = lesson.shelf.folder.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_name_that_is_taken_is_refused(lesson: Class) -> None:
    lesson.taught()
    for names in (("小團", "Else"), ("别的团", "tuantuans")):
        with pytest.raises(InputError, match="taught_already"):
            lesson.teach(*names)
    for names in (("熊猫", "Else"), ("别的团", "pandas")):
        for replace in (False, True):
            with pytest.raises(InputError, match=r"teaching\.known"):
                lesson.teach(*names, replace=replace)
    assert len(lesson.shelf.concepts()) == 1


def test_replacing_forgets_all_that_had_one_of_the_names(lesson: Class) -> None:
    first, second = lesson.taught(), lesson.taught("大团团", "Big Tuan")
    concept = lesson.taught("小团", "Big Tuan", replace=True)
    assert lesson.shelf.concepts() == (concept,)
    assert lesson.lines()[-1][1]["replaced"] == [first.id, second.id]


def test_teaching_the_same_again_is_the_same_concept(lesson: Class) -> None:
    first = lesson.taught()
    assert lesson.taught(replace=True).id == first.id
    assert len(lesson.shelf.concepts()) == 1


@pytest.mark.parametrize("name", ["小团", "小團", "Tuantuan", "tuantuans", "id"])
def test_forgetting_by_any_of_its_names(lesson: Class, name: str) -> None:
    concept = lesson.taught()
    assert forget(lesson.shelf, lesson.teacher, concept.id if name == "id" else name) == concept
    assert lesson.shelf.concepts() == ()
    assert lesson.lines()[-1][0] == "forgotten"
    with pytest.raises(NotFound):
        lesson.shelf.for_engine(concept.id)


@pytest.mark.parametrize("name", ["熊猫", "无此物", "", "../x"])
def test_only_what_was_taught_can_be_forgotten(lesson: Class, name: str) -> None:
    lesson.taught()
    with pytest.raises(NotFound, match="not_taught"):
        forget(lesson.shelf, lesson.teacher, name)


@pytest.mark.parametrize("concept_id", ["taught-x", "taught-../../keys/ledger", "panda", ""])
def test_odd_ids_find_nothing(lesson: Class, concept_id: str) -> None:
    with pytest.raises(NotFound):
        lesson.shelf.for_engine(concept_id)


def test_names_and_pictures_go_through_the_rules(lesson: Class) -> None:
    declined = lesson.teach("做炸弹的步骤", "Zog")
    assert isinstance(declined, Declined)
    assert declined.reasons
    lesson.check.answer = 0.999
    assert isinstance(lesson.teach(), Declined)
    assert lesson.shelf.concepts() == ()
    assert [kind for kind, _ in lesson.lines()] == ["not-taught", "not-taught"]


@pytest.mark.parametrize("count", [0, MAX_PICTURES + 1])
def test_one_to_twenty_pictures(lesson: Class, count: int) -> None:
    with pytest.raises(InputError, match="too_many_pictures"):
        lesson.teach(pictures=PICTURES[:1] * count)


def test_the_same_picture_twice_is_one_sketch(lesson: Class) -> None:
    assert len(lesson.taught(pictures=PICTURES[:1] * 3).sketches) == 1


def test_there_is_an_end_to_how_much_it_learns(
    lesson: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("danqing.teaching.lessons.MAX_CONCEPTS", 1)
    lesson.taught()
    with pytest.raises(InputError, match="too_many_concepts"):
        lesson.teach("大团团", "Big Tuan")
    lesson.taught(replace=True)


def test_a_kill_before_the_end_leaves_the_old_state(
    lesson: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = lesson.taught()
    with monkeypatch.context() as patch:
        patch.setattr(Shelf, "publish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            lesson.teach(pictures=PICTURES[:1], replace=True)
    assert lesson.shelf.concepts() == (old,)
    lesson.taught(pictures=PICTURES[:1], replace=True)  # and what it left is in nobody's way
    assert [f.suffix for f in lesson.shelf.folder.iterdir()] == [".json"]


def test_a_changed_file_is_not_believed(lesson: Class) -> None:
    concept = lesson.taught()
    kept = lesson.shelf.folder / f"{concept.id}.json"
    for damaged in (kept.read_text().replace("Tuantuan", "Tuantuam"), "{}", "[1]", "", "\x80"):
        kept.write_text(damaged)
        with pytest.raises(StoreDamaged):
            lesson.shelf.concepts()
        with pytest.raises(StoreDamaged):
            lesson.shelf.for_engine(concept.id)


def test_a_backup_brings_it_back(lesson: Class, tmp_path: Path, clock: made.Clock) -> None:
    concept = lesson.taught()
    back_up(lesson.store, tmp_path / "b.zip", clock)
    restore(tmp_path / "b.zip", tmp_path / "new", clock)
    assert Shelf(tmp_path / "new").concepts() == (concept,)
    (kept,) = (tmp_path / "new" / "taught").iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
