import io
import unittest

import progress


class ProgressTests(unittest.TestCase):
    def told(self, lines, times):
        out, clock = io.StringIO(), iter(times)
        progress.follow(lines, out, clock=lambda: next(clock))
        return out.getvalue()

    def test_other_lines_pass_through(self):
        lines = ["warning: x\n", "/a/b.swift:1:2: error: y\n"]
        self.assertEqual(self.told(lines, [0.0]), "".join(lines))

    def test_time_left_follows_the_steps_done(self):
        text = self.told(["[1/400] Compiling A\n", "[100/400] Compiling B\n"], [0.0, 1.0, 60.0])
        self.assertEqual(text, "    step 100 of 400, 60 s so far, about 3 min left\n")

    def test_too_early_to_say(self):
        text = self.told(["[2/400] Compiling A\n"], [0.0, 20.0])
        self.assertIn("not known yet", text)
