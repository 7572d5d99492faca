#!/usr/bin/env python3
"""Somebody plugs a keyboard into the kiosk, or drags its window: nothing ends, nothing shows, no tap is lost.

LISTENPOST_SEED chooses other chords.
"""

import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import (BINARIES, Display, Kiosk, first_page, is_fresh, kiosk_options, load_survey, must,  # noqa: E402
                               wait_until)

SEED = int(os.environ.get("LISTENPOST_SEED", random.SystemRandom().randrange(1_000_000)))
CHORDS = ["alt+F4", "ctrl+alt+F1", "ctrl+alt+BackSpace", "ctrl+alt+Delete", "ctrl+c", "ctrl+q", "ctrl+w", "Print",
          "alt+Print", "F1", "F5", "F11", "F12", "super", "super+l", "super+d", "alt+Tab", "alt+space", "ctrl+Escape",
          "ctrl+shift+i", "ctrl+p", "Menu", "Delete", "Home", "a", "Z", "5", "ctrl+Return", "alt+Escape"]
RANDOM_CHORDS = 200
MODIFIERS = ["", "", "ctrl+", "alt+", "super+", "shift+", "ctrl+alt+", "ctrl+shift+", "alt+shift+"]
KEYS = list("abcdefghijklmnopqrstuvwxyz0123456789") + [f"F{n}" for n in range(1, 13)] + [
    "Print", "Insert", "Delete", "Home", "End", "Prior", "Next", "Pause", "Menu", "Caps_Lock", "Num_Lock"]


class KeyboardAbuse(unittest.TestCase):
    def setUp(self):
        print(f"seed {SEED} (repeat: LISTENPOST_SEED={SEED})", flush=True)
        self.random = random.Random(SEED)
        self.survey = load_survey()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))
        display = Display(self.folder).start()
        self.addCleanup(display.stop)
        # Patient: a customer between whose taps somebody hammers on a keyboard is not timed out.
        self.kiosk = Kiosk(BINARIES, self.folder / "box", display, kiosk_options(idle_seconds=60)).start()
        self.addCleanup(self.end_in_order)
        self.environment = {**os.environ, **display.environment}

    def end_in_order(self):
        self.assertEqual(self.kiosk.stop(), 0, "SIGTERM is an orderly end, whatever the keyboard did")

    def press(self, chords):
        # The pointer lies on the window, so without a window manager the keys go there.
        must(["xdotool", "key", "--delay", "2", *chords], env=self.environment)

    def picture(self):
        """Every pixel of the real display."""
        return subprocess.run(["xwd", "-root", "-silent"], env=self.environment, capture_output=True,
                              check=True).stdout[-1280 * 800 * 4:]

    def rate_all(self, chords_between=()):
        scores = {}
        for question in first_page(self.survey):
            self.press(chords_between or ["a"])
            score = self.random.randint(4, 5)
            widget = f"rate.{question}.{score}"
            self.kiosk.tap(widget, lambda ui, widget=widget: ui.chosen(widget))
            scores[question] = score
        self.kiosk.tap("submit", lambda ui: ui.screen == "thanks")
        self.kiosk.tap("submit", is_fresh)
        return scores

    def stored(self):
        store = sqlite3.connect(f"file:{self.folder}/box/store.db?mode=ro", uri=True)
        try:
            return [({answer["q"]: answer["score"] for answer in json.loads(answers)}, outcome)
                    for answers, outcome in store.execute("SELECT answers, outcome FROM response ORDER BY seq")]
        finally:
            store.close()

    def test_keys_end_nothing_and_show_nothing(self):
        self.kiosk.wait(is_fresh, "an untouched rating screen")
        must(["xdotool", "mousemove", "640", "30"], env=self.environment)
        before, before_map = self.picture(), self.kiosk.map().widgets
        self.press(CHORDS)
        self.kiosk.program.check_alive()
        self.assertEqual(self.kiosk.map().widgets, before_map)
        self.assertEqual(self.picture(), before, "the keys changed the picture")

        chords = [self.random.choice(MODIFIERS) + self.random.choice(KEYS) for _ in range(RANDOM_CHORDS)]
        tapped = []
        for part in range(0, RANDOM_CHORDS, 50):
            tapped.append(self.rate_all(chords[part:part + 17]))
            self.press(chords[part + 17:part + 50])
            self.kiosk.program.check_alive()
        wait_until(lambda: len(self.stored()) == len(tapped), "every response in store.db")
        self.assertEqual(self.stored(), [(scores, "complete") for scores in tapped])
        print(f"{len(CHORDS)} chords, {RANDOM_CHORDS} at random; {len(tapped)} responses complete", flush=True)

    def test_another_window_size_loses_nothing(self):
        self.kiosk.wait(is_fresh, "an untouched rating screen")
        window = must(["xdotool", "search", "--onlyvisible", "--name", "ListenPost"],
                      env=self.environment).stdout.split()[-1]
        questions = first_page(self.survey)
        sizes = [(1024, 600), (800, 760), (1280, 800)]
        for (width, height), question in zip(sizes, questions):
            widget = f"rate.{question}.5"
            self.kiosk.tap(widget, lambda ui, widget=widget: ui.chosen(widget))
            old = self.kiosk.map().widgets[widget]
            must(["xdotool", "windowsize", window, str(width), str(height), "windowmove", window, "0", "0"],
                 env=self.environment)
            ui = self.kiosk.wait(lambda ui, widget=widget, old=old: ui.widgets.get(widget, old) != old,
                                 "the map of the new size")
            for name, each in ui.widgets.items():
                self.assertLessEqual(each["x"] + each["w"], width + 1, name)
                self.assertLessEqual(each["y"] + each["h"], height + 1, name)
            self.assertTrue(ui.chosen(widget), "an answer was forgotten")
        self.kiosk.tap("submit", lambda ui: ui.screen == "thanks")
        wait_until(lambda: len(self.stored()) == 1, "the response in store.db")
        self.assertEqual(self.stored(), [({question: 5 for question in questions}, "complete")])


if __name__ == "__main__":
    unittest.main()
