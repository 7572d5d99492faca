#!/usr/bin/env python3
"""Every program's command line: what scripts and operators rely on, and how misuse is told."""

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from box import Agent  # noqa: E402
from listenpost_driver import BINARIES, Scene, must, run, wait_until  # noqa: E402

KIOSK, AGENT, HUB = (BINARIES / name for name in ("listenpost-kiosk", "listenpost-sync", "listenpost-hub"))
DONE, FAILED, BAD_USE = 0, 1, 2


class CommandLine(unittest.TestCase):
    def setUp(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-"))
        self.folder = Path(folder)

    def ends(self, command, exit_code, says=None):
        done = run(command)
        told = done.stdout + done.stderr
        shown = " ".join(map(str, command[1:]))
        self.assertEqual(done.returncode, exit_code, f"{command[0].name} {shown}:\n{told}")
        if says:
            self.assertRegex(told, says, f"{command[0].name} {shown}")
        return done

    def test_every_program_tells_its_use_and_its_version(self):
        for program in (KIOSK, AGENT, HUB):
            with self.subTest(program=program.name):
                help_text = self.ends([program, "--help"], DONE).stdout
                self.assertIn(program.name, help_text)
                version = self.ends([program, "--version"], DONE).stdout
                self.assertTrue(re.fullmatch(rf"{program.name} \d+\.\d+\.\d+\S*\n", version), version)

    def test_bad_use_ends_with_2_and_says_what_is_wrong(self):
        for command, says in (([KIOSK, "--no-such-option"], "no-such-option|--data"),
                              ([KIOSK], "--data"),
                              ([KIOSK, "--data", self.folder, "--size", "huge"], "1280x800"),
                              ([KIOSK, "--data", self.folder, "--idle-seconds", "-1"], "idle-seconds"),
                              ([AGENT], None), ([AGENT, "dance"], None), ([AGENT, "run"], "--data"),
                              ([AGENT, "run", "--data", self.folder, "--no-such-option"], "no-such-option"),
                              ([AGENT, "enrol", "--data", self.folder, "--hub", "http://127.0.0.1:1"], "--code"),
                              ([HUB], None), ([HUB, "dance"], None), ([HUB, "serve"], "--data"),
                              ([HUB, "serve", "--data", self.folder, "--no-such-option"], "no-such-option"),
                              ([HUB, "store", "add", "--data", self.folder, "--name", "X"], "--id"),
                              ([HUB, "token", "add", "--data", self.folder, "--role", "king", "--name", "x"], "role"),
                              ([HUB, "pull", "--hub", "http://127.0.0.1:1"], "token-file")):
            with self.subTest(command=" ".join(map(str, command[1:])), program=command[0].name):
                self.ends(command, BAD_USE, says)

    def test_a_kiosk_without_a_display_says_so(self):
        done = run([KIOSK, "--data", self.folder / "box"],
                   env={"PATH": "/usr/bin:/bin", "SDL_VIDEODRIVER": "x11", "DISPLAY": ":32100"})
        self.assertEqual(done.returncode, FAILED, done.stderr)
        self.assertRegex(done.stderr, "level=error .*display")

    def test_a_survey_that_cannot_be_used_is_named(self):
        survey = self.folder / "survey.json"
        survey.write_text('{"id": "x"}')
        self.ends([KIOSK, "--headless", "--data", self.folder / "box", "--survey", survey], FAILED, "level=error")
        self.ends([KIOSK, "--headless", "--data", self.folder / "box", "--survey", self.folder / "none.json"],
                  FAILED, "none.json")

    def test_a_survey_is_checked_without_a_screen(self):
        shipped = Path(__file__).resolve().parents[2] / "assets/surveys/qsc-restaurant.json"
        self.ends([KIOSK, "--check", shipped], DONE, "qsc-restaurant version .* is fine")
        survey = self.folder / "survey.json"
        survey.write_text(shipped.read_text().replace('"quality <= 2"', '"quality lower 2"'))
        self.ends([KIOSK, "--check", survey], FAILED, r"survey\.json: survey\.questions\[3\]\.when .*character 9")
        survey.write_text('{\n  "id": "x",\n  oops')
        self.ends([KIOSK, "--check", survey], FAILED, "line 3, column 3")
        self.ends([KIOSK, "--check", self.folder / "none.json"], FAILED, "none.json")

    def test_a_hub_speaks_plain_http_on_loopback_only(self):
        for address in ("0.0.0.0:0", "[::]:0"):
            self.ends([HUB, "serve", "--data", self.folder / "hub", "--listen", address], BAD_USE, "tls-cert")

    def test_a_store_needs_a_time_zone_that_exists(self):
        self.ends([HUB, "store", "add", "--data", self.folder / "hub", "--id", "s", "--name", "S",
                   "--timezone", "Mars/Olympus"], FAILED, "Mars/Olympus")

    def test_a_box_that_never_ran_has_a_status(self):
        status = self.ends([AGENT, "status", "--data", self.folder / "box"], DONE).stdout
        self.assertIn("not enrolled", status)
        self.ends([AGENT, "status", "--data", self.folder / "box", "--json"], DONE, '"captured": ?0')

    def test_a_box_without_refused_responses_has_nothing_to_send_again(self):
        self.ends([AGENT, "quarantine", "list", "--data", self.folder / "box"], DONE, "nothing is in quarantine")
        self.ends([AGENT, "quarantine", "list", "--data", self.folder / "box", "--json"], DONE, r"^\[\]$")
        self.ends([AGENT, "quarantine", "retry", "--data", self.folder / "box"], FAILED, "nothing_to_retry")
        self.ends([AGENT, "quarantine", "retry", "--data", self.folder / "box", "--seq", "none"], BAD_USE, "--seq")
        self.ends([AGENT, "quarantine"], BAD_USE)

    def test_sending_again_is_taken_over_by_the_agent_that_runs(self):
        box = Agent(BINARIES, self.folder / "box")
        box.data.mkdir(mode=0o700)
        self.ends([AGENT, "once", "--data", box.data], FAILED, "not enrolled")  # makes delivery.db
        with contextlib.closing(sqlite3.connect(box.data / "delivery.db")) as delivery, delivery:
            delivery.executemany("INSERT INTO quarantine (install, seq, code, detail, at_ms) "
                                 "VALUES ('5f0c', ?, ?, 'because', 0)", [(7, "invalid"), (8, "conflict")])
        box.start()
        self.addCleanup(box.kill)
        wait_until(lambda: "agent_started" in box.program.log_tail(), "the agent to run")
        self.ends([AGENT, "quarantine", "retry", "--data", box.data, "--seq", "8"], FAILED, "new one by itself")
        self.ends([AGENT, "quarantine", "retry", "--data", box.data, "--seq", "9"], FAILED, "not in quarantine")
        self.ends([AGENT, "quarantine", "retry", "--data", box.data], DONE, "^1 to be sent again$")
        self.assertFalse((box.data / "quarantine.retry").exists())
        items = json.loads(self.ends([AGENT, "quarantine", "list", "--data", box.data, "--json"], DONE).stdout)
        self.assertEqual([(item["seq"], item["retry"]) for item in items], [(7, True), (8, False)])
        self.assertEqual(box.stop(), 0)

    def test_sending_again_that_no_agent_takes_over_is_no_success(self):
        box = self.folder / "box"
        box.mkdir(mode=0o700)
        self.ends([AGENT, "once", "--data", box], FAILED, "not enrolled")  # makes delivery.db
        with contextlib.closing(sqlite3.connect(box / "delivery.db")) as delivery, delivery:
            delivery.execute("INSERT INTO quarantine (install, seq, code, detail, at_ms) "
                             "VALUES ('5f0c', 7, 'invalid', 'because', 0)")
        with open(box / "agent.lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # an agent that takes nothing over
            self.ends([AGENT, "quarantine", "retry", "--data", box], FAILED, "^not taken over yet: ")
        self.assertTrue((box / "quarantine.retry").exists())

    @unittest.skipUnless(os.geteuid() == 0, "gives a folder to another user")
    def test_what_root_leaves_in_another_users_folder_is_that_users(self):
        box = self.folder / "box"
        box.mkdir(mode=0o700)
        os.chmod(self.folder, 0o711)
        os.chown(box, 65534, 65534)
        self.ends([AGENT, "once", "--data", box], FAILED, "not enrolled")
        with contextlib.closing(sqlite3.connect(box / "delivery.db")) as delivery, delivery:
            delivery.execute("INSERT INTO quarantine (install, seq, code, detail, at_ms) "
                             "VALUES ('5f0c', 7, 'invalid', 'because', 0)")
        with open(box / "agent.lock", "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.ends([AGENT, "quarantine", "retry", "--data", box], FAILED, "^not taken over yet: ")
        for name in ("agent.lock", "delivery.db", "quarantine.retry"):
            self.assertEqual((box / name).stat().st_uid, 65534, name)

    def test_a_pull_without_its_token_file_says_which(self):
        self.ends([HUB, "pull", "--hub", "http://127.0.0.1:1", "--token-file", self.folder / "no.token",
                   "--cursor-file", self.folder / "cursor"], FAILED, "no.token")


class WithAHub(CommandLine):
    """What only a running hub can refuse."""

    # The tests above need no hub: not a second time.
    for name in [name for name in vars(CommandLine) if name.startswith("test_")]:
        locals()[name] = None

    def setUp(self):
        super().setUp()
        self.scene = self.enterContext(Scene(start=("hub",)))

    def enrol(self, code, *options):
        return [AGENT, "enrol", "--data", self.folder / "other", "--hub", self.scene.hub.url, "--code", code,
                *options]

    def test_a_hub_with_another_key_than_the_pinned_one_is_not_talked_to(self):
        ca = self.scene.hub.ca_options
        code = self.scene.hub.invite(self.scene.store)
        self.ends(self.enrol(code, *ca, "--pin", "md5//x"), BAD_USE, "sha256//")
        other = "sha256//" + base64.b64encode(bytes(32)).decode()
        self.ends(self.enrol(code, *ca, "--pin", other), FAILED, "setting up TLS")
        key = must(["openssl", "x509", "-in", self.scene.hub.certificates.certificate, "-pubkey", "-noout"]).stdout
        der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "der"], input=key.encode(),
                             capture_output=True, check=True).stdout
        pin = "sha256//" + base64.b64encode(hashlib.sha256(der).digest()).decode()
        self.ends(self.enrol(code, *ca, "--pin", f"{other};{pin}"), DONE)  # and the code was not spent

    def test_an_enrolment_code_works_once_and_only_as_told(self):
        ca = self.scene.hub.ca_options
        self.ends(self.enrol("AAAA-BBBB-CCCC", *ca), FAILED, "code_unknown|code")
        code = self.scene.hub.invite(self.scene.store)
        self.ends(self.enrol(code, *ca), DONE)
        done = self.ends(self.enrol(code, *ca), FAILED)
        self.assertNotIn(code, done.stdout + done.stderr, "a code is a secret: not for the log")

    def test_nobody_enrols_with_a_hub_whose_certificate_it_cannot_trust(self):
        code = self.scene.hub.invite(self.scene.store)
        self.ends(self.enrol(code), FAILED, "(?i)certificate")

    def test_a_wrong_token_pulls_nothing(self):
        reader = self.scene.reader
        reader.token_file.write_text("lpr_wrong\n")
        done = self.ends(reader.command(), FAILED)
        self.assertEqual(done.stdout, "")
        self.assertFalse(reader.cursor_file.exists(), "a failed pull moves no cursor")

    def test_an_invitation_needs_a_store_that_exists(self):
        self.ends([HUB, "device", "invite", "--data", self.scene.hub.data, "--store", "nowhere", "--name", "x"],
                  FAILED, "nowhere")

    def test_secrets_are_readable_by_their_owner_alone(self):
        for secret in (self.scene.folder / "box/delivery.db", self.scene.folder / "hub"):
            self.assertEqual(secret.stat().st_mode & 0o077, 0, secret)


if __name__ == "__main__":
    unittest.main()
