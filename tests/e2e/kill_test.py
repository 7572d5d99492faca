#!/usr/bin/env python3
"""kill -9 of kiosk, agent and hub at random moments, again and again, under customers who never stop:
every thanked tap is pulled once.

    kill_test.py [--rounds N] [--seed S]

Each round kills one to four times, any of the three programs, now and then while it is starting; the
kiosk also exactly when a draft has reached the disk. A second box, whose store.db gets a backlog in
every round, has its agent killed in the middle of delivering it. What the customers tapped, and what
the second box had, is compared with what HQ pulls every CHECK_EVERY rounds and at the end. The last line is JSON: {"kills", "lost", "double",
"stuck"}; exit code 0 only if the last three are 0.

Round n decides everything by seed S + n - 1, which it prints: `--seed` that, `--rounds 1` plays the same
round again, as far as the machine's scheduling is the same. Environment, for CTest: LISTENPOST_SEED,
LISTENPOST_KILL_ROUNDS.
"""

import argparse
import json
import os
import random
import sqlite3
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from finger import Finger  # noqa: E402
from listenpost_driver import (BINARIES, BUILD, Agent, Customer, Gone, Scene, content_of, expected_of,  # noqa: E402
                               first_page, is_fresh, must, wait_until)

CHECK_EVERY = 25
# Of visits: those in which the kiosk dies as soon as the last tap is on disk.
DRAFT_VISITS = 0.12
DIES_STARTING = 0.25
MOST_SECONDS_BETWEEN_KILLS = 1.0
# What the second box gets a round: two batches and a bit. Delivering them takes a moment in which to die.
BACKLOG = 2_100


@dataclass
class Faults:
    lost: list = field(default_factory=list)
    double: list = field(default_factory=list)
    stuck: list = field(default_factory=list)

    def any(self):
        return self.lost or self.double or self.stuck


class Visit:
    """One customer: what she tapped, when she stood there, and what the box owes her."""

    def __init__(self, scene, generator, seed):
        self.customer = Customer(scene.kiosk, scene.survey, generator)
        self.record = self.customer.record
        self.seed = seed  # of the round she came in
        self.began_ms = int(time.time() * 1000)
        self.ended_ms = None
        self.on_disk = None  # content that was seen in store.db before the kill

    def end(self):
        self.ended_ms = int(time.time() * 1000)

    def judge(self, rows, faults):
        """Enters in `faults` what is wrong with the pulled rows that were opened during this visit."""
        record = self.record
        told = f"seed {self.seed}: tapped {record}, pulled {rows}"
        if len(rows) > 1:
            faults.double.append(f"counted {len(rows)} times; {told}")
        elif record.thanked:
            if not rows:
                faults.lost.append(f"thanked and lost; {told}")
            elif expected_of(rows[0]) != record.expected():
                faults.lost.append(f"thanked and changed; {told}")
        elif self.on_disk is not None:
            if not rows:
                faults.lost.append(f"was on disk and is lost; {told}")
            elif rows[0]["closed_by"] != "restart" or content_of(rows[0]) != self.on_disk:
                faults.lost.append(f"was on disk and came as something else; {told}")
        # Cut off between two taps: nothing was promised, but what comes must be what was tapped.
        elif rows and content_of(rows[0]) not in record.history:
            faults.lost.append(f"came as something that nobody tapped; {told}")


