"""What a running process costs, read from /proc."""

import re
import time
from pathlib import Path

from processes import wait_until

REST_SECONDS = 0.025


def cpu_ns(pid):
    """Time on a processor of all its threads, those that have ended too."""
    process_cpu_clock = (~pid << 3) | 2  # clock_getcpuclockid(3), which Python has no name for
    return time.clock_gettime_ns(process_cpu_clock)


def context_switches(pid):
    """How often its living threads went to sleep of their own will."""
    switches = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            status = (task / "status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # the thread ended between the two readings
        switches += int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status, re.M)[1])
    return switches


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
