#!/usr/bin/env python3
"""Spoken mode: what the kiosk says, in which language, and what it never says."""

import json
import os
import shutil
import sqlite3
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from keypad import Keypad  # noqa: E402
from listenpost_driver import (BINARIES, ROOT, Display, Kiosk, is_fresh, kiosk_options, load_survey,  # noqa: E402
                               wait_until)

# Stands where espeak-ng does and writes down what it shall say, one line each: voice, text.
FAKE = """#!/bin/sh
text=$(tr '\\n' ' ')
printf '%s\\t%s\\n' "$5" "$text" >> "$SAID"
"""


def texts(language):
    return json.loads((ROOT / f"assets/strings/{language}.json").read_text(encoding="utf-8"))


class Speech(unittest.TestCase):
    def start(self, **environment):
        self.survey = load_survey()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))
        self.said_file = self.folder / "said"
        display = Display(self.folder).start()
        self.addCleanup(display.stop)
        self.kiosk = Kiosk(BINARIES, self.folder / "box", display, kiosk_options(idle_seconds=60))
        self.kiosk.program.environment = {**display.environment, "SAID": str(self.said_file), **environment}
        self.kiosk.start()
        self.addCleanup(lambda: self.assertEqual(self.kiosk.stop(), 0))
        self.keypad = Keypad(self.kiosk, display)
        self.kiosk.wait(is_fresh, "an untouched rating screen")

    def start_with_a_witness(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-voice-")))
        fake = folder / "espeak-ng"
        fake.write_text(FAKE)
        fake.chmod(0o755)
        self.start(PATH=f"{folder}:{os.environ['PATH']}")

    def said(self):
        if not self.said_file.exists():
            return []
        return [line.split("\t", 1) for line in self.said_file.read_text(encoding="utf-8").splitlines()]

    def hears(self, *parts, voice):
        def heard():
            return any(each == voice and all(part in text for part in parts) for each, text in self.said())
        wait_until(heard, lambda: f"{parts} in {voice}; said was {self.said()[-4:]}")

    def switch_on(self):
        self.kiosk.tap("access.open", lambda ui: ui.enabled("access.speech"))
        self.kiosk.tap("access.speech", lambda ui: ui.chosen("access.speech"))

    def close_panel(self):
        return self.kiosk.tap("panel.close", lambda ui: "panel.close" not in ui.widgets)

    def test_screens_focus_and_choices_are_said_in_the_customers_language(self):
        self.start_with_a_witness()
        chinese, english = texts("zh-CN"), texts("en")
        self.assertEqual(self.said(), [], "nobody asked for it yet")
        self.switch_on()
        self.hears(chinese["spoken.welcome"], voice="cmn")
        self.close_panel()
        self.hears(self.survey["headline"]["zh-CN"], voice="cmn")
        self.kiosk.tap("lang.en", lambda ui: ui.language == "en")
        self.hears(self.survey["headline"]["en"], voice="en")
        question = self.survey["questions"][0]
        widget = f"rate.{question['id']}.5"
        self.keypad.show_focus()
        self.keypad.go_to(widget)
        label = self.kiosk.map().widgets[widget]["label"]
        title = question["title"]["en"]
        self.hears(f"{title}: {label}", voice="en")
        self.keypad.choose(widget, lambda ui: ui.chosen(widget))
        self.hears(f"{title}: {label}, {english['spoken.chosen']}", voice="en")
        self.keypad.choose("comment.open", lambda ui: ui.screen == "comment")
        self.hears(english["comment.headline"], english["comment.privacy"], voice="en")

    def test_nothing_of_a_comment_is_said_and_the_next_customer_starts_in_silence(self):
        self.start_with_a_witness()
        self.switch_on()
        self.close_panel()
        self.kiosk.tap("lang.en", lambda ui: ui.language == "en")
        for question in self.survey["questions"][:3]:
            widget = f"rate.{question['id']}.5"
            self.kiosk.tap(widget, lambda ui, widget=widget: ui.chosen(widget))
        self.kiosk.tap("comment.open", lambda ui: ui.screen == "comment")
        self.hears(texts("en")["comment.headline"], voice="en")
        before = len(self.said())
        self.kiosk._wait_out_guard()
        for key in "xylophone":
            self.type(key)
        self.kiosk.wait(lambda ui: ui.screen == "comment", "still the comment")
        self.kiosk.tap("submit", lambda ui: ui.screen == "thanks")
        thanks = self.survey["thanks_title"]["en"]
        self.hears(thanks, voice="en")
        typed = [text for _, text in self.said()[before:] if thanks not in text]
        self.assertEqual(typed, [], "a finger's typing was said")
        with sqlite3.connect(f"file:{self.folder}/box/store.db?mode=ro", uri=True) as store:
            self.assertEqual(store.execute("SELECT comment FROM response").fetchone()[0].lower(), "xylophone")
        store.close()

        self.kiosk.tap("submit", is_fresh)
        silent_from = len(self.said())
        self.kiosk.tap("lang.en", lambda ui: ui.language == "en")
        widget = f"rate.{self.survey['questions'][0]['id']}.1"
        self.kiosk.tap(widget, lambda ui: ui.chosen(widget))
        self.keypad.show_focus()
        self.kiosk.tap("access.open", lambda ui: ui.enabled("access.speech"))
        self.assertFalse(self.kiosk.map().chosen("access.speech"))
        # The next word that is said at all is the welcome to whoever switches it on now.
        self.kiosk.tap("access.speech", lambda ui: ui.chosen("access.speech"))
        welcome = texts("en")["spoken.welcome"]
        wait_until(lambda: len(self.said()) > silent_from, "the welcome")
        self.assertIn(welcome, self.said()[silent_from][1], "the next customer did not start in silence")

    def type(self, key):
        """A tap on a letter; some languages begin with pinyin, English does not."""
        ui = self.kiosk.wait(lambda ui: ui.enabled(f"key.{key}") or ui.enabled(f"key.{key.upper()}"), key)
        self.kiosk.click(ui.widgets[f"key.{key}" if ui.enabled(f"key.{key}") else f"key.{key.upper()}"])

    @unittest.skipUnless(shutil.which("espeak-ng"), "no voice is installed")
    def test_the_real_voice_on_a_box_without_sound_holds_nothing_up(self):
        self.start(ALSA_CONFIG_PATH="/dev/null", PULSE_SERVER="unix:/nonexistent")
        self.switch_on()
        self.close_panel()
        for _ in range(3):
            for question in self.survey["questions"][:3]:
                for score in (4, 5):
                    widget = f"rate.{question['id']}.{score}"
                    self.kiosk.tap(widget, lambda ui, widget=widget: ui.chosen(widget), seconds=5)
            self.keypad.press(*["Down", "Right"] * 20)
        self.kiosk.tap("submit", lambda ui: ui.screen == "thanks", seconds=10)


if __name__ == "__main__":
    unittest.main()
