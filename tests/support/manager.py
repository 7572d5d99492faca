"""The manager in front of the kiosk: the hidden way in, and the PIN. See listenpost_driver.py."""

import subprocess
import time

from finger import Finger
from kiosk import TAP_AGAIN_SECONDS
from processes import PATIENCE_SECONDS

REST_SECONDS = 3.6  # ManagerGesture::rest, and a little


def set_pin(binaries, data, pin):
    """What is done at installation; the finished process."""
    return subprocess.run([binaries / "listenpost-kiosk", "--data", data, "--set-pin"], input=pin + "\n", text=True,
                          capture_output=True, check=False)


class Manager:
    """Touches `kiosk` on `display` with a finger of its own; everything that is read is read from the UI map."""

    def __init__(self, kiosk, display):
        self.kiosk = kiosk
        self._finger = Finger(display)
        kiosk.use(self._finger)

    def close(self):
        self._finger.close()

    def make_gesture(self):
        """Wherever the corners are; whether it is of use there is what is tested."""
        self._finger.move(40, 30)
        self._finger.down()
        time.sleep(REST_SECONDS)  # not a wait for something: the gesture is three seconds long
        self._finger.up()
        self._finger.click(1240, 770)

    def ask_for_pin(self):
        """From an untouched screen to the PIN's, with what it has to say; the map then."""
        self.kiosk.wait(lambda ui: "manager.open" in ui.widgets, "the way in")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            self.make_gesture()
            try:
                return self.kiosk.wait(lambda ui: ui.screen == "manager_pin", "the PIN's screen", TAP_AGAIN_SECONDS)
            except AssertionError:  # a display may keep the first touch of all to itself; a person tries again
                if time.monotonic() > deadline:
                    raise

    def enter(self, pin):
        """The digits, once they are taken."""
        for digit in pin:
            self.kiosk.press("pin." + digit)

    def go_in(self, pin):
        self.ask_for_pin()
        self.enter(pin)
        return self.kiosk.wait(lambda ui: ui.screen == "manager_overview", "the figures")
