#!/usr/bin/env python3
"""The schema for editors says of a survey what the kiosk's reader says: an editor that is
content means a clean `--check`, but for what no schema can express (listed below)."""

import copy
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import jsonschema

SURVEYS = Path(__file__).resolve().parents[3] / "assets" / "surveys"
SCHEMA = json.loads((SURVEYS / "survey.schema.json").read_text(encoding="utf-8"))
READER = None  # the program that prints what the reader says


def both(text):
    return {"zh-CN": text, "en": text}


def valid():
    return {
        "id": "sample", "version": 1, "languages": ["zh-CN", "en"],
        "brand": both("茶语"), "headline": both("怎么样？"), "subline": both("三下就好"),
        "privacy": both("不记姓名"), "thanks_title": both("谢谢"), "thanks_promise": both("会看"),
        "attract": {"headline": both("来"), "subline": both("点")},
        "thanks_steps": [{"when": both("现在"), "what": both("存好")}],
        "score_labels": [both(label) for label in "12345"],
        "phrases": [both("会再来")],
        "vocabulary": ["三分糖", {"word": "鸡肉没熟", "pinyin": "ji rou mei shu"}],
        "opening_hours": [{"days": ["mon", "sun"], "from": "09:30", "to": "24:00"}],
        "theme": {"primary": "#17615F", "logo": "chain.png"},
        "questions": [
            {"id": "quality", "dimension": "quality", "title": both("品质"),
             "reasons": [{"id": "salty", "text": both("偏咸")}]},
            {"id": "dish", "kind": "multiple_choice", "title": both("哪样"), "when": "quality <= 2 and quality has salty",
             "options": [{"id": "soup", "text": both("汤")}, {"id": "tea", "text": both("茶")}]},
            {"id": "wait", "kind": "minutes", "title": both("多久"), "minutes": [5, 10]},
            {"id": "nps", "scale": "nps", "title": both("推荐"), "score_labels": [both("不"), both("会")]},
            {"id": "idea", "kind": "text", "title": both("主意"), "weight": 0.5},
        ],
    }


def at(survey, path):
    for step in path[:-1]:
        survey = survey[step]
    return survey, path[-1]


# What is set (REMOVE: removed) where, and nothing else is wrong.
REMOVE = object()
FAULTS = [
    (("id",), "Sample!"), (("id",), REMOVE), (("id",), "a" * 41), (("id",), 5),
    (("version",), REMOVE), (("version",), 0), (("version",), "1"), (("version",), 1.5), (("version",), 1000001),
    (("languages",), []), (("languages",), ["zh-CN", "en", "中文"]), (("languages",), ["zh-CN", "en", "en"]),
    (("touchpoint",), "Exit"), (("brand",), "茶语"), (("brand",), REMOVE), (("headline",), both("")),
    (("headline",), both("a\nb")), (("privacy",), both("x" * 1001)), (("subline",), REMOVE),
    (("attract", "subline"), REMOVE), (("attract", "title"), both("x")),
    (("thanks_steps",), [{"when": both("x"), "what": both("x")}] * 4), (("thanks_steps", 0, "what"), REMOVE),
    (("score_labels",), [both("x")] * 4), (("score_labels",), [both("x")] * 6), (("reasons_at_most",), 6),
    (("phrases",), [both("x")] * 13), (("phrases",), "会再来"), (("colour",), "red"),
    (("vocabulary",), ["词"] * 501), (("vocabulary", 0), ""), (("vocabulary", 0), "长" * 21),
    (("vocabulary", 1, "word"), REMOVE), (("vocabulary", 1, "pinyin"), "Ji Rou Mei Shu"),
    (("vocabulary", 1, "pinyin"), "ji rou  mei shu"), (("vocabulary", 1, "reading"), "x"),
    (("opening_hours", 0, "from"), "9:30"), (("opening_hours", 0, "from"), "24:00"), (("opening_hours", 0, "to"), "24:01"),
    (("opening_hours", 0, "to"), REMOVE), (("opening_hours", 0, "days"), []), (("opening_hours", 0, "days"), ["monday"]),
    (("theme", "primary"), "teal"), (("theme", "logo"), "../chain.png"), (("theme", "font"), "x"),
    (("questions",), []), (("questions",), REMOVE), (("questions", 0, "id"), ""), (("questions", 0, "hnit"), both("x")),
    (("questions", 0, "kind"), "slider"), (("questions", 0, "scale"), "faces6"), (("questions", 0, "dimension"), "price"),
    (("questions", 0, "when"), "wait >= 1"), (("questions", 0, "title"), REMOVE),
    (("questions", 0, "reasons", 0, "text"), REMOVE), (("questions", 0, "reasons", 0, "icon"), "x"),
    (("questions", 0, "reasons_at_most"), 6), (("questions", 0, "score_labels"), [both("x")] * 4),
    (("questions", 1, "when"), "quality <="), (("questions", 1, "when"), "quality <= two"),
    (("questions", 1, "when"), "quality has salty then quality <= 2"), (("questions", 1, "when"), 2),
    (("questions", 1, "options"), REMOVE), (("questions", 2, "minutes"), REMOVE), (("questions", 2, "minutes"), [5]),
    (("questions", 2, "minutes"), [5, 1441]), (("questions", 2, "minutes"), [1, 4294967301]),
    (("questions", 3, "score_labels"), REMOVE), (("questions", 3, "reasons"), [{"id": "x", "text": both("x")}]),
    (("questions", 4, "weight"), 101), (("questions", 4, "weight"), "1"),
]

