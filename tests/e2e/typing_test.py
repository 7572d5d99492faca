#!/usr/bin/env python3
"""Customers write on the screen's own keyboard, by real clicks.

    typing_test.py [--all]    five of the twenty store sentences, or all; prints what each took

What a key costs the processor is told, not judged: budgets are scripts/bench's.
"""

import re
import sqlite3
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from finger import Finger  # noqa: E402
from listenpost_driver import (BINARIES, Display, Kiosk, first_page, is_fresh, kiosk_options,  # noqa: E402
                               load_survey)
from typist import Typist, store_sentences  # noqa: E402

SENTENCES = store_sentences()
TRADITIONAL = [("服務態度很好", "fuwutaiduhenhao"), ("雞肉沒熟", "jiroumeishu"), ("排隊時間太長", "paiduishijiantaichang")]
PHONE = "13812345678"


class Typing(unittest.TestCase):
    sentences = SENTENCES[::4]

    def setUp(self):
        self.survey = load_survey()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))
        display = Display(self.folder).start()
        self.addCleanup(display.stop)
        self.kiosk = Kiosk(BINARIES, self.folder / "box", display, kiosk_options(idle_seconds=60)).start()
        self.addCleanup(self.kiosk.stop)
        finger = Finger(display)
        self.addCleanup(finger.close)
        self.kiosk.use(finger)
        self.typist = Typist(self.kiosk, measures=True)

    # --- a customer -------------------------------------------------------------------------

    def open_comment(self, language="zh-CN"):
        """A new customer, as far as the keyboard; the UI map then."""
        ui = self.kiosk.wait(is_fresh, "an untouched rating screen")
        if language != ui.language:
            if not ui.enabled(f"lang.{language}"):
                self.kiosk.tap("lang.more", lambda ui: ui.enabled(f"lang.{language}"))
            self.kiosk.tap(f"lang.{language}", lambda ui: ui.language == language)
        for question in first_page(self.survey):
            widget = f"rate.{question}.5"
            self.kiosk.tap(widget, lambda ui, widget=widget: ui.chosen(widget))
        return self.kiosk.tap("comment.open", lambda ui: ui.screen == "comment")

    def finish(self):
        """The comment as it is stored then."""
        before = len(self.stored("SELECT comment FROM response"))
        self.kiosk.tap("submit", lambda ui: ui.screen == "thanks")
        self.kiosk.tap("submit", is_fresh)
        comments = self.stored("SELECT comment FROM response ORDER BY seq")
        self.assertEqual(len(comments), before + 1)
        return comments[-1]

    def stored(self, query):
        store = sqlite3.connect(f"file:{self.folder}/box/store.db?mode=ro", uri=True)
        try:
            return [row[0] for row in store.execute(query)]
        finally:
            store.close()

    # --- what must hold ---------------------------------------------------------------------

    def test_store_sentences_arrive_as_they_were_meant(self):
        took = []
        for text, letters in self.sentences:
            self.open_comment()
            took.append(self.typist.pinyin(text, letters))
            self.assertEqual(self.finish(), text)
        report(took)

    def test_traditional_hanzi_for_who_reads_them(self):
        for text, letters in TRADITIONAL:
            self.open_comment("zh-TW")
            self.typist.pinyin(text, letters)
            self.assertEqual(self.finish(), text)

    def test_english(self):
        self.open_comment("en")
        self.typist.plain("table 7 was wet")
        self.assertEqual(self.finish(), "table 7 was wet")

    def test_a_telephone_number_never_reaches_the_disk(self):
        self.open_comment("en")
        self.typist.plain("call ")
        for digit in PHONE:
            self.typist.plain(digit)
            draft = self.stored("SELECT comment FROM draft")
            self.assertIsNone(re.search(r"\d{5}", draft[0]), draft)
        comment = self.finish()
        self.assertTrue(comment.startswith("call "), comment)
        self.assertNotIn(PHONE[3:7], comment)
        for file in (self.folder / "box").iterdir():
            self.assertNotIn(PHONE.encode(), file.read_bytes(), file.name)

    def test_the_next_customer_finds_the_keyboard_as_the_first_one_did(self):
        first = self.open_comment()
        self.type_letters("jiroumei")
        offered = self.typist.candidates()
        self.assertGreater(len(offered), 2)
        self.finish()
        for _ in range(3):  # who learns would put this one first
            self.open_comment()
            self.type_letters("jiroumei")
            self.typist.choose(2)
            self.finish()
        self.assertEqual(self.open_comment().widgets, first.widgets, "the keyboard, the phrases and the field")
        self.type_letters("jiroumei")
        self.assertEqual(self.typist.candidates(), offered)

    def type_letters(self, letters):
        for letter in letters:
            self.typist.key(letter)


def report(took):
    """What it took, a line a sentence."""
    print(f"\n{'sentence':22}{'letters':>8}{'keystrokes':>11}{'a character':>12}{'CPU/key ms: median':>19}{'highest':>9}")
    for each in took:
        cpu = sorted(each.key_cpu_ms)
        print(f"{each.text:{22 - len(each.text)}}{each.letters:8}{each.keystrokes:11}"
              f"{each.keystrokes / len(each.text):12.2f}{cpu[len(cpu) // 2]:19.2f}{cpu[-1]:9.2f}")
    cpu = sorted(key for each in took for key in each.key_cpu_ms)
    keystrokes, characters = sum(each.keystrokes for each in took), sum(len(each.text) for each in took)
    print(f"{len(took)} sentences, {characters} characters, {keystrokes} keystrokes: "
          f"{keystrokes / len(took):.1f} a sentence, {keystrokes / characters:.2f} a character; CPU of a key, whole "
          f"process: median {cpu[len(cpu) // 2]:.2f} ms, p99 {cpu[int(0.99 * (len(cpu) - 1))]:.2f} ms", flush=True)


if __name__ == "__main__":
    if "--all" in sys.argv:
        sys.argv.remove("--all")
        Typing.sentences = SENTENCES
    unittest.main()
