#!/usr/bin/env python3
"""The agent right after a boot, as a time namespace shows it one: a backlog goes out at a moment of its own.

Needs root for the namespace; says so and passes where there is none.
"""

import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import BINARIES, BUILD, Agent, Scene, must, run, wait_until  # noqa: E402

UP_SECONDS = 20
SPREAD_SECONDS = 3
BACKLOG = 1_200


def just_booted():
    """Words before a command that runs it on a machine that has been up for UP_SECONDS."""
    back = UP_SECONDS - int(time.clock_gettime(time.CLOCK_BOOTTIME))
    return ["unshare", "--time", "--boottime", str(back)]


@unittest.skipIf(run([*just_booted(), "true"]).returncode != 0, "no time namespace here")
class Boot(unittest.TestCase):
    def setUp(self):
        self.scene = self.enterContext(Scene(start=("hub",)))
        self.agent = Agent(BINARIES, self.scene.agent.data, just_booted(),
                           options=["--start-spread", str(SPREAD_SECONDS)])
        self.addCleanup(self.agent.stop)

    def make_backlog(self):
        must([BUILD / "bench/make_backlog", self.agent.data / "store.db", BACKLOG])

    def log(self):
        return self.agent.program.log.read_text(encoding="utf-8")

    def wait_until_delivered(self):
        wait_until(lambda: self.agent.status()["waiting"] == 0, lambda: f"delivery: {self.agent.status()}")
        self.assertEqual(len(self.scene.pull_all(BACKLOG)), BACKLOG)
        self.assertIsNone(self.agent.status()["error"])

    def test_a_backlog_waits_for_its_moment_and_goes_out(self):
        self.make_backlog()
        self.agent.start()
        wait_until(lambda: "event=start_spread" in self.log(), lambda: f"the agent to wait:\n{self.log()}")
        self.wait_until_delivered()
        self.assertEqual(self.log().count("event=start_spread"), 1)
        print(next(line for line in self.log().splitlines() if "event=start_spread" in line), flush=True)

    def test_whoever_asks_for_once_means_at_once(self):
        self.make_backlog()
        done = self.agent.once()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertNotIn("event=start_spread", done.stderr)
        self.wait_until_delivered()


if __name__ == "__main__":
    unittest.main()
