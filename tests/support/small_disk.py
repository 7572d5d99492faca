"""A small ext4 of its own on a loop device, to fill, to freeze and to break. Needs root."""

import contextlib
import os
import tempfile
from pathlib import Path

from processes import must, run


def why_none():
    """What is missing to have a SmallDisk here; an empty text: nothing."""
    if os.geteuid() != 0:
        return "a loop device needs root"
    if run(["losetup", "--find"]).returncode != 0:
        return "there is no free loop device"
    return ""


def fill_disk_with(path):
    """The file takes all that its disk has left, to the last block."""
    with path.open("ab", buffering=0) as file:
        for size in (1024 * 1024, 4096, 1):
            try:
                while True:
                    os.write(file.fileno(), b"x" * size)
            except OSError:
                pass  # full for this size


class SmallDisk:
    """`point`: the folder where it is mounted; made. Goes read-only by itself when it meets an error."""

    def __init__(self, point, megabytes=24):
        self.point = Path(point)
        # In memory, where there is such a folder: what a disk's syncs cost is not the question here.
        memory = Path("/dev/shm")
        self._folder = tempfile.TemporaryDirectory(prefix="listenpost-disk-", dir=memory if memory.is_dir() else None)
        self._image = Path(self._folder.name) / "disk.img"
        self._filler = self.point / "somebody-else/recordings"
        self._frozen = False
        self._handle = self.point  # where it can be reached
        with self._image.open("wb") as image:
            image.truncate(megabytes * 1024 * 1024)
        must(["mkfs.ext4", "-q", "-F", "-m", "0", self._image])
        self.point.mkdir(mode=0o700)
        self.mount()
        (self.point / "lost+found").rmdir()
        self.point.chmod(0o700)
        self._filler.parent.mkdir()

    def mount(self):
        must(["mount", "-o", "loop,errors=remount-ro", self._image, self.point])

    def remount(self, how):
        """`how`: ro or rw; ro only while nobody has a file open for writing."""
        must(["mount", "-o", f"remount,{how}", self.point])

    def unmount(self):
        """Whatever state it is in; nobody may have a file open on it, or it goes when the last one has closed."""
        self.thaw()
        if os.path.ismount(self.point):
            must(["umount", "--lazy", self.point])

    def remove(self):
        """Unmounted, and with its image."""
        self.unmount()
        self._folder.cleanup()

    def repair(self):
        """As a boot does after a disk has failed. It is unmounted before and after."""
        done = run(["e2fsck", "-f", "-y", self._image])
        assert done.returncode in (0, 1), f"e2fsck ended with {done.returncode}: {done.stdout}"

    def fill(self):
        """To the last block, as somebody's recordings would; again and again if asked."""
        fill_disk_with(self._filler)

    def empty(self):
        self._filler.unlink()

    def freeze(self):
        """Every write hangs from now on, as on a dying disk; reads go on."""
        must(["fsfreeze", "--freeze", self.point])
        self._frozen = True

    def thaw(self):
        if self._frozen:
            self._frozen = False
            must(["fsfreeze", "--unfreeze", self._handle])

    @contextlib.contextmanager
    def seen_from(self, folder):
        """Mounted there too, so that it can be thawed when it is no longer at its point."""
        folder.mkdir()
        must(["mount", "--bind", self.point, folder])
        self._handle = folder
        try:
            yield
        finally:
            self.thaw()
            self._handle = self.point
            must(["umount", "--lazy", folder])
            folder.rmdir()

    def break_down(self):
        """An error that the kernel answers by taking the file system read-only under everybody's feet."""
        device = Path(must(["findmnt", "-n", "-o", "SOURCE", self.point]).stdout.strip()).name
        Path(f"/sys/fs/ext4/{device}/trigger_fs_error").write_text("1")

    def forbid(self, name, forbidden=True):
        """Nobody may write this file, root neither, as after a restore with wrong permissions."""
        must(["chattr", "+i" if forbidden else "-i", self.point / name])
