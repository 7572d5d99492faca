"""The kiosk's screen, read through its UI map and touched by real clicks. See listenpost_driver.py."""

import json
import os
import subprocess
import time
from pathlib import Path

from processes import PATIENCE_SECONDS, Gone, Program, wait_until

# A finger on its way must not hit what was not there: after a change of screen the kiosk
# ignores touches this long (FlowTimes::guard). Tapping earlier is not wrong, only in vain.
GUARD_SECONDS = 0.26
# After this long without effect a person taps again.
TAP_AGAIN_SECONDS = 0.8


class UiMap:
    """What the screen shows at one moment."""

    def __init__(self, text):
        content = json.loads(text)
        self.screen = content["screen"]
        self.language = content["lang"]
        self.widgets = {widget["id"]: widget for widget in content["widgets"]}

    def step(self):
        """What a change of which is a change of screen to the customer: further questions share a name."""
        return self.screen, {widget_id.split(".")[1] for widget_id in self.widgets
                             if widget_id.startswith(("rate.", "option.", "minutes."))}

    def enabled(self, widget_id):
        return widget_id in self.widgets and self.widgets[widget_id]["enabled"]

    def chosen(self, widget_id):
        return widget_id in self.widgets and is_chosen(self.widgets[widget_id])

    def ids(self, prefix):
        return [widget_id for widget_id in self.widgets if widget_id.startswith(prefix)]


def is_chosen(widget):
    return widget["value"] not in (None, False, 0, "", "0", "false", "off")


class Kiosk:
    """listenpost-kiosk on a display, and the finger in front of it.

    Every wait raises Gone when the process has ended. `inside`: words before the command, such as those
    of a network namespace.
    """

    def __init__(self, binaries, data, display, options=(), window=("--size", "1280x800"), inside=()):
        self.data = Path(data)
        # Beside the data folder, not in it: the agent wakes at every write there.
        self.map_file = self.data.with_name(self.data.name + "-ui-map.json")
        self._display = display
        command = [*inside, Path(binaries) / "listenpost-kiosk", "--data", data, *window,
                   "--ui-map", self.map_file, *options]
        self.program = Program("listenpost-kiosk", command, self.data.with_name("kiosk.log"), display.environment)
        self._last = None  # (identity of the file, UiMap)
        self._screen_since = 0.0
        self._finger = None

    def use(self, finger):
        """Clicks through a finger.Finger on its display from now on: no program is started for each."""
        self._finger = finger

    def start(self):
        self.map_file.unlink(missing_ok=True)  # a former run's screen is no screen
        self._last = None
        self.program.start()
        self.wait(lambda ui: True, "the first screen")
        return self

    def stop(self):
        return self.program.stop()

    def kill(self):
        self.program.kill()

    def map(self):
        """The present UiMap; None before the first frame."""
        try:
            with self.map_file.open(encoding="utf-8") as file:
                status = os.fstat(file.fileno())
                identity = (status.st_ino, status.st_mtime_ns)
                if self._last is None or self._last[0] != identity:
                    ui = UiMap(file.read())
                    if self._last is None or self._last[1].step() != ui.step():
                        self._screen_since = time.monotonic()
                    self._last = (identity, ui)
        except FileNotFoundError:
            return None
        return self._last[1]

    def wait(self, condition, what, seconds=PATIENCE_SECONDS):
        """The first UiMap for which `condition(map)` holds."""

        def look():
            ui = self.map()
            if ui is not None and condition(ui):
                return ui
            self.program.check_alive()
            return None

        def shown():
            ui = self.map()
            return f"{what}; the screen shows " + (f"{ui.screen}: {sorted(ui.widgets)}" if ui else "nothing")

        return wait_until(look, shown, seconds)

    def wait_for_screen(self, *names):
        return self.wait(lambda ui: ui.screen in names, "screen " + " or ".join(names))

    def tap(self, widget_id, until, seconds=PATIENCE_SECONDS):
        """Clicks the widget's centre until `until(map)` holds; the map then.

        As a person does: waits for the widget, taps, looks, and taps again if nothing
        happened. Should the time-out warning come between, it asks for more time.
        """
        deadline = time.monotonic() + seconds
        while True:
            ui = self.wait(lambda ui: until(ui) or ui.enabled(widget_id) or ui.enabled("more_time"),
                           f"{widget_id} to be there", seconds)
            if until(ui):
                return ui
            target = widget_id if ui.enabled(widget_id) else "more_time"
            self._wait_out_guard()
            ui = self.map()
            if until(ui):
                return ui
            if not ui.enabled(target):
                continue
            self.click(ui.widgets[target])
            try:
                return self.wait(until, f"an effect of {widget_id}", TAP_AGAIN_SECONDS)
            except AssertionError:
                if time.monotonic() > deadline:
                    raise

    def press(self, widget_id):
        """One click on the widget as soon as it is there, whatever comes of it: a second one would type twice.

        Should the time-out warning come between, it asks for more time.
        """
        while True:
            ui = self.wait(lambda ui: ui.enabled(widget_id) or ui.enabled("more_time"), f"{widget_id} to be there")
            if ui.enabled("more_time"):
                self.tap("more_time", lambda ui: ui.enabled(widget_id))
            self._wait_out_guard()
            ui = self.map()
            if ui.enabled(widget_id):  # still: the screen may have gone on
                return self.click(ui.widgets[widget_id])

    def _wait_out_guard(self):
        time.sleep(max(0.0, self._screen_since + GUARD_SECONDS - time.monotonic()))

    def click(self, widget):
        """At the middle of a widget of some map, whatever is there by now."""
        self.program.check_alive()
        x = int(widget["x"] + widget["w"] / 2)
        y = int(widget["y"] + widget["h"] / 2)
        if self._finger:
            self._finger.click(x, y)
            return
        # The display is ours alone and has no window manager: the window lies at its origin.
        # (xdotool's own `click` sleeps 100 ms after each.)
        done = subprocess.run(["xdotool", "mousemove", str(x), str(y), "mousedown", "1", "mouseup", "1"],
                              stdin=subprocess.DEVNULL, capture_output=True,
                              env={**os.environ, **self._display.environment}, check=False)
        if done.returncode != 0:
            raise Gone(f"xdotool could not click: {done.stderr.decode(errors='replace')}")
