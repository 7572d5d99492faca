#!/usr/bin/env python3
"""What staff does about a comment reaches HQ once, among the responses and as none of them."""

import csv
import io
import json
import sqlite3
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import BUILD, Scene, must, wait_until  # noqa: E402

NOTE = "called 13812345678, =sorry"
STORED_NOTE = "called ***********, =sorry"
RESPONSES = 4


class StaffEvent(unittest.TestCase):
    def test_from_the_box_to_every_kind_of_pull(self):
        scene = self.enterContext(Scene(start=("hub", "agent")))
        box = scene.folder / "box"
        must([BUILD / "tests/fill_store", box, str(RESPONSES)])
        responses = scene.pull_all(RESPONSES)
        self.assertFalse([row for row in responses if "event" in row])

        self.assertEqual(self.mark(box), RESPONSES)
        scene.agent.kill()  # whatever it was about to do is done again
        wait_until(lambda: not scene.agent.program.alive, "the agent to be gone")
        scene.agent.start()
        events = scene.pull_all(RESPONSES)
        self.assertEqual([row["event"] for row in events], ["comment_handled"] * RESPONSES)
        self.assertEqual([row["seq"] for row in events], list(range(RESPONSES + 1, 2 * RESPONSES + 1)))
        for event, response in zip(events, responses):
            self.assertEqual(event["of"], {name: response[name] for name in ("install", "seq", "boot", "steady_ms")})
            self.assertEqual((event["state"], event["by"], event["note"]), ("dealt_with", "李", STORED_NOTE))
            self.assertGreaterEqual(event["at_ms"], response["at_ms"])
            self.assertFalse({"answers", "comment", "survey"} & event.keys())
        wait_until(lambda: scene.agent.status()["delivered"] == 2 * RESPONSES, "all to be delivered")
        self.assertEqual(self.mark(box), 0, "each is marked by now")

        self.check_filters(scene)
        self.check_csv(scene)
        self.check_tables(scene)

    def mark(self, box):
        return int(must([BUILD / "tests/mark_comments", box, NOTE]).stdout)

    def check_filters(self, scene):
        for option in ("--with-comment", "--negative"):
            reader = scene.hub.reader(scene.folder, option.strip("-"))
            rows = [json.loads(line) for line in must(reader.command(option)).stdout.splitlines()]
            self.assertEqual(len(rows), RESPONSES)
            self.assertFalse([row for row in rows if "event" in row])

    def check_csv(self, scene):
        text = scene.hub.reader(scene.folder, "analyst").pull_csv()
        table = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        self.assertEqual([line["event"] for line in table], [""] * RESPONSES + ["comment_handled"] * RESPONSES)
        self.assertEqual([line["of_seq"] for line in table[RESPONSES:]], [line["seq"] for line in table[:RESPONSES]])
        self.assertEqual({line["note"] for line in table[RESPONSES:]}, {STORED_NOTE})

    def check_tables(self, scene):
        file = scene.folder / "warehouse.db"
        command = scene.hub.reader(scene.folder, "warehouse").command()
        cursor = command.index("--cursor-file")
        must(command[:cursor] + ["--into", file] + command[cursor + 2:])
        with sqlite3.connect(file) as database:
            joined = database.execute(
                "SELECT count(*), count(DISTINCT events.seq) FROM events JOIN responses"
                " ON responses.install = of_install AND responses.seq = of_seq"
                " AND json_extract(responses.response, '$.boot') = of_boot"
                " AND json_extract(responses.response, '$.steady_ms') = of_steady_ms").fetchone()
            self.assertEqual(joined, (RESPONSES, RESPONSES))
            self.assertEqual(database.execute("SELECT count(*) FROM responses").fetchone(), (RESPONSES,))


if __name__ == "__main__":
    unittest.main()
