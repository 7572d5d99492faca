#!/usr/bin/env python3
"""The whole kiosk with an arrow keypad: no finger touches the screen, and nothing is out of reach."""

import json
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from keypad import Keypad  # noqa: E402
from listenpost_driver import (BINARIES, Display, Kiosk, is_fresh, kiosk_options, load_survey, must,  # noqa: E402
                               wait_until)

SCORES = [4, 5, 3]
INK = (0x1E, 0x2B, 0x2B)


class KeypadOnly(unittest.TestCase):
    def setUp(self):
        self.survey = load_survey()
        self.questions = [question["id"] for question in self.survey["questions"]][:3]
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))
        self.display = Display(self.folder).start()
        self.addCleanup(self.display.stop)
        self.kiosk = Kiosk(BINARIES, self.folder / "box", self.display, kiosk_options(idle_seconds=60)).start()
        self.addCleanup(lambda: self.assertEqual(self.kiosk.stop(), 0))
        self.keypad = Keypad(self.kiosk, self.display)
        self.kiosk.wait(is_fresh, "an untouched rating screen")
        must(["xdotool", "mousemove", "640", "30"], env=self.keypad._environment)

    def stored(self):
        store = sqlite3.connect(f"file:{self.folder}/box/store.db?mode=ro", uri=True)
        try:
            return [({answer["q"]: answer["score"] for answer in json.loads(answers)}, comment, outcome)
                    for answers, comment, outcome in
                    store.execute("SELECT answers, comment, outcome FROM response ORDER BY seq")]
        finally:
            store.close()

    def rate_all(self):
        for question, score in zip(self.questions, SCORES):
            widget = f"rate.{question}.{score}"
            self.kiosk.wait(lambda ui, widget=widget: ui.enabled(widget), widget)
            self.keypad.choose(widget, lambda ui, widget=widget: ui.chosen(widget)
                               or not ui.enabled(widget))  # one question a screen goes on by itself
        return dict(zip(self.questions, SCORES))

    def ring_pixels(self, box):
        """Pixels of ink in the four-pixel frame around a widget, where the paper is otherwise bright."""
        picture = subprocess.run(["xwd", "-root", "-silent"], env=self.keypad._environment, capture_output=True,
                                 check=True).stdout[-1280 * 800 * 4:]
        count = 0
        for y in range(max(0, box["y"] - 8), min(800, box["y"] + box["h"] + 8)):
            for x in range(max(0, box["x"] - 8), min(1280, box["x"] + box["w"] + 8)):
                is_inside = (box["x"] <= x < box["x"] + box["w"] and box["y"] <= y < box["y"] + box["h"])
                at = (y * 1280 + x) * 4
                if not is_inside and tuple(picture[at + 2 - channel] for channel in range(3)) == INK:
                    count += 1
        return count

    def finish(self):
        self.keypad.choose("submit", lambda ui: ui.screen == "thanks")
        self.keypad.choose("submit", is_fresh)

    def test_three_ratings_and_a_comment_are_given(self):
        said = self.rate_all()
        self.keypad.choose("comment.open", lambda ui: ui.screen == "comment")
        self.keypad.choose("phrase.0", lambda ui: ui.chosen("phrase.0"))
        self.keypad.choose("key.n", lambda ui: ui.enabled("candidate.0"))
        self.keypad.choose("key.i", lambda ui: ui.widgets.get("candidate.0", {}).get("label") == "你")
        self.keypad.choose("candidate.0", lambda ui: "candidate.0" not in ui.widgets
                           or ui.widgets["candidate.0"]["label"] != "你")
        self.finish()
        wait_until(lambda: len(self.stored()) == 1, "the response in store.db")
        phrase = self.survey["phrases"][0]["zh-CN"]
        [(answers, comment, outcome)] = self.stored()
        self.assertEqual((answers, outcome), (said, "complete"))
        self.assertIn(phrase, comment)
        self.assertTrue(comment.endswith("你"), comment)

    def test_every_panel_opens_and_large_text_asks_one_question_a_screen(self):
        self.keypad.choose("lang.more", lambda ui: "lang.en" in ui.widgets and "panel.close" in ui.widgets)
        self.keypad.choose("lang.en", lambda ui: ui.language == "en")
        self.keypad.choose("access.open", lambda ui: ui.enabled("access.large"))
        self.keypad.choose("access.large", lambda ui: ui.chosen("access.large"))
        ui = self.keypad.choose("panel.close", lambda ui: "panel.close" not in ui.widgets)
        self.assertEqual({widget.split(".")[1] for widget in ui.ids("rate.")}, {self.questions[0]})
        said = self.rate_all()
        self.kiosk.wait(lambda ui: ui.enabled("submit"), "the end of the questions")
        self.finish()
        wait_until(lambda: len(self.stored()) == 1, "the response in store.db")
        self.assertEqual(self.stored()[0][0], said)
        ui = self.kiosk.wait(is_fresh, "the next customer's screen")
        self.assertEqual({widget.split(".")[1] for widget in ui.ids("rate.")}, set(self.questions))
        self.assertIsNone(self.keypad.focus(ui), "the next customer finds nobody's focus")

    def test_the_focus_is_seen_until_a_finger_comes(self):
        widget = f"rate.{self.questions[0]}.3"
        self.keypad.show_focus()
        self.keypad.go_to(widget)
        box = self.kiosk.map().widgets[widget]
        self.assertGreater(wait_until(lambda: self.ring_pixels(box), "a ring"), 2 * (box["w"] + box["h"]))
        self.kiosk.tap(widget, lambda ui: ui.chosen(widget))
        ui = self.kiosk.wait(lambda ui: self.keypad.focus(ui) is None, "no focus")
        self.assertTrue(ui.chosen(widget))


if __name__ == "__main__":
    unittest.main()
