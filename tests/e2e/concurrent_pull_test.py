#!/usr/bin/env python3
"""Promise 9: HQ's pull neither skips nor repeats a row, however many boxes upload meanwhile, and
however often the hub is stopped or killed under them.

LISTENPOST_SEED repeats a run's choices.
"""

import http.client
import json
import os
import random
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from urllib.parse import urlparse

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import BINARIES, Hub, run, wait_until  # noqa: E402

BOXES = 4
RESTARTS = 20


def response(seq):
    return {"seq": seq, "opened_ms": 1790000000000 + seq, "took_ms": 5000, "steady_ms": seq,
            "answers": [{"q": "quality", "score": 1 + seq % 5}], "comment": "上菜有点慢",
            "outcome": "partial", "closed_by": "finish", "clock_set": True, "boot": "b",
            "survey": "qsc-restaurant", "survey_version": 1, "touchpoint": "exit", "lang": "zh-CN"}


class Box(threading.Thread):
    """Speaks the wire protocol: the same batch again until it is acknowledged, then the next."""

    def __init__(self, hub, store, number, stop, seed):
        super().__init__(daemon=True)
        self._port = urlparse(hub.url).port
        self._stop_asked = stop
        self._random = random.Random(seed)
        self.install = f"{number:032x}"
        self.acknowledged = 0
        self.fault = None
        enrolled = self._post("/v1/enrol", {"code": hub.invite(store)}, {})
        self._token = enrolled["token"]

    def _post(self, path, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
            reply = connection.getresponse()
            text = reply.read()
            return json.loads(text) if reply.status == 200 else None
        finally:
            connection.close()

    def run(self):
        try:
            while not self._stop_asked.is_set():
                self._upload(self._random.randint(1, 60))
        except AssertionError as fault:
            self.fault = fault

    def _upload(self, count):
        first = self.acknowledged + 1
        batch = {"v": 1, "install": self.install,
                 "sent": {"wall_ms": 1790000100000, "steady_ms": 10 ** 9, "boot": "b", "clock_set": True},
                 "responses": [response(seq) for seq in range(first, first + count)]}
        reply = None
        while reply is None:
            try:
                reply = self._post("/v1/batches", batch, {"Authorization": "Bearer " + self._token})
            except (OSError, http.client.HTTPException):
                pass  # the hub is down: later
            if reply is None:
                time.sleep(0.02)
        assert reply["acknowledged"] == count and not reply["refused"], reply
        self.acknowledged += count


class ConcurrentPull(unittest.TestCase):
    def test_every_acknowledged_row_is_pulled_once_and_in_order(self):
        seed = int(os.environ.get("LISTENPOST_SEED", time.time_ns() % 1_000_000))
        print(f"LISTENPOST_SEED={seed}", flush=True)
        generator = random.Random(seed)
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))
        hub = Hub(BINARIES, folder / "hub").start()
        self.addCleanup(hub.stop)
        stop = threading.Event()
        boxes = [Box(hub, hub.add_store(f"sh-{number}"), number, stop, seed + number)
                 for number in range(1, BOXES + 1)]
        reader = hub.reader(folder)
        rows = []

        def pull():
            rows.extend(json.loads(line) for line in run(reader.command()).stdout.splitlines())

        def pull_until_stopped():
            while not stop.is_set():
                pull()

        puller = threading.Thread(target=pull_until_stopped, daemon=True)
        for thread in (*boxes, puller):
            thread.start()
        for restart in range(RESTARTS):
            target = sum(box.acknowledged for box in boxes) + generator.randint(50, 1200)
            wait_until(lambda: sum(box.acknowledged for box in boxes) >= target or any(b.fault for b in boxes),
                       f"the boxes to have {target} responses acknowledged")
            if restart % 2:
                hub.kill()
                hub.program.join()
            else:
                hub.stop()
            hub.start()
        stop.set()
        for thread in (*boxes, puller):
            thread.join(timeout=60)
            self.assertFalse(thread.is_alive())
        pull()

        total = sum(box.acknowledged for box in boxes)
        for box in boxes:
            self.assertIsNone(box.fault)
            pulled = [row["seq"] for row in rows if row["install"] == box.install]
            self.assertEqual(pulled, list(range(1, box.acknowledged + 1)))
        self.assertEqual(len(rows), total)
        print(f"{total} responses of {BOXES} boxes, hub stopped {RESTARTS} times: each pulled once, in order")


if __name__ == "__main__":
    unittest.main()
