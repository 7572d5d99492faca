"""The demo shop of scripts/run: hub, store, box, agent, screen; and the scripted customer.

Not called by hand: scripts/run installs and builds first. Talk goes to stderr, what HQ pulled to stdout.
"""

import argparse
import json
import os
import random
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))

from listenpost_driver import (BINARIES, SURVEY_FILE, Agent, Display, Gone, Hub, Kiosk,  # noqa: E402
                               Reader, expected_of, kiosk_options, load_survey, scripted_customer, wait_until)

STORE_NAME = "人民广场店"
# The demo's customers who walk away are waited for: short, but a busy machine must not walk away by itself.
DEMO_IDLE_SECONDS = 1.2


def say(text=""):
    print(text, file=sys.stderr, flush=True)


class YourDisplay:
    """The display of whoever called us, if there is one that answers."""

    environment = {}

    @staticmethod
    def answers():
        wayland = os.environ.get("WAYLAND_DISPLAY")
        if wayland and (Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere")) / wayland).is_socket():
            return True
        return "DISPLAY" in os.environ and subprocess.run(
            ["xdotool", "getdisplaygeometry"], capture_output=True, check=False).returncode == 0


class Shop:
    def __init__(self, folder, stops):
        self.folder = folder
        self._stops = stops  # what to stop at the end, newest first
        folder.mkdir(parents=True, exist_ok=True)
        self.hub = Hub(BINARIES, folder / "hub")
        self.agent = Agent(BINARIES, folder / "box")

    def open(self):
        first_time = not (self.folder / "hq/headquarters.token").exists()
        address = self.folder / "hub-address"
        if address.exists():
            self.hub.url = address.read_text()  # the box knows the hub by it
        self._stops.append(self.hub.stop)
        self.hub.start()
        address.write_text(self.hub.url)
        if first_time:
            store = self.hub.add_store(name=STORE_NAME)
            self.agent.enrol(self.hub, self.hub.invite(store))
            (self.folder / "hq").mkdir(exist_ok=True)
            self.reader = self.hub.reader(self.folder / "hq")
        else:
            self.reader = Reader(self.hub, (self.folder / "hq/headquarters.token").read_text().strip(), self.folder / "hq")
        self._stops.append(self.agent.stop)
        self.agent.start()

    def own_display(self):
        display = Display(self.folder)
        self._stops.append(display.stop)
        return display.start()

    def open_screen(self, display, options):
        kiosk = Kiosk(BINARIES, self.folder / "box", display, options)
        self._stops.append(kiosk.stop)
        kiosk.start()
        return kiosk


def pull_command(shop):
    return " ".join(shlex.quote(str(word)) for word in shop.reader.command())


def serve_a_person(shop):
    options = ["--survey", SURVEY_FILE]
    if YourDisplay.answers():
        kiosk = shop.open_screen(YourDisplay, options)
        say("The rating screen is open on your display. Tap it.")
    else:
        display = shop.own_display()
        picture = shop.folder / "screen.png"
        kiosk = shop.open_screen(display, [*options, "--screenshot", picture])
        say(f"There is no display here, so the rating screen is on a virtual one, {display.name}.")
        say(f"  see it       {picture} (always the screen as it is now)")
        say(f"  tap it       DISPLAY={display.name} xdotool mousemove X Y click 1   "
            f"(X and Y of every button: {kiosk.map_file})")
        say(f"  or both      x11vnc -display {display.name} -localhost    "
            "(package x11vnc), then a VNC viewer on localhost:5900")
    say()
    say(f"store          {STORE_NAME} (sh-001)")
    say(f"hub            {shop.hub.url}")
    say(f"data           {shop.folder}   (box/ of the box, hub/ of the hub, *.log)")
    say(f"box's state    {shop.agent.binary} status --data {shop.agent.data}")
    say()
    say("What was tapped, for HQ; each time only what is new:")
    say(f"  {pull_command(shop)}")
    say()
    say("Ctrl-C ends the demo shop; the data stays.")
    while kiosk.program.alive:
        time.sleep(0.2)
    say("The screen was closed.")
    return 0 if kiosk.program.exit_code == 0 else 1


def demonstrate(shop, customers, seed):
    # Its own display: real clicks would move your mouse pointer.
    display = shop.own_display()
    kiosk = shop.open_screen(display, kiosk_options(idle_seconds=DEMO_IDLE_SECONDS))
    survey = load_survey()
    generator = random.Random(seed)
    shop.reader.pull()  # what an earlier demo in this folder left
    say(f"A scripted customer (seed {seed}) taps {customers} responses on {display.name} …")
    began = time.monotonic()
    records = []
    while len(records) < customers:
        records.append(scripted_customer(kiosk, survey, generator))
        if len(records) % 20 == 0 or len(records) == customers:
            say(f"  {len(records)} of {customers} after {time.monotonic() - began:.0f} s")

    rows = []

    def all_there():
        rows.extend(shop.reader.pull())
        return len(rows) >= customers

    wait_until(all_there, lambda: f"{customers} responses at HQ; {len(rows)} came", poll=0.2)
    rows += shop.reader.pull()
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))
    sys.stdout.flush()

    wrong = [number for number, (row, record) in enumerate(zip(rows, records), 1)
             if expected_of(row) != record.expected()]
    partial = sum(record.outcome == "partial" for record in records)
    commented = sum(bool(record.comment) for record in records)
    say(f"{customers} tapped ({partial} partial, {commented} with a comment), {len(rows)} pulled, "
        f"{len(rows) - len(wrong)} exactly as tapped.")
    say(f"Everything is kept in {shop.folder}")
    if wrong or len(rows) != customers:
        say(f"NOT as tapped: {wrong or 'the number'}")
        return 1
    return 0


def main():
    parser = argparse.ArgumentParser(prog="scripts/run")
    parser.add_argument("--demo", type=int, metavar="N")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.demo is not None and arguments.demo < 1:
        parser.error("--demo needs at least one customer")
    folder = arguments.data or ROOT / "build/run" / time.strftime("%Y%m%d-%H%M%S")

    for ending in (signal.SIGINT, signal.SIGTERM):  # also when a shell started us with Ctrl-C ignored
        signal.signal(ending, signal.default_int_handler)
    stops = []
    try:
        shop = Shop(folder.absolute(), stops)
        shop.open()
        return demonstrate(shop, arguments.demo, arguments.seed) if arguments.demo else serve_a_person(shop)
    except KeyboardInterrupt:
        say("Ending.")
        return 0 if not arguments.demo else 130
    except (Gone, AssertionError) as error:
        say(f"scripts/run: {error}")
        return 1
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
        for stop in reversed(stops):
            try:
                stop()
            except AssertionError as error:  # killed then; the others still have to be stopped
                say(error)


if __name__ == "__main__":
    sys.exit(main())
