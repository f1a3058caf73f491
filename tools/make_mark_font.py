"""Cut the font of the visible mark: a small subset of Noto Sans CJK SC Bold (SIL OFL 1.1).

    pip install fonttools
    apt-get install fonts-noto-cjk     # Debian and Ubuntu; any copy of NotoSansCJK-Bold.ttc will do
    python tools/make_mark_font.py /usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc

The subset keeps only what marks and contact sheets write, so it weighs some 20 kB and 「AI生成」
is drawn the same on a machine without any Chinese font. The OFL asks a changed font to keep
its licence; the family is renamed so that nobody takes the subset for the whole.
"""

from __future__ import annotations

import argparse
import string
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection

FACE = "Noto Sans CJK SC Bold"
FAMILY = "Danqing Mark"
HAN = "人工智能生成合由第张張幅图圖共页頁号號编編"
PUNCTUATION = "·—「」（），。：×"
CHARACTERS = string.digits + string.ascii_letters + string.punctuation + " " + HAN + PUNCTUATION
TARGET = Path(__file__).parents[1] / "src/danqing/provenance/fonts/DanqingMark.otf"


def cut(source: Path, target: Path) -> None:
    """Write the subset of `source` (a .ttc with the face FACE) to `target`, the same bytes each
    time."""
    font = next(f for f in TTCollection(source).fonts if f["name"].getDebugName(4) == FACE)
    options = Options(
        layout_features=["kern"],
        name_IDs=[0, 5, 13, 14],
        notdef_outline=True,
        hinting=True,
    )
    options.drop_tables += ["VORG", "vhea", "vmtx", "BASE"]  # vertical writing
    subsetter = Subsetter(options)
    subsetter.populate(text=CHARACTERS)
    subsetter.subset(font)
    for name_id, text in ((1, FAMILY), (2, "Bold"), (3, "DanqingMark-Bold"), (4, f"{FAMILY} Bold")):
        font["name"].setName(text, name_id, 3, 1, 0x409)
    font["name"].setName("DanqingMark-Bold", 6, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = ["DanqingMark-Bold"]
    cff.topDictIndex[0].FullName = f"{FAMILY} Bold"
    cff.topDictIndex[0].FamilyName = FAMILY
    font.recalcTimestamp = False
    font.save(target)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("source", type=Path, help="NotoSansCJK-Bold.ttc")
    arguments.add_argument("--out", type=Path, default=TARGET)
    given = arguments.parse_args()
    cut(given.source, given.out)
