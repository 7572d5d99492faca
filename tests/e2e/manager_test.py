#!/usr/bin/env python3
"""The way to the manager's view, by real touches: who has the PIN comes in, and nobody else, and no customer notices."""

import json
import shutil
import sqlite3
import stat
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from keypad import Keypad  # noqa: E402
from kiosk import GUARD_SECONDS  # noqa: E402
from listenpost_driver import BINARIES, BUILD, Display, Kiosk, is_fresh, kiosk_options, load_survey, must, wait_until  # noqa: E402
from manager import Manager, set_pin  # noqa: E402

PIN = "258013"
# Long enough to enter a PIN on a busy machine, short enough to wait for.
MANAGER_SECONDS = 6


def takes_digits(ui):
    return ui.screen == "manager_pin" and ui.enabled("pin.1")


def refuses_digits(ui):
    return ui.screen == "manager_pin" and "pin.1" in ui.widgets and not ui.enabled("pin.1")


class ManagersWayIn(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))
        self.display = Display(self.folder).start()
        self.addCleanup(self.display.stop)
        self.kiosk = None

    def start(self, manager_seconds=MANAGER_SECONDS, pin=PIN):
        if pin:
            self.assertEqual(set_pin(BINARIES, self.folder / "box", pin).returncode, 0)
        flag = self.folder / "clock"  # figures are of times that are known: the clock counts as set
        flag.write_text("set")
        self.kiosk = Kiosk(BINARIES, self.folder / "box", self.display,
                           [*kiosk_options(idle_seconds=30), "--manager-seconds", str(manager_seconds)],
                           inside=["env", f"LD_PRELOAD={BUILD}/tests/libclock_flag.so", f"CLOCK_FLAG_FILE={flag}"]).start()
        self.addCleanup(self.end)
        self.manager = Manager(self.kiosk, self.display)
        self.addCleanup(self.manager.close)
        self.kiosk.wait(is_fresh, "an untouched rating screen")

    def end(self):
        self.kiosk.kill()
        self.kiosk.program.join()

    def stored(self):
        store = sqlite3.connect(f"file:{self.folder}/box/store.db?mode=ro", uri=True)
        try:
            return store.execute("SELECT outcome, closed_by FROM response").fetchall(), \
                store.execute("SELECT count(*) FROM draft").fetchone()[0]
        finally:
            store.close()

    def attempts(self):
        """Wrong ones in a row, as noted on disk."""
        noted = self.folder / "box/manager_attempts.json"
        return json.loads(noted.read_text())["wrong"] if noted.exists() else 0

    def enter_wrong(self, count):
        """One digit again and again until so many attempts are noted: whatever comes while one is judged is none."""
        deadline = time.monotonic() + 60
        while self.attempts() < count:
            self.assertLess(time.monotonic(), deadline, f"{count} attempts are not noted")
            if takes_digits(ui := self.kiosk.map()):
                self.kiosk.click(ui.widgets["pin.7"])

    def test_wrong_pins_wait_through_a_restart_and_the_right_one_comes_in(self):
        self.start()
        ui = self.manager.ask_for_pin()
        self.assertEqual(set(ui.widgets), {f"pin.{digit}" for digit in range(10)} | {"pin.clear", "pin.backspace", "back"})
        for count in (1, 2, 3):
            self.kiosk.wait(takes_digits, "another try")
            self.enter_wrong(count)
        self.kiosk.wait(refuses_digits, "a wait after three wrong PINs")
        locked = time.monotonic()

        self.end()  # as the plug does
        self.kiosk.start()
        self.kiosk.wait(is_fresh, "an untouched rating screen")
        self.manager.ask_for_pin()
        self.kiosk.wait(refuses_digits, "the wait goes on after a restart")
        self.kiosk.wait(is_fresh, "the screen left alone closes by itself", 4 * MANAGER_SECONDS)

        while not takes_digits(self.kiosk.map()):
            self.assertLess(time.monotonic() - locked, 90, "the wait does not end")
            self.manager.ask_for_pin()
            wait_until(lambda: takes_digits(self.kiosk.map()) or self.kiosk.map().screen != "manager_pin",
                       "digits, or the end of the minute", 4 * MANAGER_SECONDS)
        self.assertGreater(time.monotonic() - locked, 29, "the wait was shorter than half a minute")
        self.manager.enter(PIN)
        self.kiosk.wait(lambda ui: ui.screen == "manager_overview", "the figures")
        self.assertEqual(self.attempts(), 0)

        ui = self.kiosk.wait(is_fresh, "the figures close by themselves", 4 * MANAGER_SECONDS)
        self.assertFalse([name for name in ui.widgets if name.startswith("pin.")])
        self.assertEqual(self.stored(), ([], 0), "no customer was there")

    def test_back_leaves_at_once_and_the_customer_after_finds_an_untouched_screen(self):
        self.start(manager_seconds=60)
        before = self.kiosk.map().widgets
        self.manager.go_in(PIN)
        self.kiosk.tap("back", is_fresh)
        self.assertEqual(self.kiosk.map().widgets, before)
        self.kiosk.tap("rate.quality.4", lambda ui: ui.chosen("rate.quality.4"))
        wait_until(lambda: self.stored()[1] == 1, "the customer's draft on disk")

    def test_what_customers_said_is_counted_before_the_manager_comes(self):
        def rows(table):
            if not (self.folder / "box/summary.db").exists():
                return 0
            summary = sqlite3.connect(f"file:{self.folder}/box/summary.db?mode=ro", uri=True)
            try:
                return summary.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            except sqlite3.OperationalError:  # it is being made
                return 0
            finally:
                summary.close()

        self.start(manager_seconds=60)
        wait_until(lambda: rows("state") == 1, "an empty store counted")
        for _ in range(10):
            for question in ("quality", "service", "cleanliness"):
                widget = f"rate.{question}.5"
                self.kiosk.tap(widget, lambda ui, widget=widget: ui.chosen(widget))
            while self.kiosk.map().screen != "thanks":
                step = self.kiosk.map().step()
                self.kiosk.tap("submit", lambda ui, step=step: ui.screen == "thanks" or ui.step() != step)
            self.kiosk.tap("submit", is_fresh)
        wait_until(lambda: rows("entry") == 10, "ten responses counted")

    def test_a_shop_in_a_zone_that_the_machine_does_not_know_has_its_figures(self):
        inbox = self.folder / "box/inbox"
        inbox.mkdir(parents=True)
        (inbox / "store.json").write_text(json.dumps({"id": "sh-001", "name": "Atlantis", "timezone": "Asia/Atlantis"}))
        self.start(manager_seconds=60)
        self.manager.go_in(PIN)
        self.kiosk.tap("period.28d", lambda ui: ui.chosen("period.28d"))
        self.kiosk.wait(lambda ui: ui.ids("figure."), "figures")

    def test_there_is_no_way_in_while_a_response_is_open(self):
        self.start(manager_seconds=60)
        self.kiosk.tap("rate.quality.4", lambda ui: ui.chosen("rate.quality.4"))
        ui = self.kiosk.wait(lambda ui: "manager.open" not in ui.widgets, "no way in")
        self.assertEqual(ui.screen, "rate")
        self.manager.make_gesture()
        self.kiosk.tap("rate.service.5", lambda ui: ui.chosen("rate.service.5"))
        self.assertTrue(self.kiosk.map().chosen("rate.quality.4"), "the draft is as it was")
        self.kiosk.tap("rate.cleanliness.5", lambda ui: ui.chosen("rate.cleanliness.5"))
        self.kiosk.tap("submit", lambda ui: ui.screen == "thanks")
        self.kiosk.tap("submit", is_fresh)
        self.assertEqual(self.stored(), ([("complete", "finish")], 0))
        self.manager.go_in(PIN)

    def test_the_manager_looks_around_and_finds_what_customers_said(self):
        self.start(manager_seconds=60)
        for question in ("quality", "service", "cleanliness"):
            widget = f"rate.{question}.2"
            self.kiosk.tap(widget, lambda ui, widget=widget: ui.chosen(widget))
        while self.kiosk.map().screen != "thanks":
            step = self.kiosk.map().step()
            self.kiosk.tap("submit", lambda ui, step=step: ui.screen == "thanks" or ui.step() != step)
        self.kiosk.tap("submit", is_fresh)

        self.manager.go_in(PIN)
        ui = self.kiosk.wait(lambda ui: ui.ids("figure.hour."), "a bar of today's response")
        self.kiosk.tap(ui.ids("figure.hour.")[0], lambda ui: ui.screen == "manager_responses")
        self.kiosk.tap("filter.comments", lambda ui: ui.chosen("filter.comments"))
        self.kiosk.tap("period.7d", lambda ui: ui.screen == "manager_responses" and ui.chosen("period.7d"))
        self.kiosk.tap("back", lambda ui: ui.screen == "manager_overview" and ui.chosen("period.7d") and ui.ids("figure."))
        self.kiosk.tap("period.28d", lambda ui: ui.chosen("period.28d"))
        self.kiosk.tap("view.details", lambda ui: ui.screen == "manager_details" and ui.ids("figure.cell."))
        # Taps of a script are as fast as a child's: counted among the scores, or among those who only play.
        behind = {"figure.distribution.service.2", "figure.flagged"}
        ui = self.kiosk.tap(
            "view.distribution", lambda ui: ui.screen == "manager_distribution" and behind & set(ui.widgets)
        )
        self.assertNotIn("figure.distribution.service.5", ui.widgets)  # nobody said so
        self.kiosk.tap((behind & set(ui.widgets)).pop(), lambda ui: ui.screen == "manager_responses")
        self.kiosk.tap("back", lambda ui: ui.screen == "manager_distribution")
        self.kiosk.tap("view.delivery", lambda ui: ui.screen == "manager_delivery" and ui.enabled("export"))
        ui = self.kiosk.wait(lambda ui: "delivery.state" in ui.widgets, "how it stands with sending")
        self.assertEqual(ui.widgets["delivery.state"]["label"], "发送程序没有运行")  # no agent was ever here
        self.kiosk.tap("export", lambda ui: "U 盘" in ui.widgets.get("export.result", {}).get("label", ""))
        self.kiosk.tap("period.today", lambda ui: ui.screen == "manager_overview" and ui.chosen("period.today"))
        self.kiosk.tap("back", is_fresh)

    def test_contrast_and_large_text_end_with_the_managers_visit(self):
        self.start(manager_seconds=60)
        before = self.kiosk.map().widgets
        self.kiosk.tap("access.open", lambda ui: "access.contrast" in ui.widgets)
        self.kiosk.tap("access.contrast", lambda ui: ui.chosen("access.contrast"))
        self.kiosk.tap("panel.close", lambda ui: "rate.quality.1" in ui.widgets)

        ui = self.manager.go_in(PIN)
        ordinary = ui.widgets["period.today"]
        ui = self.kiosk.tap("access.open", lambda ui: "access.large" in ui.widgets)
        self.assertTrue(ui.chosen("access.contrast"), "chosen before the gesture, kept into the view")
        self.kiosk.tap("access.large", lambda ui: ui.chosen("access.large"))
        ui = self.kiosk.tap("panel.close", lambda ui: "period.today" in ui.widgets)
        self.assertGreater(ui.widgets["period.today"]["w"], ordinary["w"])
        self.kiosk.tap("view.details", lambda ui: ui.screen == "manager_details" and "view.next_part" in ui.widgets)
        self.kiosk.tap("view.next_part", lambda ui: ui.screen == "manager_details" and "figure.weekday.1" not in ui.widgets)
        self.kiosk.tap("view.delivery", lambda ui: ui.screen == "manager_delivery" and ui.enabled("export"))
        self.kiosk.wait(lambda ui: "delivery.state" in ui.widgets, "how it stands with sending")
        ui = self.kiosk.tap("view.next_part", lambda ui: "export" not in ui.widgets)
        self.assertTrue(ui.widgets["view.next_part"]["label"].endswith("2 / 2"))
        self.kiosk.tap("back", is_fresh)

        self.assertEqual(self.kiosk.map().widgets, before, "the next customer has the ordinary screen")
        ui = self.kiosk.tap("access.open", lambda ui: "access.contrast" in ui.widgets)
        self.assertFalse(ui.chosen("access.contrast") or ui.chosen("access.large"))
        self.kiosk.tap("panel.close", is_fresh)
        self.manager.go_in(PIN)
        ui = self.kiosk.tap("access.open", lambda ui: "access.large" in ui.widgets)
        self.assertFalse(ui.chosen("access.contrast") or ui.chosen("access.large"))

    def test_without_a_pin_nothing_is_seen_and_one_from_head_office_is_taken(self):
        self.start(manager_seconds=60, pin=None)
        self.manager.ask_for_pin()
        self.kiosk.wait(refuses_digits, "no digits without a PIN")
        self.kiosk.tap("back", is_fresh)

        # As the agent would place it: a hash that another box's --set-pin made.
        self.assertEqual(set_pin(BINARIES, self.folder / "hq", "774411").returncode, 0)
        inbox = self.folder / "box/inbox"
        inbox.mkdir(exist_ok=True)
        shutil.copy(self.folder / "hq/manager_pin.json", inbox / "manager_pin.json")
        self.manager.go_in("774411")
        self.kiosk.tap("back", is_fresh)

        # Set at the box later, it counts; the running kiosk takes it.
        self.assertEqual(set_pin(BINARIES, self.folder / "box", PIN).returncode, 0)
        self.manager.go_in(PIN)

    def test_a_keypad_finds_its_own_way_in_and_can_do_all_of_it(self):
        self.start(manager_seconds=60)
        keypad = Keypad(self.kiosk, self.display)
        must(["xdotool", "mousemove", "640", "30"], env=keypad._environment)
        keypad.press("Escape", "Up", "Escape", "Down", "Escape", "Up", "Escape", "Down")
        self.kiosk.wait(takes_digits, "the PIN's screen")
        time.sleep(GUARD_SECONDS)  # a key pressed earlier was meant for the screen before
        for digit in PIN:
            keypad.go_to("pin." + digit)
            keypad.press("Return")
        self.kiosk.wait(lambda ui: ui.screen == "manager_overview", "the figures")
        time.sleep(GUARD_SECONDS)
        keypad.press("Escape")
        ui = self.kiosk.wait(is_fresh, "the customers' screen")
        self.assertIsNone(keypad.focus(ui), "the next customer finds nobody's focus")

    def test_a_pin_is_set_from_standard_input_and_bad_ones_are_refused(self):
        box = self.folder / "box"
        for bad in ("", "12345", "123456", "abcdef"):
            done = set_pin(BINARIES, box, bad)
            self.assertEqual(done.returncode, 1, bad)
            self.assertIn("pin_not_set", done.stderr)
        self.assertFalse((box / "manager_pin.json").exists())
        done = set_pin(BINARIES, box, PIN)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn(PIN, done.stdout + done.stderr)
        kept = box / "manager_pin.json"
        self.assertEqual(stat.S_IMODE(kept.stat().st_mode), 0o600)
        self.assertIn("$argon2id$v=19$m=19456,t=2,p=1$", kept.read_text())


if __name__ == "__main__":
    unittest.main()
