"""How often the nearest concept to a word the lexicon lacks is the right one.

Ten folds: a tenth of the words is taken out of the book, and each is asked for. Then words that are
no things at all (lexicon/data/ordinary.txt): for those, silence is right.

    python bench/nearest.py
"""

from __future__ import annotations

import json
import random
import time
from importlib.resources import files

from danqing.lexicon import Lexicon, lexicon
from danqing.lexicon.near import Nearest
from danqing.lexicon.text import is_han, key_of

FOLDS, ORDINARY = 10, 600


def synonyms(book: Lexicon, words: dict[str, str]) -> dict[str, str]:
    """Words for a concept that are not its name in any language: what a person may say instead."""
    names = {key_of(n) for c in book.concepts() for group in c.names.values() for n in group[:1]}
    return {
        word: concept
        for word, concept in words.items()
        if ":" not in concept and word not in names and len(word) >= 2 and word[0].isalpha()
    }


def main() -> None:
    data = json.loads((files("danqing.lexicon") / "data" / "concepts.json").read_text("utf-8"))
    book = lexicon()
    concepts = {c.id: c for c in book.concepts()}
    words, keywords = data["words"], data["keywords"]
    asked = sorted(synonyms(book, words).items()) + sorted(
        (w, c) for w, c in keywords.items() if w not in words
    )
    random.Random(0).shuffle(asked)
    tally = {script: [0, 0, 0] for script in ("Chinese", "Latin")}  # asked, answered, right
    began = time.process_time()
    for fold in range(FOLDS):
        out = dict(asked[fold::FOLDS])
        near = Nearest(
            {w: m for w, m in words.items() if w not in out},
            {w: m for w, m in keywords.items() if w not in out},
            concepts,
            frozenset(),
        )
        for word, concept in out.items():
            found = near.find(word)
            counts = tally["Chinese" if any(map(is_han, word)) else "Latin"]
            counts[0] += 1
            counts[1] += found is not None
            counts[2] += found == concept
    each_ms = (time.process_time() - began) / len(asked) * 1e3
    for script, (n, answered, right) in tally.items():
        print(
            f"{script}: {n} words taken out, answered {answered / n:.1%}, "
            f"right {right / n:.1%}, right of those answered {right / max(answered, 1):.1%}"
        )
    ordinary = sorted(set(data["ordinary"].split(",")) - set(keywords))
    random.Random(0).shuffle(ordinary)
    unlisted = Nearest(words, keywords, concepts, frozenset(ordinary[ORDINARY:]))
    named = sum(unlisted.find(word) is not None for word in ordinary[:ORDINARY])
    print(
        f"{ORDINARY} words that are no things, unlisted: {named / ORDINARY:.1%} given one all the same"
    )
    print(f"{each_ms:.1f} ms a word")


if __name__ == "__main__":
    main()
