#!/usr/bin/env python3
"""Plants one violation of every kind in a copy of nothing but itself: each must be found."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
sys.dont_write_bytecode = True

import check_layers  # noqa: E402


class CheckLayers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="listenpost-layers-")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for header in ("platform/base/result.h", "platform/sqlite/database.h", "platform/http/client.h",
                       "kiosk/model/survey.h", "kiosk/store/response_store.h", "kiosk/flow/flow.h",
                       "kiosk/ui/theme.h", "kiosk/kiosk.h", "sync/wire/limits.h", "sync/agent/uploader.h",
                       "sync/hub/server.h", "tests/support/temp_folder.h", "vendor/thing.h"):
            self.plant(header, "#pragma once")

    def plant(self, path, *lines):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def found_after(self, path, line):
        self.plant(path, "#include <vector>", line)
        return check_layers.violations(self.root)

    def assert_caught(self, path, line, because):
        found = self.found_after(path, line)
        self.assertEqual(len(found), 1, found)
        self.assertTrue(found[0].startswith(f"{path}:2: "), found[0])
        self.assertIn(because, found[0])

    def assert_fine(self, path, line):
        self.assertEqual(self.found_after(path, line), [])

    def test_a_lower_part_must_not_include_a_higher_one(self):
        self.assert_caught("platform/os/clock.cpp", '#include "kiosk/model/survey.h"', "must not include kiosk")

    def test_the_kiosk_must_not_include_sync_not_even_its_main(self):
        self.assert_caught("kiosk/main.cpp", '#include "sync/wire/limits.h"', "must not include sync")

    def test_a_folder_must_not_include_a_sibling_that_is_not_its_own(self):
        self.assert_caught("kiosk/flow/flow.cpp", '#include "kiosk/store/response_store.h"',
                           "kiosk/flow must not include kiosk/store")

    def test_agent_and_hub_do_not_know_each_other(self):
        self.assert_caught("sync/hub/server.cpp", '#include "sync/agent/uploader.h"', "must not include sync/agent")

    def test_the_screen_must_not_reach_the_disk_or_the_network(self):
        self.assert_caught("kiosk/ui/rate.cpp", '#include "platform/sqlite/database.h"', "must not include")

    def test_the_screen_must_not_reach_the_network(self):
        self.assert_caught("kiosk/store/upload.cpp", '#include "platform/http/client.h"', "must not include")

    def test_the_product_must_not_need_its_tests(self):
        self.assert_caught("kiosk/main.cpp", '#include "tests/support/temp_folder.h"', "must not need its tests")

    def test_nothing_below_knows_what_wires_the_program_together(self):
        self.assert_caught("kiosk/ui/rate.cpp", '#include "kiosk/kiosk.h"', "wires a program together")

    def test_a_header_is_named_from_the_root(self):
        self.assert_caught("kiosk/ui/rate.cpp", '#include "theme.h"', "whole path")

    def test_nothing_outside_the_layers_is_included(self):
        self.assert_caught("kiosk/ui/rate.cpp", '#include "vendor/thing.h"', "outside the layers")

    def test_a_folder_that_nobody_decided_about_is_a_violation(self):
        self.assert_caught("kiosk/magic/wand.cpp", '#include "platform/base/result.h"', "not in the table")

    def test_every_library_is_kept_to_its_folder(self):
        for header, stranger in (("sqlite3.h", "kiosk/store/a.cpp"), ("curl/curl.h", "sync/agent/a.cpp"),
                                 ("libpq-fe.h", "sync/hub/a.cpp"),
                                 ("SDL.h", "kiosk/ui/a.cpp"), ("SDL2/SDL.h", "kiosk/main.cpp"),
                                 ("imgui.h", "platform/window/a.cpp"), ("boost/asio.hpp", "sync/agent/a.cpp"),
                                 ("openssl/sha.h", "kiosk/store/a.cpp"), ("simdjson.h", "kiosk/model/a.cpp"),
                                 ("zstd.h", "sync/hub/a.cpp"), ("zlib.h", "sync/agent/a.cpp"),
                                 ("date/tz.h", "kiosk/model/a.cpp"), ("nlohmann/json.hpp", "platform/os/a.cpp"),
                                 ("tl/expected.hpp", "kiosk/model/a.cpp"), ("CLI/CLI.hpp", "kiosk/ui/a.cpp"),
                                 ("stb/stb_image_write.h", "sync/hub/a.cpp"), ("catch2/catch.hpp", "kiosk/ui/a.cpp"),
                                 ("sys/socket.h", "kiosk/ui/fonts_slab.cpp"), ("netinet/in.h", "sync/agent/a.cpp"),
                                 ("unistd.h", "sync/wire/a.cpp"), ("sys/mman.h", "kiosk/ui/a.cpp")):
            with self.subTest(header=header):
                self.assert_caught(stranger, f"#include <{header}>", "alone")
                (self.root / stranger).unlink()

    def test_an_unknown_library_is_a_decision(self):
        self.assert_caught("kiosk/ui/a.cpp", "#include <magic/wand.hpp>", "a new dependency")

    def test_spaces_do_not_hide_an_include(self):
        self.assert_caught("kiosk/ui/a.cpp", "  #  include   <sqlite3.h>", "alone")

    def test_what_is_allowed_passes(self):
        self.assert_fine("sync/agent/a.cpp", '#include "kiosk/store/response_store.h"')
        self.assert_fine("platform/sqlite/a.cpp", "#include <sqlite3.h>")
        self.assert_fine("kiosk/main.cpp", '#include "kiosk/store/response_store.h"')
        self.assert_fine("sync/agent/main.cpp", "#include <CLI/CLI.hpp>")
        self.assert_fine("tests/kiosk/ui/a_test.cpp", '#include "kiosk/ui/theme.h"')
        self.assert_fine("tests/kiosk/ui/b_test.cpp", "#include <catch2/catch.hpp>")


if __name__ == "__main__":
    unittest.main()
