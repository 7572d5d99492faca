"""Cuts one of the screen's fonts out of Noto Sans CJK: what its languages' screens can
show, and nothing a screen of our own does not read (hints, vertical metrics, layout
rules).

    cut_font.py FONT.ttc sc|tc|jp|kr OUTPUT.otf [--strings FILE ...] [--surveys FILE ...]

The same character looks different in each face, and each has the standard set of
where it is written; the screen takes from another face what its own lacks.

Every character of the strings is kept too, or the cut fails: a screen must never
show a box because a string got a character that nobody thought of. So is every
character of the surveys that the face has; one that no face has is a failure.
"""

import argparse
import os
import subprocess
import sys
import tempfile

from fontTools.ttLib import TTCollection

# Characters that no screen draws though a text file contains them.
UNDRAWN = {"\n", "\r", "\t", "\ufeff"}


def rows(codec, *wanted_rows):
    """Those rows of a set of 94 rows by 94 cells."""
    for row in wanted_rows:
        for cell in range(1, 95):
            yield from decoded(codec, row + 0xA0, cell + 0xA0)


def decoded(codec, lead, trail):
    try:
        yield bytes((lead, trail)).decode(codec)
    except UnicodeDecodeError:
        pass


def gb2312():
    """Rows 1-3: punctuation, numbers, full-width forms; 4-5: kana; 16-87: Hanzi."""
    yield from rows("gb2312", *range(1, 6), *range(16, 88))


def big5():
    """A1-A3: punctuation, bopomofo; A4-C6 and C9-F9: Hanzi of level 1 and 2."""
    for lead in [*range(0xA1, 0xC7), *range(0xC9, 0xFA)]:
        for trail in [*range(0x40, 0x7F), *range(0xA1, 0xFF)]:
            yield from decoded("big5", lead, trail)


def jis_x_0208():
    """Rows 1-3: punctuation, full-width forms; 4-5: kana; 16-84: kanji."""
    yield from rows("euc_jp", *range(1, 6), *range(16, 85))


def korean():
    """KS X 1001: rows 1-3: punctuation, full-width forms; 4: jamo; 16-40: its 2,350
    syllables. The other 8,822 syllables too: a keyboard passes through them on the
    way to one of the 2,350, and none may be a box for even one key."""
    yield from rows("euc_kr", *range(1, 5), *range(16, 41))
    yield from map(chr, range(0xAC00, 0xD7A4))


# The face's name in the collection, and its characters.
FACES = {
    "sc": ("Noto Sans CJK SC", gb2312),
    "tc": ("Noto Sans CJK TC", big5),
    "jp": ("Noto Sans CJK JP", jis_x_0208),
    "kr": ("Noto Sans CJK KR", korean),
}


def common_characters():
    """What every screen may need, whatever its language."""
    wanted = set(map(chr, range(0x20, 0x7F)))
    wanted.update(map(chr, range(0xA0, 0x100)))
    wanted.update(map(chr, range(0x3000, 0x3040)))  # CJK punctuation
    wanted.update(map(chr, range(0xFF01, 0xFF5F)))  # full-width forms
    wanted.update("\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ac\ufffd")
    return wanted


def characters_of(files):
    shown = set()
    for name in files:
        with open(name, encoding="utf-8") as file:
            shown.update(file.read())
    return shown - UNDRAWN


def fail_if_any(missing, where):
    if missing:
        sys.exit(f"cut_font: {where} lacks " + " ".join(f"U+{ord(c):04X} {c}" for c in sorted(missing)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("face", choices=FACES)
    parser.add_argument("output")
    parser.add_argument("--strings", nargs="*", default=[])
    parser.add_argument("--surveys", nargs="*", default=[])
    options = parser.parse_args()

    faces = list(TTCollection(options.source, lazy=True))
    by_name = {face["name"].getDebugName(4): face for face in faces}
    for name, _ in FACES.values():
        if name not in by_name:
            sys.exit(f"cut_font: {options.source} has no face named {name}")
    face_name, characters = FACES[options.face]
    face = by_name[face_name]
    strings = characters_of(options.strings)
    surveys = characters_of(options.surveys)
    has = {name: set(map(chr, by_name[name].getBestCmap())) for name, _ in FACES.values()}
    fail_if_any(strings - has[face_name], face_name)
    fail_if_any(surveys - set().union(*has.values()), "every face")
    cut(options.source, faces.index(face), common_characters() | set(characters()) | strings | surveys, options.output)


def cut(source, face_index, wanted, output):
    """By HarfBuzz's hb-subset: fontTools' own subsetter takes half a minute a face, which is
    what a whole build takes otherwise."""
    # By rename, so that a running kiosk never maps half a font.
    unfinished = output + ".new"
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as unicodes:
        unicodes.write(",".join(f"{ord(c):X}" for c in sorted(wanted)))
        unicodes.flush()
        subprocess.run(
            ["hb-subset", f"--font-file={source}", f"--face-index={face_index}", f"--unicodes-file={unicodes.name}",
             f"--output-file={unfinished}", "--no-hinting", "--layout-features-=*", "--notdef-outline",
             "--name-IDs=0,1,2,4,6,13,14",  # the names, and the licence that must stay with them
             "--name-languages=1033",
             "--drop-tables+=BASE,DSIG,GDEF,GPOS,GSUB,VORG,vhea,vmtx"],
            check=True)
    os.replace(unfinished, output)


main()
