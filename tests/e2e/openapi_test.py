#!/usr/bin/env python3
"""sync/hub/openapi.yaml and a running hub say the same: every path is asked, every status that it documents is
provoked, and each real reply has the headers, the media type and the members that it documents, and no others.

A new path needs its entry in the file and its requests in `Hubs.successes`; the replies that several paths
have in common (401, 413, 503 …) are provoked the same way for all of them.
"""

import copy
import gzip
import http.client
import json
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlparse

import jsonschema
import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import BINARIES, ROOT, Hub  # noqa: E402
from postgres_server import PostgresServer  # noqa: E402
from wire_box import response  # noqa: E402

DOCUMENT = yaml.safe_load((ROOT / "sync/hub/openapi.yaml").read_text(encoding="utf-8"))
INSTALL = f"{7:032x}"
EVERY_REPLY_HAS = {"content-type", "content-length", "connection"}
CLOCKS = {"wall_ms": 1790000100000, "steady_ms": 10 ** 9, "boot": "b", "clock_set": True}
EVENT = {"seq": 4, "opened_ms": 1790000000004, "steady_ms": 4, "event": "comment_handled", "state": "dealt_with",
         "of": {"install": INSTALL, "seq": 1, "boot": "b", "steady_ms": 1}, "by": "LW", "note": "打过电话",
         "clock_set": True, "boot": "b"}
BATCH = {"v": 1, "install": INSTALL, "sent": CLOCKS, "responses": [
    {**response(1), "flags": ["burst"], "answers": [
        {"q": "quality", "score": 2, "reasons": ["salty"]}, {"q": "dish", "choices": ["soup"]},
        {"q": "wait", "minutes": 15}, {"q": "note", "text": "快一点"}]}, response(2), response(3), EVENT],
    "clocks": [{"boot": "a", "steady_ms": 1, "wall_ms": 1790000000000}]}
PERIOD = {"from": "2026-01-01", "to": "2027-01-01"}  # BATCH is in it
HEARTBEAT = {"v": 1, "version": "0.1.0", "install": None, "installs": [INSTALL], "erased": [{"install": INSTALL, "seq": 1}],
             "manager_pin": {"sha256": 64 * "0", "in_force": True},
             "uptime_s": 1, "agent_uptime_s": 1, "disk_free_bytes": 1,
             "disk_total_bytes": 2, "store_bytes": 1, "captured": 3, "delivered": 1, "waiting": 2, "quarantined": 0,
             "oldest_waiting_ms": 1790000000000, "last_tap_ms": 1790000000000, "battery_pct": 80, "on_mains": True,
             "clock": {"wall_ms": 1790000100000, "set": True, "steady_ms": 5, "boot": "b"}}


class Operation(NamedTuple):
    name: str
    method: str
    path: str
    documented: dict

    @property
    def token_kind(self):
        """device, reader, or None where it needs no token."""
        return next((kind for need in self.documented["security"] for kind in need), None)


class Request(NamedTuple):
    query: dict = {}
    headers: dict = {}
    body: bytes = None
    length: bool = True  # whether it says how long its body is


class Reply(NamedTuple):
    status: int
    headers: dict
    body: bytes


def operations():
    return [Operation(item["operationId"], method.upper(), path, item)
            for path, methods in DOCUMENT["paths"].items() for method, item in methods.items()]


def packed(value):
    return json.dumps(value, ensure_ascii=False).encode()


def resolved(item):
    """What a $ref stands for."""
    while "$ref" in item:
        place = DOCUMENT
        for word in item["$ref"].removeprefix("#/").split("/"):
            place = place[word]
        item = place
    return item


