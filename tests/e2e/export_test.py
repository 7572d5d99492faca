#!/usr/bin/env python3
"""The manager takes it along, by real touches: wrong PINs, a look around, an export onto a real file system, and out.

Sticks are small ext4 disks on loop devices below a /media of the test's own. Needs root for them; says so and passes
where there is none.
"""

import csv
import io
import json
import re
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zlib
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

import sticks  # noqa: E402
from listenpost_driver import BINARIES, BUILD, Display, Kiosk, is_fresh, kiosk_options, must, wait_until  # noqa: E402
from manager import Manager, set_pin  # noqa: E402

PIN = "258013"
ZONE = ZoneInfo("Asia/Shanghai")
DAY_CHANGE_HOURS = 4
A4_AT_300 = (2480, 3508)
LEAVE_IT_IN = "请不要拔出"
MAY_BE_PULLED_OUT = "可以拔出了"


def result(ui):
    return ui.widgets.get("export.result", {}).get("label", "")


def is_done(ui):
    return MAY_BE_PULLED_OUT in result(ui)


def png_size(content):
    assert content.startswith(b"\x89PNG\r\n\x1a\n"), content[:16]
    return struct.unpack(">II", content[16:24])


def ink_of(content):
    """The part of a page's bytes that are not white."""
    at, packed = 8, b""
    while at < len(content):
        (size,), kind = struct.unpack(">I", content[at:at + 4]), content[at + 4:at + 8]
        packed += content[at + 8:at + 8 + size] if kind == b"IDAT" else b""
        at += 12 + size
    rows = zlib.decompress(packed)
    return 1 - rows.count(b"\xff") / len(rows)


