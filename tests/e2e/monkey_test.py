#!/usr/bin/env python3
"""Twenty seconds of a monkey at the screen. The long form, with sanitizers and its memory: scripts/monkey.

LISTENPOST_SEED chooses another one.
"""

import os
import random
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import BINARIES  # noqa: E402
from monkey import let_loose  # noqa: E402

SEED = int(os.environ.get("LISTENPOST_SEED", random.SystemRandom().randrange(1_000_000)))
SECONDS = 20


class MonkeyAtTheScreen(unittest.TestCase):
    def test_nothing_ends_sticks_leaks_or_is_lost(self):
        print(f"seed {SEED} (repeat: LISTENPOST_SEED={SEED})", flush=True)
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))
        outcome = let_loose(BINARIES, folder, SECONDS, SEED)
        self.assertEqual(outcome.problems, [])
        self.assertEqual(outcome.lost, 0)
        self.assertGreater(outcome.visits, 1)
        self.assertGreater(outcome.thanked, 0)
        print(f"{outcome.events} events, {outcome.responses} responses, {outcome.visits} compared word by word", flush=True)


if __name__ == "__main__":
    unittest.main()