class Crowd:
    """Customers one after the other, on a thread, until the kiosk is gone or no more are wanted."""

    def __init__(self, scene, seed, visits):
        self._scene = scene
        self._seed = seed
        self._random = random.Random(f"customers {seed}")
        self._visits = visits
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.failure = None
        self.killed_kiosk = False
        self._thread.start()

    def join(self, seconds=None):
        """True once the last customer is gone."""
        self._thread.join(seconds)
        if self.failure:
            raise self.failure
        return not self._thread.is_alive()

    def finish(self):
        """No more customers after this one."""
        self._closed.set()
        self.join()

    def _run(self):
        try:
            while not self._closed.is_set():
                visit = Visit(self._scene, self._random, self._seed)
                self._visits.append(visit)
                try:
                    if self._random.random() < DRAFT_VISITS:
                        self._leave_a_draft(visit)
                        return
                    visit.customer.visit()
                finally:
                    visit.end()
        except Gone:
            pass  # what is to be checked
        except Exception as failure:  # pylint: disable=broad-except # told by join(), where somebody listens
            self.failure = failure

    def _leave_a_draft(self, visit):
        """The last tapped draft is in store.db when the kiosk dies: it comes, closed by the restart."""
        kiosk = self._scene.kiosk
        kiosk.wait(is_fresh, "an untouched rating screen")
        questions = first_page(self._scene.survey)
        for question in self._random.sample(questions, self._random.randint(1, len(questions) - 1)):
            visit.customer.rate(question, self._random.randint(1, 5))

        def is_on_disk():
            kiosk.program.check_alive()
            return self._draft_on_disk() == visit.record.content()["answers"]

        wait_until(is_on_disk, "the draft in store.db")
        kiosk.kill()
        self.killed_kiosk = True
        visit.on_disk = visit.record.content()

    def _draft_on_disk(self):
        store = sqlite3.connect(f"file:{self._scene.folder}/box/store.db?mode=ro", uri=True)
        try:
            row = store.execute("SELECT answers FROM draft").fetchone()
        finally:
            store.close()
        return json.loads(row[0]) if row else None


class BusyBox:
    """A box whose agent always has much to deliver; its responses come from make_backlog, not from a screen."""

    def __init__(self, scene):
        self._store = scene.folder / "busy-box/store.db"
        self.agent = Agent(BINARIES, self._store.parent)
        self.agent.enrol(scene.hub, scene.hub.invite(scene.store, "busy"))
        self.captured = 0
        self._pulled = []
        self.agent.start()

    def collect(self, count, seed):
        must([BUILD / "bench/make_backlog", self._store, count, seed])
        self.captured += count

    def judge(self, rows, faults):
        self._pulled += [row["seq"] for row in rows]
        if self._pulled != list(range(1, self.captured + 1)):
            expected, came = set(range(1, self.captured + 1)), set(self._pulled)
            kind = faults.lost if expected - came else faults.double
            kind.append(f"the busy box: {len(expected - came)} of {len(expected)} missing, "
                        f"{len(self._pulled)} came, in order: {self._pulled == sorted(self._pulled)}")