# Only the reader can know: what hangs together across the file.
READER_ONLY = [
    (("brand",), {"zh-CN": "茶语"}),  # a language missing
    (("questions", 1, "id"), "quality"),
    (("questions", 1, "options", 1, "id"), "soup"),
    (("questions", 1, "when"), "wait >= 1"),
    (("questions", 1, "when"), "quality has sweet"),
    (("questions", 2, "minutes"), [10, 5]),
    (("theme", "primary"), "#FFCC00"),  # too pale for its text
    (("vocabulary", 1, "pinyin"), "ji rou mei"),
    (("opening_hours", 0, "to"), "09:30"),
    (("questions", 4, "minutes"), [5, 10]),  # of another kind
]


def changed(path, value):
    survey = copy.deepcopy(valid())
    place, key = at(survey, path)
    if value is REMOVE:
        del place[key]
    else:
        place[key] = value
    return survey


def reader_says(surveys):
    """For each survey the lines the reader prints: faults and notes."""
    with tempfile.TemporaryDirectory(prefix="listenpost-surveys-") as folder:
        files = []
        for index, survey in enumerate(surveys):
            file = Path(folder) / f"{index:03}.json"
            file.write_text(json.dumps(survey), encoding="utf-8")
            files.append(str(file))
        said = subprocess.run([READER, *files], check=True, capture_output=True, text=True, timeout=50).stdout
    parts = [part.splitlines()[1:] for part in ("\n" + said).split("\n== ")[1:]]
    assert len(parts) == len(files), said
    return parts


class SchemaAgrees(unittest.TestCase):
    def setUp(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        self.schema = jsonschema.Draft202012Validator(SCHEMA)

    def test_both_accept_what_is_right(self):
        files = [file for file in SURVEYS.glob("*.json") if not file.name.endswith(".schema.json")]
        self.assertGreaterEqual(len(files), 3)
        surveys = [json.loads(file.read_text(encoding="utf-8")) for file in files] + [valid()]
        for survey, said in zip(surveys, reader_says(surveys)):
            with self.subTest(survey["id"]):
                self.assertEqual(said, [])
                self.assertEqual([error.message for error in self.schema.iter_errors(survey)], [])
        for file, survey in zip(files, surveys):
            self.assertEqual(survey.get("$schema"), "survey.schema.json", file.name)

    def test_both_refuse_what_is_wrong(self):
        surveys = [changed(*fault) for fault in FAULTS]
        for (path, value), survey, said in zip(FAULTS, surveys, reader_says(surveys)):
            with self.subTest(path=path, value="removed" if value is REMOVE else str(value)[:60]):
                self.assertFalse(self.schema.is_valid(survey), "the schema accepts it")
                self.assertNotEqual(said, [], "the reader accepts it")

    def test_only_the_reader_sees_what_hangs_together(self):
        surveys = [changed(*fault) for fault in READER_ONLY]
        for (path, value), survey, said in zip(READER_ONLY, surveys, reader_says(surveys)):
            with self.subTest(path=path, value=str(value)[:60]):
                self.assertTrue(self.schema.is_valid(survey), "the schema can say it after all: move it up")
                self.assertNotEqual(said, [])

    def test_every_member_is_described(self):
        def walk(node, path):
            if isinstance(node, dict):
                for name, member in node.get("properties", {}).items():
                    if isinstance(member, dict) and "if" not in path and "then" not in path \
                            and "prefixItems" not in path:
                        self.assertIn("description", member, f"{path}/{name}")
                for key, value in node.items():
                    walk(value, f"{path}/{key}")
            elif isinstance(node, list):
                for index, value in enumerate(node):
                    walk(value, f"{path}/{index}")
        walk(SCHEMA, "")


if __name__ == "__main__":
    READER = sys.argv.pop(1)
    unittest.main()
