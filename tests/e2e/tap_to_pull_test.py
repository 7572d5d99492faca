#!/usr/bin/env python3
"""What customers tap arrives at HQ exactly as tapped, each response once, over TLS."""

import csv
import io
import os
import random
import re
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import Customer, Scene, expected_of, is_fresh, scripted_customer  # noqa: E402

SEED = int(os.environ.get("LISTENPOST_SEED", "20260101"))
CUSTOMERS = 30


def leaves_after_one_tap(kiosk, survey, generator):
    customer = Customer(kiosk, survey, generator)
    kiosk.wait(is_fresh, "an untouched rating screen")
    customer.rate("service", 5)
    customer.walk_away()
    return customer.record


def says_a_chinese_phrase(kiosk, survey, generator):
    customer = Customer(kiosk, survey, generator)
    kiosk.wait(is_fresh, "an untouched rating screen")
    for question, score in (("quality", 2), ("service", 4), ("cleanliness", 1)):
        customer.rate(question, score)
    assert customer.submit() == "reasons"
    customer.toggle_reason("quality", "salty")
    assert customer.open_comment()
    customer.toggle_phrase(0)
    customer.toggle_phrase(4)
    customer.submit()
    customer.be_thanked()
    kiosk.tap("again", is_fresh)
    return customer.record


class TapToPull(unittest.TestCase):
    def setUp(self):
        print(f"seed {SEED} (another one: LISTENPOST_SEED)", flush=True)
        self.random = random.Random(SEED)
        self.scene = self.enterContext(Scene())

    def test_thirty_customers_then_five_more(self):
        scene = self.scene
        began_ms = time.time() * 1000
        visits = [leaves_after_one_tap, says_a_chinese_phrase] + [scripted_customer] * (CUSTOMERS - 2)
        records = [visit(scene.kiosk, scene.survey, self.random) for visit in visits]

        rows = scene.pull_all(CUSTOMERS)
        self.assertEqual([expected_of(row) for row in rows], [record.expected() for record in records])
        self.check_the_rest_of_the_rows(rows, began_ms)
        self.assertIn("partial", [row["outcome"] for row in rows])
        self.assertEqual(rows[1]["comment"], "上菜有点慢，偏咸")
        thanked = sum(record.thanked for record in records)
        print(f"{len(rows)} responses arrived as tapped, {thanked} of them thanked, "
              f"{sum(row['outcome'] == 'partial' for row in rows)} partial", flush=True)

        self.assertEqual(scene.reader.pull(), [], "a second pull with the saved cursor yields nothing")
        more = [scripted_customer(scene.kiosk, scene.survey, self.random) for _ in range(5)]
        new_rows = scene.pull_all(5)
        self.assertEqual([expected_of(row) for row in new_rows], [record.expected() for record in more])
        self.assertEqual([row["seq"] for row in new_rows], list(range(CUSTOMERS + 1, CUSTOMERS + 6)))

        self.check_csv(rows + new_rows)

    def check_the_rest_of_the_rows(self, rows, began_ms):
        self.assertEqual([row["seq"] for row in rows], list(range(1, CUSTOMERS + 1)))
        self.assertEqual(len({(row["install"], row["seq"]) for row in rows}), len(rows))
        now_ms = time.time() * 1000
        for row in rows:
            self.assertEqual(row["store"], self.scene.store)
            self.assertEqual((row["survey"], row["survey_version"]),
                             (self.scene.survey["id"], self.scene.survey["version"]))
            self.assertEqual(row["touchpoint"], "exit")
            self.assertTrue(re.fullmatch(r"[0-9a-f]{32}", row["install"]))
            self.assertTrue(row["device"])
            self.assertTrue(began_ms - 1000 <= row["at_ms"] <= row["received_ms"] + 1000 <= now_ms + 2000, row)
            self.assertGreaterEqual(row["took_ms"], 0)

    def check_csv(self, rows):
        """A reader with a fresh cursor gets the same responses as a table that a spreadsheet opens."""
        reader = self.scene.hub.reader(self.scene.folder, "analyst")
        text = reader.pull_csv()
        self.assertTrue(text.startswith("\ufeff"), "a byte-order mark, so that Excel sees UTF-8")
        table = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        self.assertEqual([int(line["seq"]) for line in table], [row["seq"] for row in rows])
        self.assertEqual([line["comment"] for line in table], [row.get("comment", "") for row in rows])


if __name__ == "__main__":
    unittest.main()
