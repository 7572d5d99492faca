#!/usr/bin/env python3
"""scripts/fault adds up what the fault programs say, and believes none that breaks off."""

import importlib.machinery
import importlib.util
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True

loader = importlib.machinery.SourceFileLoader("fault", str(ROOT / "scripts/fault"))
fault = importlib.util.module_from_spec(importlib.util.spec_from_loader("fault", loader))
sys.modules["fault"] = fault  # dataclasses look it up
loader.exec_module(fault)


class Fault(unittest.TestCase):
    def run_all(self, *scripts):
        """(exit code, last line) of programs that are shell scripts."""
        told = []
        programs = [fault.FaultProgram(f"program {number}", ["sh", "-c", script, "sh"])
                    for number, script in enumerate(scripts)]
        code = fault.run_all(programs, tell=told.append)
        return code, told[-1]

    def test_figures_are_added(self):
        self.assertEqual(self.run_all("""echo hello; echo '{"cuts":5,"lost":0}'""",
                                      """echo '{"cuts":2,"kills":3,"schedules":4,"lost":0,"double":0,"stuck":0,"seeds":9}'"""),
                         (0, "cuts 7, kills 3, schedules 4: lost 0, double 0, stuck 0"))

    def test_one_fault_fails_it_all(self):
        for kind in ("lost", "double", "stuck"):
            code, line = self.run_all("""echo '{"cuts":5}'""", f"""echo '{{"kills":1,"{kind}":2}}'; exit 1""")
            self.assertEqual(code, 1)
            self.assertIn(f"{kind} 2", line)

    def test_a_program_that_breaks_off_or_does_nothing_is_stuck(self):
        for script in ("kill -9 $$", "exit 0", "echo '{\"cuts\":5'", "echo '{\"cuts\":0}'", "echo '[]'",
                       "echo '{\"seeds\":5}'",
                       "echo '{\"cuts\":\"many\"}'",
                       "echo '{\"cuts\":5}'; kill -9 $$", "echo '{\"cuts\":5}'; exit 1",
                       "echo '{\"cuts\":5,\"lost\":1}'; exit 0", "echo '{\"cuts\":5}'; echo and then"):
            with self.subTest(script):
                code, line = self.run_all(script, """echo '{"kills":1}'""")
                self.assertEqual(code, 1)
                self.assertIn("kills 1", line)
                self.assertIn("stuck 1", line)

    def test_a_program_that_is_not_built_is_stuck(self):
        told = []
        self.assertEqual(fault.run_all([fault.FaultProgram("none", ["/nonexistent/program"])], tell=told.append), 1)
        self.assertEqual(told[-1], "cuts 0, kills 0, schedules 0: lost 0, double 0, stuck 1")

    def test_rounds_and_seed_are_passed_on(self):
        told = []
        fault.run_all([fault.FaultProgram("echo", ["echo"])], rounds=17, seed=4, tell=told.append)
        self.assertIn("--seed 4 --rounds 17", told)

    def test_every_source_with_a_main_is_a_program(self):
        with tempfile.TemporaryDirectory(prefix="listenpost-fault-") as name:
            folder = Path(name) / "tests/fault"
            folder.mkdir(parents=True)
            (folder / "power.cpp").write_text("#include <x>\nint main(int argc, char** argv)\n{\n}\n")
            (folder / "part.cpp").write_text("int helper() { return 1; }\n")
            names = [program.name for program in fault.fault_programs(Path(name), Path(name))]
            self.assertEqual(names, ["power", "kill_test"])


if __name__ == "__main__":
    unittest.main()
