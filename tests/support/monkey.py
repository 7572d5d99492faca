"""Somebody, or somebody's child, who does to the screen whatever hands can do; and now and then a customer.

Contract
- Real X events on the real kiosk (finger.py), about fifty a second, and between them whole visits of
  a customer whose every word is known beforehand. The survey asks every kind of question.
- Found wrong (Outcome.problems): the process ended; a sanitizer spoke; the UI map is no sane map; an
  untouched first screen that is not, widget by widget, the one the first customer met; anybody's
  words on a first screen; a visit that is not in store.db exactly once and as it was tapped; a
  thank-you seen without its row; memory that grows.
- The same seed makes the same choices; what they meet depends on the machine's pace.
"""

import json
import random
import re
import sqlite3
import statistics
import time
from dataclasses import dataclass, field

from customer import Customer, asked, first_page, is_fresh
from finger import LEFT, MIDDLE, RIGHT, WHEEL_DOWN, WHEEL_UP, Finger
from listenpost_driver import Display, Kiosk, load_survey
from measure import pss_mb
from processes import Gone, wait_until
from typist import Typist, store_sentences

WIDTH, HEIGHT = 1280, 800
SCREENS = {"attract", "rate", "reasons", "follow_up", "comment", "thanks", "timeout", "out_of_service"}
KEYS = ["Left", "Right", "Up", "Down", "Return", "space", "Escape", "Tab", "BackSpace", "a", "5", "F1", "F11", "Print",
        "alt+F4", "alt+Tab", "ctrl+c", "ctrl+q", "ctrl+w", "ctrl+alt+Delete", "ctrl+alt+F1", "super+l", "shift+Tab",
        "ctrl+Return", "Delete", "Menu"]
ARROWS = KEYS[:5]
# What ends a visit that the monkey began, in the order in which a person would see it.
WAYS_OUT = ["give_up", "panel.close", "again", "skip", "submit", "start"]
# Typed by customers, beside the store's sentences.
ENGLISH = ["late again", "table 7 was wet", "good soup"]
SANITIZERS = re.compile(r"AddressSanitizer|LeakSanitizer|runtime error:|UndefinedBehavior")


def every_kind_of_question(folder):
    """The restaurant's survey with the kinds it has not, as a file of its own; its content."""

    def say(chinese, english):
        return {"zh-CN": chinese, "zh-TW": chinese, "en": english, "ja": english, "ko": english}

    def options(*names):
        return [{"id": name, "text": say(name, name)} for name in names]

    survey = load_survey()
    survey["id"] = "every-kind"
    survey.pop("$schema", None)
    survey["questions"] += [
        {"id": "how", "kind": "single_choice", "title": say("怎么点的", "How did you order?"),
         "options": options("app", "desk", "table"), "when": "service <= 3"},
        {"id": "queue", "kind": "minutes", "title": say("排了多久", "How long did you queue?"),
         "minutes": [5, 10, 20, 40], "when": "service <= 3"},
        {"id": "noise", "kind": "rating", "scale": "faces3", "title": say("安静吗", "Quiet?"),
         "when": "cleanliness <= 3"},
        {"id": "note", "kind": "text", "title": say("想说什么", "What else?"), "when": "quality = 3"},
        {"id": "friends", "kind": "rating", "scale": "nps", "title": say("会推荐吗", "Recommend us?"),
         "score_labels": [say("不会", "No"), say("一定会", "Surely")], "when": "quality <= 4"},
    ]
    path = folder / "every-kind.json"
    path.write_text(json.dumps(survey, ensure_ascii=False, indent=1), encoding="utf-8")
    return path, survey


class Store:
    """store.db as it lies on the disk."""

    def __init__(self, path):
        self._database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self._database.row_factory = sqlite3.Row

    def close(self):
        self._database.close()

    def is_made(self):
        return self._database.execute("PRAGMA user_version").fetchone()[0] > 0

    def responses(self, after=0):
        return [{**row, "answers": json.loads(row["answers"])} for row in map(dict, self._database.execute(
            "SELECT seq, lang, outcome, closed_by, answers, comment FROM response WHERE seq > ? ORDER BY seq", (after,)))]

    def last_seq(self):
        return self._database.execute("SELECT coalesce(max(seq), 0) FROM response").fetchone()[0]

    def has_draft(self):
        return self._database.execute("SELECT count(*) FROM draft").fetchone()[0] > 0


