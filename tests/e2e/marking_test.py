#!/usr/bin/env python3
"""A manager marks what a customer said, by real touches: in the list, in store.db, at HQ, and the dot goes out."""

import json
import sqlite3
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from keypad import Keypad  # noqa: E402
from kiosk import GUARD_SECONDS  # noqa: E402
from listenpost_driver import BINARIES, BUILD, Display, Kiosk, Scene, is_fresh, kiosk_options, wait_until  # noqa: E402
from manager import Manager, set_pin  # noqa: E402
from small_disk import SmallDisk, why_none  # noqa: E402
from typist import Typist  # noqa: E402

PIN = "258013"
QUESTIONS = ("quality", "service", "cleanliness")
HANDLED = {"event", "of", "state", "by"}
STEP_UP_SECONDS = 2.5  # whoever is there sooner looks like play, which lights no dot (kiosk/model/MISUSE.md)


def has_dot(ui):
    return "manager.dot" in ui.widgets


def label(ui, widget):
    return ui.widgets.get(widget, {}).get("label", "")


class Marking(unittest.TestCase):
    def start(self, start=("hub", "agent"), manager_seconds=60, disk=None):
        self.scene = self.enterContext(Scene(start=start, disk=disk))
        self.folder = self.scene.folder
        self.display = Display(self.folder).start()
        self.addCleanup(self.display.stop)
        self.assertEqual(set_pin(BINARIES, self.folder / "box", PIN).returncode, 0)
        flag = self.folder / "clock"  # lists are of times that are known: the clock counts as set
        flag.write_text("set")
        self.kiosk = Kiosk(BINARIES, self.folder / "box", self.display,
                           [*kiosk_options(idle_seconds=8), "--manager-seconds", str(manager_seconds)],
                           inside=["env", f"LD_PRELOAD={BUILD}/tests/libclock_flag.so", f"CLOCK_FLAG_FILE={flag}"]).start()
        self.addCleanup(self.end)
        self.manager = Manager(self.kiosk, self.display)
        self.addCleanup(self.manager.close)
        self.typist = Typist(self.kiosk)
        self.kiosk.wait(is_fresh, "an untouched rating screen")

    def end(self):
        self.kiosk.kill()
        self.kiosk.program.join()

    def customer(self, score):
        """Steps up, rates the service so, and all else best; leaves."""
        time.sleep(STEP_UP_SECONDS)
        for question in QUESTIONS:
            widget = f"rate.{question}.{score if question == 'service' else 5}"
            self.kiosk.tap(widget, lambda ui, widget=widget: ui.chosen(widget))
        while self.kiosk.map().screen != "thanks":
            step = self.kiosk.map().step()
            self.kiosk.tap("submit", lambda ui, step=step: ui.screen == "thanks" or ui.step() != step)
        return self.kiosk.tap("submit", is_fresh)

    def open_lowest(self):
        """From the first screen to the lowest of today's responses."""
        self.manager.go_in(PIN)
        ui = self.kiosk.wait(lambda ui: ui.ids("figure.hour."), "a bar of today's responses")
        self.kiosk.tap(ui.ids("figure.hour.")[-1], lambda ui: ui.screen == "manager_responses")
        self.kiosk.tap("filter.lowest_first", lambda ui: ui.chosen("filter.lowest_first") and ui.enabled("response.0"))
        return self.kiosk.tap("response.0", lambda ui: ui.screen == "manager_mark")

    def sign(self, initials):
        self.kiosk.tap("manager.mark.initials", lambda ui: ui.screen == "manager_mark_initials")
        for letter in initials:
            self.typist.key(letter)
        return self.kiosk.tap("manager.mark.done", lambda ui: ui.screen == "manager_mark")

    def events(self):
        store = sqlite3.connect(f"file:{self.folder}/box/store.db?mode=ro", uri=True)
        try:
            return [json.loads(event) for event, in
                    store.execute("SELECT event FROM response WHERE event != '' ORDER BY seq")]
        finally:
            store.close()

    def test_the_lowest_response_is_dealt_with_and_the_dot_goes_out(self):
        self.start()
        self.customer(4)
        self.assertFalse(has_dot(self.kiosk.map()), "nothing was very low")
        self.customer(1)
        ui = self.kiosk.wait(has_dot, "the dot for a very low rating")
        self.assertTrue(is_fresh(ui))
        self.assertFalse([each for each in ui.widgets.values() if each["label"] and each["id"] == "manager.dot"])
        self.kiosk.click(ui.widgets["manager.dot"])
        self.kiosk.tap("rate.quality.5", lambda ui: ui.chosen("rate.quality.5"))
        self.assertFalse(has_dot(self.kiosk.map()), "who rates has a screen without it")
        self.kiosk.wait(is_fresh, "the customer who left", 60)

        ui = self.open_lowest()
        self.assertFalse(ui.enabled("manager.mark.seen"), "by nobody")
        ui = self.sign("lw")
        self.assertTrue(label(ui, "manager.mark.initials").endswith("LW"))
        self.kiosk.tap("manager.mark.note", lambda ui: ui.screen == "manager_mark_note")
        self.typist.pinyin("道歉", "daoqian")
        ui = self.kiosk.tap("manager.mark.done", lambda ui: ui.screen == "manager_mark")
        self.assertTrue(label(ui, "manager.mark.note").endswith("道歉"))
        self.kiosk.tap("manager.mark.dealt_with", lambda ui: ui.screen == "manager_responses")
        self.kiosk.wait(lambda ui: "已处理 · LW" in label(ui, "response.0"), "the mark in the list")
        self.kiosk.tap("filter.open", lambda ui: ui.chosen("filter.open") and ui.enabled("response.0"))
        ui = self.kiosk.wait(lambda ui: "已处理" not in label(ui, "response.0"), "what is left to do")
        self.assertNotIn("response.2", ui.widgets)
        self.kiosk.tap("back", lambda ui: ui.screen == "manager_overview")
        ui = self.kiosk.tap("back", is_fresh)
        self.assertFalse(has_dot(self.kiosk.wait(lambda ui: not has_dot(ui), "the dot to go out")))

        event, = self.events()
        self.assertEqual((event["state"], event["by"], event["note"]), ("dealt_with", "LW", "道歉"))
        rows = self.scene.pull_all(4)
        pulled, = [row for row in rows if "event" in row]
        marked, = [row for row in rows if row.get("seq") == event["of"]["seq"]]
        self.assertEqual({name: pulled[name] for name in HANDLED | {"note"}}, event)
        self.assertEqual(next(each["score"] for each in marked["answers"] if each["q"] == "service"), 1)

        ui = self.open_lowest()  # another visit
        self.assertFalse(ui.enabled("manager.mark.seen"), "nobody's initials are left")
        self.assertEqual(label(ui, "manager.mark.by.0"), "LW")
        self.kiosk.tap("manager.mark.by.0", lambda ui: ui.enabled("manager.mark.seen"))
        self.assertNotIn("道歉", label(self.kiosk.map(), "manager.mark.note"))

    def test_what_is_left_half_written_is_gone_and_a_restart_keeps_what_is_to_be_seen(self):
        self.start(start=("hub",), manager_seconds=8)
        self.customer(1)
        self.kiosk.wait(has_dot, "the dot for a very low rating")
        self.open_lowest()
        self.sign("km")
        self.kiosk.tap("manager.mark.note", lambda ui: ui.screen == "manager_mark_note")
        self.typist.key("b")
        ui = self.kiosk.wait(is_fresh, "it closes by itself", 40)
        self.assertTrue(has_dot(ui))
        self.assertEqual(self.events(), [])
        self.end()  # as the plug does
        self.kiosk.start()
        self.kiosk.wait(has_dot, "the dot after a restart")
        ui = self.open_lowest()
        self.assertNotIn("KM", label(ui, "manager.mark.initials"))
        self.assertNotIn("manager.mark.by.0", ui.widgets)

    def test_a_keypad_marks_as_a_finger_does(self):
        self.start(start=("hub",))
        self.customer(1)
        self.open_lowest()
        self.sign("km")
        keypad = Keypad(self.kiosk, self.display)
        time.sleep(GUARD_SECONDS)  # a key pressed earlier was meant for the screen before
        keypad.go_to("manager.mark.seen")
        keypad.press("Return")
        self.kiosk.wait(lambda ui: "已看 · KM" in label(ui, "response.0"), "the mark in the list")
        self.assertEqual([event["state"] for event in self.events()], ["seen"])

    @unittest.skipIf(why_none(), why_none())
    def test_a_disk_that_takes_nothing_is_said_and_what_was_written_is_kept_until_it_does(self):
        self.start(start=("hub",), disk=SmallDisk)
        self.customer(1)
        self.open_lowest()
        self.sign("km")
        disk = self.scene.disk
        disk.fill()
        marked = 0
        while self.kiosk.map().screen == "manager_mark":  # until what the box has put by for taps is used up
            self.kiosk.press("manager.mark.dealt_with")
            ui = self.kiosk.wait(lambda ui: ui.screen == "manager_responses" or "manager.mark.failed" in ui.widgets,
                                 "an answer of the disk")
            if "manager.mark.failed" in ui.widgets:
                break
            marked += 1
            self.assertLess(marked, 200, "a full disk takes everything")
            self.kiosk.tap("response.0", lambda ui: ui.screen == "manager_mark" and ui.enabled("manager.mark.seen"))
        self.assertIn("磁盘写不进去", label(ui, "manager.mark.failed"))
        self.assertIn("KM", label(ui, "manager.mark.initials"))
        self.assertFalse(ui.enabled("manager.mark.dealt_with"), "it is tried again by itself")
        disk.empty()
        self.kiosk.wait(lambda ui: "已处理 · KM" in label(ui, "response.0"), "it is kept once there is room")
        wait_until(lambda: len(self.events()) == marked + 1, "each mark once")


if __name__ == "__main__":
    unittest.main()
