#!/usr/bin/env python3
"""The hub is not there at first, comes, goes and comes again: nobody at the box has to do anything."""

import random
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import Scene, expected_of, scripted_customer, wait_until  # noqa: E402


class HubDown(unittest.TestCase):
    def test_the_agent_delivers_by_itself_once_the_hub_is_there(self):
        scene = self.enterContext(Scene(start=("agent", "kiosk")))
        generator = random.Random(7)
        records = []

        for round_number, customers in enumerate((4, 3), 1):
            records += [scripted_customer(scene.kiosk, scene.survey, generator) for _ in range(customers)]
            wait_until(lambda: scene.agent.status()["waiting"] == customers,
                       lambda: f"status to say that {customers} are not delivered: {scene.agent.status()}")
            wait_until(lambda: scene.agent.status()["error"],
                       lambda: f"status to say that the hub does not answer: {scene.agent.status()}")

            scene.hub.start()
            wait_until(lambda: scene.agent.status()["waiting"] == 0,
                       lambda: f"the agent to deliver by itself: {scene.agent.status()}", seconds=150)
            self.assertIsNone(scene.agent.status()["error"])
            rows = scene.pull_all(customers)
            self.assertEqual([expected_of(row) for row in rows],
                             [record.expected() for record in records[-customers:]])
            for row in rows:  # however long the hub was away, and whether or not this machine's clock is set
                self.assertLess(abs(row["at_ms"] - row["opened_ms"]), 1500, row)
            print(f"round {round_number}: {customers} responses tapped without a hub arrived once it was there",
                  flush=True)
            scene.hub.stop()


if __name__ == "__main__":
    unittest.main()
