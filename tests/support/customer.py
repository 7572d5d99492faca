"""A customer made up by a random generator, and the record of what she tapped."""

import copy
from dataclasses import dataclass, field

# What walks away, in shares of all customers; the others finish.
LEAVES_EARLY = 0.14
LEAVES_AT_REASONS = 0.05


@dataclass
class Record:
    """What HQ must get for one customer. Filled while she taps, so it is right wherever she is cut off."""

    language: str
    answers: list = field(default_factory=list)  # [{"q", "score" …}] as on the wire
    phrases: list = field(default_factory=list)  # indices, as they were tapped
    comment: str = ""
    outcome: str = "partial"
    closed_by: str = "finish"
    thanked: bool = False  # the screen said so
    closed: bool = False  # thanked, or left and closed by the time-out
    history: list = field(default_factory=list)  # content() after each tap, tried or seen, oldest first

    def content(self):
        """The part that a customer says, as comparable text-and-number data."""
        return copy.deepcopy({"lang": self.language, "answers": self.answers, "comment": self.comment})

    def expected(self):
        return {**self.content(), "outcome": self.outcome, "closed_by": self.closed_by}

    def answer(self, question):
        return next((answer for answer in self.answers if answer["q"] == question), None)


def content_of(row):
    """A pulled row's part that a customer says, shaped as Record.content()."""
    return {"lang": row["lang"], "answers": copy.deepcopy(row["answers"]), "comment": row.get("comment", "")}


def expected_of(row):
    """A pulled row, shaped as Record.expected()."""
    return {**content_of(row), "outcome": row["outcome"], "closed_by": row["closed_by"]}


