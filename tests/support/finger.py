"""A finger and a keyboard on an X display: real events of the server, over one connection that stays open.

Kiosk.tap() is what a person does and waits for what comes of it; this is for what no person
does, a hundred times a second, and for measuring: nothing is started for an event.
"""

import contextlib

from Xlib import XK, X
from Xlib import display as x_display
from Xlib.ext import xtest

LEFT, MIDDLE, RIGHT, WHEEL_UP, WHEEL_DOWN = 1, 2, 3, 4, 5
MODIFIERS = {"ctrl": "Control_L", "alt": "Alt_L", "shift": "Shift_L", "super": "Super_L"}


class Finger:
    """`display`: a processes.Display. Every event is at the server when a method returns."""

    def __init__(self, display):
        with contextlib.redirect_stdout(None):  # the library prints that there is no .Xauthority
            self._x = x_display.Display(display.name)
        self.events = 0

    def close(self):
        self._x.close()

    def move(self, x, y):
        self._send(X.MotionNotify, x=int(x), y=int(y))

    def down(self, button=LEFT):
        self._send(X.ButtonPress, button)

    def up(self, button=LEFT):
        self._send(X.ButtonRelease, button)

    def click(self, x, y, button=LEFT):
        self.move(x, y)
        self.down(button)
        self.up(button)

    def chord(self, text):
        """A key with what is held with it: "Left", "a", "ctrl+alt+F1"."""
        *held, key = text.split("+")
        codes = [self._code(MODIFIERS[name]) for name in held] + [self._code(key)]
        codes = [code for code in codes if code]  # a key that this server's keyboard has not
        for code in codes:
            self._send(X.KeyPress, code)
        for code in reversed(codes):
            self._send(X.KeyRelease, code)

    def pixels(self, x, y, width, height):
        """What the display shows there, as bytes."""
        return self._x.screen().root.get_image(int(x), int(y), width, height, X.ZPixmap, 0xFFFFFFFF).data

    def _code(self, name):
        return self._x.keysym_to_keycode(XK.string_to_keysym(name))

    def _send(self, kind, detail=0, **where):
        xtest.fake_input(self._x, kind, detail, **where)
        self._x.sync()
        self.events += 1
