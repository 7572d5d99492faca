#!/usr/bin/env python3
"""From the figures of Delivery to the responses behind them, by real touches: one that the real hub has refused."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import BINARIES, BUILD, Display, Kiosk, Scene, is_fresh, kiosk_options, must, wait_until  # noqa: E402
from manager import Manager, set_pin  # noqa: E402

PIN = "258013"
WHY = "总部读不懂"


def label(ui, widget):
    return ui.widgets.get(widget, {}).get("label", "")


def rows(ui):
    return [label(ui, widget) for widget in ui.ids("response.")]


class DeliveryList(unittest.TestCase):
    def start(self):
        self.scene = self.enterContext(Scene(start=("hub",)))
        self.box = self.scene.folder / "box"
        self.assertEqual(set_pin(BINARIES, self.box, PIN).returncode, 0)
        must([BUILD / "tests/fill_store", self.box, "3"])
        must([BUILD / "tests/empty_answers", self.box, "2"])
        self.display = Display(self.scene.folder).start()
        self.addCleanup(self.display.stop)
        self.kiosk = Kiosk(BINARIES, self.box, self.display, kiosk_options()).start()
        self.addCleanup(self.kiosk.stop)
        self.manager = Manager(self.kiosk, self.display)
        self.addCleanup(self.manager.close)
        self.kiosk.wait(is_fresh, "an untouched rating screen")

    def figure(self, name):
        return label(self.kiosk.map(), f"figure.{name}").rsplit(" ", 1)[-1]

    def open_list(self, name, has_come):
        self.kiosk.tap(f"figure.{name}", lambda ui: ui.screen == "manager_responses")
        return rows(self.kiosk.wait(has_come, f"the list behind {name}"))

    def back(self):
        self.kiosk.tap("back", lambda ui: ui.screen == "manager_delivery")

    def test_a_refused_response_is_opened_from_its_figure(self):
        self.start()
        self.manager.go_in(PIN)
        self.kiosk.tap("view.delivery", lambda ui: ui.enabled("figure.waiting"))
        self.assertEqual([self.figure(each) for each in ("captured", "delivered", "waiting", "refused")],
                         ["3", "0", "3", "0"])
        self.assertFalse(self.kiosk.map().enabled("figure.refused"), "an empty figure opens nothing")
        self.assertEqual(len(self.open_list("waiting", lambda ui: ui.enabled("response.2"))), 3)
        self.back()

        self.scene.agent.start()
        wait_until(lambda: self.scene.agent.status()["quarantined"] == 1, "the hub to refuse one")
        self.kiosk.tap("view.delivery", lambda ui: ui.enabled("figure.refused"))
        self.assertEqual([self.figure(each) for each in ("captured", "delivered", "waiting", "refused")],
                         ["3", "2", "0", "1"])
        self.assertFalse(self.kiosk.map().enabled("figure.waiting"))
        delivered = self.open_list("delivered", lambda ui: ui.enabled("response.1"))
        self.assertEqual(len(delivered), 2)
        self.assertFalse([row for row in delivered if WHY in row])
        self.back()

        refused = self.open_list("refused", lambda ui: ui.enabled("response.0"))
        self.assertEqual(len(refused), 1)
        self.assertIn(f"{WHY}: answers is empty", refused[0])
        self.kiosk.tap("filter.refused.invalid", lambda ui: ui.chosen("filter.refused.invalid"))
        self.kiosk.tap("response.0", lambda ui: ui.screen == "manager_mark")
        self.kiosk.tap("back", lambda ui: ui.screen == "manager_responses")
        self.back()
        self.kiosk.tap("back", is_fresh)


if __name__ == "__main__":
    unittest.main(verbosity=2)