class Customer:
    """Taps one response on `kiosk`. `survey`: the survey file's content. `random`: decides everything.

    A tap is entered in the record before it is made: wherever she is cut off, what the
    box has stored is one of `record.history`.
    """

    def __init__(self, kiosk, survey, random):
        self.kiosk = kiosk
        self.survey = survey
        self.random = random
        self.record = Record(language=survey["languages"][0])

    # --- what she can do -------------------------------------------------------------------

    def rate(self, question, score):
        def change():
            answer = self.record.answer(question)
            if answer is None:
                answer = {"q": question, "score": score}
                self.record.answers.append(answer)
            answer["score"] = score
            if score > self.survey["reasons_at_most"]:
                answer.pop("reasons", None)

        self._tap(f"rate.{question}.{score}", lambda ui: ui.chosen(f"rate.{question}.{score}"), change)

    def toggle_reason(self, question, reason):
        widget = f"reason.{question}.{reason}"

        def change():
            answer = self.record.answer(question)
            reasons = answer.setdefault("reasons", [])
            reasons.remove(reason) if reason in reasons else reasons.append(reason)
            if not reasons:
                del answer["reasons"]

        wanted = reason not in self.record.answer(question).get("reasons", [])
        self._tap(widget, lambda ui: widget in ui.widgets and ui.chosen(widget) == wanted, change)

    def toggle_phrase(self, index):
        widget = f"phrase.{index}"
        wanted = index not in self.record.phrases
        while widget not in self.kiosk.map().widgets:  # the screen shows a page of them
            page = self.kiosk.map().ids("phrase.")
            self.kiosk.tap("phrase.more", lambda ui, page=page: ui.ids("phrase.") not in (page, []))

        def change():
            phrases = self.record.phrases
            phrases.remove(index) if index in phrases else phrases.append(index)
            self._rebuild_comment()

        self._tap(widget, lambda ui: widget in ui.widgets and ui.chosen(widget) == wanted, change)

    def choose_language(self, language):
        def change():
            self.record.language = language
            self._rebuild_comment()

        widget = f"lang.{language}"
        if not self.kiosk.map().enabled(widget):
            self.kiosk.tap("lang.more", lambda ui: ui.enabled(widget))
        self._tap(widget, lambda ui: ui.language == language, change)

    def open_comment(self):
        """False if the screen had gone on to the thank-you by itself meanwhile."""
        return self.kiosk.tap("comment.open", lambda ui: ui.screen in ("comment", "thanks")).screen == "comment"

    def go_back(self):
        self.kiosk.tap("back", lambda ui: ui.screen not in ("comment", "timeout"))

    def submit(self):
        """The screen's main button; the name of the screen it leads to."""
        here = self.kiosk.tap("more_time", lambda ui: ui.screen != "timeout").screen
        return self.kiosk.tap("submit", lambda ui: ui.screen not in (here, "timeout")).screen

    def skip(self):
        def change():
            if screen == "comment":
                self.record.phrases.clear()
                self._rebuild_comment()
            elif screen == "follow_up":
                self.record.answers = [answer for answer in self.record.answers if answer["q"] != question]
            else:
                for answer in self.record.answers:
                    answer.pop("reasons", None)

        here = self.kiosk.map()
        screen, question = here.screen, asked(here)
        self._enter(change)
        return self.kiosk.tap("skip", lambda ui: ui.screen not in (screen, "timeout") or asked(ui) != question).screen

    def choose(self, widget):
        """An option, minutes or a score of the question on the screen."""
        kind, question, said = widget.split(".")

        def change():
            answer = self.record.answer(question)
            if answer is None:
                answer = {"q": question}
                self.record.answers.append(answer)
            if kind == "option":
                answer.setdefault("choices", []).append(said)
            else:
                answer["minutes" if kind == "minutes" else "score"] = int(said)

        self._tap(widget, lambda ui: ui.chosen(widget) or asked(ui) != question, change)

    def be_thanked(self):
        self.kiosk.wait_for_screen("thanks")
        self.record.thanked = True
        self._closed("finish")

    def walk_away(self):
        """No more taps: the screen warns, and then closes what was said."""
        self.kiosk.wait_for_screen("timeout")
        if self.random.random() < 0.7:
            self.kiosk.tap("give_up", is_fresh)
        self.kiosk.wait(is_fresh, "the next customer's screen")
        self._closed("timeout")

    # --- a whole visit ---------------------------------------------------------------------

    def visit(self):
        """From an untouched screen to the next one; the record."""
        self.kiosk.wait(lambda ui: is_fresh(ui) and ui.language == self.survey["languages"][0],
                        "an untouched rating screen in the survey's first language")
        choice = self.random.random()
        if self.random.random() < 0.3:
            self.choose_language(self._other_language())
        questions = first_page(self.survey)
        if self.random.random() < 0.3:
            self.random.shuffle(questions)
        if choice < LEAVES_EARLY:
            for question in questions[:self.random.randint(1, len(questions) - 1)]:
                self.rate(question, self._score())
            self.walk_away()
            return self.record

        self._rate_all(questions)
        if self.random.random() < 0.15:
            self._say_something()
            return self._end()
        screen = self.submit()
        if screen == "reasons":
            self._give_reasons()
            if choice < LEAVES_EARLY + LEAVES_AT_REASONS:
                self.walk_away()
                return self.record
            if self.random.random() < 0.3:
                self._say_something()
                return self._end()
            screen = self._skip_or_submit()
        while screen == "follow_up":
            screen = self._answer_follow_up()
        return self._end()

    def _answer_follow_up(self):
        """One further question; the screen after it."""
        here = self.kiosk.map()
        question = asked(here)
        offered = [widget for kind in ("option.", "minutes.", "rate.") for widget in here.ids(kind)]
        is_multiple = any(each["id"] == question and each.get("kind") == "multiple_choice"
                          for each in self.survey["questions"])
        for widget in self.random.sample(offered, self.random.randint(0, 2) if is_multiple else 1):
            self.choose(widget)
        if not self.record.answer(question) and self.random.random() < 0.5:
            return self.skip()
        return self.kiosk.tap("submit", lambda ui: ui.screen not in ("follow_up", "timeout")
                              or (ui.screen == "follow_up" and asked(ui) != question)).screen

    def _rate_all(self, questions):
        for question in questions[:-1]:
            self.rate(question, self._score())
            if self.random.random() < 0.15:  # a slip, put right
                self.rate(question, self._score(besides=self.record.answer(question)["score"]))
        self.rate(questions[-1], self._score())

    def _give_reasons(self):
        offered = self.kiosk.wait_for_screen("reasons").ids("reason.")
        for widget in self.random.sample(offered, self.random.randint(0, min(3, len(offered)))):
            if self.kiosk.map().enabled(widget):  # one tray may fold another away
                _, question, reason = widget.split(".")
                self.toggle_reason(question, reason)
                if self.random.random() < 0.1:
                    self.toggle_reason(question, reason)

    def _say_something(self):
        if not self.open_comment():
            return
        for index in self.random.sample(range(len(self.survey["phrases"])), self.random.randint(1, 3)):
            self.toggle_phrase(index)
        self._skip_or_submit()

    def _skip_or_submit(self):
        if self.random.random() < 0.15 and self.kiosk.map().enabled("skip"):
            return self.skip()
        return self.submit()

    def _end(self):
        self.be_thanked()
        self.kiosk.tap("again" if self.random.random() < 0.5 else "submit", is_fresh)
        return self.record

    # --- helpers ---------------------------------------------------------------------------

    def _tap(self, widget, seen, change):
        self._enter(change)
        self.kiosk.tap(widget, seen)

    def _enter(self, change):
        change()
        if self.record.answers:
            self.record.outcome = "complete" if all(self.record.answer(each) for each in first_page(self.survey)) else "partial"
            self.record.history.append(self.record.content())

    def _closed(self, closed_by):
        self.record.closed_by = closed_by
        self.record.closed = True

    def _score(self, besides=None):
        return self.random.choice([score for score in (1, 2, 3, 3, 4, 4, 5, 5) if score != besides])

    def _other_language(self):
        return self.random.choice([code for code in self.survey["languages"] if code != self.record.language])

    def _rebuild_comment(self):
        language = self.record.language
        between = "，" if language.startswith("zh") else "、" if language == "ja" else ", "
        self.record.comment = between.join(self.survey["phrases"][index][language]
                                           for index in self.record.phrases)


def first_page(survey):
    """Ids of the questions that the first screen rates: at most three, before any other."""
    ids = []
    for question in survey["questions"]:
        if question.get("kind", "rating") != "rating" or "when" in question or question.get("scale") == "nps":
            break
        ids.append(question["id"])
    return ids[:3]


def asked(ui):
    """The id of the one question that a further screen asks; None elsewhere."""
    if ui.screen != "follow_up":
        return None
    return next((widget.split(".")[1] for kind in ("option.", "minutes.", "rate.") for widget in ui.ids(kind)), None)


def is_fresh(ui):
    """The rating screen as every customer must find it: nothing chosen by the one before."""
    return ui.screen == "rate" and not any(ui.chosen(widget) for widget in ui.ids("rate."))


def scripted_customer(kiosk, survey, random):
    """One customer's visit with varied behaviour; the record of what she tapped."""
    return Customer(kiosk, survey, random).visit()
