from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from danqing.db.identity_tables import real_names, sealed
from danqing.errors import Forbidden, KeyLost
from danqing.identity import Proof, RealName
from danqing.identity.keyring import KeyFile, new_keyring, with_new_key, with_only
from danqing.identity.vault import Vault
from support.people import RESIDENT_ID, Clock, Town, town


def verify(place: Town, login: str, number: str = RESIDENT_ID) -> str:
    person = place.person(login)
    proof = Proof(
        "attestation", RealName("resident-id", number, "林小雨"), place.clock(), "card seen"
    )
    place.register.real_names.record(person.id, proof, by=place.owner)
    return person.id


def opened(place: Town, person_id: str) -> RealName | None:
    person = place.register.accounts.person_of(person_id)
    return place.register.real_names.own(person)


def boxes(place: Town) -> dict[str, tuple[str, str]]:
    with place.register.database.read() as connection:
        rows = connection.execute(select(sealed)).all()
    return {row.person_id: (row.key_id, row.box) for row in rows}


def key_file(place: Town) -> Path:
    return place.register.database.home / "keys" / "people.json"


def test_names_and_numbers_are_not_in_the_database(place: Town) -> None:
    person_id = verify(place, "lin")
    assert opened(place, person_id) == RealName("resident-id", RESIDENT_ID, "林小雨")
    everything = place.every_text()
    assert RESIDENT_ID not in everything
    assert "林小雨" not in everything
    assert "card seen" not in everything


def test_the_key_is_not_in_the_database_and_its_owners_alone(place: Town) -> None:
    verify(place, "lin")
    keyring = KeyFile(key_file(place)).load()
    assert keyring is not None
    assert key_file(place).stat().st_mode & 0o777 == 0o600
    everything = place.every_text()
    for key in (*keyring.keys.values(), keyring.index):
        assert key.hex() not in everything
        assert key.hex() not in repr(keyring)


def test_equal_numbers_are_found_without_being_read(place: Town) -> None:
    one, other = verify(place, "lin"), verify(place, "lin2")
    third = verify(place, "wang", "440524188001010014")
    assert place.register.real_names.same_number(one) == (other,)
    assert place.register.real_names.same_number(third) == ()


def test_a_box_moved_to_another_person_does_not_open(place: Town) -> None:
    one, other = verify(place, "lin"), verify(place, "wang", "440524188001010014")
    with place.register.database.write() as connection:
        box = connection.execute(select(sealed.c.box).where(sealed.c.person_id == one)).scalar()
        connection.execute(update(sealed).where(sealed.c.person_id == other).values(box=box))
    with pytest.raises(KeyLost, match="box_changed"):
        opened(place, other)


@pytest.mark.parametrize("change", [lambda b: b[:-4] + "AAA=", lambda b: b[:8], lambda _: "?"])
def test_a_changed_box_does_not_open(place: Town, change: Callable[[str], str]) -> None:
    person_id = verify(place, "lin")
    box = boxes(place)[person_id][1]
    with place.register.database.write() as connection:
        connection.execute(update(sealed).values(box=change(box)))
    with pytest.raises(KeyLost, match="box_changed"):
        opened(place, person_id)


def test_rotation_puts_all_under_a_new_key_and_drops_the_old(place: Town) -> None:
    people = [verify(place, f"lin{n}") for n in range(3)]
    before = boxes(place)
    rotated = place.register.vault.rotate(by=place.owner)
    after = boxes(place)
    assert (rotated.boxes, rotated.lost) == (3, 0)
    assert {key for key, _ in after.values()} == {rotated.key_id}
    assert not {box for _, box in before.values()} & {box for _, box in after.values()}
    keyring = KeyFile(key_file(place)).load()
    assert keyring is not None
    assert set(keyring.keys) == {rotated.key_id}
    for person_id in people:
        assert opened(place, person_id) is not None
    assert place.register.real_names.same_number(people[0]) == tuple(people[1:])


def test_only_an_owner_rotates(place: Town) -> None:
    with pytest.raises(Forbidden):
        place.register.vault.rotate(by=place.person("wu", "operator"))


