#!/usr/bin/env python3
"""Checks that includes run one way: platform <- kiosk <- sync.

    scripts/check_layers.py [ROOT]

Reads the #include lines of every C++ source below platform, kiosk, sync and tests
and holds them against the tables below. Linking alone cannot stop a wrong include:
a header is found wherever its library is linked. Prints one line a violation;
exit code 0 none, 1 some, 2 bad use.

A new folder or a new library gets a line here, and its reason, in the same commit.
"""

import re
import sys
from pathlib import Path

# What a folder may include besides itself. What wires a program together may include everything
# of its own part (platform, kiosk, sync) and of the parts below it: a `main.cpp`, and the files that
# lie in kiosk/ itself, which are the kiosk's program.
FOLDERS = {
    "platform/base": set(),
    "platform/os": {"platform/base"},
    "platform/crypto": {"platform/base"},
    "platform/sqlite": {"platform/base"},
    "platform/postgres": {"platform/base"},
    "platform/http": {"platform/base"},
    "platform/window": {"platform/base"},
    # os: what speaks is a child process.
    "platform/speech": {"platform/base", "platform/os"},
    "platform/ime": {"platform/base"},
    "kiosk/model": {"platform/base"},
    # os: what the agent asks for in the inbox, a damaged store.db and its successor are files.
    "kiosk/store": {"kiosk/model", "platform/sqlite", "platform/os", "platform/base"},
    # os: what is taken along goes to a stick, and the store's time zone is the system's.
    "kiosk/export": {"kiosk/model", "kiosk/store", "platform/os", "platform/base"},
    # sqlite: summary.db is its own. os: a store's day is in its own time zone, and a damaged summary.db is a file.
    "kiosk/summary": {"kiosk/model", "kiosk/store", "platform/sqlite", "platform/os", "platform/base"},
    # os: the PIN's hash and its attempts are files.
    "kiosk/manager": {"kiosk/model", "platform/crypto", "platform/os", "platform/base"},
    # input: what is being typed is part of what the screen shows, and of what no one else may see.
    # summary: which period and which responses a manager looks at.
    "kiosk/flow": {"kiosk/input", "kiosk/model", "kiosk/summary", "platform/base"},
    # os: recorded touches are files.
    "kiosk/input": {"platform/os", "platform/base"},
    # window: it presents the frames. os: strings and fonts are files.
    # store: what has reached head office is counted there.
    "kiosk/ui": {"kiosk/export", "kiosk/flow", "kiosk/input", "kiosk/model", "kiosk/store", "kiosk/summary", "platform/window", "platform/os",
                 "platform/base"},
    "sync/wire": {"kiosk/model", "platform/base"},
    # sqlite: delivery.db is the agent's own. os: it wakes at network and file changes.
    # manager: a PIN from HQ is one that the kiosk takes.
    "sync/agent": {"sync/wire", "kiosk/model", "kiosk/store", "kiosk/manager", "platform/sqlite", "platform/http", "platform/os",
                   "platform/base"},
    # http: HQ's `pull` is a client of the hub. os: secrets are files with one reader.
    # manager, crypto: a manager's PIN for boxes is chosen, and hashed, as on the box.
    "sync/hub": {"sync/wire", "kiosk/model", "kiosk/manager", "platform/crypto", "platform/sqlite", "platform/postgres", "platform/http", "platform/os",
                 "platform/base"},
}
PARTS = {"platform": ["platform"], "kiosk": ["platform", "kiosk"], "sync": ["platform", "kiosk", "sync"]}

