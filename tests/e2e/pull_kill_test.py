#!/usr/bin/env python3
"""HQ's pull under kill -9, of itself and of the hub, at any moment: into a database of HQ's own each
response comes exactly once; onto a file none is missing and what comes again is the same.

LISTENPOST_SEED repeats a run's choices.
"""

import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import BINARIES, Hub, wait_until  # noqa: E402
from postgres_server import PostgresServer  # noqa: E402
from wire_box import WireBox  # noqa: E402

BOXES = 3
KILLS = 25  # of pulls that were not done yet


class PullKill(unittest.TestCase):
    def setUp(self):
        self.seed = int(os.environ.get("LISTENPOST_SEED", time.time_ns() % 1_000_000))
        print(f"LISTENPOST_SEED={self.seed}", flush=True)
        self.random = random.Random(self.seed)
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))
        self.hub = Hub(BINARIES, self.folder / "hub").start()
        self.addCleanup(self.hub.stop)
        self.boxes = [WireBox([self.hub], self.hub.add_store(f"sh-{number}"), number, threading.Event(),
                              self.seed + number) for number in range(1, BOXES + 1)]
        self.reader = self.hub.reader(self.folder)

    def upload(self):
        for box in self.boxes:
            for _ in range(self.random.randint(0, 5)):
                box.upload(self.random.randint(1, 700))

    def expected(self):
        return [(box.install, seq) for box in self.boxes for seq in range(1, box.acknowledged + 1)]

    def kill_and_start_the_hub(self):
        self.hub.kill()
        self.hub.program.join()
        self.hub.start()

    def kill_at_random(self, command, output, faults=()):
        """Pulls that are killed at a random moment before they are done, then one that is not.

        Sometimes the hub is killed first, or one of `faults` happens.
        """
        faults = [self.kill_and_start_the_hub, *faults]
        kills = 0
        longest_life = 0.25  # seconds; follows what a pull takes on this machine
        while kills < KILLS:
            self.upload()
            with output.open("ab") as stdout:
                pull = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=stdout,
                                        stderr=subprocess.DEVNULL)
            try:
                time.sleep(self.random.uniform(0, longest_life))  # the moment is the test's choice
                if self.random.random() < 0.2:
                    self.random.choice(faults)()
                was_at_work = pull.poll() is None
            finally:
                pull.kill()
                pull.wait()
            kills += was_at_work
            longest_life *= 1.1 if was_at_work else 0.8
        with output.open("ab") as stdout:
            done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=stdout,
                                  stderr=subprocess.PIPE, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def pull_into(self, *target):
        return [self.hub.binary, "pull", "--hub", self.hub.url, "--token-file", self.reader.token_file, *target]

    def check_table(self, rows):
        """`rows`: install, seq, store, at_ms, quality, service, comment, response; by install and seq."""
        self.assertEqual([row[:2] for row in rows], self.expected())
        whole = {(line["install"], line["seq"]): line for line in self.reader.pull()}
        self.assertEqual(len(whole), len(rows))
        for install, seq, store, at_ms, quality, service, comment, text in rows:
            line = whole[install, seq]
            self.assertEqual(json.loads(text), line)
            self.assertEqual((store, at_ms, quality, service, comment),
                             (line["store"], line["at_ms"], line["answers"][0]["score"], None, line["comment"]))
        print(f"{len(rows)} responses, {KILLS} kills: each once in the table")

    def test_into_a_sqlite_file_each_response_comes_exactly_once(self):
        database = self.folder / "warehouse.db"
        self.kill_at_random(self.pull_into("--into", database), self.folder / "nothing")
        self.assertEqual((self.folder / "nothing").read_bytes(), b"")
        self.check_table(sqlite3.connect(database).execute(
            "SELECT install, seq, store, at_ms, quality, service, comment, response FROM responses "
            "ORDER BY install, seq").fetchall())

    def test_into_postgresql_each_response_comes_exactly_once(self):
        server = PostgresServer()
        self.addCleanup(server.close)
        conninfo = server.start().make_database()

        def kill_the_server():
            server.kill()
            server.start()

        def end_connections():
            server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                       "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")

        self.kill_at_random(self.pull_into("--into-postgres", conninfo), self.folder / "nothing",
                            [kill_the_server, end_connections])
        rows = json.loads(server.sql(
            "SELECT json_agg(json_build_array(install, seq, store, at_ms, quality, service, comment, response) "
            "ORDER BY install, seq) FROM responses", conninfo.rpartition("=")[2]))
        self.check_table([tuple(row) for row in rows])

    def test_onto_a_file_none_is_missing(self):
        output = self.folder / "rows.ndjson"
        self.kill_at_random(self.reader.command(), output)
        seen, torn, repeated = {}, 0, 0
        for text in output.read_bytes().splitlines():
            try:
                line = json.loads(text)
            except ValueError:
                torn += 1
                continue
            key = (line["install"], line["seq"])
            repeated += key in seen
            self.assertEqual(seen.setdefault(key, line), line)
        for box in self.boxes:
            self.assertEqual([seq for install, seq in seen if install == box.install],
                             list(range(1, box.acknowledged + 1)))
        self.assertEqual(len(seen), len(self.expected()))
        print(f"{len(seen)} responses, {KILLS} kills: none missing, "
              f"{repeated} came again, {torn} half lines")

    def test_follow_goes_on_when_the_hub_was_killed_and_came_back(self):
        output = self.folder / "followed.ndjson"
        with output.open("ab") as stdout:
            pull = subprocess.Popen([str(word) for word in self.reader.command("--follow")],
                                    stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.DEVNULL)
        self.addCleanup(pull.wait)
        self.addCleanup(pull.kill)
        for _ in range(3):
            self.boxes[0].upload(100)
            wait_until(lambda: len(output.read_bytes().splitlines()) == self.boxes[0].acknowledged,
                       lambda: f"{self.boxes[0].acknowledged} rows in the file; pull ended with {pull.poll()}")
            self.kill_and_start_the_hub()
        pull.terminate()
        self.assertEqual(pull.wait(60), 0)
        self.assertEqual([json.loads(text)["seq"] for text in output.read_bytes().splitlines()],
                         list(range(1, self.boxes[0].acknowledged + 1)))


if __name__ == "__main__":
    unittest.main()
