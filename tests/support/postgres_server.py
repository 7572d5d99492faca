#!/usr/bin/env python3
"""A PostgreSQL 15 server of a test's own: its files in a temporary folder, reached through a socket in it.

As a class, for the end-to-end tests:

    server = PostgresServer().start()
    conninfo = server.make_database()
    server.kill(); server.start()            # kill -9 of the whole server, and recovery
    server.close()                           # stopped, and its folder removed

As a program, for tests in C++: `postgres_server.py FOLDER [SETTING=VALUE …]` makes one below FOLDER, prints
where it lies, and then does what each line of its standard input says, answering "ok": kill, start, stop. At
its end, also when whoever started it was killed, the server is stopped and the folder removed.

fsync is on. PostgreSQL refuses to run as root: then it runs as the user that Debian's package makes. No
cluster that exists on the machine is used or touched.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from processes import must, run, wait_until  # noqa: E402

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
USER = "postgres"  # of Debian's package; the superuser of the test's cluster is called so too
SETTINGS = {
    "listen_addresses": "",  # no port that could be taken: only the socket
    "fsync": "on",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "log_statement": "all",  # the tests read what a hub asks for
    "log_line_prefix": "%m [%p] %a ",
    "logging_collector": "off",
}


def _as_user():
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--init-groups", "--inh-caps=-all"]


class PostgresServer:
    def __init__(self, parent=None, settings=None):
        self.folder = Path(tempfile.mkdtemp(prefix="listenpost-postgres-", dir=parent))
        self.log = self.folder / "server.log"
        self._settings = {**SETTINGS, **(settings or {})}
        self._process = None
        self._databases = 0
        self._as_owner = _as_user()
        if self._as_owner:
            shutil.chown(self.folder, USER, USER)
        try:
            # The server syncs; the making of its empty files need not.
            self._must("initdb", "-D", self._data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                       "--no-sync", "--no-instructions")
        except BaseException:
            self.close()
            raise

    @property
    def _data(self):
        return self.folder / "data"

    def run_script(self, script, **environment):
        """Its standard output: lines for bash, as the administrator at the server's machine types them."""
        done = run([*self._as_owner, "bash", "-euo", "pipefail", "-c", script], cwd=self.folder,
                   env={"PATH": f"{PROGRAMS}:{os.environ['PATH']}", "DATA": str(self._data), **environment})
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def forget_all(self):
        """Its machine's disk is gone; what is to be in its place comes next."""
        assert self._process is None, "it runs"
        shutil.rmtree(self._data)

    def _must(self, program, *words):
        return must([*self._as_owner, PROGRAMS / program, *words], cwd=self.folder)

    def conninfo(self, database="postgres"):
        return f"host={self.folder} user={USER} dbname={database}"

    def start(self):
        """Returns once it takes connections; after kill() that is once it has recovered."""
        assert self._process is None, "it runs already"
        settings = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        owner = self._as_owner or ["setpriv"]
        with self.log.open("ab") as log:
            # Should this process be killed, the kernel tells the server to stop at once (SIGQUIT).
            self._process = subprocess.Popen(
                [*owner, "--pdeathsig", "QUIT", "--", PROGRAMS / "postgres", "-D", self._data,
                 "-k", self.folder, *settings],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, start_new_session=True)

        def ready():
            assert self._process.poll() is None, f"PostgreSQL ended: {self.log.read_text()[-2000:]}"
            return run([PROGRAMS / "pg_isready", "-q", "-h", self.folder, "-U", USER]).returncode == 0

        wait_until(ready, "PostgreSQL to take connections", poll=0.02)
        return self

    def kill(self):
        """kill -9 of the server and of all its processes: as a power cut, but that the disk's cache stays."""
        if self._process is not None:
            self._end(signal.SIGKILL, signal.SIGKILL)

    def stop(self):
        """Takes no connection any more, ends those there are, writes everything out."""
        if self._process is not None:
            self._end(signal.SIGINT)

    def backends(self):
        """The processes that serve a connection."""
        rows = self.sql("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' "
                        "AND pid <> pg_backend_pid()")
        return [int(row) for row in rows.splitlines()]

    def _end(self, to_server, to_children=None):
        children = _children_of(self._process.pid)
        self._process.send_signal(to_server)
        for child in children if to_children else ():
            try:
                os.kill(child, to_children)
            except ProcessLookupError:
                pass
        self._process.wait(60)
        self._process = None
        # As long as one of them lives no new server starts.
        wait_until(lambda: not any(_lives(child) for child in children), "PostgreSQL's processes to end")

    def sql(self, statement, database="postgres"):
        """What psql prints: one line a row, '|' between the columns. Waits for a server that recovers."""
        command = [PROGRAMS / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", self.conninfo(database), "-c", statement]
        no_connection = 2
        done = wait_until(lambda: (tried := run(command)).returncode != no_connection and tried,
                          "PostgreSQL to take psql's connection", poll=0.05)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def make_database(self):
        """The conninfo of a new, empty one."""
        self._databases += 1
        name = f"hub{self._databases}"
        self.sql(f"CREATE DATABASE {name}")
        return self.conninfo(name)

    def close(self):
        # At once: what it would write is not wanted any more, and a server that recovers after one
        # of its processes was killed hangs when it is told to stop in order.
        if self._process is not None:
            self._end(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)


def _status(process):
    """(state, parent) of a process as /proc tells it; None if there is none."""
    try:
        words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return words[0], int(words[1])
    except OSError:
        return None


def _children_of(parent):
    processes = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [process for process in processes if (status := _status(process)) and status[1] == parent]


def _lives(process):
    status = _status(process)
    return status is not None and status[0] != "Z"


def main(arguments):
    if not arguments or not all("=" in setting for setting in arguments[1:]):
        print(__doc__, file=sys.stderr)
        return 2
    # Whoever started us ends us by closing our input: what ends it by signal must not end us first.
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    server = PostgresServer(arguments[0], dict(setting.split("=", 1) for setting in arguments[1:]))
    try:
        server.start()
        print(server.folder, flush=True)
        for line in sys.stdin:
            {"kill": server.kill, "start": server.start, "stop": server.stop}[line.strip()]()
            print("ok", flush=True)
    except BrokenPipeError:
        pass
    finally:
        server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
