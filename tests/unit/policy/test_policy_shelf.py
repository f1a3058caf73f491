"""Replacing a file replaces the rules; signatures say whose they are."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from danqing.errors import PolicyError
from danqing.policy import Policy, Shelf, load_names, load_pack
from danqing.policy.signatures import (
    public_key,
    read_signature,
    sign,
    signature_file,
    signing_key,
    verify,
)
from support.asking import NOON, FixedCheck

PACK = """
format: danqing-rules/1
name: house
version: "{version}"
categories:
  - id: house
    risk: A.1.h
    action: refuse
    article: 店规
    explanation: {{en: House rules.}}
    rules:
      - id: house/words
        words: [{word}]
"""


def write(file: Path, word: str, version: str = "1") -> Path:
    part = file.with_suffix(".part")
    part.write_text(PACK.format(word=word, version=version), "utf-8")
    os.replace(part, file)
    return file


def test_replacing_a_file_is_enough(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = write(tmp_path / "house.yaml", "望江楼")
    shelf = Shelf([file])
    policy = Policy(shelf, FixedCheck(), lambda: NOON)
    assert policy.examine("望江楼夜景")
    assert not policy.examine("听雨轩夜景")
    write(file, "听雨轩", "2")
    assert policy.examine("听雨轩夜景")
    assert not policy.examine("望江楼夜景")
    assert policy.packs[-1].version == "2"
    with caplog.at_level(logging.ERROR):
        file.write_text("categories: [", "utf-8")
        assert policy.examine("听雨轩夜景")
    assert shelf.fault is not None
    assert "not replaced" in caplog.text
    write(file, "望江楼", "3")
    assert policy.examine("望江楼夜景")
    assert shelf.fault is None


def test_an_unreadable_pack_is_an_error_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="pack_unreadable"):
        Shelf([tmp_path / "none.yaml"])


def test_an_operators_names_are_known_to_the_shipped_rules(tmp_path: Path) -> None:
    prompt = "头版：桃源晚报报道大桥垮塌，新闻截图"
    file = tmp_path / "names.yaml"
    file.write_text("format: danqing-names/1\noutlets: [桃源晚报]\n", "utf-8")
    plain = Policy(Shelf(), FixedCheck(), lambda: NOON)
    named = Policy(Shelf(names=[file]), FixedCheck(), lambda: NOON)
    rules = {r.rule for r in named.examine(prompt)} - {r.rule for r in plain.examine(prompt)}
    assert rules == {"fabricated-news/outlet"}


@pytest.mark.parametrize(
    "text", ["format: danqing-names/2", "[", "format: danqing-names/1\nwords: [a]",
             "format: danqing-names/1\npeople: [1]", "format: danqing-names/1\npeople: ['…']"],
)  # fmt: skip
def test_what_is_no_file_of_names_says_so(text: str) -> None:
    with pytest.raises(PolicyError, match="names_malformed"):
        load_names(text.encode())


def test_a_signature_vouches_for_one_file_by_one_key(tmp_path: Path) -> None:
    pack = write(tmp_path / "house.yaml", "望江楼")
    key = signing_key(tmp_path / "keys")
    assert signing_key(tmp_path / "keys").private_bytes_raw() == key.private_bytes_raw()
    assert (tmp_path / "keys" / "private.pem").stat().st_mode & 0o777 == 0o600
    data = sign(load_pack(pack).version, key, NOON)
    ours = public_key(tmp_path / "keys" / "public.pem")
    found = verify(load_pack(pack).version, data, [ours], "house.yaml")
    assert (found.pack, found.version, found.signed_at) == ("house", "1", NOON)

    other = signing_key(tmp_path / "others").public_key()
    with pytest.raises(PolicyError, match="signature_unknown"):
        verify(load_pack(pack).version, data, [other], "house.yaml")
    changed = load_pack(write(tmp_path / "house.yaml", "听雨轩")).version
    with pytest.raises(PolicyError, match="signature_other"):
        verify(changed, data, [ours], "house.yaml")


def test_every_change_to_a_signature_is_noticed(tmp_path: Path) -> None:
    pack = write(tmp_path / "house.yaml", "望江楼")
    key = signing_key(tmp_path / "keys")
    version = load_pack(pack).version
    data = sign(version, key, NOON)
    assert verify(version, data, [key.public_key()], "-")
    survived = []
    for at in range(len(data)):
        for flip in (1, 8):
            broken = bytearray(data)
            broken[at] ^= flip
            try:
                verify(version, bytes(broken), [key.public_key()], "-")
            except PolicyError:
                continue
            survived.append((at, bytes(broken[at : at + 1])))
    # White space in the JSON says nothing, so changing it to other white space is no change.
    assert all(byte.isspace() for _, byte in survived), survived


def test_once_a_key_is_trusted_unsigned_packs_stay_out(tmp_path: Path) -> None:
    pack = write(tmp_path / "house.yaml", "望江楼")
    key = signing_key(tmp_path / "keys")
    trusted = [tmp_path / "keys" / "public.pem"]
    with pytest.raises(PolicyError, match="signature_missing"):
        Shelf([pack], trusted=trusted)
    signature_file(pack).write_bytes(sign(load_pack(pack).version, key, NOON))
    shelf = Shelf([pack], trusted=trusted)
    policy = Policy(shelf, FixedCheck(), lambda: NOON)
    assert policy.examine("望江楼夜景")
    write(pack, "听雨轩", "2")  # replaced, but not signed anew
    assert policy.examine("望江楼夜景")
    assert shelf.fault is not None
    signature_file(pack).write_bytes(sign(load_pack(pack).version, key, NOON))
    assert policy.examine("听雨轩夜景")
    assert read_signature(pack)
