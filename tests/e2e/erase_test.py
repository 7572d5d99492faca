#!/usr/bin/env python3
"""What head office erases is gone from the box too, byte for byte, whoever is killed meanwhile; the count stays."""

import json
import random
import sqlite3
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import Customer, Scene, is_fresh, wait_until  # noqa: E402

# The first heartbeat after a start comes within a minute.
A_HEARTBEAT = 120


def says_two_phrases(scene):
    customer = Customer(scene.kiosk, scene.survey, random.Random(1))
    scene.kiosk.wait(is_fresh, "an untouched rating screen")
    for question, score in (("quality", 2), ("service", 4), ("cleanliness", 1)):
        customer.rate(question, score)
    customer.submit()
    customer.open_comment()
    customer.toggle_phrase(0)
    customer.toggle_phrase(4)
    customer.submit()
    customer.be_thanked()
    scene.kiosk.tap("again", is_fresh)


class Erase(unittest.TestCase):
    def test_an_erased_comment_is_gone_from_every_file_of_the_box(self):
        scene = self.enterContext(Scene())
        box = scene.folder / "box"
        says_two_phrases(scene)
        says_two_phrases(scene)
        rows = scene.pull_all(2)
        words = rows[0]["comment"]
        self.assertEqual(words, rows[1]["comment"])
        self.assertTrue(self.holders(box, words), "the comment is in a file of the box")
        # A file that was damaged once, and is kept.
        (box / "store.db.damaged-20260101T000000Z").write_bytes((box / "store.db-wal").read_bytes())

        for row in rows:
            scene.hub.admin("response", "erase", "--id", f"{row['install']}:{row['seq']}")
        self.assertEqual([entry["done_ms"] for entry in self.erasures(scene)], [None, None])

        request = box / "inbox/erase.json"
        self.beat(scene)
        wait_until(request.exists, "the agent to bring the request", seconds=A_HEARTBEAT)
        scene.kiosk.kill()
        wait_until(lambda: not scene.kiosk.program.alive, "the kiosk to be gone")
        scene.kiosk.start()  # whatever it was about to do is done at its start
        wait_until(lambda: self.wiped(box) == 2, "the kiosk to erase")
        self.beat(scene)
        wait_until(lambda: None not in [entry["done_ms"] for entry in self.erasures(scene)],
                   "the hub to hear of it", seconds=A_HEARTBEAT)
        wait_until(lambda: not request.exists(), "the request to be taken away")
        device = rows[0]["device"]
        self.assertEqual([entry["done_by"] for entry in self.erasures(scene)], [[device], [device]])

        # While the programs run, and after they have ended.
        self.assertEqual(self.holders(box, words), [])
        self.assertEqual(scene.agent.status()["captured"], 2)
        scene.kiosk.stop()
        scene.agent.stop()
        self.assertEqual(self.holders(box, words), [])
        with sqlite3.connect(box / "store.db") as database:
            self.assertEqual(database.execute(
                "SELECT seq, comment, comment_erased, outcome FROM response ORDER BY seq").fetchall(),
                [(1, "", 1, "complete"), (2, "", 1, "complete")])
            scores = [[answer["score"] for answer in json.loads(answers)]
                      for (answers,) in database.execute("SELECT answers FROM response")]
        self.assertEqual(scores, [[2, 4, 1]] * 2)

        # A box that knows nothing of what it has delivered sends all of it again: counted once.
        for part in ("", "-wal", "-shm"):
            (box / f"delivery.db{part}").unlink(missing_ok=True)
        sent = scene.agent.once()
        self.assertEqual(sent.returncode, 0, sent.stderr)
        self.assertEqual(scene.agent.status()["quarantined"], 0)
        again = scene.hub.reader(scene.folder, "again").pull()
        responses = [row for row in again if "event" not in row]
        self.assertEqual([(row["seq"], row.get("comment_erased")) for row in responses], [(1, True), (2, True)])

    def beat(self, scene):
        """Its first heartbeat comes soon after its start; what it knows is in files."""
        scene.agent.kill()
        wait_until(lambda: not scene.agent.program.alive, "the agent to be gone")
        scene.agent.start()

    def erasures(self, scene):
        return json.loads(scene.hub.admin("response", "erasures", "--json"))

    def wiped(self, box):
        with sqlite3.connect(f"file:{box / 'store.db'}?mode=ro", uri=True) as database:
            return database.execute("SELECT count(*) FROM erasure WHERE is_wiped").fetchone()[0]

    def holders(self, box, words):
        return sorted(str(file.relative_to(box)) for file in box.rglob("*")
                      if file.is_file() and words.encode() in file.read_bytes())


if __name__ == "__main__":
    unittest.main()
