#!/usr/bin/env python3
"""The real kiosk and agent under wrong clocks: what HQ pulls is placed within 2 s of the truth.

The wall clock is libfaketime's, whether it counts as set is clock_flag's; steady time and the boot are
this machine's own. Where it is about times the hub speaks plain HTTP: a clock that is set, and behind, takes no
certificate that is not valid yet.
"""

import csv
import io
import json
import os
import sys
import time
import unittest
from datetime import datetime, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
sys.dont_write_bytecode = True

from listenpost_driver import (BINARIES, BUILD, Certificates, Customer, Display, Kiosk, Scene,  # noqa: E402
                               first_page, is_fresh, kiosk_options, load_survey, must, run, wait_until)

HOUR = 3600
# What the hub promises.
CLOSE_MS = 2000


class FakedClock:
    """A machine's wall clock: programs that run in its environment see it, and see it change."""

    def __init__(self, folder, name):
        self._file = Path(folder) / f"{name}-clock"
        self._flag_file = Path(folder) / f"{name}-clock-flag"
        self.set(0, "unset")

    def set(self, seconds_off, flag):
        """`seconds_off`: from this machine's clock. `flag`: set or unset, as adjtimex tells it."""
        self.seconds_off = seconds_off
        for file, text in ((self._file, f"{seconds_off:+f}\n"), (self._flag_file, flag + "\n")):
            fresh = file.with_suffix(".new")
            fresh.write_text(text)
            fresh.rename(file)  # never half written under a reader's eyes

    def environment(self, **more):
        library = must(["faketime", "-f", "+0", "printenv", "LD_PRELOAD"]).stdout.strip()
        return {"LD_PRELOAD": f"{BUILD}/tests/libclock_flag.so:{library}", "CLOCK_FLAG_FILE": str(self._flag_file),
                "FAKETIME_TIMESTAMP_FILE": str(self._file), "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1", **more}


