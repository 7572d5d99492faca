#!/usr/bin/env python3
"""HQ pulls only what it asks for, from a hub on SQLite and from one on PostgreSQL alike: the same rows
as of the whole pull, page by page, also of a store that was added after the hub had looked at its places.
"""

import json
import sys
import tempfile
import threading
import unittest
from datetime import datetime, timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import BINARIES, Hub, must, run  # noqa: E402
from postgres_server import PostgresServer  # noqa: E402
from wire_box import WireBox  # noqa: E402

PLACES = {"sh-1": ("华东", "上海"), "sh-2": ("华东", "杭州"), "bj-1": ("华北", "北京")}


class PullFilter(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))

    def test_of_a_hub_on_sqlite(self):
        self.check(None)

    def test_of_a_hub_on_postgresql(self):
        server = PostgresServer()
        self.addCleanup(server.close)
        self.check(server.start().make_database())

    def check(self, postgres):
        hub = Hub(BINARIES, self.folder / "hub", postgres=postgres).start()
        self.addCleanup(hub.stop)

        def add_store(store, count):
            region, city = PLACES[store]
            hub.admin("store", "add", "--id", store, "--name", store, "--region", region, "--city", city)
            WireBox([hub], store, len(store) * 100 + sum(map(ord, store)), threading.Event(), 1).upload(count)

        add_store("sh-1", 300)
        add_store("bj-1", 200)
        east, low, whole = (hub.reader(self.folder, name) for name in ("east", "low", "whole"))
        everything = []
        for store in (None, "sh-2"):
            if store:
                add_store(store, 100)
            rows = whole.pull()
            everything += rows
            self.assertEqual(self.lines(east, "--region", "华东"),
                             [row for row in rows if PLACES[row["store"]][0] == "华东"])
            # Every box says the same times: 40 of its responses are between these.
            from_ms = min(row["at_ms"] for row in rows) + 20
            to = datetime.fromtimestamp((from_ms + 40) / 1000, timezone(timedelta(hours=8)))
            few = self.lines(low, "--city", "北京", "--city", "杭州", "--negative", "--with-comment",
                             "--from", from_ms, "--to", to.isoformat(timespec="milliseconds"))
            self.assertEqual(few, [row for row in rows if PLACES[row["store"]][1] in ("北京", "杭州")
                                   and row["answers"][0]["score"] <= 2
                                   and from_ms <= row["at_ms"] < from_ms + 40])
            self.assertEqual(len(few), 16)  # two in five are low
        self.assertEqual(len(everything), 600)
        other = run(east.command("--region", "华北"))
        self.assertEqual(other.returncode, 1)
        self.assertIn("belongs to a pull of", other.stderr)

    @staticmethod
    def lines(reader, *options):
        return [json.loads(line) for line in must(reader.command(*options)).stdout.splitlines()]


if __name__ == "__main__":
    unittest.main()