@pytest.mark.parametrize("killed_at_save", [1, 2])
def test_a_rotation_that_is_killed_loses_nothing_and_is_finished_by_the_next(
    place: Town, killed_at_save: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the new key is on the disk, and after the boxes are under it."""
    people = [verify(place, f"lin{n}") for n in range(3)]
    saves = 0
    save = KeyFile.save

    def save_and_die(self: KeyFile, keyring: Any) -> None:
        nonlocal saves
        saves += 1
        if killed_at_save == 2 and saves == 2:
            raise KeyboardInterrupt
        save(self, keyring)
        if saves == killed_at_save:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(KeyFile, "save", save_and_die)
        with pytest.raises(KeyboardInterrupt):
            place.register.vault.rotate(by=place.owner)
    assert all(opened(place, person_id) for person_id in people)
    place.register.vault.rotate(by=place.owner)
    assert all(opened(place, person_id) for person_id in people)
    keyring = KeyFile(key_file(place)).load()
    assert keyring is not None
    assert len(keyring.keys) == 1


def test_a_lost_key_is_said_and_never_papered_over(place: Town) -> None:
    person_id = verify(place, "lin")
    key_file(place).unlink()
    with pytest.raises(KeyLost, match="key_lost"):
        opened(place, person_id)
    with pytest.raises(KeyLost, match="key_lost"):
        verify(place, "wang")
    with pytest.raises(KeyLost, match="key_lost"):
        place.register.vault.rotate(by=place.owner)
    assert not key_file(place).exists()
    assert place.register.accounts.person_of(person_id)  # everything else goes on


def test_after_a_loss_people_are_unverified_until_verified_again(place: Town) -> None:
    person_id = verify(place, "lin")
    key_file(place).unlink()
    rotated = place.register.vault.rotate(by=place.owner, lost=True)
    assert (rotated.boxes, rotated.lost) == (0, 1)
    assert not place.register.real_names.is_verified(person_id)
    assert not place.register.accounts.person_of(person_id).verified
    with place.register.database.read() as connection:
        assert connection.execute(select(real_names)).first() is None
    assert {"step": "key-rotated", "lost": 1}.items() <= place.lines("account")[-1].items()
    verify(place, "wang")


def test_a_damaged_key_file_is_kept_beside_when_given_up(place: Town) -> None:
    verify(place, "lin")
    key_file(place).write_text("{}")
    with pytest.raises(KeyLost, match="keys_unreadable"):
        place.register.vault.rotate(by=place.owner)
    place.register.vault.rotate(by=place.owner, lost=True)
    kept = [f for f in key_file(place).parent.glob("people.json.*") if not f.name.endswith("part")]
    assert [file.read_text() for file in kept] == ["{}"]


def test_saying_lost_of_a_key_that_is_there_loses_nothing(place: Town) -> None:
    person_id = verify(place, "lin")
    assert place.register.vault.rotate(by=place.owner, lost=True).lost == 0
    assert opened(place, person_id) is not None


def test_keys_can_live_in_a_variable(place: Town, tmp_path: Path) -> None:
    """Then their operator adds the new one, and rotation puts everything under it."""
    file = KeyFile(tmp_path / "elsewhere.json")
    first = new_keyring(os.urandom, place.clock())
    file.save(first)
    environ = {"PEOPLE_KEYS": (tmp_path / "elsewhere.json").read_text()}
    database = place.register.database

    def vault() -> Vault:
        return Vault(database, KeyFile("env:PEOPLE_KEYS", environ), place.clock)

    with database.write() as connection:
        box = vault().seal(connection, place.owner.id, "grant", {"recipient": "春风印社"})
    file.save(with_new_key(first, os.urandom, place.clock()))
    environ["PEOPLE_KEYS"] = (tmp_path / "elsewhere.json").read_text()
    rotated = vault().rotate(by=place.owner)
    assert rotated.boxes == 1
    file.save(with_only(file.load() or first, ()))
    environ["PEOPLE_KEYS"] = (tmp_path / "elsewhere.json").read_text()
    with database.read() as connection:
        assert vault().open(connection, box) == {"recipient": "春风印社"}
    del environ["PEOPLE_KEYS"]
    with database.read() as connection, pytest.raises(KeyLost):
        vault().open(connection, box)


def test_a_variable_without_keys_is_not_filled_by_us(place: Town) -> None:
    vault = Vault(place.register.database, KeyFile("env:NO_SUCH", {}), place.clock)
    with place.register.database.write() as connection, pytest.raises(KeyLost, match="not_ours"):
        vault.seal(connection, place.owner.id, "grant", {})


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"current": "k", "keys": {}, "index": "00"}',
     '{"current": "k", "index": "' + "0" * 64 + '", "keys": {"k": {"key": "ff", "made_at": ""}}}'],
)  # fmt: skip
def test_key_files_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "keys.json").write_text(text)
    with pytest.raises(KeyLost, match="keys_unreadable"):
        KeyFile(tmp_path / "keys.json").load()


def test_two_processes_make_one_first_key(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with town(tmp_path / "home") as place:
        people = [place.person(f"lin{n}") for n in range(6)]

        def record(number: int) -> None:
            vault = Vault(place.register.database, KeyFile(key_file(place)), Clock())
            with place.register.database.write() as connection:
                vault.seal(connection, people[number].id, "grant", {"n": number})

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(record, range(6)))
        assert len({key for key, _ in boxes(place).values()}) == 1
