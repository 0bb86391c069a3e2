import unittest

from style import modules, rules
from style.source import SwiftFile


def swift(text, path="Sources/Pipeline/Thing.swift"):
    return SwiftFile(path, text)


THING = "struct Thing {}\n"


class RuleTests(unittest.TestCase):
    def found(self, text, path="Sources/Pipeline/Thing.swift"):
        return rules.problems(swift(text, path))

    def assertClean(self, text, path="Sources/Pipeline/Thing.swift"):
        self.assertEqual(self.found(text, path), [])

    def assertOne(self, text, words, path="Sources/Pipeline/Thing.swift"):
        found = self.found(text, path)
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])

    def test_length(self):
        self.assertClean(THING * 400)
        self.assertOne(THING * 401, "401 lines")
        self.assertClean("enum MuLawTables {}\n" * 500, "Sources/Codecs/MuLawTables.swift")
        self.assertClean(THING * 500, "Tests/CodecsTests/OpusVectors.swift")

    def test_banned_names(self):
        self.assertOne("struct CallManager {}\nstruct Thing {}\n", "CallManager")
        self.assertIn("file name", self.found(THING, "Tests/T/StringUtils.swift")[0])
        self.assertClean(THING + "let files = FileManager.default\nstruct Commonality {}\n")

    def test_file_is_named_after_its_type(self):
        self.assertOne("struct Other {}\n", "promises a type called Thing")
        self.assertClean("extension Thing {}\n", "Sources/Pipeline/Thing+Parsing.swift")
        self.assertOne(THING, "promises an extension", "Sources/Pipeline/Thing+Parsing.swift")
        self.assertClean("package final class Thing: Sendable {}\n")
        self.assertClean("@safe package struct Thing: ~Copyable {}\n")
        self.assertClean("package struct Thing<let count: Int> {}\n")
        self.assertClean(
            "extension Conversation {\n    enum Event {}\n}\n",
            "Sources/Pipeline/ConversationEvent.swift",
        )
        self.assertClean("// The payloads of all events, one beside the other.\nstruct A {}\n")

    def test_escapes_need_a_reason(self):
        bare = "final class Thing: @unchecked Sendable {}\n"
        self.assertOne(bare, "@unchecked Sendable without")
        self.assertClean("// Written by the loop's thread only.\n" + bare)
        self.assertClean("// Loop thread only.\n@safe\n" + bare)
        self.assertClean("// Loop thread only.\nfinal class Thing:\n    P, @unchecked Sendable\n{}\n")
        self.assertOne("// Far away.\n\n" + bare, "@unchecked Sendable without")
        self.assertOne(THING + "nonisolated(unsafe) var x = 1\n", "nonisolated(unsafe)")
        self.assertClean(THING + "nonisolated(unsafe) var x = 1  // set before any thread starts\n")
        self.assertOne("@preconcurrency import Dispatch\n" + THING, "@preconcurrency")
        self.assertClean(THING + 'let text = "@unchecked Sendable"\n')

    def test_never(self):
        self.assertOne(THING + 'fatalError("x")\n', "fatalError")
        self.assertOne(THING + "Task.detached { }\n", "detached")
        self.assertOne(THING + "let x = try! f()\n", "forced")
        self.assertClean(THING + "let message = \"try! \"\n// as! in a comment\n")
        self.assertOne(THING + "// TO" + "DO: later\n", "unfinished")

    def test_times_have_units(self):
        self.assertOne(THING + "func f(timeout: Int) {}\n", "unit")
        self.assertClean(THING + "func f(timeout: Duration, delayMilliseconds: Int) {}\n")

    def test_sleeping_tests(self):
        path = "Tests/T/ThingTests.swift"
        self.assertOne("try await Task.sleep(for: .seconds(1))\n", "sleeps", path)
        self.assertOne("usleep(10)\n", "sleeps", path)
        self.assertOne("let now = ContinuousClock.now\n", "real clock", path)
        self.assertClean("// A peer that stalls, used by integration tests.\nusleep(10)\n", path)
        self.assertOne("@Test func f() {\n    usleep(10)  // why\n}\n", "sleeps", path)
        self.assertClean("func sleep(until deadline: Instant) {}\n", path)
        self.assertClean("@Test(.tags(.integration)) func f() { usleep(1) }\n", path)
        self.assertClean(THING + "try await Task.sleep(for: .seconds(1))\n")


class DefaultTests(unittest.TestCase):
    ENUM = "enum Thing {\n    case idle, busy(Int)\n    case done\n}\n"

    def found(self, body):
        return rules.default_problems([swift(self.ENUM + body)])

    def test_default_over_our_own_cases(self):
        body = "switch t {\ncase .idle: f()\ncase .busy(let n): g(n)\ndefault: break\n}\n"
        self.assertEqual(len(self.found(body)), 1)
        self.assertIn(":8:", self.found(body)[0])

    def test_a_reason_is_enough(self):
        body = "switch t {\ncase .idle: f()\n// Foreign codes land here.\ndefault: break\n}\n"
        self.assertEqual(self.found(body), [])

    def test_values_and_foreign_cases_may_have_a_default(self):
        self.assertEqual(self.found("switch n {\ncase 1: f()\ndefault: break\n}\n"), [])
        self.assertEqual(self.found("switch n {\ncase .other: f()\ndefault: break\n}\n"), [])
        self.assertEqual(self.found("switch (a, b) {\ncase (.idle, _): f()\ndefault: g()\n}\n"), [])

    def test_a_nested_switch_is_judged_alone(self):
        body = "switch t {\ncase .idle:\nswitch n {\ncase 1: f()\ndefault: g()\n}\ncase .done: h()\n}\n"
        self.assertEqual(self.found(body), [])


class ModuleTests(unittest.TestCase):
    def found(self, module, statement):
        return modules.problems(swift(statement + "\n", f"Sources/{module}/Thing.swift"))

    def test_arrows(self):
        for module, statement in (
            ("Codecs", "internal import Events"),
            ("Events", "import Records"),
            ("Pipeline", "@testable import Providers"),
            ("ControlAPI", "package import struct Codecs.MuLaw"),
            ("Pipeline", "internal import COpus"),
            ("Pipeline", "internal import Dispatch"),
            ("Insight", "internal import NIOCore"),
            ("Codecs", "internal import Foundation"),
        ):
            self.assertEqual(len(self.found(module, statement)), 1, (module, statement))
        for module, statement in (
            ("Pipeline", "package import Codecs"),
            ("Codecs", "internal import COpus"),
            ("Providers", "internal import Subprocess"),
            ("MediaBridge", "internal import ControlAPI"),
            ("Events", "internal import Foundation"),
            ("Codecs", "// import Foundation"),
        ):
            self.assertEqual(self.found(module, statement), [], (module, statement))

    def test_unknown_module(self):
        self.assertEqual(len(self.found("Extras", "")), 1)
