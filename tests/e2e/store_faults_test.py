#!/usr/bin/env python3
"""The real kiosk over a disk that is full, read-only or forbidden, or a store.db that is damaged: it stays, thanks
for nothing that is not kept, and goes on by itself once it can.

Needs root for the loop device; says so and passes where there is none.
"""

import os
import sqlite3
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import (BINARIES, BUILD, Display, Kiosk, first_page, is_fresh, kiosk_options,  # noqa: E402
                               load_survey, must, wait_until)
from small_disk import SmallDisk, why_none  # noqa: E402

# What the reserve is for, and what the test counts.
PROMISED_RESPONSES = 10_000
DISK_MEGABYTES = 96


@unittest.skipIf(why_none(), why_none())
class StoreFaults(unittest.TestCase):
    def setUp(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))
        self.disk = SmallDisk(folder / "box", DISK_MEGABYTES)
        self.addCleanup(self.disk.unmount)
        self.box = self.disk.point  # the kiosk's log and map lie beside it, where there is room
        self.survey = load_survey()
        display = Display(folder).start()
        self.addCleanup(display.stop)
        self.kiosk = Kiosk(BINARIES, self.box, display, kiosk_options(idle_seconds=5, thanks_seconds=2))
        self.addCleanup(self.kiosk.stop)

    def sql(self, statement):
        store = sqlite3.connect(f"file:{self.box}/store.db?mode=ro", uri=True)
        try:
            return store.execute(statement).fetchone()[0]
        finally:
            store.close()

    def stored(self):
        """Responses whose customers have finished: those are thanked, once they are on the disk."""
        return self.sql("SELECT count(*) FROM response WHERE closed_by = 'finish'")

    def fill_store(self, count):
        return int(must([BUILD / "tests/fill_store", self.box, count], seconds=400).stdout)

    def visit(self):
        """Three faces and the button; whether the customer was thanked, or told that it cannot be kept."""
        kiosk = self.kiosk
        is_out = lambda ui: ui.screen == "out_of_service"  # noqa: E731
        kiosk.wait(lambda ui: is_fresh(ui) or is_out(ui), "a screen for the next customer")
        for question in first_page(self.survey):
            ui = kiosk.map()
            if is_out(ui):
                return False
            kiosk.tap(f"rate.{question}.5", lambda ui, id=f"rate.{question}.5": ui.chosen(id) or ui.screen != "rate")
        if is_out(kiosk.map()):
            return False
        return not is_out(kiosk.tap("submit", lambda ui: ui.screen in ("thanks", "out_of_service")))

    def free_disk(self):
        return os.statvfs(self.disk.point).f_bavail

    def test_a_full_disk_takes_ten_thousand_more_and_then_says_so(self):
        kiosk = self.kiosk.start()
        self.assertTrue(self.visit())
        wait_until(lambda: self.sql("PRAGMA freelist_count") >= 2600, "the reserve to be made")
        self.disk.fill()
        self.assertTrue(self.visit(), "the reserve takes what the disk does not")
        self.assertEqual(kiosk.stop(), 0)

        # The next morning, without a byte of room.
        self.disk.fill()
        self.assertEqual(self.free_disk(), 0)
        self.assertEqual(self.stored(), 2)
        self.assertEqual(self.fill_store(PROMISED_RESPONSES), PROMISED_RESPONSES)
        self.assertEqual(self.free_disk(), 0, "they went where nobody else could go")
        self.assertEqual(self.stored(), 2 + PROMISED_RESPONSES)
        kiosk.start()
        for _ in range(3):
            self.assertTrue(self.visit(), "and there is room for more")
        self.assertEqual(kiosk.stop(), 0)
        self.assertEqual(self.stored(), 5 + PROMISED_RESPONSES, "thanked is stored")

        more = self.fill_store(1_000_000)  # until nothing goes any more
        before = self.stored()
        kiosk.start()
        thanked = 0
        while self.visit():
            thanked += 1
            self.assertLess(thanked, 100, "a full disk should come to its end")
        self.assertEqual(self.stored(), before + thanked, "thanked is stored, and no other")
        print(f"on a full disk {PROMISED_RESPONSES} + {more} long responses were stored and {5 + thanked} real "
              "customers thanked, then one was told that it could not be kept", flush=True)

        self.disk.empty()
        kiosk.wait(is_fresh, "the kiosk to go on by itself")
        self.assertTrue(self.visit())
        # Whoever was told otherwise is kept too: her taps had waited for room.
        self.assertIn(self.stored() - before - thanked, (1, 2))
        self.assertEqual(kiosk.stop(), 0)
        self.assertEqual(self.sql("PRAGMA quick_check"), "ok")

    def test_a_disk_that_is_full_from_the_first_moment_is_waited_for(self):
        self.disk.fill()
        self.goes_on_when(self.disk.empty)

    def test_a_read_only_disk_is_waited_for(self):
        self.kiosk.start()
        self.assertTrue(self.visit())
        self.assertEqual(self.kiosk.stop(), 0)
        self.disk.remount("ro")
        self.goes_on_when(lambda: self.disk.remount("rw"))
        self.assertEqual(self.stored(), 2)

    def test_a_store_that_may_not_be_written_is_waited_for(self):
        self.kiosk.start()
        self.assertTrue(self.visit())
        self.assertEqual(self.kiosk.stop(), 0)
        self.disk.forbid("store.db")
        self.goes_on_when(lambda: self.disk.forbid("store.db", False))
        self.assertEqual(self.stored(), 2)

    def test_a_store_that_is_no_file_is_waited_for(self):
        (self.box / "store.db").mkdir()
        self.goes_on_when((self.box / "store.db").rmdir)

    def test_a_damaged_store_is_salvaged_and_the_screen_goes_on(self):
        self.kiosk.start()
        for _ in range(2):
            self.assertTrue(self.visit())
        self.assertEqual(self.kiosk.stop(), 0)
        with (self.box / "store.db").open("r+b") as file:
            file.write(b"\xff" * 4096)
        (self.box / "store.db-wal").unlink()
        self.kiosk.start()
        self.assertTrue(self.visit())
        self.assertEqual(self.sql("SELECT count(*) FROM salvage"), 1)
        self.assertEqual(self.sql("SELECT count(*) FROM identity WHERE made_for = 'salvage'"), 1)
        self.assertEqual(self.stored(), 3)
        self.assertEqual(len(list(self.box.glob("store.db.damaged-*Z"))), 1)

    def goes_on_when(self, heal):
        """The kiosk starts in this trouble, says so on its screen, stays, and thanks once it is over."""
        kiosk = self.kiosk.start()
        ui = kiosk.wait_for_screen("out_of_service")
        self.assertEqual(ui.ids("rate."), [], "nothing is offered that could not be kept")
        self.assertIn("event=store_failed", kiosk.program.log_tail())
        heal()
        kiosk.wait(is_fresh, "the kiosk to go on by itself")
        self.assertTrue(self.visit())
        self.assertEqual(kiosk.stop(), 0)


if __name__ == "__main__":
    # In a mount namespace of its own: what is mounted goes with the test, however it ends.
    if os.geteuid() == 0 and not os.environ.get("LISTENPOST_OWN_MOUNTS"):
        os.environ["LISTENPOST_OWN_MOUNTS"] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", "--", sys.executable, *sys.argv])
    unittest.main()
