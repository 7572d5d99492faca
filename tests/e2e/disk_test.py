#!/usr/bin/env python3
"""The box's disk, an ext4 of its own: filled by somebody else, hanging, dying, and not to be written.

Whatever it does, nobody is thanked for what is not on it, and all who were thanked are pulled once.
Needs root for the loop device; says so and passes where there is none.
"""

import os
import random
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from finger import Finger  # noqa: E402
from listenpost_driver import (BINARIES, BUILD, Customer, Scene, expected_of, first_page, is_fresh, must, run,  # noqa: E402
                               wait_until)
from manager import Manager, set_pin  # noqa: E402
from small_disk import SmallDisk, why_none  # noqa: E402

BACKLOG = 2_500
# Longer than the screen takes for anything but the disk.
LONG_ENOUGH_TO_BE_THANKED = 1.5


@unittest.skipIf(why_none(), why_none())
class Disk(unittest.TestCase):
    def setUp(self):
        self.scene = self.enterContext(Scene(disk=SmallDisk, start=("hub",)))
        self.disk = self.scene.disk
        self.random = random.Random(4)

    def log_has(self, program, word):
        return word in program.log.read_text(encoding="utf-8", errors="replace")

    def start_kiosk(self):
        self.scene.start_kiosk()
        finger = Finger(self.scene.display)
        self.addCleanup(finger.close)
        self.scene.kiosk.use(finger)

    def customer(self):
        return Customer(self.scene.kiosk, self.scene.survey, self.random)

    def rate_all(self, customer):
        for question in first_page(self.scene.survey):
            customer.rate(question, 5)

    def thanked_customer(self):
        """Her record."""
        customer, kiosk = self.customer(), self.scene.kiosk
        kiosk.wait(is_fresh, "an untouched rating screen")
        self.rate_all(customer)
        kiosk.press("submit")
        customer.be_thanked()
        kiosk.tap("submit", is_fresh)
        return customer.record

    def start_anyway(self, part):
        """Starts a program that cannot do its work; whether it stays or says so and ends is its own choice."""
        part.program.start()
        wait_until(lambda: self.log_has(part.program, "level=error"),
                   lambda: f"{part.program.name} to say so:\n{part.program.log_tail()}")

    def goes_on(self, part):
        """By itself, or started again by whatever keeps it running."""
        if self.log_has(part.program, "event=not_started") or self.log_has(part.program, "event=cannot_start"):
            part.program.join()
        if not part.program.alive:
            part.start()

    def arrived(self, records, backlog=0):
        """HQ has the backlog, if there was one, and every record, each once and nothing else."""
        agent = self.scene.agent
        wait_until(lambda: agent.status()["waiting"] == 0, lambda: f"delivery: {agent.status()}")
        rows = self.scene.reader.pull()
        self.assertEqual([row["seq"] for row in rows], list(range(1, backlog + len(records) + 1)))
        self.assertEqual([expected_of(row) for row in rows[backlog:]], [record.expected() for record in records])

    def test_the_agent_outlives_a_disk_that_somebody_else_has_filled(self):
        agent, hub = self.scene.agent.start(), self.scene.hub
        hub.stop()
        must([BUILD / "bench/make_backlog", self.disk.point / "store.db", BACKLOG])
        wait_until(lambda: self.log_has(agent.program, "not_delivered"), "the agent to find no hub")
        self.disk.fill()
        hub.start()
        self.assertEqual(agent.status()["disk_trouble"], "the disk is full")
        # It may find room in the file that it has, or not: then it waits for some.
        wait_until(lambda: self.log_has(agent.program, "event=stuck") or agent.status()["waiting"] == 0,
                   lambda: f"the agent to meet the full disk:\n{agent.program.log_tail()}")
        agent.program.check_alive()
        self.disk.empty()
        # It would go on by itself, within minutes; a start does so at once.
        agent.stop()
        agent.start()
        self.arrived([], BACKLOG)

    def test_an_agent_that_starts_on_a_full_disk_says_so_waits_and_goes_on_once_there_is_room(self):
        agent = self.scene.agent
        must([BUILD / "bench/make_backlog", self.disk.point / "store.db", BACKLOG])
        self.disk.fill()
        agent.start()
        # Its own file it may open or not, as the last blocks have fallen; store.db's -shm finds no room.
        wait_until(lambda: any(self.log_has(agent.program, event) for event in ("event=cannot_start_yet", "event=stuck")),
                   lambda: f"the agent to say why it cannot start:\n{agent.program.log_tail()}")
        agent.program.check_alive()
        waited = self.log_has(agent.program, "event=cannot_start_yet")
        self.disk.empty()
        self.arrived([], BACKLOG)
        agent.program.check_alive()
        self.assertEqual(self.log_has(agent.program, "event=started_after_all"), waited)
        self.assertIsNone(agent.status()["disk_trouble"])

    def test_an_agent_that_waits_for_room_ends_when_it_is_asked_to(self):
        agent = self.scene.agent
        self.disk.fill()
        agent.start()
        wait_until(lambda: self.log_has(agent.program, "event=cannot_start_yet"), "the agent to wait")
        self.assertEqual(agent.stop(), 0)

    def test_a_full_disk_keeps_no_manager_from_reading_that_it_is_full(self):
        self.assertEqual(set_pin(BINARIES, self.disk.point, "258013").returncode, 0)
        self.scene.start_kiosk()
        manager = Manager(self.scene.kiosk, self.scene.display)
        self.addCleanup(manager.close)
        self.scene.kiosk.wait(is_fresh, "an untouched rating screen")
        self.disk.fill()
        attempts = self.disk.point / "manager_attempts.json"
        place, before = attempts.stat().st_ino, attempts.read_text()
        manager.go_in("258013")
        self.assertNotEqual(attempts.read_text(), before, "the attempt and its being right were noted")
        self.assertIn('"wrong":0', attempts.read_text())
        self.assertEqual(attempts.stat().st_ino, place, "there was room for another file")

        def says_full(ui):
            self.disk.fill()  # who was about to write when it was filled may have given room back since
            return "磁盘已满" in ui.widgets.get("delivery.state", {}).get("label", "")

        self.scene.kiosk.tap("view.delivery", says_full)

    def test_nobody_is_thanked_before_a_disk_that_hangs_has_answered(self):
        self.start_kiosk()
        self.scene.agent.start()
        kiosk, customer = self.scene.kiosk, self.customer()
        kiosk.wait(is_fresh, "an untouched rating screen")
        self.disk.freeze()
        self.rate_all(customer)  # each tap is seen on the screen, whatever the disk does
        deadline = time.monotonic() + LONG_ENOUGH_TO_BE_THANKED
        kiosk.press("submit")
        while time.monotonic() < deadline:
            self.assertNotEqual(kiosk.map().screen, "thanks")
            kiosk.program.check_alive()
            time.sleep(0.02)
        self.disk.thaw()
        customer.be_thanked()
        self.arrived([customer.record])

    def test_a_disk_that_dies_takes_only_what_was_not_thanked(self):
        self.start_kiosk()
        agent, kiosk = self.scene.agent.start(), self.scene.kiosk
        records = []
        for _ in range(2):
            records.append(self.thanked_customer())
        self.disk.break_down()
        kiosk.press("rate.quality.5")  # nobody promises anything for it
        kiosk.wait_for_screen("out_of_service")
        agent.program.check_alive()

        # What the next morning does: everything stops, the disk is checked, everything starts.
        kiosk.kill()
        kiosk.program.join()
        agent.kill()
        agent.program.join()
        self.disk.unmount()
        self.disk.repair()
        self.disk.mount()
        kiosk.start()
        agent.start()
        records.append(self.thanked_customer())
        self.arrived(records)

    def test_files_that_may_not_be_written_are_waited_for(self):
        self.start_kiosk()
        agent, kiosk = self.scene.agent.start(), self.scene.kiosk
        records = [self.thanked_customer()]
        for forbid, allow in ((lambda: self.forbid(True), lambda: self.forbid(False)),
                              (lambda: self.disk.remount("ro"), lambda: self.disk.remount("rw"))):
            kiosk.stop()
            agent.stop()
            forbid()
            kiosk.program.log.unlink()
            agent.program.log.unlink()
            self.start_anyway(kiosk)
            self.start_anyway(agent)
            told = run([agent.binary, "status", "--data", agent.data])
            self.assertRegex(told.stdout + told.stderr,
                             "delivery.db may not be written: (Operation not permitted|Read-only file system)")
            allow()
            self.goes_on(kiosk)
            agent.program.check_alive()
            records.append(self.thanked_customer())
        self.arrived(records)

    def forbid(self, forbidden):
        for name in ("store.db", "delivery.db"):
            self.disk.forbid(name, forbidden)


if __name__ == "__main__":
    # In a mount namespace of its own: what is mounted goes with the test, however it ends.
    if os.geteuid() == 0 and not os.environ.get("LISTENPOST_OWN_MOUNTS"):
        os.environ["LISTENPOST_OWN_MOUNTS"] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", "--", sys.executable, *sys.argv])
    unittest.main(verbosity=2)
