"""Drives the real ListenPost programs as people do: end-to-end tests, scripts/run --demo, scripts/bench.

Contract
- Everything is a real process: Xvfb, listenpost-kiosk, listenpost-sync, listenpost-hub. Nothing of
  them is imported, patched or read from memory. The kiosk is read through its UI map (--ui-map)
  and touched by real X clicks through xdotool; the hub is read through `listenpost-hub pull`.
- Waiting means polling a condition with a deadline, never a fixed sleep. A deadline that passes is
  an AssertionError that names what was waited for; a process that ends meanwhile raises Gone with
  the end of its log.
- Programs die with the driver, however it ends; Scene removes its folder unless it failed.
- Python's standard library only, but for finger.py (python3-xlib). Start programs from the main thread.

    with Scene() as scene:                        # temporary folder, hub, box, agent, kiosk: all started
        record = scripted_customer(scene.kiosk, scene.survey, random.Random(1))
        rows = scene.pull_all(1)                   # waits until HQ has that many rows
        assert expected_of(rows[0]) == record.expected()

The parts: processes.py (Program, Display, wait_until), kiosk.py (Kiosk, UiMap), box.py (Hub, Agent,
Reader, Certificates), customer.py (Customer, Record, scripted_customer), finger.py (Finger), typist.py
(Typist), wire_box.py (WireBox), monkey.py (let_loose), measure.py (what a process costs), namespaces.py
(Cable), bad_line.py (a program: the line to the hub), small_disk.py (SmallDisk), sticks.py (a /media of one's own),
postgres_server.py (PostgresServer).
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from box import Agent, Certificates, Hub, Reader  # noqa: F401
from customer import (Customer, Record, content_of, expected_of, first_page, is_fresh,  # noqa: F401
                      scripted_customer)
from kiosk import Kiosk, UiMap  # noqa: F401
from processes import ChangingDisplay, Display, Gone, Program, must, run, wait_until  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
# Where the programs were built: CTest says it in LISTENPOST_BUILD; scripts/ use build/release.
BUILD = Path(os.environ.get("LISTENPOST_BUILD", ROOT / "build/release"))
BINARIES = BUILD / "bin"
SURVEY_FILE = ROOT / "assets/surveys/qsc-restaurant.json"
# Idle time-out and its countdown. Long enough for a finger on a busy machine, short enough to wait for.
IDLE_SECONDS = 2.5


def load_survey(path=SURVEY_FILE):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def kiosk_options(idle_seconds=IDLE_SECONDS, thanks_seconds=3, survey=SURVEY_FILE):
    return ["--lang", "zh-CN", "--survey", survey, "--touchpoint", "exit",
            "--idle-seconds", str(idle_seconds), "--thanks-seconds", str(thanks_seconds)]


class Scene:
    """A whole shop in a temporary folder: hub (TLS), one store, one enrolled box with agent and kiosk.

    `disk`: where the box's data folder lies: a function of its path, called before anything is in it;
    what it returns is unmounted in the end. `postgres`: the hub's database; without one it has SQLite.
    """

    def __init__(self, start=("hub", "agent", "kiosk"), tls=True, timezone="Asia/Shanghai", disk=None, postgres=None):
        self._start = start
        self._disk = disk
        self._postgres = postgres
        self._tls = tls
        self._timezone = timezone  # of the store
        self._stops = []
        self.survey = load_survey()
        self.folder = None

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="listenpost-e2e-"))
        try:
            self._set_up()
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def _set_up(self):
        if self._disk:
            self.disk = self._disk(self.folder / "box")
            self._stops.append(self.disk.unmount)
        certificates = Certificates(self.folder / "tls") if self._tls else None
        self.hub = Hub(BINARIES, self.folder / "hub", certificates, postgres=self._postgres)
        self.agent = Agent(BINARIES, self.folder / "box")
        self._stops += [self.hub.stop, self.agent.stop]
        # Enrolling needs the hub; a scene without one stops it again.
        self.hub.start()
        self.store = self.hub.add_store(timezone=self._timezone)
        self.agent.enrol(self.hub, self.hub.invite(self.store))
        self.reader = self.hub.reader(self.folder)
        if "hub" not in self._start:
            self.hub.stop()
        if "agent" in self._start:
            self.agent.start()
        if "kiosk" in self._start:
            self.start_kiosk()

    def start_kiosk(self):
        """The display, and the kiosk on it; once."""
        self.display = Display(self.folder).start()
        self._stops.append(self.display.stop)
        self.kiosk = Kiosk(BINARIES, self.folder / "box", self.display, kiosk_options())
        self._stops.append(self.kiosk.stop)
        self.kiosk.start()

    def __exit__(self, kind, error, trace):
        for stop in reversed(self._stops):
            try:
                stop()
            except AssertionError as late:
                print(late, file=sys.stderr)
                kind = kind or AssertionError
        if kind is None:
            shutil.rmtree(self.folder)
        else:
            print(f"The programs' logs and data are kept in {self.folder}", file=sys.stderr)

    def pull_all(self, count):
        """Pulls until `count` rows have come, and once more to see that no further one does."""
        rows = []

        def enough():
            rows.extend(self.reader.pull())
            return len(rows) >= count

        wait_until(enough, lambda: f"{count} rows at HQ; {len(rows)} came", poll=0.2)
        return rows + self.reader.pull()
