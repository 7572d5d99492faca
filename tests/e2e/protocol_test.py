#!/usr/bin/env python3
"""PROTOCOL.md is good enough for a stranger: its sh blocks run as they stand against a real hub."""

import hashlib
import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import ROOT, Scene, must  # noqa: E402

PROTOCOL = ROOT / "sync/wire/PROTOCOL.md"
MARK = "---- end of a block ----"


class Protocol(unittest.TestCase):
    def test_its_examples_do_what_it_says(self):
        scene = self.enterContext(Scene(start=("hub",)))
        blocks = re.findall(r"^```sh\n(.*?)^```$", PROTOCOL.read_text(encoding="utf-8"), re.M | re.S)
        self.assertEqual(len(blocks), 8, "enrol, write, upload, again, refused, pull, summarize, pull again")
        folder = scene.folder / "stranger"
        folder.mkdir()
        # One shell for all, as a reader would paste them, with a mark after each.
        script = "set -euo pipefail\n" + "".join(f"{block}\necho; echo {MARK}\n" for block in blocks)
        done = subprocess.run(["bash"], input=script, text=True, encoding="utf-8", capture_output=True, cwd=folder,
                              check=False, timeout=60, env={
                                  **os.environ,
                                  "HUB": scene.hub.url,
                                  "CODE": scene.hub.invite(scene.store, "by hand"),
                                  "READER": scene.reader.token_file.read_text().strip(),
                                  "CURL_CA_BUNDLE": str(scene.hub.certificates.ca)})  # as --cacert
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        _, _, upload, again, refused, _, summaries, _ = (part.strip() for part in done.stdout.split(MARK)[:-1])

        enrolled = json.loads((folder / "enrolled.json").read_text(encoding="utf-8"))
        self.assertEqual(enrolled["store"]["id"], scene.store)
        sent = hashlib.sha256((folder / "batch.json").read_bytes()).hexdigest()[:16]
        self.assertEqual(json.loads(upload), {"acknowledged": 2, "duplicates": 0, "refused": [], "batch": sent})
        again = json.loads(again)
        self.assertEqual((again["acknowledged"], again["duplicates"], again["refused"]), (2, 2, []))
        refused = json.loads(refused)
        self.assertEqual((refused["acknowledged"], [(each["seq"], each["code"]) for each in refused["refused"]]),
                         (1, [(3, "invalid")]))

        batch = json.loads((folder / "batch.json").read_text(encoding="utf-8"))
        rows = [json.loads(line) for line in (folder / "rows.ndjson").read_text(encoding="utf-8").splitlines()]
        self.assertEqual([row["seq"] for row in rows], [1, 2, 4])
        for row, sent in zip(rows, batch["responses"]):
            self.assertEqual({key: row[key] for key in sent}, sent)
            self.assertEqual((row["store"], row["device"], row["install"]),
                             (scene.store, enrolled["device"], batch["install"]))
        self.assertEqual((folder / "more.ndjson").read_text(), "", "with the cursor there is nothing new")

        summary, ranking = map(json.loads, summaries.splitlines())
        # Two of the three broke a misuse rule.
        self.assertEqual([summary["total"][count] for count in ("responses", "complete", "flagged")], [1, 1, 2])
        self.assertEqual(sum(group["responses"] for group in summary["groups"]), 1)
        self.assertEqual([entry["group"] for entry in ranking["ranking"]], [scene.store])

    def test_the_hub_is_healthy_without_a_token(self):
        scene = self.enterContext(Scene(start=("hub",)))
        done = must(["curl", "-sS", "--cacert", scene.hub.certificates.ca, f"{scene.hub.url}/healthz"])
        self.assertEqual(json.loads(done.stdout), {"status": "ok"})


if __name__ == "__main__":
    unittest.main()
