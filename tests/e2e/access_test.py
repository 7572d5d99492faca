#!/usr/bin/env python3
"""Who may see what, and what is gone for good, with the real programs on both engines: a token that is revoked
under a pull that follows, a reader of one region while stores move, a text erased under a hub that serves.
"""

import json
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from box import Reader, only_word  # noqa: E402
from listenpost_driver import BINARIES, Hub, must, run, wait_until  # noqa: E402
from postgres_server import PostgresServer  # noqa: E402
from wire_box import WireBox, response  # noqa: E402

SECRET = "请回电13800138000"


class OnSqlite(unittest.TestCase):
    def database(self):
        return None

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))
        self.hub = Hub(BINARIES, self.folder / "hub", postgres=self.database())
        self.hub.start()
        self.addCleanup(self.hub.stop)
        for store, region in (("sh-001", "华东"), ("bj-001", "华北")):
            self.hub.admin("store", "add", "--id", store, "--name", store, "--region", region)
        stop = threading.Event()
        self.shanghai, self.beijing = (WireBox([self.hub], store, number, stop, number)
                                       for number, store in ((1, "sh-001"), (2, "bj-001")))

    def reader(self, name, *limits):
        words = self.hub.admin("token", "add", "--role", "reader", "--name", name, *limits)
        return Reader(self.hub, only_word(words), self.folder, name)

    def listed(self, *words):
        return json.loads(self.hub.admin(*words, "--json"))

    def test_a_reader_of_one_region_gets_all_of_it_and_nothing_else_while_stores_move(self):
        east, everything = self.reader("east", "--region", "华东"), self.reader("hq")
        self.shanghai.upload(30)
        self.beijing.upload(20)
        self.assertEqual({row["store"] for row in east.pull()}, {"sh-001"})
        self.hub.admin("store", "set", "--id", "bj-001", "--region", "华东")
        self.hub.admin("store", "set", "--id", "sh-001", "--region", "华北")
        self.shanghai.upload(5)
        self.beijing.upload(7)
        self.assertEqual([(row["store"], row["seq"]) for row in east.pull()],
                         [("bj-001", seq) for seq in range(21, 28)])
        self.assertEqual(east.pull(), [])
        self.assertEqual(len(everything.pull()), 62)
        refused = run(east.command("--region", "华北"))
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))  # the cursor is of another filter

    def test_a_revoked_token_ends_the_pull_that_follows_with_it(self):
        partner = self.reader("partner", "--expires-days", "30")
        self.shanghai.upload(10)
        output = self.folder / "followed.ndjson"
        with output.open("ab") as stdout:
            pull = subprocess.Popen([str(word) for word in partner.command("--follow")], stdin=subprocess.DEVNULL,
                                    stdout=stdout, stderr=subprocess.PIPE, text=True)
        self.addCleanup(pull.kill)
        wait_until(lambda: len(output.read_bytes().splitlines()) == 10, "the rows so far")
        self.hub.admin("token", "revoke", "--name", "partner")
        self.shanghai.upload(10)
        _, said = pull.communicate(timeout=60)
        self.assertEqual(pull.returncode, 1)
        self.assertIn("revoked", said)
        self.assertEqual(len(output.read_bytes().splitlines()), 10)

        token = partner.token_file.read_text().strip()
        entry = next(entry for entry in self.listed("token", "list") if entry["name"] == "partner")
        self.assertGreater(entry["expires_ms"], entry["created_ms"])
        self.assertIsNotNone(entry["revoked_ms"])
        acts = self.listed("audit", "list")
        self.assertEqual([act["what"] for act in acts if act["object"] == "partner"], ["token.add", "token.revoke"])
        self.assertEqual({act["who"] for act in acts}, {"unix:" + must(["id", "-un"]).stdout.strip()})
        for place in (said, self.hub.program.log.read_text(), json.dumps(acts), self.hub.admin("token", "list")):
            self.assertNotIn(token, place)

    def test_an_erased_text_is_gone_where_it_has_been(self):
        everything, warehouse = self.reader("hq"), self.folder / "warehouse.db"
        into = [word for word in everything.command("--into", warehouse)
                if word not in ("--cursor-file", everything.cursor_file)]
        self.shanghai.upload(50)
        said = {**response(51), "comment": SECRET}
        batch = {"v": 1, "install": self.shanghai.install, "responses": [said],
                 "sent": {"wall_ms": 1790000100000, "steady_ms": 10 ** 9, "boot": "b", "clock_set": True}}
        port = self.hub.url.rpartition(":")[2]
        self.assertEqual(self.shanghai._try(port, batch)["acknowledged"], 1)
        self.assertEqual(len(everything.pull()), 51)
        must(into)
        self.assertIn(SECRET, self.texts(warehouse))

        name = f"{self.shanghai.install}:51"
        for _ in range(2):  # the second changes nothing
            self.assertEqual(self.hub.admin("response", "erase", "--id", name), name)
        row, = everything.pull()
        self.assertEqual((row["event"], row["seq"], row["store"]), ("text_erased", 51, "sh-001"))
        must(into)
        self.assertNotIn(SECRET, self.texts(warehouse))
        self.assertEqual(len(self.texts(warehouse)), 51)
        for box_has in (said, response(51) | {"comment": ""}):
            batch["responses"] = [box_has]
            reply = self.shanghai._try(port, batch)
            self.assertEqual((reply["acknowledged"], reply["duplicates"]), (1, 1))
        rows = self.reader("late").pull()
        self.assertEqual([row["seq"] for row in rows], [*range(1, 52), 51])
        self.assertNotIn(SECRET, json.dumps(rows, ensure_ascii=False))
        self.assertEqual(rows[50]["answers"], said["answers"])
        self.assertEqual(everything.pull(), [])
        acts = [act for act in self.listed("audit", "list") if act["what"] == "response.erase"]
        self.assertEqual([act["object"] for act in acts], [name])
        # Nor in what the hub has said meanwhile, nor (on SQLite) in its files.
        for file in [self.hub.program.log, *self.hub.data.iterdir()]:
            if file.is_file():
                self.assertNotIn(SECRET.encode(), file.read_bytes(), file)

    @staticmethod
    def texts(warehouse):
        with sqlite3.connect(warehouse) as database:
            return [text for text, in database.execute("SELECT coalesce(comment, '') FROM responses")]


class OnPostgres(OnSqlite):
    def database(self):
        server = PostgresServer()
        self.addCleanup(server.close)
        return server.start().make_database()


if __name__ == "__main__":
    unittest.main()
