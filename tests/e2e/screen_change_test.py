#!/usr/bin/env python3
"""The screen is turned or gets another resolution while the kiosk runs, or another program opens a window over it.

With and without a window manager: the kiosk keeps covering the screen, and no tap is lost.
"""

import itertools
import json
import os
import sqlite3
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from finger import Finger  # noqa: E402
from listenpost_driver import (BINARIES, ChangingDisplay, Kiosk, Program, first_page, is_fresh,  # noqa: E402
                               kiosk_options, load_survey, must, wait_until)


class ScreenChange(unittest.TestCase):
    def setUp(self):
        self.survey = load_survey()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))
        self.display = ChangingDisplay(self.folder).start()
        self.addCleanup(self.display.stop)

    def start_kiosk(self):
        # Patient: a customer who waits for a screen to change is not timed out.
        self.kiosk = Kiosk(BINARIES, self.folder / "box", self.display, kiosk_options(idle_seconds=60),
                           window=["--fullscreen"]).start()
        self.addCleanup(self.kiosk.stop)
        self.finger = Finger(self.display)
        self.addCleanup(self.finger.close)
        self.kiosk.use(self.finger)

    def start_beside(self, name, *command):
        program = Program(name, command, self.folder / f"{name}.log", self.display.environment).start()
        self.addCleanup(program.stop)
        return program

    def stored(self):
        store = sqlite3.connect(f"file:{self.folder}/box/store.db?mode=ro", uri=True)
        try:
            return [({answer["q"]: answer["score"] for answer in json.loads(answers)}, outcome)
                    for answers, outcome in store.execute("SELECT answers, outcome FROM response ORDER BY seq")]
        finally:
            store.close()

    def fills(self, mode):
        """Whether the kiosk's picture is laid out for this screen, and is what the screen shows in every corner."""
        width, height = map(int, mode.split("x"))
        widgets = self.kiosk.map().widgets.values()
        right = max(each["x"] + each["w"] for each in widgets)
        bottom = max(each["y"] + each["h"] for each in widgets)
        if not (0.9 * width < right <= width and 0.9 * height < bottom <= height):
            return False
        corners = itertools.product((1, width - 2), (1, height - 2))
        return all(self.finger.pixels(x, y, 1, 1)[:3] != b"\0\0\0" for x, y in corners)

    def change(self, mode):
        self.display.change(mode)
        wait_until(lambda: self.fills(mode), f"the kiosk to fill {mode}")

    def rate_while_the_screen_changes(self):
        questions = first_page(self.survey)
        self.kiosk.wait(is_fresh, "an untouched rating screen")
        for number, mode in enumerate(self.display.MODES):
            if number < len(questions):
                widget = f"rate.{questions[number]}.5"
                self.kiosk.tap(widget, lambda ui, widget=widget: ui.chosen(widget))
            self.change(mode)
            for question in questions[:number + 1]:
                self.assertTrue(self.kiosk.map().chosen(f"rate.{question}.5"), "an answer was forgotten")
        self.kiosk.tap("submit", lambda ui: ui.screen == "thanks")
        self.kiosk.tap("submit", is_fresh)
        wait_until(lambda: len(self.stored()) == 1, "the response in store.db")
        self.assertEqual(self.stored(), [({question: 5 for question in questions}, "complete")])

    def test_without_a_window_manager_it_follows_the_screen(self):
        self.start_kiosk()
        self.rate_while_the_screen_changes()

    def test_under_a_window_manager_it_follows_the_screen(self):
        self.start_beside("window-manager", "matchbox-window-manager")
        self.start_kiosk()
        self.rate_while_the_screen_changes()

    def test_a_finger_that_is_down_while_the_screen_turns_is_not_stuck(self):
        self.start_kiosk()
        ui = self.kiosk.wait(is_fresh, "an untouched rating screen")
        question, *others = first_page(self.survey)
        face = ui.widgets[f"rate.{question}.4"]
        self.finger.move(face["x"] + face["w"] / 2, face["y"] + face["h"] / 2)
        self.finger.down()
        self.change("800x1280")
        self.finger.up()
        for each in (question, *others):
            widget = f"rate.{each}.5"
            self.kiosk.tap(widget, lambda ui, widget=widget: ui.chosen(widget))
        self.kiosk.tap("submit", lambda ui: ui.screen == "thanks")

    def test_a_window_that_opens_over_it_does_not_stay_there(self):
        self.start_kiosk()
        self.come_back_from_under_a_window()

    def test_nor_does_one_that_a_window_manager_puts_on_top(self):
        self.start_beside("window-manager", "matchbox-window-manager")
        self.start_kiosk()
        self.come_back_from_under_a_window()

    def come_back_from_under_a_window(self):
        ui = self.kiosk.wait(is_fresh, "an untouched rating screen")
        shown = self.finger.pixels(0, 0, 1280, 800)
        intruder = self.start_beside("intruder", "xclock", "-geometry", "600x400+300+200")
        must(["xdotool", "search", "--sync", "--onlyvisible", "--class", "xclock"],
             env={**os.environ, **self.display.environment})
        wait_until(lambda: self.finger.pixels(0, 0, 1280, 800) == shown, "the kiosk to be on top again")
        question = first_page(self.survey)[0]
        self.kiosk.tap(f"rate.{question}.5", lambda ui: ui.chosen(f"rate.{question}.5"))
        intruder.check_alive()


if __name__ == "__main__":
    unittest.main()
