"""Which everyday Chinese words must not be taken apart: 黑板 is no black board, 马上 has no horse in it.

Chosen with the dictionary of jieba 0.42.1 (MIT) and by hand; `lexicon/data/ordinary.txt` keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from danqing.lexicon.segment import Segmenter
from danqing.lexicon.text import is_han, key_of


def choose_ordinary(
    dictionary: Path, lexicon: Mapping[str, Any], minimum_frequency: int = 30
) -> tuple[list[str], list[str]]:
    """Everyday words to keep whole, from a jieba dictionary (lines of `word frequency tag`).

    First list: words the lexicon alone would break into something it knows and something it does
    not (黑板 → 黑 + 板). Second: words it would read wholly as other words (马上 → 马 + 上); most
    of those are right (红花, 小狗), so a person must choose."""
    segmenter = Segmenter(lexicon["words"], lexicon["measures"], frozenset(), lexicon["longest"])
    broken: list[str] = []
    doubtful: list[str] = []
    for line in dictionary.read_text("utf-8").splitlines():
        word, frequency, _tag = line.split(" ")
        key = key_of(word)
        if not 2 <= len(word) <= 4 or not all(map(is_han, word)) or key in lexicon["words"]:
            continue
        cut = segmenter.cut(word)
        unknown = sum(1 for m in cut if not m.meanings)
        if unknown == 0:
            if int(frequency) >= minimum_frequency and len(cut) > 1:
                doubtful.append(word)
        elif unknown < len(cut) and int(frequency) >= minimum_frequency:
            broken.append(word)
    return broken, doubtful
