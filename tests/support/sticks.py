"""A /media of one's own, where SmallDisks are USB sticks to the kiosk. See listenpost_driver.py for the contract."""

import ctypes
import os
from pathlib import Path

import small_disk
from processes import must, run

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
