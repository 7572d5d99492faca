"""Cuts the screen's font out of Noto Sans CJK: what Chinese and English screens can
show, and nothing a screen of our own does not read (hints, vertical metrics, layout
rules).

    cut_font.py FONT.ttc FACE_NAME OUTPUT.otf [TEXT_FILE ...]

Every character of the text files is kept too, or the cut fails: a screen must never
show a box because a string got a character that nobody thought of.
"""

import os
import sys

from fontTools import subset
from fontTools.ttLib import TTCollection

# Characters that no screen draws though a text file contains them.
UNDRAWN = {"\n", "\r", "\t", "\ufeff"}


def gb2312_characters():
    """Rows 1-3: punctuation, numbers, full-width forms; 4-5: kana; 16-87: Hanzi."""
    for row in [*range(1, 6), *range(16, 88)]:
        for cell in range(1, 95):
            try:
                yield bytes((row + 0xA0, cell + 0xA0)).decode("gb2312")
            except UnicodeDecodeError:
                pass


def wanted_characters(text_files):
    wanted = set(gb2312_characters())
    wanted.update(map(chr, range(0x20, 0x7F)))
    wanted.update(map(chr, range(0xA0, 0x100)))
    wanted.update(map(chr, range(0x3000, 0x3040)))  # CJK punctuation
    wanted.update(map(chr, range(0xFF01, 0xFF5F)))  # full-width forms
    wanted.update("\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ac\ufffd")
    shown = set()
    for name in text_files:
        with open(name, encoding="utf-8") as file:
            shown.update(file.read())
    shown -= UNDRAWN
    return wanted | shown, shown


def main():
    source, face_name, output, *text_files = sys.argv[1:]
    face = next((f for f in TTCollection(source, lazy=True) if f["name"].getDebugName(4) == face_name), None)
    if face is None:
        sys.exit(f"cut_font: {source} has no face named {face_name}")
    wanted, shown = wanted_characters(text_files)
    missing = sorted(c for c in shown if ord(c) not in face.getBestCmap())
    if missing:
        sys.exit("cut_font: the font lacks " + " ".join(f"U+{ord(c):04X}" for c in missing))

    options = subset.Options(
        hinting=False,
        layout_features=[],
        name_IDs=[0, 1, 2, 4, 6, 13, 14],  # the names, and the licence that must stay with them
        name_languages=[0x409],
        drop_tables=["BASE", "DSIG", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"],
        notdef_outline=True,
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(c) for c in wanted])
    subsetter.subset(face)
    # By rename, so that a running kiosk never maps half a font.
    unfinished = output + ".new"
    subset.save_font(face, unfinished, options)
    os.replace(unfinished, output)


main()
