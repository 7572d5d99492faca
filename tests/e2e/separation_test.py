#!/usr/bin/env python3
"""The process that the public touches has no network; the process on the network has no screen."""

import os
import random
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import BINARIES, Scene, scripted_customer, wait_until  # noqa: E402

NETWORK_LIBRARIES = ("libcurl", "libssl", "libboost", "libnghttp")
SCREEN_LIBRARIES = ("libSDL", "libX11", "libwayland", "libimgui", "libGL")


def network_sockets(pid):
    """The process's open sockets of a network family, as (table, inode)."""
    inodes = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = os.readlink(descriptor)
        except FileNotFoundError:
            continue  # closed meanwhile
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6", "udplite", "raw", "raw6", "icmp", "netlink", "packet"):
        file = Path(f"/proc/{pid}/net/{table}")
        if not file.exists():
            continue
        for line in file.read_text().splitlines()[1:]:
            found += [(table, inode) for inode in inodes if inode in line.split()]
    return found


def libraries(pid):
    return {Path(line.split()[-1]).name for line in Path(f"/proc/{pid}/maps").read_text().splitlines()
            if ".so" in line}


class Separation(unittest.TestCase):
    def setUp(self):
        self.scene = self.enterContext(Scene())

    def test_the_kiosk_has_no_network_while_customers_tap(self):
        pid = self.scene.kiosk.program.pid
        generator = random.Random(3)
        for _ in range(3):
            self.assertEqual(network_sockets(pid), [])
            scripted_customer(self.scene.kiosk, self.scene.survey, generator)
        self.assertEqual(network_sockets(pid), [])
        self.assertEqual([name for name in libraries(pid) if name.startswith(NETWORK_LIBRARIES)], [])

    def test_the_agent_has_a_network_and_no_screen(self):
        pid = self.scene.agent.program.pid
        scripted_customer(self.scene.kiosk, self.scene.survey, random.Random(4))
        # It must be there, or this test would not see the kiosk's either.
        wait_until(lambda: network_sockets(pid), "the agent to talk to the hub")
        self.assertEqual([name for name in libraries(pid) if name.startswith(SCREEN_LIBRARIES)], [])

    def test_neither_program_is_linked_to_the_other_side(self):
        for program, forbidden in (("listenpost-kiosk", NETWORK_LIBRARIES), ("listenpost-sync", SCREEN_LIBRARIES)):
            linked = subprocess.run(["ldd", BINARIES / program], capture_output=True, text=True, check=True).stdout
            self.assertEqual([line for line in linked.splitlines() if line.strip().startswith(forbidden)], [], program)


if __name__ == "__main__":
    unittest.main()
