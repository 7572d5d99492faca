"""An arrow keypad on the kiosk's display, and nothing else: no finger. See listenpost_driver.py."""

import os
import time

from processes import PATIENCE_SECONDS, must

# Longest way over any screen, in keys: more means that the focus does not get there.
MOST_KEYS = 200


class Keypad:
    """Arrow keys, Tab and Return through xdotool, looking at the UI map between them as a person does."""

    def __init__(self, kiosk, display):
        self.kiosk = kiosk
        self._environment = {**os.environ, **display.environment}

    def press(self, *keys):
        # The pointer lies on the window, so without a window manager the keys go there.
        must(["xdotool", "key", "--delay", "1", *keys], env=self._environment)

    @staticmethod
    def focus(ui):
        return next((name for name, widget in ui.widgets.items() if widget.get("focused")), None)

    def show_focus(self):
        """The first key only shows where one is."""
        if self.focus(self.kiosk.map()) is None:
            self.press("Down")
        return self.kiosk.wait(self.focus, "a focus")

    def go_to(self, target):
        """Walks there with the arrows alone: straight to it, and where that is no way, around."""
        ui = self.show_focus()
        for step in range(MOST_KEYS):
            here = self.focus(ui)
            if here == target:
                return
            key = self._towards(ui.widgets[here], ui.widgets[target], step)
            self.press(key)
            ui = self._after(here)
        raise AssertionError(f"{target} is not reached with arrow keys; the focus is on {self.focus(ui)}")

    def _after(self, here):
        """The map after a key that may lead nowhere."""
        try:
            return self.kiosk.wait(lambda ui: self.focus(ui) != here, "another focus", 0.3)
        except AssertionError:
            return self.kiosk.map()

    @staticmethod
    def _towards(here, there, step):
        def middle(box):
            return box["x"] + box["w"] / 2, box["y"] + box["h"] / 2

        (x, y), (to_x, to_y) = middle(here), middle(there)
        across = "Right" if to_x > x else "Left"
        along = "Down" if to_y > y else "Up"
        is_in_row = here["y"] < to_y < here["y"] + here["h"]
        if step % 7 == 6:  # stuck between two: try the other way
            return across if not is_in_row else along
        return across if is_in_row else along

    def choose(self, target, until, seconds=PATIENCE_SECONDS):
        """Goes there and presses Return until `until(map)` holds; the map then."""
        deadline = time.monotonic() + seconds
        while True:
            self.kiosk.wait(lambda ui: ui.enabled(target) or until(ui), f"{target} to be there", seconds)
            if until(self.kiosk.map()):
                return self.kiosk.map()
            self.go_to(target)
            self.press("Return")
            try:
                return self.kiosk.wait(until, f"an effect of {target}", 0.8)
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
