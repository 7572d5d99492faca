#!/usr/bin/env python3
"""The database server dies for good under load, and its standby takes over: with the commands of POSTGRES.md as
they stand, two hubs go on by themselves; nothing acknowledged is lost, nothing comes twice, and one pull that
spans it all sees each response once, in order. Then the same the other way round.

LISTENPOST_SEED repeats a run's choices.
"""

import json
import os
import random
import re
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import BINARIES, ROOT, Hub, run, wait_until  # noqa: E402
from postgres_server import USER, PostgresServer  # noqa: E402
from wire_box import WireBox  # noqa: E402

BOXES = 4
FAILOVERS = 3
NOT_WAITED_FOR = "postgres_standby_not_waited_for"
# In POSTGRES.md's order.
BLOCKS = dict(zip(("copy", "wait", "watch", "promote"), re.findall(
    r"^```sh\n(.*?)^```$", (ROOT / "sync/hub/POSTGRES.md").read_text(encoding="utf-8"), re.M | re.S), strict=True))


class Failover(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("LISTENPOST_SEED", time.time_ns() % 1_000_000))
        print(f"LISTENPOST_SEED={self.seed}", flush=True)
        self.random = random.Random(self.seed)
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))
        # What a server has for its default makes no difference: hubs ask for more.
        self.servers = {name: PostgresServer(settings={"synchronous_commit": "off", "log_statement": "none"})
                        for name in ("a", "b")}
        for server in self.servers.values():
            self.addCleanup(server.close)

    @staticmethod
    def address(server):
        return f"host={server.folder} user={USER}"

    def copy(self, primary, name):
        """The server of that name as a standby of `primary`, yet to be started."""
        standby = self.servers[name]
        standby.forget_all()
        standby.run_script(BLOCKS["copy"], PRIMARY=self.address(primary), NAME=name)
        return standby

    def is_waited_for(self, name, primary):
        return f"{name}|quorum" in primary.run_script(BLOCKS["watch"], PRIMARY=self.address(primary)).splitlines()

    def start_hub(self, name, postgres):
        hub = Hub(BINARIES, self.folder / name, postgres=postgres).start()
        self.addCleanup(hub.stop)
        return hub

    def set_up_both(self):
        """Two hubs on two servers, of which `a` is the primary."""
        primary = self.servers["a"].start()
        database = primary.make_database().rpartition("=")[2]
        self.copy(primary, "b").start()
        folders = ",".join(str(server.folder) for server in self.servers.values())
        postgres = f"host={folders} user={USER} dbname={database}"
        early = self.start_hub("hub-early", postgres)
        self.assertIn(NOT_WAITED_FOR, early.program.log_tail())
        early.stop()
        primary.run_script(BLOCKS["wait"], PRIMARY=self.address(primary), STANDBY=self.address(self.servers["b"]))
        wait_until(lambda: self.is_waited_for("b", primary), "the standby to be waited for", poll=0.05)
        hubs = [self.start_hub(name, postgres) for name in ("hub-a", "hub-b")]
        self.assertEqual(hubs[0].program.log_tail().count(NOT_WAITED_FOR), 1, "of the early hub, in the same log")
        return hubs

    def fail_over(self, primary, standby, acknowledged):
        """`primary` dies at an unknown moment of the work; only what `standby` has is left."""
        self.servers[primary].kill()
        there = self.servers[standby]
        there.run_script(BLOCKS["promote"], STANDBY=self.address(there))
        # Hubs find it, and not one of them acknowledges what is there alone, while boxes try and try.
        wait_until(lambda: "SyncRep" in there.sql("SELECT wait_event FROM pg_stat_activity"),
                   "a commit to wait for the second server", poll=0.05)
        before = acknowledged()
        returned = self.copy(there, primary)
        self.assertEqual(acknowledged(), before)
        returned.start()
        wait_until(lambda: self.is_waited_for(primary, there), "the new standby to be waited for", poll=0.05)

    def test_nothing_acknowledged_is_lost_with_the_primary(self):
        hubs = self.set_up_both()
        stop = threading.Event()
        boxes = [WireBox(hubs, hubs[0].add_store(f"sh-{number}"), number, stop, self.seed + number)
                 for number in range(1, BOXES + 1)]
        readers = [hubs[0].reader(self.folder)]
        readers += [readers[0].at(hub) for hub in hubs[1:]]
        rows = []

        def pull(reader):
            done = run(reader.command())
            rows.extend(json.loads(line) for line in done.stdout.splitlines())
            return done.returncode

        def pull_until_stopped():
            turn = 0
            while not stop.is_set():
                pull(readers[turn % len(readers)])
                turn += 1

        def acknowledged():
            return sum(box.acknowledged for box in boxes)

        def work(more):
            target = acknowledged() + more
            wait_until(lambda: acknowledged() >= target or any(box.fault for box in boxes),
                       lambda: f"{target} responses to be acknowledged; {acknowledged()} are", seconds=120)

        puller = threading.Thread(target=pull_until_stopped, daemon=True)
        for thread in (*boxes, puller):
            thread.start()
        primary, standby = "a", "b"
        for _ in range(FAILOVERS):
            work(self.random.randint(500, 2000))
            self.fail_over(primary, standby, acknowledged)
            primary, standby = standby, primary
        work(500)
        stop.set()
        for thread in (*boxes, puller):
            thread.join(timeout=60)
            self.assertFalse(thread.is_alive())
        self.assertEqual(pull(readers[0]), 0)
        for box in boxes:
            self.assertIsNone(box.fault)
            pulled = [row["seq"] for row in rows if row["install"] == box.install]
            self.assertEqual(pulled, list(range(1, box.acknowledged + 1)))
        self.assertEqual(len(rows), acknowledged())
        print(f"{len(rows)} responses of {BOXES} boxes, {FAILOVERS} fail-overs: each pulled once, in order")


if __name__ == "__main__":
    unittest.main()
