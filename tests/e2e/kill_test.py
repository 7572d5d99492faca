#!/usr/bin/env python3
"""kill -9 of kiosk, agent and hub at random moments, again and again: every thanked tap is pulled once.

LISTENPOST_SEED and LISTENPOST_KILL_ROUNDS choose other moments and more of them.
"""

import json
import os
import random
import sqlite3
import sys
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import (Customer, Gone, Scene, content_of, expected_of, first_page, is_fresh,  # noqa: E402
                               wait_until)

SEED = int(os.environ.get("LISTENPOST_SEED", random.SystemRandom().randrange(1_000_000)))
ROUNDS = int(os.environ.get("LISTENPOST_KILL_ROUNDS", "24"))


class Visit:
    """One customer: what she tapped, when she stood there, and what the box owes her."""

    def __init__(self, scene, generator):
        self.customer = Customer(scene.kiosk, scene.survey, generator)
        self.record = self.customer.record
        self.began_ms = int(time.time() * 1000)
        self.ended_ms = None
        self.on_disk = None  # content that was seen in store.db before the kill

    def end(self):
        self.ended_ms = int(time.time() * 1000)

    def fault(self, rows):
        """What is wrong with the pulled rows that were opened during this visit; None if nothing."""
        record = self.record
        if len(rows) > 1:
            return f"counted {len(rows)} times"
        if record.thanked:
            if not rows:
                return "thanked and lost"
            return None if expected_of(rows[0]) == record.expected() else "thanked and changed"
        if self.on_disk is not None:
            if not rows:
                return "was on disk and is lost"
            if rows[0]["closed_by"] != "restart" or content_of(rows[0]) != self.on_disk:
                return "was on disk and came as something else"
            return None
        # Cut off between two taps: nothing was promised, but what comes must be what was tapped.
        if rows and content_of(rows[0]) not in record.history:
            return "came as something that nobody tapped"
        return None


class Kill(unittest.TestCase):
    def setUp(self):
        print(f"seed {SEED}, {ROUNDS} rounds (repeat: LISTENPOST_SEED={SEED})", flush=True)
        self.random = random.Random(SEED)
        self.scene = self.enterContext(Scene())
        self.visits = []

    def test_everything_thanked_is_pulled_exactly_once(self):
        for number in range(1, ROUNDS + 1):
            if self.random.random() < 0.3:
                what = self.kill_kiosk_over_a_draft_on_disk()
            else:
                what = self.kill_at_a_random_moment()
            print(f"round {number}: killed {what}", flush=True)
        # Last, the programs as they are after all that: one more customer must be fine.
        self.customer_visits()
        self.check_what_arrived()

    def kill_at_a_random_moment(self):
        scene = self.scene
        programs = {"kiosk": scene.kiosk, "agent": scene.agent, "hub": scene.hub}
        names = self.random.choice([["kiosk"], ["kiosk"], ["agent"], ["hub"], ["agent", "hub"], list(programs)])
        killed = threading.Event()

        def kill():
            for name in names:
                programs[name].kill()
            killed.set()

        delay = self.random.uniform(0.0, 3.0)
        timer = threading.Timer(delay, kill)
        timer.start()
        while not killed.is_set():
            self.customer_visits()
        timer.join()
        for name in names:
            self.restart(name, programs[name])
        return f"{' and '.join(names)} after {delay:.2f} s"

    def kill_kiosk_over_a_draft_on_disk(self):
        """The last tapped draft is in store.db when the power goes: it comes, closed by the restart."""
        kiosk, survey = self.scene.kiosk, self.scene.survey
        visit = Visit(self.scene, self.random)
        self.visits.append(visit)
        kiosk.wait(is_fresh, "an untouched rating screen")
        for question in self.random.sample(first_page(survey), self.random.randint(1, 2)):
            visit.customer.rate(question, self.random.randint(1, 5))
        wait_until(lambda: self.draft_on_disk() == visit.record.content()["answers"], "the draft in store.db")
        kiosk.kill()
        visit.on_disk = visit.record.content()
        visit.end()
        self.restart("kiosk", kiosk)
        return "kiosk over a draft on disk"

    def customer_visits(self):
        visit = Visit(self.scene, self.random)
        self.visits.append(visit)
        try:
            visit.customer.visit()
        except Gone:
            pass
        visit.end()

    def restart(self, name, program):
        """Starts it again; now and then it dies once more while it is starting."""
        running = program.program
        running.join()
        if name != "hub" and self.random.random() < 0.25:
            running.start()
            time.sleep(self.random.uniform(0.0, 0.2))  # a moment to die at, not something waited for
            running.kill()
            running.join()
        program.start()

    def draft_on_disk(self):
        store = sqlite3.connect(f"file:{self.scene.folder}/box/store.db?mode=ro", uri=True)
        try:
            row = store.execute("SELECT answers FROM draft").fetchone()
        finally:
            store.close()
        return json.loads(row[0]) if row else None

    def check_what_arrived(self):
        scene = self.scene
        thanked = sum(visit.record.thanked for visit in self.visits)
        # A fresh start forgets how long the agent meant to wait after the last kill of the hub.
        scene.agent.stop()
        scene.agent.start()
        wait_until(lambda: scene.agent.status()["waiting"] == 0, lambda: f"delivery: {scene.agent.status()}")
        rows = scene.reader.pull()

        self.assertEqual([row["seq"] for row in rows], list(range(1, len(rows) + 1)), "each seq once, no gap")
        self.assertEqual(len({row["install"] for row in rows}), 1)
        faults = []
        for visit in self.visits:
            mine = [row for row in rows if visit.began_ms <= row["opened_ms"] <= visit.ended_ms]
            rows = [row for row in rows if row not in mine]
            if fault := visit.fault(mine):
                faults.append(f"{fault}: tapped {visit.record}, pulled {mine}")
        self.assertEqual(faults, [])
        self.assertEqual(rows, [], "rows that no customer tapped")
        print(f"{len(self.visits)} visits, {thanked} thanked, "
              f"{sum(visit.on_disk is not None for visit in self.visits)} drafts killed on disk: "
              "every thanked one was pulled once", flush=True)


if __name__ == "__main__":
    unittest.main()
