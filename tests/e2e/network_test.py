#!/usr/bin/env python3
"""The real programs on two machines, as network namespaces, and everything that networks do to them.

One box through one bad day: no name server, a login page between, a line that delays and breaks, the
cable out and in, another address. Customers tap all the while; what each of them said comes once.
Needs root (network namespaces); skipped without.
"""

import os
import random
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import (BINARIES, Agent, Certificates, Display, Hub, Kiosk, Program, expected_of,  # noqa: E402
                               kiosk_options, load_survey, scripted_customer, wait_until)
from namespaces import Cable  # noqa: E402

SEED = int(os.environ.get("LISTENPOST_SEED", random.SystemRandom().randrange(1_000_000)))
NAME, PORT = "hub.listenpost.test", 443
BAD_LINE = Path(__file__).resolve().parents[1] / "support/bad_line.py"


class Network(unittest.TestCase):
    def setUp(self):
        print(f"seed {SEED} (repeat: LISTENPOST_SEED={SEED})", flush=True)
        self.random = random.Random(SEED)
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))
        self.cable = self.enterContext(Cable())
        self.survey = load_survey()
        self.records = []
        certificates = Certificates(self.folder / "tls", f"DNS:{NAME},IP:{Cable.HUB}")
        self.hub = Hub(BINARIES, self.folder / "hub", certificates, Cable.HUB, self.cable.inside("hub"))
        self.agent = Agent(BINARIES, self.folder / "box", self.cable.inside("box"))
        self.run_program(self.hub)
        self.reader = self.hub.reader(self.folder)
        self.set_line("honest")
        self.start_line()
        self.cable.set_hosts({NAME: Cable.HUB})
        self.agent.enrol(self.hub, self.hub.invite(self.hub.add_store()), f"https://{NAME}:{PORT}")
        self.cable.set_hosts({})
        self.run_program(self.agent)
        display = Display(self.folder)
        self.run_program(display)
        self.kiosk = Kiosk(BINARIES, self.folder / "box", display, kiosk_options(), inside=self.cable.inside("box"))
        self.run_program(self.kiosk)

    def run_program(self, program):
        program.start()
        self.addCleanup(program.stop)

    def start_line(self):
        """The line to the hub, which the box takes for it; its portal's certificate is nobody's."""
        portal = Certificates(self.folder / "portal", "DNS:portal.example")
        command = [*self.cable.inside("hub"), sys.executable, BAD_LINE, f"{Cable.HUB}:{PORT}",
                   self.hub.url.removeprefix("https://"), self.folder / "mode", portal.certificate, portal.key, SEED]
        line = Program("the line", command, self.folder / "line.log")
        self.run_program(line)
        wait_until(lambda: "listening" in line.log.read_text(), lambda: f"the line to listen: {line.log_tail()}")

    def set_line(self, mode):
        new = self.folder / "mode.new"
        new.write_text(mode)
        new.rename(self.folder / "mode")

    def customer(self):
        self.records.append(scripted_customer(self.kiosk, self.survey, self.random))

    def wait_for_trouble(self, word):
        def heard():
            error = self.agent.status()["error"]
            return error and word in error["detail"]

        wait_until(heard, lambda: f"the agent to speak of {word!r}: {self.agent.status()}")

    def wait_until_delivered(self, what):
        begun = time.monotonic()
        wait_until(lambda: self.agent.status()["waiting"] == 0,
                   lambda: f"delivery after {what}: {self.agent.status()}")
        print(f"{what}: all delivered {time.monotonic() - begun:.1f} s later", flush=True)

    def test_whatever_the_network_does_each_response_arrives_once(self):
        self.customer()
        self.wait_for_trouble("looking up the name")
        self.cable.set_hosts({NAME: Cable.HUB})
        self.wait_until_delivered("a name server")

        self.set_line("portal")
        self.customer()
        self.wait_for_trouble("certificate")
        self.set_line("honest")
        self.wait_until_delivered("a login page")

        self.set_line("lossy")
        for _ in range(2):
            self.customer()
        self.wait_until_delivered("a line that delays and breaks off")
        self.set_line("honest")

        self.cable.pull_out()
        self.customer()
        self.cable.plug_in()
        self.wait_until_delivered("the cable out and in")

        self.cable.change_address()
        self.customer()
        self.wait_until_delivered("another address")

        rows = self.reader.pull()
        self.assertEqual([expected_of(row) for row in rows], [record.expected() for record in self.records])
        self.assertEqual(self.agent.status()["quarantined"], 0)

    def test_an_agent_that_waits_for_a_name_server_ends_when_it_is_asked_to(self):
        self.agent.stop()
        self.cable.silence_name_server(30)
        self.agent.start()
        self.customer()
        # The resolver asks on a thread of its own; that it is there says that it asks.
        tasks = Path(f"/proc/{self.agent.program.pid}/task")
        wait_until(lambda: len(list(tasks.iterdir())) > 1, "the agent to look the name up")
        begun = time.monotonic()
        self.assertEqual(self.agent.stop(seconds=25), 0)  # the resolver itself would take 30
        print(f"asked to end while a name server does not answer: ended {time.monotonic() - begun:.1f} s later",
              flush=True)


if __name__ == "__main__":
    unittest.main()
