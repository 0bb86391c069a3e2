import unittest

from style.source import SwiftFile


class BlankingTests(unittest.TestCase):
    def code(self, text):
        return SwiftFile("Sources/Codecs/A.swift", text).code

    def test_comments_and_strings_become_spaces(self):
        self.assertEqual(self.code('let a = "try!" // as!\n').split(), ["let", "a", "="])

    def test_nested_block_comments_end_where_they_should(self):
        self.assertEqual(self.code("/* a /* b */ c */x").strip(), "x")

    def test_a_string_inside_an_interpolation_does_not_end_the_outer_one(self):
        self.assertEqual(self.code('"\\(f("}")) as!" + y').strip(), "+ y")

    def test_raw_and_multiline_strings(self):
        self.assertEqual(self.code('#"a " b"# + y').strip(), "+ y")
        self.assertEqual(self.code('"""\n as! "quoted"\n """ + y').split(), ["+", "y"])

    def test_lines_and_columns_stay(self):
        text = 'let a = "x\\(1)" // c\nlet b = """\n  t\n  """\n/* x\n y */ let c = 1\n'
        code = self.code(text)
        self.assertEqual([len(line) for line in code.split("\n")], [len(l) for l in text.split("\n")])

    def test_an_escaped_quote_does_not_end_a_string(self):
        self.assertEqual(self.code(r'"a\" as!" + y').strip(), "+ y")