# Libraries: where their headers may be included. A folder covers what is below it; tests may
# include what the folder they test may. Every header that is neither ours, nor listed here, nor
# the C++ standard's is a violation: a new dependency is a decision.
LIBRARIES = [
    (r"sqlite3\.h", {"platform/sqlite"}),
    (r"(libpq-.*|postgres_ext|pg_config.*)\.h", {"platform/postgres"}),
    (r"curl/.*", {"platform/http"}),
    (r"SDL2?(/.*|\.h|_.*\.h)", {"platform/window"}),
    (r"(imgui.*|imgui/.*)\.h", {"kiosk/ui", "kiosk/input", "kiosk/kiosk.cpp"}),
    (r"stb(/.*|_.*)\.h", {"kiosk/ui", "platform/window"}),
    (r"boost/.*", {"sync/hub"}),
    # Pinyin and traditional Hanzi: they throw, they are loaded late, and one may be missing.
    (r"(libime|googlepinyin|opencc)/.*", {"platform/ime"}),
    (r"prometheus/.*", {"sync/hub"}),
    # wire: the digest is the first bytes of a SHA-256. http: certificates where the clock is not set.
    (r"openssl/.*", {"sync/hub", "sync/wire", "platform/http"}),
    (r"argon2\.h", {"platform/crypto"}),
    (r"simdjson\.h", {"sync/wire", "sync/hub"}),
    # ui: a PNG of a page that is never in memory as a whole.
    (r"(zstd.*|zlib)\.h", {"sync/wire", "kiosk/ui/png_stream.cpp"}),
    # os: a shop's opening hours are in its own time zone.
    (r"date/.*", {"sync/hub", "platform/os"}),
    # Slow beside simdjson: fine for small texts, kept out of the hub's ingest by review.
    (r"nlohmann/.*", {"kiosk", "sync"}),
    # One header names it, so the move to std::expected is one edit.
    (r"tl/expected\.hpp", {"platform/base/result.h"}),
    (r"CLI/.*", {"main.cpp", "kiosk/options.cpp"}),
    (r"catch2/.*", set()),
    # The operating system's own headers: time, files and network are arguments elsewhere. hub: its
    # admin socket. fonts_slab: memory that is only taken where a glyph is drawn.
    (r"(sys/(socket|un)|netdb|netinet/.*|arpa/.*|net/.*|linux/.*)\.h", {"platform", "sync/hub"}),
    (r"(sys/.*|unistd|fcntl|poll|pthread|dirent|link|pwd|sched|termios)\.h", {"platform", "sync/hub", "kiosk/ui/fonts_slab.cpp"}),
]

STANDARD = re.compile(r"[a-z_0-9]+")  # <vector>; C headers are written <cstdint>, not <stdint.h>
C_HEADERS = {"signal.h", "malloc.h", "time.h", "stdlib.h", "string.h", "errno.h", "stdint.h", "stddef.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SUFFIXES = {".h", ".hpp", ".cpp", ".cc", ".c"}


def folder_of(path):
    """kiosk/ui/face.cpp and kiosk/ui/screens/rate.cpp -> kiosk/ui."""
    return "/".join(path.split("/")[:2])


def wires_a_program(path):
    return path.endswith("/main.cpp") or re.fullmatch(r"kiosk/[^/]+", path)


def covers(place, path):
    """Whether the table's `place` (folder, file, or the file name main.cpp) means `path`."""
    return path == place or path.startswith(place + "/") or (place == "main.cpp" and path.endswith("/main.cpp"))


def check_own(path, header, root):
    """`header`: a quoted include of the file at `path`. The violation, or None."""
    part = header.split("/")[0]
    if not (root / header).is_file():
        return f'"{header}" is not a file, seen from the root: write own headers with their whole path'
    if path.startswith("tests/"):
        return None
    if part == "tests":
        return f'"{header}": the product must not need its tests'
    if part not in PARTS:
        return f'"{header}" lies outside the layers'
    own_part = path.split("/")[0]
    if part not in PARTS[own_part]:
        return f'"{header}": {own_part} must not include {part} (includes run platform <- kiosk <- sync)'
    if wires_a_program(path):
        return None
    if wires_a_program(header):
        return f'"{header}" wires a program together: nothing below may know it'
    own, other = folder_of(path), folder_of(header)
    if own not in FOLDERS:
        return f"{own} is not in the table of scripts/check_layers.py: say what it may include"
    if other != own and other not in FOLDERS[own]:
        return f'"{header}": {own} must not include {other}'
    return None


def check_library(path, header):
    """`header`: an include in angle brackets. The violation, or None."""
    for pattern, places in LIBRARIES:
        if re.fullmatch(pattern, header):
            if path.startswith("tests/") or any(covers(place, path) for place in places):
                return None
            where = ", ".join(sorted(places)) or "tests"
            return f"<{header}> belongs into {where} alone"
    if STANDARD.fullmatch(header) or header in C_HEADERS:
        return None
    return f"<{header}> is not in the table of scripts/check_layers.py: a new dependency is a decision"


def violations(root):
    found = []
    for part in ("platform", "kiosk", "sync", "tests"):
        for file in sorted((root / part).rglob("*")):
            if file.suffix not in SUFFIXES or not file.is_file():
                continue
            path = file.relative_to(root).as_posix()
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                if not match:
                    continue
                own = match[1] == '"'
                fault = check_own(path, match[2], root) if own else check_library(path, match[2])
                if fault:
                    found.append(f"{path}:{number}: {fault}")
    return found


def main(arguments):
    if len(arguments) > 1 or any(argument.startswith("-") for argument in arguments):
        print(__doc__, file=sys.stderr)
        return 2
    root = Path(arguments[0] if arguments else Path(__file__).resolve().parent.parent)
    found = violations(root)
    print("\n".join(found) if found else "Layers: every include runs the right way.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
