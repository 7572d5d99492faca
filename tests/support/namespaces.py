"""Two machines on a cable, as network namespaces of this one. See listenpost_driver.py for the contract."""

import os
import shutil
import unittest
from pathlib import Path

from processes import must, run


class Cable:
    """A hub's and a box's network namespace with a veth pair between them. Needs root; skips the test without.

    The box knows no address by name but what set_hosts() tells it: its name server never answers.
    """

    HUB, BOX, NEW_BOX = "10.77.0.1", "10.77.0.2", "10.77.0.3"

    def __init__(self):
        self.names = {side: f"listenpost-{side}-{os.getpid()}" for side in ("hub", "box")}

    def __enter__(self):
        if shutil.which("ip") is None:
            raise unittest.SkipTest("no ip command (package iproute2)")
        made = run(["ip", "netns", "add", self.names["hub"]])
        if made.returncode != 0:
            raise unittest.SkipTest(f"no network namespaces here: {made.stderr.strip()}")
        try:
            self._set_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _set_up(self):
        must(["ip", "netns", "add", self.names["box"]])
        # `ip netns exec` shows these files under /etc; they are changed in place, or it would show the old ones.
        self._etc().mkdir(parents=True)
        (self._etc() / "resolv.conf").write_text(f"nameserver {self.HUB}\noptions timeout:1 attempts:1\n")
        self.set_hosts({})
        must([*self.inside("hub"), "ip", "link", "add", "eth0", "type", "veth",
              "peer", "name", "eth0", "netns", self.names["box"]])
        for side, address in (("hub", self.HUB), ("box", self.BOX)):
            self.ip(side, "link", "set", "lo", "up")
            self.ip(side, "address", "add", address + "/24", "dev", "eth0")
            self.ip(side, "link", "set", "eth0", "up")

    def __exit__(self, *_):
        for name in self.names.values():
            run(["ip", "netns", "delete", name])
        shutil.rmtree(self._etc(), ignore_errors=True)

    def _etc(self):
        return Path("/etc/netns") / self.names["box"]

    def inside(self, side):
        """Words before a command that runs it there."""
        return ["ip", "netns", "exec", self.names[side]]

    def ip(self, side, *words):
        must([*self.inside(side), "ip", *words])

    def silence_name_server(self, seconds):
        """It goes on not answering, and the resolver is to wait so long for it, several times over."""
        (self._etc() / "resolv.conf").write_text(f"nameserver {self.HUB}\noptions timeout:{seconds} attempts:5\n")

    def set_hosts(self, addresses):
        (self._etc() / "hosts").write_text("127.0.0.1 localhost\n"
                                           + "".join(f"{address} {name}\n" for name, address in addresses.items()))

    def pull_out(self):
        """At the hub's end: the box sees its carrier go."""
        self.ip("hub", "link", "set", "eth0", "down")

    def plug_in(self):
        self.ip("hub", "link", "set", "eth0", "up")

    def change_address(self):
        """As when another router hands out another one."""
        self.ip("box", "address", "delete", self.BOX + "/24", "dev", "eth0")
        self.ip("box", "address", "add", self.NEW_BOX + "/24", "dev", "eth0")