@unittest.skipIf(sticks.why_none(), sticks.why_none())
class TakingItAlong(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        sticks.take_media()

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))
        self.box = self.folder / "box"
        must([BUILD / "bench/make_month", "--data", self.box, "--store", "bad_week"], seconds=120)
        (self.box / "inbox").mkdir(exist_ok=True)
        (self.box / "inbox/store.json").write_text(
            json.dumps({"id": "sh-001", "name": "人民广场店", "timezone": ZONE.key}))
        self.assertEqual(set_pin(BINARIES, self.box, PIN).returncode, 0)
        display = Display(self.folder).start()
        self.addCleanup(display.stop)
        (self.folder / "clock").write_text("set")  # figures are of times that are known
        environment = ["env", f"LD_PRELOAD={BUILD}/tests/libclock_flag.so", f"CLOCK_FLAG_FILE={self.folder}/clock"]
        self.kiosk = Kiosk(BINARIES, self.box, display, [*kiosk_options(idle_seconds=30), "--manager-seconds", "120"],
                           inside=environment).start()
        self.addCleanup(self.kiosk.stop)
        self.manager = Manager(self.kiosk, display)
        self.addCleanup(self.manager.close)
        self.kiosk.wait(is_fresh, "an untouched rating screen")

    def put_in(self, name, megabytes=24):
        stick = sticks.put_in(name, megabytes)
        self.addCleanup(lambda: stick.point.exists() and stick.point.rmdir())
        self.addCleanup(stick.remove)
        return stick

    def files(self, stick):
        return sorted(entry.name for entry in stick.point.iterdir() if entry.is_file())

    def go_to_delivery(self, period="period.7d"):
        self.manager.go_in(PIN)
        self.kiosk.wait(lambda ui: ui.ids("figure."), "figures")
        self.kiosk.tap(period, lambda ui: ui.chosen(period))
        self.kiosk.tap("view.delivery", lambda ui: ui.screen == "manager_delivery" and ui.enabled("export"))

    def enter_a_wrong_pin(self):
        self.manager.ask_for_pin()
        self.manager.enter("111222")
        noted = self.box / "manager_attempts.json"
        wait_until(lambda: noted.exists() and json.loads(noted.read_text())["wrong"] == 1, "the wrong one on disk")

    def enter_the_right_pin(self):
        """As a person does, who takes it back where a digit came while the one before was still being judged."""
        while True:
            self.manager.enter(PIN)
            try:
                return self.kiosk.wait(lambda ui: ui.screen == "manager_overview", "the figures", 5)
            except AssertionError:
                self.kiosk.press("pin.clear")

    def responses_of_last(self, days):
        """What the box has of the last so many store days, counted without the program."""
        now = datetime.now(ZONE)
        first = (now - timedelta(hours=DAY_CHANGE_HOURS)).replace(hour=0, minute=0, second=0, microsecond=0) \
            - timedelta(days=days - 1) + timedelta(hours=DAY_CHANGE_HOURS)
        store = sqlite3.connect(f"file:{self.box}/store.db?mode=ro", uri=True)
        try:
            return store.execute("SELECT count(*) FROM response WHERE opened_ms >= ? AND opened_ms < ?",
                                 (first.timestamp() * 1000, now.timestamp() * 1000 + 60_000)).fetchone()[0]
        finally:
            store.close()

    def test_wrong_pins_a_look_around_an_export_and_out(self):
        stick = self.put_in("KINGSTON")
        self.enter_a_wrong_pin()
        self.enter_the_right_pin()
        self.kiosk.wait(lambda ui: ui.screen == "manager_overview" and ui.ids("figure.hour."), "today's figures")

        for period in ("period.28d", "period.7d"):
            self.kiosk.tap(period, lambda ui, period=period: ui.chosen(period) and ui.ids("figure.day."))
            self.kiosk.tap("view.details", lambda ui: ui.screen == "manager_details" and ui.ids("figure.cell."))
            self.kiosk.tap("view.comments", lambda ui: ui.screen == "manager_responses")
            self.kiosk.tap("back", lambda ui: ui.screen == "manager_details")
            self.kiosk.tap("view.overview", lambda ui: ui.screen == "manager_overview")
        self.kiosk.tap("view.delivery", lambda ui: ui.screen == "manager_delivery" and ui.enabled("export"))
        before = self.responses_of_last(7)
        ui = self.kiosk.tap("export", is_done)
        self.assertTrue(ui.enabled("export"), "another one can be made")
        said = int(re.search(r"([\d,]+) 份", result(ui)).group(1).replace(",", ""))

        table, pdf, png = self.files(stick)
        self.assertRegex(table, r"^listenpost-sh-001-\d{8}-\d{8}\.csv$")
        self.assertRegex(pdf, r"^listenpost-sh-001-week-\d{8}-\d{8}\.pdf$")
        self.assertEqual(png, pdf.replace(".pdf", ".png"))
        self.assertIn(table, result(ui))
        rows = list(csv.reader(io.StringIO((stick.point / table).read_text(encoding="utf-8-sig"))))
        self.assertEqual(len(rows) - 1, said)
        self.assertTrue(before <= said <= self.responses_of_last(7), said)
        page = (stick.point / png).read_bytes()
        self.assertEqual(png_size(page), A4_AT_300)
        self.assertGreater(ink_of(page), 0.02, "there is something on it")
        paper = (stick.point / pdf).read_bytes()
        self.assertTrue(paper.startswith(b"%PDF-1.4") and paper.endswith(b"%%EOF\n"))
        self.assertIn(b"/MediaBox[0 0 595.20 841.92]", paper)

        self.kiosk.tap("back", is_fresh)
        self.assertFalse([name for name in self.kiosk.map().widgets if name.startswith("export")])

    def test_without_a_stick_it_says_what_to_do_and_with_two_it_asks(self):
        self.go_to_delivery("period.28d")
        self.kiosk.tap("export", lambda ui: "没有找到 U 盘" in result(ui))
        first = self.put_in("KINGSTON")
        second = self.put_in("店长的 U 盘", 48)
        ui = self.kiosk.tap("export", lambda ui: "drive.1" in ui.widgets)
        self.assertEqual(set(ui.widgets), {"drive.1", "drive.2", "export.cancel"})
        for number, name in (("1", "KINGSTON"), ("2", "店长的 U 盘")):
            self.assertRegex(ui.widgets["drive." + number]["label"], rf"^{name}: 剩余 \d+\.\d / \d+\.\d GB$")
        self.kiosk.tap("export.cancel", lambda ui: ui.enabled("export"))
        self.assertEqual(self.files(first) + self.files(second), [])

        self.kiosk.tap("export", lambda ui: "drive.2" in ui.widgets)
        self.kiosk.tap("drive.2", is_done)
        self.assertEqual(len(self.files(second)), 3)
        self.assertEqual(self.files(first), [])

    def test_a_stick_that_is_exchanged_while_the_choice_is_open_gets_nothing_unasked(self):
        self.put_in("店长的 U 盘")
        stick = self.put_in("KINGSTON")
        self.go_to_delivery("period.28d")
        self.kiosk.tap("export", lambda ui: "drive.2" in ui.widgets)
        stick.remove()
        stick.point.rmdir()
        other = self.put_in("KINGSTON")  # the same place, size and loop device; another file system
        ui = self.kiosk.tap("drive.2", lambda ui: "export.exchanged" in ui.widgets)
        self.assertEqual({name for name in ui.widgets if name.startswith("drive.")}, {"drive.1", "drive.2"})
        self.assertEqual(self.files(other), [])
        self.kiosk.tap("drive.2", is_done)
        self.assertEqual(len(self.files(other)), 3)

    def test_a_full_stick_and_one_that_went_say_so_and_nothing_looks_whole(self):
        stick = self.put_in("FULL")
        stick.fill()
        self.go_to_delivery("period.28d")
        self.kiosk.tap("export", lambda ui: "空间不够" in result(ui))
        self.assertEqual(self.files(stick), [])
        stick.empty()

        with stick.seen_from(self.folder / "behind"):
            self.pull_out_while_it_hangs(stick)
        self.assertEqual(list(stick.point.iterdir()), [], "nothing lies in the machine's own folder")
        self.kiosk.tap("export", lambda ui: "没有找到 U 盘" in result(ui))

    @unittest.skipIf(sticks.why_no_exfat(), sticks.why_no_exfat())
    def test_a_stick_as_shops_have_them_is_written_filled_and_torn_out(self):
        stick = sticks.ExfatStick("KINGSTON")
        self.addCleanup(stick.point.rmdir)
        self.addCleanup(stick.remove)
        self.go_to_delivery("period.28d")
        self.kiosk.tap("export", is_done)
        stick.tear_out()
        stick.put_back()
        table, pdf, png = self.files(stick)
        rows = list(csv.reader(io.StringIO((stick.point / table).read_text(encoding="utf-8-sig"))))
        self.assertIn(f"{len(rows) - 1:,} 份", result(self.kiosk.map()))
        self.assertTrue((stick.point / pdf).read_bytes().endswith(b"%%EOF\n"))
        self.assertEqual(png_size((stick.point / png).read_bytes()), A4_AT_300)
        written = (stick.point / table).stat().st_mtime
        self.assertLess(abs(time.time() - written), 600, "times on it are the machine's")

        self.kiosk.tap("export", is_done)  # over what is there
        self.assertEqual(self.files(stick), [table, pdf, png])
        for name in (table, pdf, png):
            (stick.point / name).unlink()
        stick.fill()
        self.kiosk.tap("export", lambda ui: "空间不够" in result(ui))
        self.assertEqual(self.files(stick), ["recordings.bin"])
        stick.empty()

        stick.hang()
        self.kiosk.tap("export", lambda ui: not ui.enabled("export"))
        stick.tear_out()
        self.kiosk.wait(lambda ui: "拔早了" in result(ui) or "没有找到 U 盘" in result(ui), "that it was pulled out")
        self.kiosk.tap("export", lambda ui: "没有找到 U 盘" in result(ui))

    def pull_out_while_it_hangs(self, stick):
        stick.freeze()
        self.kiosk.tap("export", lambda ui: LEAVE_IT_IN in result(ui))
        self.kiosk.tap("view.overview", lambda ui: ui.screen == "manager_overview" and ui.ids("figure."))
        self.kiosk.tap("view.delivery", lambda ui: LEAVE_IT_IN in result(ui))
        self.assertFalse(self.kiosk.map().enabled("export"), "one at a time")
        must(["umount", "--lazy", stick.point])
        stick.thaw()
        self.kiosk.wait(lambda ui: "拔早了" in result(ui), "that it was pulled out")

    def test_the_week_is_printed_from_the_command_line_beside_the_running_kiosk(self):
        self.go_to_delivery()
        page = self.folder / "week.png"
        for language in ("zh-CN", "en"):
            must([BINARIES / "listenpost-kiosk", "--data", self.box, "--week-picture", page, "--lang", language])
            self.assertEqual(png_size(page.read_bytes()), A4_AT_300)
        done = subprocess.run([BINARIES / "listenpost-kiosk", "--data", self.box, "--week-picture", "-", "--lang", "en"],
                              capture_output=True, check=True)
        self.assertEqual(done.stdout, page.read_bytes())
        none = subprocess.run([BINARIES / "listenpost-kiosk", "--data", self.folder / "none", "--week-picture", "-"],
                              capture_output=True, text=True, check=False)
        self.assertEqual((none.returncode, none.stdout), (1, ""))
        self.assertIn("week_not_printed", none.stderr)


if __name__ == "__main__":
    unittest.main()
