#!/usr/bin/env python3
"""What who runs a hub relies on: a renewed certificate, limits, figures, an answer to "are you ready?"."""

import json
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import unittest
from pathlib import Path
from urllib.parse import urlparse

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from box import Certificates  # noqa: E402
from listenpost_driver import BUILD, Scene, must, run, wait_until  # noqa: E402

RESPONSES = 3_500  # four batches


class HubOperation(unittest.TestCase):
    def curl(self, hub, path, *options):
        done = must(["curl", "-sS", "--cacert", hub.certificates.ca, *options, f"{hub.url}{path}"])
        return done.stdout

    def connect(self, hub, ca):
        address = urlparse(hub.url)
        context = ssl.create_default_context(cafile=ca)
        raw = socket.create_connection((address.hostname, address.port), timeout=60)
        return self.enterContext(context.wrap_socket(raw, server_hostname=address.hostname))

    def is_healthy(self, connection):
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: hub\r\n\r\n")
        reply = b""
        while b"}" not in reply:
            part = connection.recv(4096)
            self.assertTrue(part, "the hub has closed")
            reply += part
        return reply.startswith(b"HTTP/1.1 200 ")

    def test_a_renewed_certificate_counts_without_a_restart_and_cuts_nobody_off(self):
        scene = self.enterContext(Scene(start=("hub",)))
        hub, certificates = scene.hub, scene.hub.certificates
        old_ca = scene.folder / "old-ca.pem"
        shutil.copy(certificates.ca, old_ca)
        long_lived = self.connect(hub, old_ca)
        self.assertTrue(self.is_healthy(long_lived))

        # First what must not happen: half a renewal. The hub goes on with what it has, and says so.
        good_key = certificates.key.read_bytes()
        certificates.key.write_text("no key")
        must(["kill", "-HUP", hub.program.pid])
        wait_until(lambda: "certificate_not_reloaded" in hub.program.log_tail(), "the hub to say what is wrong")
        self.assertTrue(self.is_healthy(self.connect(hub, old_ca)))
        certificates.key.write_bytes(good_key)

        renewed = Certificates(scene.folder / "renewed")
        for name in ("ca", "certificate", "key"):
            shutil.copy(getattr(renewed, name), getattr(certificates, name))
        must(["kill", "-HUP", hub.program.pid])
        wait_until(lambda: "certificate_reloaded" in hub.program.log_tail(), "the hub to load it")
        self.assertTrue(self.is_healthy(self.connect(hub, renewed.ca)))
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.connect(hub, old_ca)
        self.assertTrue(self.is_healthy(long_lived), "who was connected before stays so")

    def test_a_limited_box_loses_nothing_and_needs_only_longer(self):
        scene = self.enterContext(Scene(start=()))
        scene.hub.options = ["--max-requests-per-device", "0.2"]  # and two at once
        scene.hub.start()
        box = scene.agent.data
        stored = int(must([BUILD / "tests/fill_store", box, RESPONSES], seconds=400).stdout)
        self.assertEqual(stored, RESPONSES)
        scene.agent.start()
        wait_until(lambda: scene.agent.status()["waiting"] == 0,
                   lambda: f"everything to arrive: {scene.agent.status()}", seconds=300)

        token = scene.reader.token_file.read_text().strip()
        metrics = self.curl(scene.hub, "/metrics", "-H", f"Authorization: Bearer {token}")
        figures = dict(line.rsplit(" ", 1) for line in metrics.splitlines() if not line.startswith("#"))
        self.assertGreaterEqual(float(figures['listenpost_limited_total{by="device"}']), 1, metrics)
        self.assertEqual(float(figures['listenpost_responses_total{outcome="stored"}']), RESPONSES)
        self.assertEqual(float(figures['listenpost_responses_total{outcome="duplicate"}']), 0)
        self.assertEqual(len(scene.reader.pull()), RESPONSES)

    def test_a_backup_beside_the_hub_becomes_a_hub_elsewhere(self):
        scene = self.enterContext(Scene(start=("hub",)))
        hub, agent = scene.hub, scene.agent
        must([BUILD / "tests/fill_store", agent.data, 30])
        must([agent.binary, "once", "--data", agent.data])
        self.assertEqual(len(scene.reader.pull()), 30)
        backup = scene.folder / "backup"
        said = must([hub.binary, "backup", "--data", hub.data, "--to", backup]).stdout
        self.assertIn("30 responses, 1 stores, 1 boxes", said)

        # Not over a hub that serves, nor over what is there.
        in_use = run([hub.binary, "restore", "--data", hub.data, "--from", backup])
        self.assertEqual(in_use.returncode, 1)
        self.assertIn("stop it first", in_use.stderr)
        hub.stop()
        self.assertEqual(run([hub.binary, "restore", "--data", hub.data, "--from", backup]).returncode, 2)

        hub.data.rename(scene.folder / "lost")
        must([hub.binary, "restore", "--data", hub.data, "--from", backup])
        hub.start()
        refused = run(scene.reader.command())
        self.assertEqual(refused.returncode, 1)
        self.assertIn("Move the file away", refused.stderr)
        self.assertIn("hub.restore", [act["what"] for act in json.loads(hub.admin("audit", "list", "--json"))])
        scene.reader.cursor_file.unlink()
        must([BUILD / "tests/fill_store", agent.data, 2])
        must([agent.binary, "once", "--data", agent.data])
        self.assertEqual([row["seq"] for row in scene.reader.pull()], list(range(1, 33)))

    def test_a_survey_that_is_added_says_what_the_figures_mean(self):
        scene = self.enterContext(Scene(start=("hub",)))
        hub, agent, file = scene.hub, scene.agent, scene.folder / "survey.json"
        must([BUILD / "tests/fill_store", agent.data, 30])
        must([agent.binary, "once", "--data", agent.data])
        token = scene.reader.token_file.read_text().strip()
        given = scene.reader.pull()[0]

        def weight():
            day = given["at_ms"] // 86_400_000 * 86_400_000
            told = json.loads(self.curl(hub, f"/v1/summary?from={day}&to={day + 86_400_000}&question=quality",
                                        "--header", f"Authorization: Bearer {token}"))
            return told["total"]["questions"][0].get("weight")

        self.assertEqual(weight(), 1)
        survey = {**scene.survey, "id": given["survey"]}
        next(each for each in survey["questions"] if each["id"] == "quality")["weight"] = 3
        file.write_text(json.dumps(survey), encoding="utf-8")
        self.assertEqual(hub.admin("survey", "add", file), given["survey"])
        self.assertEqual(weight(), 3)
        acts = json.loads(hub.admin("audit", "list", "--json"))
        self.assertEqual([act["object"] for act in acts if act["what"] == "survey.add"], [given["survey"]])
        for text in ('{"id": "x"}', "no JSON"):
            file.write_text(text)
            self.assertEqual(run([hub.binary, "survey", "add", "--data", hub.data, file]).returncode, 1)
        self.assertEqual(run([hub.binary, "survey", "add", "--data", hub.data, scene.folder / "none"]).returncode, 1)
        self.assertEqual(weight(), 3)

    def test_rollups_that_are_damaged_are_found_beside_the_hub_and_mended_without_it(self):
        scene = self.enterContext(Scene(start=("hub",)))
        hub, agent = scene.hub, scene.agent
        must([BUILD / "tests/fill_store", agent.data, 30])
        must([agent.binary, "once", "--data", agent.data])
        check, rebuild = ([hub.binary, "rollup", word, "--data", hub.data] for word in ("check", "rebuild"))
        self.assertRegex(must(check).stdout, r"^30 responses, [1-9]\d* rollups: 0 differ\n")

        in_use = run(rebuild)
        self.assertEqual(in_use.returncode, 1)
        self.assertIn("stop it first", in_use.stderr)
        hub.stop()
        database = sqlite3.connect(hub.data / "hub.db")
        database.execute("UPDATE rollups SET totals = x'0102030405', quarters = x'0102030405'")
        database.commit()
        database.close()
        hub.start()
        found = run(check)
        self.assertEqual(found.returncode, 1)
        self.assertIn("other figures: store sh-001", found.stdout)
        self.assertIn("`rollup rebuild` mends it", found.stderr)
        hub.stop()
        self.assertRegex(must(rebuild).stdout, r"^30 responses counted anew, [1-9]\d* rollups\n")
        hub.start()
        self.assertRegex(must(check).stdout, r"^30 responses, [1-9]\d* rollups: 0 differ\n")
        acts = json.loads(hub.admin("audit", "list", "--json"))
        self.assertEqual([(act["who"], act["detail"]) for act in acts if act["what"] == "rollup.rebuild"],
                         [("unix:" + must(["id", "-un"]).stdout.strip(), "30 responses")])

    def test_it_says_whether_it_is_ready(self):
        scene = self.enterContext(Scene(start=("hub",)))
        self.assertEqual(json.loads(self.curl(scene.hub, "/readyz")), {"status": "ready"})
        done = subprocess.run([scene.hub.binary, "serve", "--data", scene.hub.data, "--max-requests-per-device", "-1"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assertIn("--max-requests-per-device", done.stderr)


if __name__ == "__main__":
    unittest.main()
