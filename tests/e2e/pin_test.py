#!/usr/bin/env python3
"""A manager's PIN from head office: set at the hub, brought by the agent, entered by real touches; whoever is
killed meanwhile. Nobody but boxes of its store learns of it."""

import json
import os
import pty
import stat
import subprocess
import sys
import termios
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import BINARIES, Agent, Display, Kiosk, Scene, is_fresh, kiosk_options, wait_until  # noqa: E402
from manager import Manager, set_pin  # noqa: E402
from small_disk import SmallDisk, why_none  # noqa: E402

FIRST, SECOND, THIRD, OWN = "258013", "774411", "850274", "369258"
# The first heartbeat after a start comes within a minute.
A_HEARTBEAT = 120


def pin_command(hub, *words, pin=""):
    return subprocess.run([hub.binary, "pin", *words, "--data", hub.data], input=pin, text=True, capture_output=True,
                          check=False)


class PinFromHeadOffice(unittest.TestCase):
    def setUp(self):
        self.said = ""

    def pin(self, *words, pin=""):
        done = pin_command(self.scene.hub, *words, pin=pin + "\n" if pin else "")
        self.said += done.stdout + done.stderr
        return done

    def set(self, pin, *whose):
        done = self.pin("set", *whose, pin=pin)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.split()

    def states(self):
        return [(line["store"], line["state"]) for line in json.loads(self.pin("list", "--json").stdout)]

    def beat(self):
        """Its first heartbeat comes soon after its start; what it knows is in files."""
        agent = self.scene.agent
        agent.kill()
        wait_until(lambda: not agent.program.alive, "the agent to be gone")
        agent.start()

    def wait_for_state(self, state):
        wait_until(lambda: self.states()[0] == ("sh-001", state), lambda: f"{state}; it is {self.states()}",
                   seconds=A_HEARTBEAT, poll=0.3)

    def sent(self):
        file = self.scene.folder / "box/inbox/manager_pin.json"
        return file.read_text() if file.exists() else ""

    def leave(self):
        self.scene.kiosk.tap("back", is_fresh)

    def refuses(self, pin):
        self.manager.ask_for_pin()
        self.manager.enter(pin)
        attempts = self.scene.folder / "box/manager_attempts.json"
        wait_until(lambda: json.loads(attempts.read_text())["wrong"] > 0, "the wrong PIN to be noted")
        self.leave()

    def test_a_pin_set_at_the_hub_lets_the_manager_in_and_the_one_before_does_not(self):
        self.scene = scene = self.enterContext(Scene(start=("hub",)))
        hub, box = scene.hub, scene.folder / "box"
        scene.display = Display(scene.folder).start()
        self.addCleanup(scene.display.stop)
        scene.kiosk = Kiosk(BINARIES, box, scene.display, [*kiosk_options(idle_seconds=30), "--manager-seconds", "60"])
        scene.kiosk.start()
        self.addCleanup(scene.kiosk.stop)
        self.manager = Manager(scene.kiosk, scene.display)
        self.addCleanup(self.manager.close)
        # Another store's box, which is to hear nothing of it.
        hub.add_store("sh-002", "南京东路店")
        other = Agent(BINARIES, scene.folder / "other/box")
        (scene.folder / "other").mkdir()
        other.enrol(hub, hub.invite("sh-002"))
        other.start()
        self.addCleanup(other.stop)

        self.assertEqual(set_pin(BINARIES, box, OWN).returncode, 0)
        self.assertEqual(self.set(FIRST, "--store", "sh-001"), ["sh-001"])
        self.assertEqual(self.states(), [("sh-001", "not_yet")])
        self.beat()
        wait_until(self.sent, "the agent to bring the PIN", seconds=A_HEARTBEAT)
        self.assertEqual(stat.S_IMODE((box / "inbox/manager_pin.json").stat().st_mode), 0o600)
        scene.agent.kill()
        self.assertEqual(self.states(), [("sh-001", "not_yet")], "the box has not said so yet")
        self.manager.go_in(FIRST)
        self.leave()
        self.refuses(OWN)

        hub.kill()
        wait_until(lambda: not hub.program.alive, "the hub to be gone")
        self.assertEqual(self.set(SECOND, "--store", "sh-001"), ["sh-001"], "also where no hub runs")
        hub.start()
        self.assertEqual(self.set(THIRD, "--store", "sh-001"), ["sh-001"])
        before = self.sent()
        self.beat()
        wait_until(lambda: self.sent() != before, "the next PIN", seconds=A_HEARTBEAT)
        self.beat()
        self.wait_for_state("has_it")
        self.manager.go_in(THIRD)
        self.leave()
        self.refuses(FIRST)
        self.refuses(SECOND)

        # Set on the box later it counts, and the hub hears of that.
        self.assertEqual(set_pin(BINARIES, box, OWN).returncode, 0)
        before = self.sent()
        self.beat()
        self.wait_for_state("replaced")
        self.assertEqual(self.sent(), before)
        self.manager.go_in(OWN)
        self.leave()

        cleared = self.pin("clear", "--store", "sh-001")
        self.assertEqual((cleared.returncode, cleared.stdout), (0, "sh-001\n"))
        self.assertIn("keep the one they have", cleared.stderr)
        self.assertEqual(self.states(), [])
        self.assertTrue(other.status()["heartbeat"]["last_ms"], "the other box has been told what is for it")
        self.assertFalse((scene.folder / "other/box/inbox/manager_pin.json").exists())
        scene.agent.stop()
        hub.stop()
        self.nothing_is_said_of_it()

    def nothing_is_said_of_it(self):
        scene = self.scene
        hashes = [line for line in (self.sent(), (scene.folder / "box/manager_pin.json").read_text())]
        salts = [json.loads(text)["hash"].split("$")[4] for text in hashes]
        self.assertEqual(len(set(salts)), 2)
        said = self.said + scene.hub.admin("audit", "list") + scene.hub.admin("device", "list", "--json")
        self.assertEqual(scene.hub.admin("audit", "list").count("pin.set"), 3)
        logs = [scene.folder / name for name in ("hub.log", "agent.log", "kiosk.log")]
        for log in logs:
            said += log.read_text(errors="replace")
        for secret in (*salts, "argon2id"):
            self.assertNotIn(secret, said)
        # The PINs are nowhere: neither what was said, nor any file of the hub, the agents and the kiosk. (Six
        # digits may be part of a longer number.)
        files = [file for file in scene.folder.rglob("*") if file.is_file() and not file.is_relative_to(scene.folder / "tls")]
        self.assertIn(scene.folder / "hub/hub.db", files)
        for pin in (FIRST, SECOND, THIRD, OWN):
            self.assertNotRegex(said, rf"(?<!\d){pin}(?!\d)")
            for file in files:
                self.assertNotRegex(file.read_bytes(), rf"(?<!\d){pin}(?!\d)".encode(), file)

    @unittest.skipIf(why_none(), why_none())
    def test_a_box_without_room_for_it_asks_again_until_there_is_some(self):
        self.scene = scene = self.enterContext(Scene(disk=SmallDisk, start=("hub", "agent")))
        wait_until(lambda: scene.agent.status()["captured"] == 0, "the agent to have started")
        scene.disk.fill()
        self.set(FIRST, "--store", "sh-001")
        log = scene.folder / "agent.log"
        wait_until(lambda: "manager_pin_not_handed_over" in log.read_text(), "the agent to say that it has no room",
                   seconds=A_HEARTBEAT)
        self.assertIn("No space left", log.read_text())
        self.assertEqual((self.sent(), self.states()), ("", [("sh-001", "not_yet")]))
        self.assertEqual(list((scene.folder / "box/inbox").glob(".manager_pin*")), [], "half of it is left")
        scene.disk.empty()
        self.beat()
        wait_until(self.sent, "the PIN", seconds=A_HEARTBEAT)
        self.beat()
        self.wait_for_state("has_it")
        self.assertNotIn("argon2id", self.said + log.read_text())

    def test_bad_pins_and_unknown_stores_are_refused_with_what_to_do(self):
        self.scene = self.enterContext(Scene(start=("hub",)))
        for bad in ("", "12345", "123456", "abcdef"):
            done = self.pin("set", "--store", "sh-001", pin=bad)
            self.assertEqual((done.returncode, done.stdout), (1, ""), bad)
        self.assertIn("six digits", self.pin("set", "--store", "sh-001", pin="12345").stderr)
        for whose in (("--store", "sh-009"), ("--region", "华东")):
            done = self.pin("set", *whose, pin=FIRST)
            self.assertEqual(done.returncode, 1)
            self.assertIn("store list", done.stderr)
        self.assertEqual(self.pin("set", pin=FIRST).returncode, 2)
        self.assertEqual(self.pin("clear", "--store", "sh-001").returncode, 1)
        self.scene.hub.admin("store", "set", "--id", "sh-001", "--region", "华东")
        self.assertEqual(self.set(FIRST, "--region", "华东"), ["sh-001"])
        self.assertNotIn(FIRST, self.said)

    def test_at_a_terminal_it_is_asked_for_twice_and_not_shown(self):
        self.scene = scene = self.enterContext(Scene(start=("hub",)))
        for again, code in ((SECOND, 1), (FIRST, 0)):
            controller, terminal = pty.openpty()
            command = [scene.hub.binary, "pin", "set", "--store", "sh-001", "--data", scene.hub.data]
            program = subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True)
            os.close(terminal)
            shown = ""
            for prompt, typed in (("digits): ", FIRST), ("once more: ", again)):
                while not shown.endswith(prompt):
                    shown += os.read(controller, 1024).decode()
                wait_until(lambda: not termios.tcgetattr(controller)[3] & termios.ECHO, "the echo to be off")
                os.write(controller, typed.encode() + b"\n")
            self.assertEqual(program.wait(60), code)
            try:
                while chunk := os.read(controller, 1024):
                    shown += chunk.decode()
            except OSError:  # a terminal whose other end is closed
                pass
            os.close(controller)
            self.assertNotIn(FIRST, shown)
            self.assertNotIn(SECOND, shown)
            self.assertIn("differ" if code else "sh-001", shown)


if __name__ == "__main__":
    unittest.main()