@dataclass
class Outcome:
    events: int = 0
    visits: int = 0  # honest ones, compared word by word
    responses: int = 0  # rows in store.db
    thanked: int = 0  # thank-yous seen
    lost: int = 0
    problems: list = field(default_factory=list)
    memory: list = field(default_factory=list)  # (seconds, PSS in MB), each on an untouched first screen

    def thirds(self):
        """Medians of the first, second and last third of the samples; None before there are three."""
        values = [pss for _, pss in self.memory]
        size = len(values) // 3
        if not size:
            return None
        return [statistics.median(part) for part in (values[:size], values[size:-size], values[-size:])]

    def leaked_mb(self):
        thirds = self.thirds()
        return thirds[2] - thirds[0] if thirds else 0.0


class WatchedKiosk(Kiosk):
    """Shows `watch` every map that is read."""

    watch = None
    _watched = None

    def map(self):
        ui = super().map()
        if self.watch and ui is not None and ui is not self._watched:
            self._watched = ui
            self.watch(ui)
        return ui


class TypingCustomer(Customer):
    """Also answers a question for a text, and writes comments of her own."""

    def visit_and_write(self, language):
        if language != self.record.language:
            self.choose_language(language)
        for question in first_page(self.survey):
            self.rate(question, 4)
        if self.open_comment():
            self.record.comment = self._write()
            self.submit()
        self.be_thanked()

    def _answer_follow_up(self):
        if asked(self.kiosk.map()) is not None:
            return super()._answer_follow_up()
        self.record.answers.append({"q": "note", "text": self._write()})
        self._enter(lambda: None)
        return self.kiosk.tap("submit", lambda ui: ui.screen not in ("follow_up", "timeout")
                              or asked(ui) is not None).screen

    def _say_something(self):
        if self.random.random() < 0.4:
            return super()._say_something()
        if self.open_comment():
            self.record.comment = self._write()
            self._enter(lambda: None)
            self.submit()

    def _write(self):
        if self.record.language == "zh-CN":
            text, letters = self.random.choice(store_sentences())
            Typist(self.kiosk).pinyin(text, letters)
        else:
            text = self.random.choice(ENGLISH)
            Typist(self.kiosk).plain(text)
        return text


def let_loose(binaries, folder, seconds, seed, tell=lambda text: None):
    """The kiosk of `binaries` on a display of its own, with its data in `folder`, and a monkey; Outcome."""
    display = Display(folder, f"{WIDTH}x{HEIGHT}").start()
    try:
        path, survey = every_kind_of_question(folder)
        # Short, so that whoever the monkey was is gone soon; long enough for a customer on a busy machine.
        options = ["--lang", survey["languages"][0], "--survey", path, "--idle-seconds", "3", "--thanks-seconds", "2"]
        kiosk = WatchedKiosk(binaries, folder / "box", display, options).start()
        try:
            return Monkey(kiosk, display, survey, seed).run(seconds, tell)
        finally:
            kiosk.kill()
    finally:
        display.stop()


def without_marks(widgets):
    """Without what the first screen may show besides: the keypad's focus, where an arrow key came before the first
    tap, and the dot that tells staff of a very low rating."""
    return {name: {key: value for key, value in widget.items() if key != "focused"}
            for name, widget in widgets.items() if name != "manager.dot"}


