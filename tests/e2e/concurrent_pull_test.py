#!/usr/bin/env python3
"""Promise 9: HQ's pull neither skips nor repeats a row, however many boxes upload meanwhile, and
however often what serves them is stopped or killed under them: one hub on SQLite, and two hubs on one
PostgreSQL, which is killed too.

LISTENPOST_SEED repeats a run's choices.
"""

import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import BINARIES, Hub, run, wait_until  # noqa: E402
from postgres_server import PostgresServer  # noqa: E402
from wire_box import WireBox  # noqa: E402

BOXES = 4
FAULTS = 20


class ConcurrentPull(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("LISTENPOST_SEED", time.time_ns() % 1_000_000))
        print(f"LISTENPOST_SEED={self.seed}", flush=True)
        self.random = random.Random(self.seed)
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))

    def start_hub(self, name, postgres=None):
        hub = Hub(BINARIES, self.folder / name, postgres=postgres).start()
        self.addCleanup(hub.stop)
        return hub

    def test_one_hub_on_sqlite(self):
        hub = self.start_hub("hub")

        def stop_and_start():
            hub.stop()
            hub.start()

        self.check([hub], [stop_and_start, lambda: kill_and_start(hub)])

    def test_two_hubs_on_one_postgresql(self):
        server = PostgresServer()
        self.addCleanup(server.close)
        database = server.start().make_database()
        hubs = [self.start_hub(name, database) for name in ("hub-a", "hub-b")]

        def kill_a_backend():
            # One process of the server dies: it throws all others out and recovers.
            backends = server.backends()
            if backends:
                os.kill(self.random.choice(backends), signal.SIGKILL)

        def end_connections():
            server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                       "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")

        def kill_the_server():
            server.kill()
            server.start()

        def stop_the_server():
            server.stop()
            server.start()

        def stop_a_hub():
            hub = self.random.choice(hubs)
            hub.stop()
            hub.start()

        self.check(hubs, [lambda: kill_and_start(self.random.choice(hubs)), kill_the_server, stop_a_hub,
                          kill_a_backend, end_connections, stop_the_server])
        # What the database itself says: offsets without a gap, one row a response.
        name = database.rpartition("=")[2]
        gaps = server.sql("SELECT count(*) FROM partitions p WHERE next_off <> "
                          "(SELECT count(*) FROM log l WHERE l.part = p.part AND l.off < p.next_off)", name)
        self.assertEqual(gaps, "0")
        self.assertEqual(server.sql("SELECT (SELECT count(*) FROM log) - (SELECT count(*) FROM dedup)", name), "0")

    def check(self, hubs, faults):
        """Boxes upload and HQ pulls while `faults` happen in turns: nothing is lost, nothing comes twice."""
        stop = threading.Event()
        boxes = [WireBox(hubs, hubs[0].add_store(f"sh-{number}"), number, stop, self.seed + number)
                 for number in range(1, BOXES + 1)]
        readers = [hubs[0].reader(self.folder)]
        readers += [readers[0].at(hub) for hub in hubs[1:]]  # the same cursor, wherever it goes on
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

        puller = threading.Thread(target=pull_until_stopped, daemon=True)
        for thread in (*boxes, puller):
            thread.start()
        for number in range(FAULTS):
            target = sum(box.acknowledged for box in boxes) + self.random.randint(50, 1200)
            wait_until(lambda: sum(box.acknowledged for box in boxes) >= target or any(b.fault for b in boxes),
                       f"the boxes to have {target} responses acknowledged")
            faults[number % len(faults)]()
        stop.set()
        for thread in (*boxes, puller):
            thread.join(timeout=60)
            self.assertFalse(thread.is_alive())
        self.assertEqual(pull(readers[0]), 0)

        total = sum(box.acknowledged for box in boxes)
        for box in boxes:
            self.assertIsNone(box.fault)
            pulled = [row["seq"] for row in rows if row["install"] == box.install]
            self.assertEqual(pulled, list(range(1, box.acknowledged + 1)))
        self.assertEqual(len(rows), total)
        print(f"{total} responses of {BOXES} boxes, {FAULTS} faults: each pulled once, in order")


def kill_and_start(hub):
    hub.kill()
    hub.program.join()
    hub.start()


if __name__ == "__main__":
    unittest.main()
