"""Format checks of the numbers people are known by in China. They find slips of the pen.

A number that passes is well-formed, no more: nobody is identified by it, and whether it was ever given
to anybody is not looked up. That is what a real-name provider is for.
"""

from __future__ import annotations

import re
from datetime import date

from danqing.identity.types import NumberKind

_RESIDENT_ID = re.compile(r"[1-9]\d{5}(\d{4})(\d{2})(\d{2})\d{3}[\dX]", re.ASCII)
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_DIGITS = "10X98765432"
_PROVINCES = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
"""GB/T 2260, the first two digits. 81 to 83 are residence permits of people from Hong Kong, Macao and
Taiwan; permits of foreigners begin with 9."""

_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}", re.ASCII)
_USCC_DIGITS = "0123456789ABCDEFGHJKLMNPQRTUWXY"

_MAINLAND_MOBILE = re.compile(r"\+861[3-9]\d{9}", re.ASCII)
_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_PASSPORT = re.compile(r"[0-9A-Z]{6,12}", re.ASCII)
_FILLERS = str.maketrans("", "", " -()\u3000")
LONGEST_NUMBER = 64


def resident_id_format_ok(number: str) -> bool:
    """Whether 18 characters have the form of a resident identity number: province, a day that was,
    and the check character (GB 11643-1999, ISO 7064 MOD 11-2). A format check only."""
    found = _RESIDENT_ID.fullmatch(number)
    if found is None or not _is_region(number):
        return False
    try:
        born = date(*map(int, found.groups()))
    except ValueError:
        return False
    return born.year >= 1880 and number[17] == resident_id_check_character(number[:17])


def _is_region(number: str) -> bool:
    first_two = int(number[:2])
    return number[0] == "9" or any(low <= first_two <= high for low, high in _PROVINCES)


def resident_id_check_character(first_17: str) -> str:
    """The 18th character of GB 11643-1999 for 17 digits."""
    total = sum(int(d) * w for d, w in zip(first_17, _RESIDENT_WEIGHTS, strict=True))
    return _RESIDENT_DIGITS[total % 11]


def uscc_format_ok(code: str) -> bool:
    """Whether 18 characters have the form of a unified social credit code and its check character
    (GB 32100-2015). A format check only."""
    return _USCC.fullmatch(code) is not None and code[17] == uscc_check_character(code[:17])


def uscc_check_character(first_17: str) -> str:
    """The 18th character of GB 32100-2015: weights 3^i mod 31."""
    total = sum(_USCC_DIGITS.index(c) * pow(3, i, 31) for i, c in enumerate(first_17))
    return _USCC_DIGITS[-total % 31]


def normal_number(kind: NumberKind, number: str) -> str | None:
    """The number as it is kept and compared, or None where it isn't one of this kind.

    Phones become E.164, `+86…` where a mainland mobile has no country code; letters become capital.
    """
    if len(number) > LONGEST_NUMBER:
        return None
    plain = number.translate(_FILLERS).upper()
    match kind:
        case "phone":
            return _phone(plain)
        case "resident-id":
            return plain if resident_id_format_ok(plain) else None
        case "uscc":
            return plain if uscc_format_ok(plain) else None
        case "passport":
            return plain if _PASSPORT.fullmatch(plain) else None
        case "other":
            return plain if plain and plain.isprintable() else None


def _phone(plain: str) -> str | None:
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    elif re.fullmatch(r"1[3-9]\d{9}", plain, re.ASCII):
        plain = f"+86{plain}"
    if plain.startswith("+861"):
        return plain if _MAINLAND_MOBILE.fullmatch(plain) else None
    return plain if _E164.fullmatch(plain) else None