class KillLoop:
    def __init__(self, scene, faults, busy_box):
        self.scene = scene
        self.busy_box = busy_box
        self.faults = faults
        self.visits = []
        self.kills = 0
        self._rows = []
        self._judged = 0
        self._random = None
        self._seed = None
        self._crowd = None
        self._parts = {"kiosk": scene.kiosk, "agent": scene.agent, "hub": scene.hub, "busy agent": busy_box.agent}

    def run(self, rounds, seed):
        for number in range(1, rounds + 1):
            self._seed = seed + number - 1
            self._random = random.Random(self._seed)
            killed = self._round()
            print(f"round {number} (seed {self._seed}): killed {', '.join(killed)}", flush=True)
            if number % CHECK_EVERY == 0 or number == rounds:
                self._check()
                if self.faults.any():
                    return

    def _round(self):
        killed = []
        self._kill(self._random.choice([["busy agent"], ["hub"], ["hub", "busy agent"]]), killed,
                   before=self._wait_for_delivery)
        for _ in range(self._random.choice([0, 1, 1, 2, 3])):
            self._let_tap(self._random.uniform(0, MOST_SECONDS_BETWEEN_KILLS), killed)
            # The kiosk less often: each time it takes a customer with it.
            self._kill(self._random.choice([["agent"], ["hub"], ["kiosk"], ["agent", "hub"],
                                            ["agent", "hub", "kiosk"]]), killed)
        return killed

    def _kill(self, names, killed, before=lambda: None):
        """All of them at once, as far as one can; then they are started again."""
        self._random.shuffle(names)
        before()
        for name in names:
            self._parts[name].kill()
            self.kills += 1
        for name in names:
            killed.append(name)
            self._restart(name, killed)

    def _wait_for_delivery(self):
        """Until the busy box is somewhere in the middle of its backlog; sometimes just before or after."""
        self.busy_box.collect(BACKLOG, self._seed)
        time.sleep(self._random.uniform(0.0, 0.25))  # a moment to die at, not something waited for

    def _let_tap(self, seconds, killed):
        """Customers, for so long. Should one of them take the kiosk down, it is started again."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._crowd is None:
                self._crowd = Crowd(self.scene, self._seed, self.visits)
            elif self._crowd.join(left):
                assert self._crowd.killed_kiosk, f"the kiosk ended by itself:\n{self.scene.kiosk.program.log_tail()}"
                killed.append("kiosk over a draft on disk")
                self.kills += 1
                self._restart("kiosk", killed)

    def _restart(self, name, killed):
        """Starts it again; now and then it dies once more while it is starting."""
        if name == "kiosk" and self._crowd is not None:
            self._crowd.join()  # the customer has seen it: she must not go on at the next one's screen
            self._crowd = None
        self._parts[name].program.join()
        if self._random.random() < DIES_STARTING:
            starting = self._parts[name].program
            starting.start()
            time.sleep(self._random.uniform(0.0, 0.15))  # a moment to die at, not something waited for
            starting.kill()
            starting.join()
            self.kills += 1
            killed.append(f"{name} starting")
        self._parts[name].start()

    def _check(self):
        """Everything that came since the last check, once it has all come."""
        scene = self.scene
        self._finish_visit()
        for agent in (scene.agent, self.busy_box.agent):
            # A fresh start forgets how long the agent meant to wait after the last kill of the hub.
            agent.stop()
            agent.start()
            wait_until(lambda: agent.status()["waiting"] == 0, lambda: f"delivery: {agent.status()}")
        rows = scene.reader.pull()
        install = scene.agent.status()["install"]
        self.busy_box.judge([row for row in rows if row["install"] != install], self.faults)
        rows = [row for row in rows if row["install"] == install]
        self._rows += rows
        for visit in self.visits[self._judged:]:
            mine = [row for row in rows if visit.began_ms <= row["opened_ms"] <= visit.ended_ms]
            rows = [row for row in rows if row not in mine]
            visit.judge(mine, self.faults)
        self._judged = len(self.visits)
        self.faults.double += [f"a row that no customer tapped: {row}" for row in rows]
        seqs = [row["seq"] for row in self._rows]
        if seqs != list(range(1, len(seqs) + 1)):
            self.faults.lost.append(f"not each seq once and in order: {seqs}")
        thanked = sum(visit.record.thanked for visit in self.visits)
        drafts = sum(visit.on_disk is not None for visit in self.visits)
        print(f"{len(self.visits)} visits, {thanked} thanked, {drafts} drafts killed on disk, "
              f"{len(self._rows)} rows pulled; "
              f"{self.busy_box.captured} of the busy box", flush=True)

    def _finish_visit(self):
        """The last one, undisturbed: the programs as they are after all that must be fine."""
        if self._crowd is not None:
            self._crowd.finish()
            if self._crowd.killed_kiosk:
                self.kills += 1
                self._restart("kiosk", [])
            self._crowd = None
        visit = Visit(self.scene, self._random, self._seed)
        self.visits.append(visit)
        visit.customer.visit()
        visit.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=int(os.environ.get("LISTENPOST_KILL_ROUNDS", "20")), metavar="N")
    parser.add_argument("--seed", type=int, metavar="S",
                        default=int(os.environ.get("LISTENPOST_SEED", random.SystemRandom().randrange(1_000_000))))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}, {arguments.rounds} rounds", flush=True)
    faults = Faults()
    loop = None
    try:
        with Scene() as scene:
            finger = Finger(scene.display)
            scene.kiosk.use(finger)
            busy_box = BusyBox(scene)
            loop = KillLoop(scene, faults, busy_box)
            try:
                loop.run(arguments.rounds, arguments.seed)
            except (AssertionError, Gone) as late:
                faults.stuck.append(str(late))
            finally:
                finger.close()
                busy_box.agent.stop()
            assert not faults.any(), "the scene keeps its folder"
    except AssertionError:
        if not faults.any():
            raise
    for kind in ("lost", "double", "stuck"):
        for fault in getattr(faults, kind):
            print(f"{kind}: {fault}", flush=True)
    print(json.dumps({"kills": loop.kills if loop else 0, "lost": len(faults.lost), "double": len(faults.double),
                      "stuck": len(faults.stuck)}), flush=True)
    return 1 if faults.any() else 0


if __name__ == "__main__":
    sys.exit(main())
