"""The hub and the agent as an operator runs them. See listenpost_driver.py for the contract."""

import copy
import json
import re
from pathlib import Path
from urllib.parse import urlparse

from processes import Program, must, run, wait_until


class Certificates:
    """A certificate authority of our own, and the hub's certificate for 127.0.0.1 (or other names) signed by it."""

    def __init__(self, folder, names="IP:127.0.0.1,DNS:localhost"):
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.ca, self.certificate, self.key = folder / "ca.pem", folder / "hub.pem", folder / "hub.key"
        self._ca_key, self._request, self._extensions = (folder / name for name in ("ca.key", "hub.csr", "extensions"))
        self._extensions.write_text(f"subjectAltName={names}\n")
        curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        must(["openssl", "req", "-x509", *curve, "-keyout", self._ca_key, "-out", self.ca, "-days", "2",
              "-subj", "/CN=ListenPost test authority"])
        must(["openssl", "req", *curve, "-keyout", self.key, "-out", self._request, "-subj", "/CN=127.0.0.1"])
        self.sign()

    def sign(self, hours_ahead=0):
        """The hub's certificate, valid from then on; in place of the one before."""
        must(["faketime", "-f", f"+{hours_ahead}h", "openssl", "x509", "-req", "-in", self._request, "-CA", self.ca,
              "-CAkey", self._ca_key, "-CAcreateserial", "-days", "2", "-extfile", self._extensions,
              "-out", self.certificate])


class Hub:
    """listenpost-hub serving on a loopback port, and its administrator.

    The first start takes a free port; every later one the same, as a hub's address does not change.
    `address`: where it listens. `inside`: words before every command that uses the network, such as
    those of a network namespace. `postgres`: the conninfo of its database; without one it stores in SQLite.
    """

    def __init__(self, binaries, data, certificates=None, address="127.0.0.1", inside=(), postgres=None):
        self.binary = Path(binaries) / "listenpost-hub"
        self.data = Path(data)  # made by the program, for its owner alone
        self.certificates = certificates
        self.address = address
        self.inside = list(inside)
        self.postgres = postgres
        self.url = None
        self.options = []  # of the next start
        self.environment = None  # ditto; more than the driver's own
        self.program = None

    @property
    def ca_options(self):
        return ["--ca", self.certificates.ca] if self.certificates else []

    def start(self):
        port = urlparse(self.url).port if self.url else 0
        command = [*self.inside, self.binary, "serve", "--data", self.data, "--listen", f"{self.address}:{port}",
                   *self.options]
        if self.postgres:
            command += ["--postgres", self.postgres]
        if self.certificates:
            command += ["--tls-cert", self.certificates.certificate, "--tls-key", self.certificates.key]
        url_file = self.data / "hub.url"
        url_file.unlink(missing_ok=True)
        self.program = Program("listenpost-hub", command, self.data.with_name("hub.log"), self.environment).start()

        def address():
            self.program.check_alive()
            return url_file.read_text().strip() if url_file.exists() else None

        self.url = wait_until(address, "the hub to write its address")
        return self

    def stop(self):
        return self.program.stop() if self.program else None

    def kill(self):
        self.program.kill()

    def admin(self, *words):
        """An admin command's standard output; its failure is a failure."""
        place = ["--postgres", self.postgres] if self.postgres else ["--data", self.data]
        return must([self.binary, *words, *place]).stdout.strip()

    def add_store(self, store="sh-001", name="人民广场店", timezone="Asia/Shanghai"):
        self.admin("store", "add", "--id", store, "--name", name, "--timezone", timezone)
        return store

    def invite(self, store, name="front door"):
        """A one-time enrolment code."""
        return only_word(self.admin("device", "invite", "--store", store, "--name", name))

    def reader(self, folder, name="headquarters"):
        """A new reader at HQ, with a cursor that has seen nothing yet."""
        token = only_word(self.admin("token", "add", "--role", "reader", "--name", name))
        return Reader(self, token, folder, name)


def only_word(text):
    """A code or token from a command's output: its last line's last word."""
    return re.split(r"\s+", text.strip())[-1]


class Reader:
    """HQ's side: pulls with a token file and a cursor file."""

    def __init__(self, hub, token, folder, name="headquarters"):
        self._hub = hub
        self.token_file = Path(folder) / f"{name}.token"
        self.cursor_file = Path(folder) / f"{name}.cursor"
        self.token_file.write_text(token + "\n")
        self.token_file.chmod(0o600)

    def at(self, hub):
        """The same reader, with the same token and cursor, who asks another hub."""
        other = copy.copy(self)
        other._hub = hub
        return other

    def command(self, *options):
        return [*self._hub.inside, self._hub.binary, "pull", "--hub", self._hub.url, "--token-file", self.token_file,
                "--cursor-file", self.cursor_file, *self._hub.ca_options, *options]

    def pull(self):
        """All new rows since the last pull, as dictionaries."""
        return [json.loads(line) for line in must(self.command()).stdout.splitlines()]

    def pull_csv(self):
        return must(self.command("--format", "csv")).stdout


class Agent:
    """listenpost-sync on a box's data folder. `inside`: as Hub's.

    `options` of `run`; without others a backlog goes at once, however short this machine has been up.
    """

    def __init__(self, binaries, data, inside=(), options=("--start-spread", "0")):
        self.binary = Path(binaries) / "listenpost-sync"
        self.data = Path(data)  # made by the program, for its owner alone
        self.inside = list(inside)
        self.program = Program("listenpost-sync", [*self.inside, self.binary, "run", "--data", data, *options],
                               self.data.with_name("agent.log"))

    def enrol(self, hub, code, url=None):
        """`url`: where the hub is reached from here, if that is not where it listens."""
        must([*self.inside, self.binary, "enrol", "--data", self.data, "--hub", url or hub.url, "--code", code,
              *hub.ca_options])

    def start(self):
        self.program.start()
        return self

    def stop(self, **options):
        return self.program.stop(**options)

    def kill(self):
        self.program.kill()

    def once(self):
        return run([*self.inside, self.binary, "once", "--data", self.data])

    def status(self):
        return json.loads(must([self.binary, "status", "--data", self.data, "--json"]).stdout)
