"""Whether a listed word really stands where its letters were found: its edges, and the gaps inside it.

"pen is" is no word of five letters, and 「白色，情绪」 has none of two characters.
"""

from __future__ import annotations

from danqing.policy.folding import MARK, NONE, STOP, WIDE, View, is_han, is_latin


def stands(view: View, start: int, end: int, breaks: frozenset[int]) -> int:
    """Where the word at letters[start:end] ends when it really stands there, else 0.

    Latin words need edges (an `s` of the plural is taken in); gaps inside a word are let
    through only where a disguise would put them.
    """
    letters, gaps = view.letters, view.gaps
    if start and gaps[start] == NONE and _clings(letters[start - 1], letters[start]):
        return 0
    stop = end
    if _latin_goes_on(view, stop) and letters[stop] == "s":
        stop += 1
    if stop < len(letters) and gaps[stop] == NONE and _clings(letters[stop - 1], letters[stop]):
        return 0
    inside = range(start + 1, end)
    spread = all(gaps[i] != NONE for i in inside)  # every letter apart from the next
    for i in inside:
        gap = gaps[i]
        if gap == NONE or (i - start in breaks and gap != STOP):
            continue
        if letters[i - 1].isascii() and letters[i].isascii():
            if gap == MARK or (spread and end - start > 2 and _alone(view, start, end)):
                continue
            return 0
        if gap == STOP and not (spread and (end - start > 2 or _set_off(view, start, end))):
            return 0
    return stop


def lone_letter(view: View, at: int) -> bool:
    """Whether letters[at] is one Latin letter, typed directly between Chinese characters or at an
    end of them: no part of a word, a number, or "T-shirt"."""
    letters = view.letters
    if not is_latin(letters[at]):
        return False
    before, after = letters[at - 1 : at], letters[at + 1 : at + 2]
    beside = [c for c, gap in ((before, view.gaps[at]), (after, view.gaps[at + 1])) if gap == NONE]
    return any(map(is_han, filter(None, beside))) and not any(c.isascii() for c in beside if c)


def _clings(left: str, right: str) -> bool:
    """Whether two neighbours without a gap belong to one Latin word or one number."""
    return (is_latin(left) and is_latin(right)) or (left.isdigit() and right.isdigit())


def _latin_goes_on(view: View, at: int) -> bool:
    return at < len(view.letters) and view.gaps[at] == NONE and is_latin(view.letters[at])


def _alone(view: View, start: int, end: int) -> bool:
    """Whether a run of single letters is the whole run: "p o r n" is, the "a n a l" of a spaced-out
    "a n a l y s i s" isn't."""
    return not (_goes_on(view, start - 1, -1) or _goes_on(view, end, 1))


def _goes_on(view: View, at: int, step: int) -> bool:
    """Whether letters[at], next to a run of single letters, is one more of it.

    An "a" or "I" with which the run would end is a word of its own.
    """
    if not _single(view, at, step):
        return False
    return view.letters[at] not in "ai" or _single(view, at + step, step)


def _single(view: View, at: int, step: int) -> bool:
    """Whether letters[at] is a Latin letter by itself, at most one space from the one before."""
    if not 0 <= at < len(view.letters) or not view.letters[at].isascii():
        return False
    if view.gaps[at if step > 0 else at + 1] >= WIDE:
        return False
    return (at == 0 or view.gaps[at] != NONE) and (
        at + 1 == len(view.letters) or view.gaps[at + 1] != NONE
    )


def _set_off(view: View, start: int, end: int) -> bool:
    """Whether something stands on both sides of letters[start:end], or the text ends there."""
    return (start == 0 or view.gaps[start] != NONE) and (
        end == len(view.letters) or view.gaps[end] != NONE
    )