def closed(document):
    """The same, with members that no schema names forbidden; of what others build on, where they do."""
    document = copy.deepcopy(document)
    bases = {part["$ref"] for schema in document["components"]["schemas"].values()
             for part in (*schema.get("allOf", ()), *(schema[word] for word in ("then", "else") if word in schema))}

    def close(schema, place=""):
        if isinstance(schema, list):
            for each in schema:
                close(each)
        if not isinstance(schema, dict):
            return
        if "properties" in schema and place not in bases:
            schema["unevaluatedProperties"] = False
        for word, each in schema.items():
            if word != "if":  # a condition looks at some members alone
                close(each)

    for name, schema in document["components"]["schemas"].items():
        close(schema, f"#/components/schemas/{name}")
    return document


def errors_of(schema, value, document=DOCUMENT):
    validator = jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver("", document))
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(value)]


def unpacked(reply):
    encoding = reply.headers.get("content-encoding")
    if not encoding:
        return reply.body
    return subprocess.run([encoding, "-dc"], input=reply.body, stdout=subprocess.PIPE, check=True).stdout


def ask(hub, operation, request, token=None, method=None):
    # `doseq`: a list is the parameter repeated.
    target = operation.path + ("?" + urlencode(request.query, doseq=True) if request.query else "")
    connection = http.client.HTTPConnection("127.0.0.1", urlparse(hub.url).port, timeout=60)
    try:
        connection.putrequest(method or operation.method, target, skip_accept_encoding=True)
        if token:
            connection.putheader("Authorization", "Bearer " + token)
        if request.body is not None and request.length:
            connection.putheader("Content-Length", str(len(request.body)))
        for name, value in request.headers.items():
            connection.putheader(name, value)
        connection.endheaders(request.body if request.length else None)
        reply = connection.getresponse()
        return Reply(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
    finally:
        connection.close()


class Hubs:
    """A hub for each trouble, made when first needed."""

    def __init__(self, case):
        self._case = case
        self._made = {}
        self.folder = Path(case.enterContext(tempfile.TemporaryDirectory(prefix="listenpost-e2e-")))
        self.well = self._start("well")
        self.store = self._add_store(self.well)
        self.tokens = {"device": self._enrol(self.well)[0], "reader": self._reader_token(self.well), None: None}

    def _start(self, name, options=(), postgres=None):
        hub = Hub(BINARIES, self.folder / name, postgres=postgres)
        hub.options = list(options)
        hub.start()
        self._case.addCleanup(hub.stop)
        return hub

    @staticmethod
    def _add_store(hub):
        hub.admin("store", "add", "--id", "sh-001", "--name", "人民广场店", "--timezone", "Asia/Shanghai",
                  "--region", "华东", "--city", "上海")
        return "sh-001"

    def _reader_token(self, hub):
        return hub.reader(self.folder, hub.data.name).token_file.read_text(encoding="utf-8").strip()

    def _enrol(self, hub):
        """A new box's token and name."""
        reply = self.call("enrol", hub, Request(body=packed({"code": hub.invite("sh-001")})), None)
        enrolled = json.loads(reply.body)
        return enrolled["token"], enrolled["device"]

    @staticmethod
    def call(name, hub, request, token):
        return ask(hub, next(each for each in operations() if each.name == name), request, token)

    def _once(self, name, make):
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def limited(self):
        """Who asks it has asked too often."""
        def make():
            hub = self._start("limited", ["--max-requests-per-address", "0.001"])
            health = operations()[0]
            while ask(hub, health, Request()).status == 200:
                pass
            return hub
        return self._once("limited", make)

    def without_storage(self):
        """Its database server is gone."""
        def make():
            server = PostgresServer()
            self._case.addCleanup(server.close)
            hub = self._start("without-storage", postgres=server.start().make_database())
            server.kill()
            return hub
        return self._once("without-storage", make)

    def damaged(self):
        """(hub, reader's token): a row of its log, and what it adds up to, are not what was written."""
        def make():
            hub = self._start("damaged")
            self._add_store(hub)
            self.call("batches", hub, Request(body=packed(BATCH)), self._enrol(hub)[0])
            database = sqlite3.connect(hub.data / "hub.db")
            database.execute("UPDATE log SET raw = replace(raw, 'exit', 'till')")
            database.execute("UPDATE rollups SET totals = x'00', quarters = x'00'")
            database.commit()
            database.close()
            return hub, self._reader_token(hub)
        return self._once("damaged", make)

    def revoked_token(self):
        token, device = self._enrol(self.well)
        self.well.admin("device", "revoke", device)
        return token

    def revoked_reader_token(self):
        def make():
            token = self.reader_token_of("revoked")
            self.well.admin("token", "revoke", "--name", "revoked")
            return token
        return self._once("revoked-reader", make)

    def reader_token_of(self, name, *part):
        return self.well.admin("token", "add", "--role", "reader", "--name", name, *part).split()[-1]

    def erase(self):
        """A comment that was pulled before, so that there is a response without it and a row that tells of it."""
        self._once("erased", lambda: self.well.admin("response", "erase", "--id", f"{INSTALL}:2"))

    def set_pin(self):
        """So that a heartbeat's reply brings one."""
        def make():
            words = [self.well.binary, "pin", "set", "--store", self.store, "--data", self.well.data]
            subprocess.run(words, input="258013\n", text=True, check=True, capture_output=True)
        self._once("pin", make)

    def foreign_cursor(self):
        other = self._start("other")
        reply = self.call("responses", other, Request(), self._reader_token(other))
        return reply.headers["listenpost-cursor"]

    def successes(self, operation):
        """Requests that are answered with 2xx, together with all that such a reply may hold."""
        # Something to pull; sending it again changes nothing.
        self.call("batches", self.well, Request(body=packed(BATCH)), self.tokens["device"])
        self.erase()
        self.set_pin()
        wrong = {**response(6), "opened_ms": -1}
        # Of a box from before it could be asked for something.
        old_heartbeat = {name: value for name, value in HEARTBEAT.items() if name not in ("installs", "manager_pin")}
        return {
            "healthz": lambda: [Request()],
            "readyz": lambda: [Request()],
            "metrics": lambda: [Request()],
            "enrol": lambda: [Request(body=packed({"code": self.well.invite(self.store), "install": INSTALL,
                                                   "name": "收银台"}))],
            "batches": lambda: [Request(body=packed(BATCH)),
                                Request(body=packed({**BATCH, "responses": [response(5), wrong]})),
                                Request({}, {"Content-Encoding": "gzip"}, gzip.compress(packed(BATCH)))],
            "heartbeat": lambda: [Request(body=packed(old_heartbeat)), Request(body=packed(HEARTBEAT)),
                                  Request(body=packed({**old_heartbeat, "manager_pin": None}))],
            "responses": lambda: [Request(), Request({"limit": 1}), Request({}, {"Accept": "text/csv"}),
                                  *(Request({}, {"Accept-Encoding": each}) for each in ("gzip", "zstd"))],
            "summary": lambda: [Request(PERIOD), Request({**PERIOD, "group": "store"}),
                                Request({**PERIOD, "group": "hour_of_week", "flagged": "include"})],
            "ranking": lambda: [Request(PERIOD), Request({**PERIOD, "by": "city", "question": "service"})],
        }[operation.name]()

    def provoke(self, operation, status):
        """A reply with that status, by a request that is wrong in one thing alone."""
        sample = self.successes(operation)[0]
        hub, token = self.well, self.tokens[operation.token_kind]
        if status == 400:
            sample = sample._replace(**({"body": b"{"} if sample.body else {"query": {"nonsense": "1"}}))
        elif status == 401:
            token = self.tokens["device" if operation.token_kind == "reader" else "reader"]
        elif status == 403 and operation.token_kind:
            token = self.revoked_token() if operation.token_kind == "device" else self.revoked_reader_token()
        elif status == 403:
            sample = sample._replace(body=packed({"code": "AAAA-AAAA-AAAA"}))
        elif status == 409:
            sample = sample._replace(query={"cursor": self.foreign_cursor()})
        elif status == 411:
            sample = sample._replace(length=False)
        elif status == 413:
            sample = sample._replace(body=b" " * 300_000)
        elif status == 415:
            sample = sample._replace(headers={"Content-Type": "text/plain"})
        elif status == 429:
            hub = self.limited()
        elif status == 500:
            hub, token = self.damaged()
        elif status == 501:
            sample = sample._replace(body=packed({**json.loads(sample.body), "v": 2}))
        elif status == 503:
            hub = self.without_storage()
        else:
            raise AssertionError(f"how {operation.name} comes to answer {status} is not known to this test")
        return ask(hub, operation, sample, token)


class OpenApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.hubs = Hubs(cls._Cleanup(cls))
        cls.strict = closed(DOCUMENT)

    class _Cleanup:
        """A class as Hubs asks for a test case."""

        def __init__(self, owner):
            self.addCleanup = owner.addClassCleanup
            self.enterContext = owner.enterClassContext

    def check(self, operation, reply):
        """The reply is one that the file documents, in all its parts."""
        self.assertIn(str(reply.status), operation.documented["responses"], reply)
        documented = resolved(operation.documented["responses"][str(reply.status)])
        headers = {name.lower(): item for name, item in documented.get("headers", {}).items()}
        self.assertEqual(set(reply.headers) - EVERY_REPLY_HAS - set(headers), set(), "undocumented headers")
        for name, item in headers.items():
            if name not in reply.headers:
                self.assertFalse(item.get("required"), f"{name} is missing")
                continue
            is_number = item["schema"].get("type") == "integer"
            value = int(reply.headers[name]) if is_number else reply.headers[name]
            self.assertEqual(errors_of(item["schema"], value), [], name)
        self.check_content(documented.get("content", {}), reply)

    def check_content(self, documented, reply):
        if not documented:
            self.assertEqual((reply.body, "content-type" in reply.headers), (b"", False))
            return
        kind = reply.headers["content-type"].split(";")[0]
        self.assertIn(kind, documented)
        text = unpacked(reply).decode()
        value = json.loads(text) if kind == "application/json" else text
        self.assertEqual(errors_of(documented[kind]["schema"], value, self.strict), [])
        for line in text.splitlines() if "x-line" in documented[kind] else ():
            self.assertEqual(errors_of(documented[kind]["x-line"], json.loads(line), self.strict), [], line)

    def test_the_file_can_be_read_by_tools(self):
        self.assertTrue(DOCUMENT["openapi"].startswith("3.1."))
        for name, schema in DOCUMENT["components"]["schemas"].items():
            with self.subTest(schema=name):
                jsonschema.Draft202012Validator.check_schema(schema)
        references = set()

        def collect(item):
            if isinstance(item, dict):
                references.update([item["$ref"]] if "$ref" in item else [])
                item = list(item.values())
            for each in item if isinstance(item, list) else ():
                collect(each)

        collect(DOCUMENT)
        for reference in references:
            self.assertIsInstance(resolved({"$ref": reference}), dict)
        places = {f"#/components/{kind}/{name}" for kind in ("parameters", "responses", "schemas")
                  for name in DOCUMENT["components"][kind]}
        self.assertEqual(places - references, set(), "what nothing refers to")

    def served(self):
        """How often each of the hub's routes was answered, by its own figures."""
        text = self.hubs.call("metrics", self.hubs.well, Request(), self.hubs.tokens["reader"]).body.decode()
        lines = [line.split() for line in text.splitlines()
                 if line.startswith("listenpost_request_duration_seconds_count{")]
        return {name.split('"')[1]: float(count) for name, count in lines}

    def test_it_has_every_route_of_the_hub_and_no_other(self):
        self.assertEqual(sorted(self.served()), sorted(operation.name for operation in operations()))
        for operation in operations():
            with self.subTest(operation=operation.name):
                sample = self.hubs.successes(operation)[0]
                before = self.served()
                ask(self.hubs.well, operation, sample, self.hubs.tokens[operation.token_kind])
                asked = {name for name, count in self.served().items() if count != before[name]} - {"metrics"}
                self.assertEqual(asked, {operation.name} - {"metrics"})

    def test_what_succeeds_is_answered_as_documented(self):
        for operation in operations():
            with self.subTest(operation=operation.name):
                seen = set()
                for request in self.hubs.successes(operation):
                    reply = ask(self.hubs.well, operation, request, self.hubs.tokens[operation.token_kind])
                    self.check(operation, reply)
                    self.assertIn(reply.status, range(200, 300), reply)
                    seen |= {(reply.status, reply.headers.get("content-type", "").split(";")[0])}
                    seen |= {(reply.status, name) for name in reply.headers}
                documented = {(int(status), word.lower()) for status, item in operation.documented["responses"].items()
                              if status < "300"
                              for word in (*item.get("content", {"": None}), *item.get("headers", ()))}
                self.assertEqual(documented - seen, set(), "documented and not seen")

    def test_every_other_documented_status_is_provoked(self):
        for operation in operations():
            for status in map(int, operation.documented["responses"]):
                if status < 300:
                    continue
                with self.subTest(operation=operation.name, status=status):
                    reply = self.hubs.provoke(operation, status)
                    self.assertEqual(reply.status, status, reply)
                    self.check(operation, reply)

    def test_a_pull_has_erased_rows_and_the_file_has_them_too(self):
        operation = next(each for each in operations() if each.name == "responses")
        reply = ask(self.hubs.well, operation, self.hubs.successes(operation)[0], self.hubs.tokens["reader"])
        self.check(operation, reply)
        rows = [json.loads(line) for line in reply.body.splitlines()]
        self.assertEqual([row["seq"] for row in rows if row.get("event") == "text_erased"], [2])
        self.assertEqual([row["seq"] for row in rows if row.get("comment_erased")], [2])

    def test_a_reader_of_a_part_gets_all_but_the_figures_of_the_whole(self):
        token = self.hubs.reader_token_of("part", "--region", "华东")
        for operation in operations():
            if operation.token_kind != "reader":
                continue
            with self.subTest(operation=operation.name):
                reply = ask(self.hubs.well, operation, self.hubs.successes(operation)[0], token)
                self.check(operation, reply)
                self.assertEqual(reply.status, 403 if operation.name == "metrics" else 200)

    def test_no_path_takes_another_method_and_no_other_path_is_there(self):
        for operation in operations():
            with self.subTest(operation=operation.name):
                for method in {"GET", "POST", "PUT", "DELETE"} - {operation.method}:
                    reply = ask(self.hubs.well, operation, Request(body=b""), method=method)
                    self.assertEqual((reply.status, reply.headers.get("allow")), (405, operation.method))
                elsewhere = operation._replace(path=operation.path + "/x")
                reply = ask(self.hubs.well, elsewhere, Request(body=b""))
                self.assertEqual(reply.status, 404)
                self.assertEqual(errors_of({"$ref": "#/components/schemas/Error"}, json.loads(reply.body)), [])

    def test_every_parameter_is_taken_and_an_empty_one_is_refused(self):
        for operation in operations():
            with self.subTest(operation=operation.name):
                for parameter in map(resolved, operation.documented.get("parameters", ())):
                    sample = self.hubs.successes(operation)[0]
                    value = parameter.get("example")
                    if parameter["name"] == "cursor":
                        value = ask(self.hubs.well, operation, sample,
                                    self.hubs.tokens["reader"]).headers["listenpost-cursor"]
                    self.assertEqual(errors_of(parameter["schema"], value), [], parameter["name"])
                    place = {"query": "query", "header": "headers"}[parameter["in"]]
                    sample = sample._replace(**{place: {parameter["name"]: value}})
                    reply = ask(self.hubs.well, operation, sample, self.hubs.tokens[operation.token_kind])
                    self.assertLess(reply.status, 300, reply)
                    self.check(operation, reply)
                    # Of a cursor, empty means none yet.
                    if parameter["in"] == "query" and parameter["name"] != "cursor":
                        reply = ask(self.hubs.well, operation, sample._replace(query={parameter["name"]: ""}),
                                    self.hubs.tokens["reader"])
                        self.assertEqual(reply.status, 400, parameter["name"])

    def is_taken(self, schema, value):
        """Whether the hub takes it: as an item of a batch, a batch, a heartbeat or an enrolment."""
        device = self.hubs.tokens["device"]
        if schema in ("Response", "StaffEvent"):
            reply = self.hubs.call("batches", self.hubs.well, Request(body=packed({**BATCH, "responses": [value]})),
                                   device)
            # A conflict with what was kept before is no fault of its form.
            return reply.status == 200 and not any(each["code"] == "invalid"
                                                   for each in json.loads(reply.body)["refused"])
        path = {"Batch": "batches", "Heartbeat": "heartbeat", "Enrolment": "enrol"}[schema]
        return self.hubs.call(path, self.hubs.well, Request(body=packed(value)), device).status in (200, 204)

    def test_the_hub_requires_of_a_request_what_the_file_requires(self):
        samples = {"Response": BATCH["responses"][0], "StaffEvent": EVENT, "Batch": BATCH, "Heartbeat": HEARTBEAT,
                   "Enrolment": {"code": None, "install": INSTALL, "name": "x"}}
        for name, sample in samples.items():
            schema = DOCUMENT["components"]["schemas"][name]
            self.assertEqual(set(sample), set(schema["properties"]), "the sample has every member")
            for member in (None, *sample):
                with self.subTest(schema=name, without=member):
                    if name == "Enrolment":
                        sample = {**sample, "code": self.hubs.well.invite(self.hubs.store)}
                    value = {each: content for each, content in sample.items() if each != member}
                    allowed = not errors_of({"$ref": f"#/components/schemas/{name}"}, value)
                    self.assertEqual(allowed, member not in schema["required"])
                    if (name, member) != ("StaffEvent", "event"):  # without it, it is judged as a response
                        self.assertEqual(self.is_taken(name, value), allowed)

    def test_the_hub_refuses_values_that_the_file_forbids(self):
        wrong = {
            "seq": [0, 1.5, "1", 2 ** 53], "opened_ms": [-1, 253402300800000], "took_ms": [-1], "steady_ms": ["x"],
            "answers": [[], [{"score": 1}], [{"q": "a"}], [{"q": "", "score": 1}], [{"q": "a", "score": 11}],
                        [{"q": "a", "choices": []}], [{"q": "a", "minutes": 1441}], [{"q": "a", "text": ""}],
                        [{"q": "a", "text": "字" * 141}], [{"q": "a", "score": 1}] * 21],
            "comment": ["x" * 2001, None], "flags": [[""], ["a"] * 21], "outcome": ["done"], "closed_by": [""],
            "clock_set": [1], "boot": ["x" * 41], "survey": ["", "x" * 65], "survey_version": [-1],
            "touchpoint": ["x" * 65], "lang": [5]}
        self.assertEqual(set(wrong), set(DOCUMENT["components"]["schemas"]["Response"]["properties"]))
        for member, values in wrong.items():
            for value in values:
                with self.subTest(member=member, value=str(value)[:40]):
                    sample = {**BATCH["responses"][0], member: value}
                    self.assertNotEqual(errors_of({"$ref": "#/components/schemas/Response"}, sample), [])
                    self.assertFalse(self.is_taken("Response", sample))


if __name__ == "__main__":
    unittest.main()
