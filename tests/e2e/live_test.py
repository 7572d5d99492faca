#!/usr/bin/env python3
"""Live mode: what a customer says is at the hub before the next one has come. Prints how long it took."""

import random
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import Scene, expected_of, scripted_customer  # noqa: E402

CUSTOMERS = 8


class Live(unittest.TestCase):
    def test_each_response_arrives_by_itself_before_the_next_customer(self):
        scene = self.enterContext(Scene())
        generator = random.Random(11)
        milliseconds = []
        for _ in range(CUSTOMERS):
            record = scripted_customer(scene.kiosk, scene.survey, generator)
            rows = scene.pull_all(1)
            self.assertEqual([expected_of(row) for row in rows], [record.expected()])
            row = rows[0]
            # Box and hub have one clock here, this machine's.
            milliseconds.append(row["received_ms"] - row["opened_ms"] - row["took_ms"])
        self.assertEqual(scene.agent.status()["waiting"], 0)
        milliseconds.sort()
        print(f"closed to received, {CUSTOMERS} responses: {milliseconds[0]} to {milliseconds[-1]} ms, "
              f"{milliseconds[CUSTOMERS // 2]} in the middle (promised: 2000)", flush=True)


if __name__ == "__main__":
    unittest.main()
