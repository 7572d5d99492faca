"""A box that is nothing but the wire protocol, for tests of what happens at the hub and behind it."""

import http.client
import json
import random
import threading
import time
from urllib.parse import urlparse


def response(seq):
    return {"seq": seq, "opened_ms": 1790000000000 + seq, "took_ms": 5000, "steady_ms": seq,
            "answers": [{"q": "quality", "score": 1 + seq % 5}], "comment": "上菜有点慢",
            "outcome": "partial", "closed_by": "finish", "clock_set": True, "boot": "b",
            "survey": "qsc-restaurant", "survey_version": 1, "touchpoint": "exit", "lang": "zh-CN"}


class WireBox(threading.Thread):
    """Speaks the wire protocol: the same batch again until it is acknowledged, then the next.

    With several hubs each attempt goes to any of them, and sometimes to two at once.
    """

    def __init__(self, hubs, store, number, stop, seed):
        super().__init__(daemon=True)
        self._ports = [urlparse(hub.url).port for hub in hubs]
        self._stop_asked = stop
        self._random = random.Random(seed)
        self.install = f"{number:032x}"
        self.acknowledged = 0
        self.fault = None
        enrolled = self._post(self._ports[0], "/v1/enrol", {"code": hubs[0].invite(store)}, {})
        self._token = enrolled["token"]

    @staticmethod
    def _post(port, path, body, headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
            reply = connection.getresponse()
            text = reply.read()
            assert reply.status in (200, 503), (reply.status, text)
            return json.loads(text) if reply.status == 200 else None
        finally:
            connection.close()

    def run(self):
        try:
            while not self._stop_asked.is_set():
                self.upload(self._random.randint(1, 60))
        except AssertionError as fault:
            self.fault = fault

    def _try(self, port, batch):
        try:
            return self._post(port, "/v1/batches", batch, {"Authorization": "Bearer " + self._token})
        except (OSError, http.client.HTTPException):
            return None  # the hub is down: later

    def upload(self, count):
        """A batch of so many; returns once a hub has acknowledged it."""
        first = self.acknowledged + 1
        batch = {"v": 1, "install": self.install,
                 "sent": {"wall_ms": 1790000100000, "steady_ms": 10 ** 9, "boot": "b", "clock_set": True},
                 "responses": [response(seq) for seq in range(first, first + count)]}
        reply = None
        while reply is None:
            also = None
            if len(self._ports) > 1 and self._random.random() < 0.2:
                also = threading.Thread(target=self._try, args=(self._random.choice(self._ports), batch))
                also.start()
            reply = self._try(self._random.choice(self._ports), batch)
            if also:
                also.join()
            if reply is None:
                time.sleep(0.02)
        assert reply["acknowledged"] == count and not reply["refused"], reply
        self.acknowledged += count