class WrongClock(unittest.TestCase):
    def set_up(self, store_timezone, **survey_members):
        """A hub with the right time, and a box whose clock is `self.clock`."""
        self.scene = scene = self.enterContext(Scene(start=("hub",), tls=False, timezone=store_timezone))
        self.clock = FakedClock(scene.folder, "box")
        scene.agent.program.environment = self.clock.environment()
        survey = load_survey()
        # Three ratings and no more: a visit is short.
        questions = [question for question in survey["questions"] if question["id"] in first_page(survey)]
        self.survey = {**survey, "questions": questions, **survey_members}
        file = scene.folder / "survey.json"
        file.write_text(json.dumps(self.survey, ensure_ascii=False), encoding="utf-8")
        display = Display(scene.folder).start()
        self.addCleanup(display.stop)
        self.kiosk = Kiosk(BINARIES, scene.folder / "box", display, kiosk_options(survey=file))
        self.kiosk.program.environment = self.clock.environment(**display.environment)
        self.addCleanup(self.kiosk.stop)
        self.truth_off = 0  # the world's clock, from this machine's

    def now_ms(self):
        return (time.time() + self.truth_off) * 1000

    def visit(self, in_between=lambda: None):
        """One customer; between which true times the first tap was."""
        customer = Customer(self.kiosk, self.survey, None)
        self.kiosk.wait(is_fresh, "an untouched rating screen")
        questions = first_page(self.survey)
        earliest = self.now_ms()
        customer.rate(questions[0], 5)
        latest = self.now_ms()
        in_between()
        for question in questions[1:]:
            customer.rate(question, 5)
        customer.submit()
        customer.be_thanked()
        self.kiosk.tap("again", is_fresh)
        return earliest, latest

    def pulled(self, visit):
        """The one new row at HQ, which must be placed when the visit's first tap was."""
        earliest, latest = visit
        rows = self.scene.pull_all(1)
        self.assertEqual(len(rows), 1)
        row = rows[0]
        self.assertTrue(earliest - CLOSE_MS <= row["at_ms"] <= latest + CLOSE_MS,
                        f"placed {row['at_ms'] - latest:+.0f} ms from the truth: {row}")
        self.assertLessEqual(row["at_ms"], row["received_ms"])
        self.assertLess(row["took_ms"], 60_000)
        return row

    def wrong_by(self, row):
        """Seconds by which the box's own reading was off: shows that the programs were really misled."""
        return round((row["opened_ms"] - row["at_ms"]) / 1000)

    def test_taps_are_placed_right_whatever_the_clock_says(self):
        self.set_up("Asia/Shanghai")
        agent, clock = self.scene.agent, self.clock

        clock.set(-int(time.time()) + 60, "unset")
        self.kiosk.start()
        agent.start()
        row = self.pulled(self.visit())
        self.assertEqual((datetime.fromtimestamp(row["opened_ms"] / 1000, timezone.utc).year, row["clock_set"]),
                         (1970, False))

        agent.stop()
        clock.set(-5 * HOUR, "unset")
        visit = self.visit()
        clock.set(0, "set")
        agent.start()
        row = self.pulled(visit)
        self.assertAlmostEqual(self.wrong_by(row), -5 * HOUR, delta=3)

        row = self.pulled(self.visit(in_between=lambda: clock.set(-3 * HOUR, "set")))
        self.assertAlmostEqual(self.wrong_by(row), 0, delta=3)
        self.assertLess(row["took_ms"], 30_000, "the jump is no part of the visit")

        clock.set(7 * HOUR, "set")
        row = self.pulled(self.visit())
        self.assertAlmostEqual(self.wrong_by(row), 7 * HOUR, delta=3)
        self.assertTrue(row["clock_set"])

        # The machine is moved to another zone: nothing of the box asks for it.
        clock.set(0, "set")
        self.kiosk.stop()
        self.kiosk.program.environment["TZ"] = "America/New_York"
        agent.program.environment["TZ"] = "America/New_York"
        agent.stop()
        agent.start()
        self.kiosk.start()
        self.assertAlmostEqual(self.wrong_by(self.pulled(self.visit())), 0, delta=3)
        print("1970, set before the sending, a jump back, ahead all the time, another TZ: all placed right",
              flush=True)

    def test_a_clock_in_1970_keeps_no_certificate_from_being_believed(self):
        scene = self.enterContext(Scene(start=("hub",)))
        clock = FakedClock(scene.folder, "box")
        agent = scene.agent
        must([BUILD / "bench/make_backlog", agent.data / "store.db", 3])

        def run_agent(*words):
            return run([agent.binary, *words, "--data", agent.data], env={**os.environ, **clock.environment()})

        def trouble():
            return agent.status()["error"]["text"]

        # Enrolled and delivered in a net without a time service, on a box without a battery.
        clock.set(-int(time.time()) + 60, "unset")
        enrolled = run_agent("enrol", "--hub", scene.hub.url, "--code", scene.hub.invite(scene.store, "back door"),
                             *scene.hub.ca_options)
        self.assertEqual(enrolled.returncode, 0, enrolled.stderr)
        self.assertEqual(run_agent("once").returncode, 0)
        self.assertEqual(len(scene.pull_all(3)), 3)

        # Somebody else's certificate is no better for it.
        must([BUILD / "bench/make_backlog", agent.data / "more.db", 5])
        for part in ("", "-wal", "-shm"):
            (agent.data / f"store.db{part}").unlink(missing_ok=True)
        (agent.data / "more.db").rename(agent.data / "store.db")
        stranger = Certificates(scene.folder / "stranger")
        enrolled = run_agent("enrol", "--hub", scene.hub.url, "--code", scene.hub.invite(scene.store, "cellar"),
                             "--ca", stranger.ca)
        self.assertEqual(enrolled.returncode, 1, enrolled.stderr)
        self.assertIn("certificate", enrolled.stderr)

        # A clock that is set counts, though it is wrong: five hours behind the hub's certificate. (Not behind this
        # machine's: after midnight that is before the day on which the program was built, and so no clock.)
        scene.hub.certificates.sign(hours_ahead=5)
        must(["kill", "-HUP", scene.hub.program.pid])
        wait_until(lambda: "certificate_reloaded" in scene.hub.program.log_tail(), "the hub to load it")
        clock.set(0, "set")
        self.assertEqual(run_agent("once").returncode, 1)
        self.assertIn("certificate is not yet valid", trouble())
        clock.set(6 * HOUR, "set")
        self.assertEqual(run_agent("once").returncode, 0)
        print("1970: enrolled and delivered under TLS; another authority refused; set and behind: refused and told",
              flush=True)

    def test_nights_of_summer_time_are_those_of_the_store(self):
        # A quarter past two exists twice in autumn, and not at all in spring.
        self.set_up("Europe/Berlin", opening_hours=[{"days": ["sun"], "from": "02:00", "to": "02:30"}])
        self.kiosk.program.environment["TZ"] = "Pacific/Auckland"
        # The whole world is at that night, the hub too.
        self.scene.hub.stop()
        self.scene.hub.environment = self.clock.environment()
        nights = {"2026-10-25T00:15:00Z": True, "2026-10-25T01:15:00Z": True,
                  "2027-03-28T00:15:00Z": False, "2027-03-28T01:15:00Z": False}
        self.go_to(next(iter(nights)))
        self.scene.hub.start()
        self.scene.agent.start()
        self.kiosk.start()
        for night, is_open in nights.items():
            self.go_to(night)
            row = self.pulled(self.visit())
            self.assertAlmostEqual(self.wrong_by(row), 0, delta=3)
            self.assertEqual("outside_hours" not in row.get("flags", []), is_open, f"{night}: {row}")
        table = csv.DictReader(io.StringIO(self.scene.hub.reader(self.scene.folder, "analyst").pull_csv()))
        self.assertEqual([line["at_utc"][:16] for line in table],
                         [night[:16] for night in nights])
        print("four customers around the changes of summer time: UTC right, hours by the store's zone", flush=True)

    def go_to(self, moment):
        self.truth_off = datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp() - time.time()
        self.clock.set(self.truth_off, "set")


if __name__ == "__main__":
    unittest.main()
