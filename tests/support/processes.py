"""Real processes and waiting for what they do. See listenpost_driver.py for the contract."""

import os
import signal
import subprocess
import time
from pathlib import Path

# How long anything may take before it counts as never. Generous: the machine may be busy
# with a build. Nothing waits this long when all is well.
PATIENCE_SECONDS = 60.0
POLL_SECONDS = 0.004


class Gone(Exception):
    """The process one was waiting for has ended."""


def wait_until(condition, what, seconds=PATIENCE_SECONDS, poll=POLL_SECONDS):
    """Returns the first true value of `condition()`; AssertionError, naming `what`, after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:.0f} s in vain: {what() if callable(what) else what}")
        time.sleep(poll)


class Program:
    """One real process, its stderr and stdout in a log file. Dies with the driver, whatever happens to it.

    Start from the main thread only: the kernel ties the process to the thread that started it.
    """

    def __init__(self, name, command, log, environment=None):
        self.name = name
        self.command = [str(word) for word in command]
        self.log = Path(log)
        self.environment = environment
        self._process = None

    def start(self):
        assert not self.alive, f"{self.name} runs already"
        # A session of its own: Ctrl-C in the terminal is for the driver, which stops things in order.
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", *self.command],
                                             stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                             start_new_session=True,
                                             env={**os.environ, **(self.environment or {})})
        return self

    @property
    def alive(self):
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self):
        return self._process.pid

    @property
    def exit_code(self):
        """None while it runs; negative: ended by that signal."""
        return self._process.poll()

    def check_alive(self):
        if not self.alive:
            raise Gone(f"{self.name} has ended with {self.exit_code}; the end of its log:\n{self.log_tail()}")

    def log_tail(self, lines=15):
        try:
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
        except OSError:
            return "(no log)"

    def kill(self):
        """kill -9: nothing in the process gets to tidy up. Any thread may call it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)

    def stop(self, seconds=PATIENCE_SECONDS):
        """Asks it to end (SIGTERM) and waits; its exit code, None if it never ran."""
        if self._process is None:
            return None
        self._process.terminate()
        return self.join(seconds)

    def join(self, seconds=PATIENCE_SECONDS):
        """Waits for its end; one that does not come is a failure, and then it is killed."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise AssertionError(f"{self.name} did not end within {seconds:.0f} s:\n{self.log_tail()}") from None


def run(command, seconds=PATIENCE_SECONDS, **options):
    """A command to its end, without input. CompletedProcess with texts; never raises for its exit code."""
    return subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, text=True,
                          encoding="utf-8", capture_output=True, timeout=seconds, check=False, **options)


def must(command, **options):
    """As run(), but an exit code other than 0 is a failure."""
    done = run(command, **options)
    assert done.returncode == 0, f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stderr}"
    return done


class Display:
    """A screen of our own: Xvfb on the first free number, no TCP, no window manager."""

    def __init__(self, folder, size="1280x800"):
        self._number_file = Path(folder) / "display"
        # The server looks for a free number itself and tells it, so two runs never fight for one.
        command = f'exec {self._server(folder, size)} -displayfd 3 -nolisten tcp -ac -noreset 3>"$0"'
        self._program = Program("X server", ["sh", "-c", command, self._number_file], Path(folder) / "x.log")

    def _server(self, folder, size):
        return f"Xvfb -screen 0 {size}x24"

    def start(self):
        self._number_file.unlink(missing_ok=True)
        self._program.start()

        def number():
            self._program.check_alive()
            text = self._number_file.read_text() if self._number_file.exists() else ""
            return text.strip() if text.endswith("\n") else None

        self.name = ":" + wait_until(number, "the X server to open a display")
        return self

    @property
    def environment(self):
        # No Wayland: the clicks go to the X server.
        return {"DISPLAY": self.name, "WAYLAND_DISPLAY": "", "SDL_VIDEODRIVER": "x11"}

    def stop(self):
        return self._program.stop()


class ChangingDisplay(Display):
    """A screen whose resolution changes under the programs on it: Xvfb has one mode only, Xvnc any."""

    OUTPUT = "VNC-0"
    # As a screen that is turned, and others. The timings mean nothing where there is no wire.
    MODES = ("800x1280", "1024x600", "1920x1080", "1280x800")

    def _server(self, folder, size):
        return f"Xvnc -geometry {size} -depth 24 -SecurityTypes None -rfbunixpath {Path(folder) / 'vnc'}"

    def start(self):
        super().start()
        for mode in self.MODES:
            width, height = mode.split("x")
            timings = ["60", width, width, width, width, height, height, height, height]
            self._xrandr("--newmode", f"listenpost-{mode}", *timings)
            self._xrandr("--addmode", self.OUTPUT, f"listenpost-{mode}")
        return self

    def change(self, mode):
        self._xrandr("--output", self.OUTPUT, "--mode", f"listenpost-{mode}")

    def _xrandr(self, *words):
        must(["xrandr", *words], env={**os.environ, **self.environment})
