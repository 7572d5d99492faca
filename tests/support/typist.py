"""Somebody who types on the kiosk's own keyboard, finger by finger. See listenpost_driver.py."""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from measure import cpu_at_rest

SENTENCES_FILE = Path(__file__).with_name("store_sentences.h")
# What changes in the bar above the keys takes no finger so long (keyboard.cpp): it was aimed at what stood there.
BAR_GUARD_SECONDS = 0.22


def store_sentences():
    """[(text, letters)]: what tests and benchmarks type."""
    return re.findall(r'\{"([^"]+)", "([a-z]+)"\}', SENTENCES_FILE.read_text(encoding="utf-8"))


def is_in_bar(widget):
    return widget.startswith("candidate.") or widget in ("key.mode", "key.more", "key.shift")


@dataclass
class Typed:
    """What one text took."""

    text: str
    keystrokes: int = 0  # letters, candidates, and every other key
    letters: int = 0
    key_cpu_ms: list = field(default_factory=list)  # of each keystroke, the whole process, its picture and its disk


class Typist:
    """Types on a comment screen, or on a question for a text, that is open.

    `measures`: looks after every key what it cost, which takes more time than typing does.
    """

    def __init__(self, kiosk, measures=False):
        self.kiosk = kiosk
        self._measures = measures
        self._typed = None

    def pinyin(self, text, letters):
        """Types all letters, then chooses; Typed. The screen's language writes Hanzi."""
        self._typed = Typed(text)
        for letter in letters:
            self._letter(letter)
        self.kiosk.wait(lambda ui: ui.ids("candidate."), "pinyin to be loaded")
        self._rest()  # the last letter's candidates
        remaining = text
        while remaining:
            remaining = remaining[len(self._choose(remaining, letters)):]
        return self._typed

    def plain(self, text):
        """ASCII letters, digits and blanks on the English keyboard; Typed."""
        self._typed = Typed(text)
        if not self.kiosk.map().enabled("key.shift"):
            self.key("mode")
        for character in text:
            if character.isdigit() and f"key.{character}" not in self.kiosk.map().widgets:
                self.key("numbers")
            elif character.isalpha() and "key.letters" in self.kiosk.map().widgets:
                self.key("letters")
            self.key("space" if character == " " else character)
        return self._typed

    def key(self, name):
        self._click(f"key.{name}")

    def candidates(self):
        """[(widget, text)] as they stand on the screen."""
        ui = self.kiosk.map()
        return [(widget, ui.widgets[widget]["label"]) for widget in ui.ids("candidate.")]

    def choose(self, candidate):
        self._click(f"candidate.{candidate}")

    # --- as a person who knows what she wants ------------------------------------------------

    def _letter(self, letter):
        self.key(letter)
        self._typed.letters += 1

    def _choose(self, wanted, letters):
        """Chooses the longest candidate that `wanted` begins with; its text."""
        taken_back = 0
        found = self._longest(wanted)
        if found is None or len(found[1]) < min(2, len(wanted)):
            found = self._look_at_all(wanted) or found
        while found is None:
            self.key("backspace")
            self._rest()
            taken_back += 1
            found = self._longest(wanted)
            assert found or taken_back < len(letters), f"no candidate for {wanted}"
        self._click(found[0])
        for letter in letters[len(letters) - taken_back:]:
            self._letter(letter)
        self._rest()
        return found[1]

    def _longest(self, wanted):
        fitting = [each for each in self.candidates() if wanted.startswith(each[1])]
        return max(fitting, key=lambda each: len(each[1]), default=None)

    def _look_at_all(self, wanted):
        """Turns the pages of all candidates until one fits."""
        if not self.kiosk.map().enabled("key.more"):
            return None
        if "key.backspace" in self.kiosk.map().widgets:  # else they cover the keys already
            self.key("more")
            self._rest()
        seen = set()
        while True:
            found = self._longest(wanted)
            page = tuple(self.candidates())
            if found or page in seen or not self.kiosk.map().enabled("key.more_next"):
                break
            seen.add(page)
            self.key("more_next")
            self._rest()
        if found is None:
            self.key("more")
        return found

    def _rest(self):
        """Until the screen shows what all keys so far came to."""
        return cpu_at_rest(self.kiosk.program.pid)

    def _click(self, widget):
        before = self._rest() if self._measures else None
        if is_in_bar(widget):
            time.sleep(BAR_GUARD_SECONDS)
        self.kiosk.press(widget)
        if self._measures:
            self.kiosk.wait(lambda _: self._rest() > before, f"an effect of {widget}")
        if self._typed is not None:
            self._typed.keystrokes += 1
            if self._measures:
                self._typed.key_cpu_ms.append((self._rest() - before) / 1e6)
