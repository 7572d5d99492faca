"""A /media of one's own, where SmallDisks are USB sticks to the kiosk. See listenpost_driver.py for the contract."""

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import small_disk
from processes import PATIENCE_SECONDS, must, run, wait_until

CLONE_NEWNS = 0x00020000  # sched.h
MEDIA = Path("/media")


def why_none():
    """What is missing to put sticks in here; an empty text: nothing."""
    if not MEDIA.is_dir():
        return "there is no /media"
    if missing := small_disk.why_none():
        return missing
    if run(["unshare", "--mount", "--propagation", "private", "mount", "-t", "tmpfs", "none", MEDIA]).returncode != 0:
        return "nothing can be mounted"
    return ""


def take_media():
    """From now on what this process and its children see below /media is theirs alone, and empty.

    A mount namespace of their own: other tests, and the machine's own kiosk, find no stick. Once is enough.
    """
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    must(["mount", "--make-rprivate", "/"])
    must(["mount", "-t", "tmpfs", "none", MEDIA])
    os.chmod(MEDIA, 0o755)


def put_in(name, megabytes=24):
    """A stick of that name; unmount() pulls it out."""
    return small_disk.SmallDisk(MEDIA / name, megabytes)


def why_no_exfat():
    """What is missing to put in a stick as shops have them; an empty text: nothing."""
    for program in ("mkfs.exfat", "mount.exfat-fuse"):
        if not shutil.which(program):
            return f"there is no {program}"
    return "" if Path("/dev/fuse").exists() else "there is no FUSE"


class ExfatStick:
    """An exFAT on a loop device, read and written by a program of its own (FUSE): the kernel may know none.

    It has no owners and no permissions, and is as slow to say what is wrong as a real one.
    """

    def __init__(self, name, megabytes=24):
        self.point = MEDIA / name
        memory = Path("/dev/shm")
        self._folder = tempfile.TemporaryDirectory(prefix="listenpost-stick-", dir=memory if memory.is_dir() else None)
        image = Path(self._folder.name) / "stick.img"
        with image.open("wb") as file:
            file.truncate(megabytes * 1024 * 1024)
        must(["mkfs.exfat", "-L", name, image])
        self._device = must(["losetup", "--find", "--show", image]).stdout.strip()
        self.point.mkdir()
        self._mount()

    def _mount(self):
        # In the foreground: its process is the stick's other end.
        self._driver = subprocess.Popen(["mount.exfat-fuse", "-d", "-o", "allow_other", self._device, self.point],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: os.path.ismount(self.point), "the exFAT to be mounted")

    def fill(self):
        """To the last cluster."""
        small_disk.fill_disk_with(self.point / "recordings.bin")

    def empty(self):
        (self.point / "recordings.bin").unlink()

    def hang(self):
        """Whoever reads or writes it waits from now on, until it is torn out."""
        self._driver.send_signal(signal.SIGSTOP)

    def tear_out(self):
        """Without a word to the machine, which still has it mounted: everything fails from now on."""
        self._driver.kill()
        self._driver.wait()

    def put_back(self):
        """After tear_out(): with what was on it by then, and nothing that was only on its way."""
        must(["umount", "--lazy", self.point])
        self._mount()

    def remove(self):
        run(["umount", "--lazy", self.point])
        if self._driver.poll() is None:
            try:
                self._driver.wait(PATIENCE_SECONDS)  # it writes what it still has
            except subprocess.TimeoutExpired:
                self.tear_out()
        run(["losetup", "--detach", self._device])
        self._folder.cleanup()
