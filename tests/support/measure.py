"""What a running process costs, read from /proc."""

import re
import time
from pathlib import Path

from processes import wait_until

REST_SECONDS = 0.025


def threads_of(pid, file, pattern):
    """Sum over all threads of the number that `pattern` finds in /proc/PID/task/*/FILE."""
    return sum(int(re.search(pattern, (task / file).read_text(), re.M)[1])
               for task in Path(f"/proc/{pid}/task").iterdir())


def cpu_ns(pid):
    """Time on a processor of all threads that live."""
    return threads_of(pid, "schedstat", r"^(\d+)")


def pss_mb(pid):
    return int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)[1]) / 1024


def cpu_at_rest(pid):
    """cpu_ns() once the process has done nothing for REST_SECONDS."""
    last, since = cpu_ns(pid), time.monotonic()

    def rests():
        nonlocal last, since
        now = cpu_ns(pid)
        if now != last:
            last, since = now, time.monotonic()
        return time.monotonic() - since >= REST_SECONDS

    wait_until(rests, f"process {pid} to come to rest")
    return last