class Monkey:
    """`kiosk`: a WatchedKiosk that runs, in its first language, on `display`."""

    def __init__(self, kiosk, display, survey, seed):
        self.kiosk = kiosk
        self.survey = survey
        self.random = random.Random(seed)
        self.finger = Finger(display)
        self.outcome = Outcome()
        self._first_screen = None  # id -> widget, as the first customer met it
        self._last_screen = None
        self._said = set()  # by customers so far
        self._store = None
        kiosk.use(self.finger)
        kiosk.watch = self._look

    def run(self, seconds, tell=lambda text: None):
        """Outcome; ends early at the first problem: what follows one proves little."""
        began = time.monotonic()
        try:
            self._calm()
            self._first_screen = self.kiosk.map().widgets
            # The first screen does not wait for it.
            wait_until((self.kiosk.data / "store.db").exists, "store.db")
            self._store = Store(self.kiosk.data / "store.db")
            wait_until(self._store.is_made, "the tables of store.db")
            for language in self.survey["languages"]:  # each loads what it needs: memory is watched from here on
                self._visit(lambda customer, language=language: customer.visit_and_write(language))
            told = 0.0
            while not self.outcome.problems and time.monotonic() - began < seconds:
                self._go_wild(self.random.randint(20, 200))
                self._calm()
                self._visit(TypingCustomer.visit)
                passed = time.monotonic() - began
                self.outcome.memory.append((passed, pss_mb(self.kiosk.program.pid)))
                self._compare_thanks()
                if passed - told >= 30:
                    told = passed
                    tell(f"{passed:5.0f} s  {self.finger.events:7} events  {self._store.last_seq():5} responses  "
                         f"{self.outcome.memory[-1][1]:6.1f} MB")
        except (Gone, AssertionError) as error:
            self._problem(str(error))
        self._finish()
        return self.outcome

    def _finish(self):
        if self._store:
            self.outcome.responses = self._store.last_seq()
            self._store.close()
        self.outcome.events = self.finger.events
        self.finger.close()
        if self.kiosk.program.alive:
            code = self.kiosk.stop()
            if code != 0:
                self._problem(f"the kiosk's end was {code}, not 0:\n{self.kiosk.program.log_tail()}")
        log = self.kiosk.program.log.read_text(encoding="utf-8", errors="replace")
        if SANITIZERS.search(log):
            self._problem("a sanitizer spoke:\n" + log[SANITIZERS.search(log).start():][:4000])

    def _problem(self, text):
        self.outcome.problems.append(text)

    # --- what must hold ---------------------------------------------------------------------

    def _look(self, ui):
        """At every map, whoever reads it."""
        self._check_sane(ui)
        before, self._last_screen = self._last_screen, ui.screen
        if ui.screen == "thanks" and before != "thanks":
            self.outcome.thanked += 1
        if ui.screen in ("rate", "attract") and before != ui.screen and self._store:
            self._said |= {text for row in self._store.responses() for text in texts_of(row)}
            for widget in ui.widgets.values():
                if any(said in str(widget["label"]) for said in self._said):
                    self._problem(f"a customer's words on the next one's screen: {widget}")

    def _check_sane(self, ui):
        wrong = [] if ui.screen in SCREENS else [f"screen {ui.screen}"]
        if ui.language not in self.survey["languages"]:
            wrong.append(f"language {ui.language}")
        for name, box in ui.widgets.items():
            if box["w"] <= 0 or box["h"] <= 0 or box["x"] < 0 or box["y"] < 0 or \
                    box["x"] + box["w"] > WIDTH or box["y"] + box["h"] > HEIGHT or not name:
                wrong.append(f"{name} at {box}")
        if wrong:
            self._problem(f"the UI map of {ui.screen}: {wrong}")

    def _compare_thanks(self):
        """Every thank-you is a row that says so. On an untouched first screen nothing is under way."""
        rows = self._store.responses()
        finished = sum(row["closed_by"] == "finish" for row in rows)
        if finished != self.outcome.thanked:
            self.outcome.lost += abs(self.outcome.thanked - finished)
            self._problem(f"{self.outcome.thanked} thank-yous were seen, {finished} responses say so")
        if [row["seq"] for row in rows] != list(range(1, len(rows) + 1)):
            self._problem("the sequence has a gap")
        questions = first_page(self.survey)
        for row in rows:
            rated = {answer["q"] for answer in row["answers"] if "score" in answer}
            if (row["outcome"] == "complete") != all(question in rated for question in questions):
                self._problem(f"an outcome that its answers do not bear out: {row}")

    # --- a customer -------------------------------------------------------------------------

    def _calm(self):
        """Ends whatever is under way, until the untouched first screen of the first language is there."""
        first = self.survey["languages"][0]

        def is_first_screen(ui):
            return is_fresh(ui) and ui.language == first and (
                self._first_screen is None or without_marks(ui.widgets).keys() == without_marks(self._first_screen).keys())

        deadline = time.monotonic() + 60
        while not is_first_screen(ui := self.kiosk.map()):
            ways = [way for way in WAYS_OUT if ui.enabled(way)] or [
                widget for question in first_page(self.survey) for widget in ui.ids(f"rate.{question}.")
                if ui.enabled(widget) and not any(map(ui.chosen, ui.ids(f"rate.{question}.")))]
            if ways:
                box = ui.widgets[ways[0]]
                self.finger.click(box["x"] + box["w"] / 2, box["y"] + box["h"] / 2)
            self.kiosk.program.check_alive()
            time.sleep(0.05)
            if time.monotonic() > deadline:
                raise AssertionError(f"stuck on {ui.screen}: {sorted(ui.widgets)}")
        if self._store:
            wait_until(lambda: not self._store.has_draft(), "the last response to be closed")
        if self._first_screen is not None and without_marks(ui.widgets) != without_marks(self._first_screen):
            self._problem(f"not the first screen that the first customer met: {ui.widgets}")

    def _visit(self, act):
        before = self._store.last_seq()
        customer = TypingCustomer(self.kiosk, self.survey, self.random)
        act(customer)
        self._calm()
        rows = self._store.responses(after=before)
        self.outcome.visits += 1
        said = [{key: row[key] for key in ("lang", "answers", "comment", "outcome", "closed_by")} for row in rows]
        if said != [customer.record.expected()]:
            self.outcome.lost += 1
            self._problem(f"tapped {customer.record.expected()}, stored {said}")

    # --- the monkey -------------------------------------------------------------------------

    def _go_wild(self, gestures):
        kinds = [self._tap, self._hammer, self._drag, self._press_and_leave, self._other_button, self._wheel,
                 self._arrows, self._chords, self._two_buttons]
        for kind in self.random.choices(kinds, [60, 6, 5, 8, 3, 2, 6, 4, 2], k=gestures):
            self.kiosk.program.check_alive()
            self.kiosk.map()  # looked at between any two gestures
            kind()
            time.sleep(self.random.expovariate(1 / 0.015))

    def _place(self):
        """Mostly on something that can be touched."""
        ui = self.kiosk.map()
        if ui.widgets and self.random.random() < 0.8:
            box = self.random.choice(list(ui.widgets.values()))
            return box["x"] + self.random.random() * box["w"], box["y"] + self.random.random() * box["h"]
        return self.random.randrange(WIDTH), self.random.randrange(HEIGHT)

    def _tap(self):
        self.finger.click(*self._place())

    def _hammer(self):
        place = self._place()
        for _ in range(self.random.randint(2, 12)):
            self.finger.click(*place)

    def _drag(self):
        self.finger.move(*self._place())
        self.finger.down()
        for _ in range(self.random.randint(3, 15)):
            self.finger.move(*self._place())
        self.finger.up()

    def _press_and_leave(self):
        self.finger.move(*self._place())
        self.finger.down()
        time.sleep(self.random.random() * 0.2)
        self.finger.move(*self._place())
        self.finger.up()

    def _other_button(self):
        self.finger.click(*self._place(), button=self.random.choice([MIDDLE, RIGHT]))

    def _wheel(self):
        self.finger.move(*self._place())
        for _ in range(self.random.randint(1, 6)):
            button = self.random.choice([WHEEL_UP, WHEEL_DOWN])
            self.finger.down(button)
            self.finger.up(button)

    def _arrows(self):
        for _ in range(self.random.randint(1, 8)):
            self.finger.chord(self.random.choice(ARROWS))

    def _chords(self):
        self.finger.chord(self.random.choice(KEYS))

    def _two_buttons(self):
        self.finger.move(*self._place())
        self.finger.down(LEFT)
        self.finger.down(RIGHT)
        self.finger.move(*self._place())
        self.finger.up(LEFT)
        self.finger.up(RIGHT)


def texts_of(row):
    """What somebody wrote: long enough not to stand in a button's label by itself."""
    return {text for text in [row["comment"], *(answer.get("text", "") for answer in row["answers"])] if len(text) >= 4}
