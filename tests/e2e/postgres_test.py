#!/usr/bin/env python3
"""A hub on PostgreSQL as its operator meets it: admin commands beside it, the wrong engine for a data
folder, a database server that is away, and a real tap that travels from the screen to HQ.
"""

import json
import random
import sys
import tempfile
import threading
import unittest
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from box import only_word  # noqa: E402
from listenpost_driver import BINARIES, Hub, Scene, expected_of, must, run, scripted_customer, wait_until  # noqa: E402
from postgres_server import PostgresServer  # noqa: E402

HUB = BINARIES / "listenpost-hub"
DONE, FAILED, BAD_USE = 0, 1, 2
RESPONSE = {"seq": 1, "opened_ms": 1790000000000, "took_ms": 5000, "steady_ms": 1,
            "answers": [{"q": "quality", "score": 3}], "outcome": "partial", "closed_by": "finish",
            "clock_set": True, "boot": "b", "survey": "qsc-restaurant", "survey_version": 1, "touchpoint": "exit",
            "lang": "zh-CN"}


def ask(url, path, token=None, body=None):
    """(status, headers, text)"""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
    request = urllib.request.Request(url + path, headers=headers, data=body and json.dumps(body).encode())
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.status, reply.headers, reply.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


class OnPostgres(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))
        self.server = PostgresServer()
        self.addCleanup(self.server.close)
        self.database = self.server.start().make_database()

    def start_hub(self, name="hub"):
        hub = Hub(BINARIES, self.folder / name, postgres=self.database).start()
        self.addCleanup(hub.stop)
        return hub

    def ends(self, words, exit_code, says):
        done = run([HUB, *words])
        self.assertEqual(done.returncode, exit_code, done.stderr)
        self.assertRegex(done.stdout + done.stderr, says)

    def test_admin_commands_work_without_a_hub_beside_one_and_through_one(self):
        place = ["--postgres", self.database]
        must([HUB, "store", "add", *place, "--id", "sh-001", "--name", "人民广场店"])
        hub = self.start_hub()
        code = only_word(must([HUB, "device", "invite", *place, "--store", "sh-001", "--name", "front door"]).stdout)
        _, _, text = ask(hub.url, "/v1/enrol", body={"code": code})
        device = json.loads(text)
        heartbeat = ("/v1/heartbeat", device["token"], {"v": 1})
        self.assertEqual(ask(hub.url, *heartbeat)[0], 400)  # it may send, even if this is no heartbeat
        # Through the running hub, as with SQLite; its effect is there at once, on another hub too.
        other = self.start_hub("other")
        listed = must([HUB, "device", "list", "--data", hub.data, "--json"]).stdout
        self.assertEqual([each["id"] for each in json.loads(listed)], [device["device"]])
        must([HUB, "device", "revoke", "--data", hub.data, device["device"]])
        for each in (hub, other):
            self.assertEqual(ask(each.url, *heartbeat)[0], 403)

    def test_a_data_folder_keeps_its_engine(self):
        hub = self.start_hub()
        hub.stop()
        self.ends(["store", "list", "--data", hub.data], FAILED, "give --postgres")
        self.ends(["serve", "--data", hub.data], FAILED, "give --postgres")
        self.assertFalse((hub.data / "hub.db").exists())
        on_sqlite = self.folder / "sqlite"
        must([HUB, "store", "list", "--data", on_sqlite])
        self.ends(["serve", "--data", on_sqlite, "--postgres", self.database], FAILED, "holds a hub on SQLite")

    def test_what_cannot_work_is_said_and_no_password_with_it(self):
        data = self.folder / "hub"
        for conninfo in ("host=/nowhere password=geheim", "password=geheim host", "postgresql://x:geheim@[::1"):
            for command in (["serve", "--data", data, "--listen", "127.0.0.1:0"], ["store", "list"]):
                done = run([HUB, *command, "--postgres", conninfo])
                self.assertEqual(done.returncode, FAILED, done.stderr)
                self.assertIn("listenpost-hub: ", done.stderr)
                self.assertNotIn("geheim", done.stdout + done.stderr)
        # It was only a try: the folder may still become SQLite's.
        self.ends(["store", "list", "--data", data], DONE, "^$")
        self.ends(["store", "list"], BAD_USE, "--data,--postgres")

    def test_while_the_server_is_away_requests_get_503_and_the_hub_stays(self):
        hub = self.start_hub()
        store = hub.add_store()
        reader = hub.reader(self.folder)
        code = hub.invite(store)
        token = json.loads(ask(hub.url, "/v1/enrol", body={"code": code})[2])["token"]
        second = hub.invite(store)
        self.server.stop()
        hq = reader.token_file.read_text().strip()
        for asked in (("/v1/batches", token, {"v": 1}), ("/v1/enrol", None, {"code": second}),
                      ("/v1/responses", hq)):
            with self.subTest(path=asked[0]):
                status, headers, text = ask(hub.url, *asked)
                self.assertEqual((status, json.loads(text)["error"]["code"]), (503, "storage"))
                self.assertGreater(int(headers["Retry-After"]), 0)
        self.assertEqual(ask(hub.url, "/healthz")[0], 200)
        self.server.start()
        self.assertEqual(ask(hub.url, "/v1/responses", hq)[0], 200)
        self.assertEqual(ask(hub.url, "/v1/enrol", body={"code": second})[0], 200)
        self.server.kill()
        self.assertEqual(hub.stop(), DONE)  # it can be stopped without its database

    def test_what_the_standby_does_not_confirm_is_not_acknowledged(self):
        hub = self.start_hub()
        token = json.loads(ask(hub.url, "/v1/enrol", body={"code": hub.invite(hub.add_store())})[2])["token"]
        batch = {"v": 1, "install": "a" * 32, "responses": [RESPONSE],
                 "sent": {"wall_ms": 1790000100000, "steady_ms": 10 ** 9, "boot": "b", "clock_set": True}}

        def wait_for_the_standby(name):
            self.server.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
            self.server.sql("SELECT pg_reload_conf()")

        def waits():
            return self.server.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == "1"

        replies = []
        box = threading.Thread(target=lambda: replies.append(ask(hub.url, "/v1/batches", token, batch)))
        wait_for_the_standby("away")
        box.start()
        wait_until(waits, "the commit to wait for the standby")
        # The wait is broken off: it is committed here alone, the server calls that done, and the hub does not.
        self.server.sql("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        box.join()
        self.assertEqual(replies[0][0], 503)
        # Sent again it is a duplicate, but even that is not acknowledged before the first is safe.
        box = threading.Thread(target=lambda: replies.append(ask(hub.url, "/v1/batches", token, batch)))
        box.start()
        wait_until(waits, "the repeat to wait for the standby")
        self.assertEqual(len(replies), 1)
        wait_for_the_standby("")
        box.join()
        self.assertEqual((replies[1][0], json.loads(replies[1][2])["acknowledged"]), (200, 1))
        # A hub whose commit waits can be stopped all the same.
        wait_for_the_standby("away")
        batch["responses"] = [{**RESPONSE, "seq": 2}]
        lost = []

        def send():
            try:
                replies.append(ask(hub.url, "/v1/batches", token, batch))
            except OSError as error:
                lost.append(error)

        box = threading.Thread(target=send)
        box.start()
        wait_until(waits, "the commit to wait for the standby")
        self.assertEqual(hub.stop(), FAILED)
        box.join()
        self.assertEqual((len(lost), len(replies)), (1, 2))  # it was told nothing
        wait_for_the_standby("")
        hub.start()
        self.assertEqual(ask(hub.url, "/v1/batches", token, batch)[0], 200)

    def test_a_real_tap_reaches_hq(self):
        with Scene(postgres=self.database) as scene:
            record = scripted_customer(scene.kiosk, scene.survey, random.Random(1))
            rows = scene.pull_all(1)
            self.assertEqual([expected_of(row) for row in rows], [record.expected()])
            wait_until(lambda: scene.agent.status()["waiting"] == 0, "the agent to hear of it")


if __name__ == "__main__":
    unittest.main()
