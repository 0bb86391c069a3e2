import Codecs
import Foundation
import Pipeline
import Providers
import Testing

/// How the processes behind the synthesiser live and die.
@Suite(.tags(.integration))
struct EspeakProcessTests {
    private let long = String(repeating: "Su coche está listo para recoger. ", count: 28)

    @Test func concurrentRequestsAreAllServed() async throws {
        let synthesizer = EspeakSynthesizer()
        try await synthesizer.prepare()
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<20 {
                let language: Language = index.isMultiple(of: 2) ? .spanish : .english
                group.addTask { try await octetCount("uno dos tres", language, synthesizer) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts.count == 20)
        #expect(counts.allSatisfy { (4_000...24_000).contains($0) }, "\(counts)")
        await synthesizer.shutdown()
    }

    /// A zombie would still have its process identifier.
    @Test func shutdownLeavesNoProcess() async throws {
        let synthesizer = EspeakSynthesizer()
        try await synthesizer.prepare()
        #expect(try await octetCount("hola", .spanish, synthesizer) > 0)
        try await until { synthesizer.processIdentifiers.count >= 6 }
        let identifiers = synthesizer.processIdentifiers
        await synthesizer.shutdown()
        #expect(identifiers.allSatisfy(isGone))
        #expect(synthesizer.processIdentifiers.isEmpty)
        await #expect(throws: EngineError.unavailable("espeak-ng has been shut down")) {
            try await octetCount("hola", .spanish, synthesizer)
        }
    }

    @Test func droppingTheSynthesizerEndsItsProcesses() async throws {
        var identifiers: [Int32] = []
        do {
            let synthesizer = EspeakSynthesizer()
            try await synthesizer.prepare()
            try await until { synthesizer.processIdentifiers.count >= 6 }
            identifiers = synthesizer.processIdentifiers
        }
        try await until { identifiers.allSatisfy(isGone) }
    }

    @Test func endingTheStreamEarlyKillsTheProcess() async throws {
        var settings = EspeakSynthesizer.Settings()
        settings.idlePerLanguage = 0
        let synthesizer = EspeakSynthesizer(settings: settings)
        var speaking: [Int32] = []
        for try await _ in synthesizer.synthesize(long, language: .spanish, format: .telephone) {
            speaking = synthesizer.processIdentifiers
            break
        }
        #expect(speaking.count == 1)
        try await until { speaking.allSatisfy(isGone) && synthesizer.processIdentifiers.isEmpty }
        #expect(try await octetCount("hola", .spanish, synthesizer) > 0, "others are served")
        await synthesizer.shutdown()
    }

    @Test func cancellingTheTaskEndsTheRequest() async throws {
        let synthesizer = EspeakSynthesizer()
        let text = long
        let task = Task { try await octetCount(text, .spanish, synthesizer) }
        task.cancel()
        _ = await task.result
        await synthesizer.shutdown()
        #expect(synthesizer.processIdentifiers.isEmpty)
    }

    @Test func aProcessThatDiedWaitingIsReplaced() async throws {
        let synthesizer = EspeakSynthesizer()
        try await synthesizer.prepare()
        try await until { synthesizer.processIdentifiers.count >= 6 }
        for identifier in synthesizer.processIdentifiers { kill(identifier, SIGKILL) }
        #expect(try await octetCount("hola", .spanish, synthesizer) > 0)
        await synthesizer.shutdown()
    }

    @Test func processesInheritNoSocketAndNoSecret() async throws {
        // Opened without O_CLOEXEC, as careless libraries do; the path is a constant.
        let descriptor = unsafe open("/dev/zero", O_RDONLY)
        defer { close(descriptor) }
        let synthesizer = EspeakSynthesizer()
        try await synthesizer.prepare()
        try await until { synthesizer.processIdentifiers.count >= 6 }
        for identifier in synthesizer.processIdentifiers {
            // Between fork and exec a child still has all; the name tells that it is through.
            try await until { name(of: identifier) == "espeak-ng" }
            let folder = "/proc/\(identifier)/fd"
            let files = try FileManager.default.contentsOfDirectory(atPath: folder).compactMap {
                // While it starts it opens and closes files of its own.
                try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
            }
            #expect(files.count >= 3)
            #expect(!files.contains("/dev/zero"), "\(files)")
            let environment = try Data(contentsOf: URL(filePath: "/proc/\(identifier)/environ"))
            let variables = String(decoding: environment, as: UTF8.self).split(separator: "\0")
            #expect(variables.allSatisfy { $0.hasPrefix("PATH=") }, "\(variables)")
        }
        await synthesizer.shutdown()
    }

    @Test func tooSlowIsTimedOut() async throws {
        var settings = EspeakSynthesizer.Settings()
        settings.timeLimit = .nanoseconds(1)
        let synthesizer = EspeakSynthesizer(settings: settings)
        await #expect(throws: EngineError.timedOut("espeak-ng took longer than 1e-09 seconds")) {
            try await octetCount(long, .spanish, synthesizer)
        }
        await synthesizer.shutdown()
    }

    @Test func tooManyRequestsAreRefused() async throws {
        var settings = EspeakSynthesizer.Settings()
        settings.maximumSpeaking = 1
        settings.maximumWaiting = 1
        let synthesizer = EspeakSynthesizer(settings: settings)
        let streams = (0..<3).map { _ in
            synthesizer.synthesize("hola", language: .spanish, format: .telephone)
        }
        await #expect(throws: EngineError.overloaded("1 texts wait for espeak-ng")) {
            for try await _ in streams[2] {}
        }
        for stream in streams.prefix(2) {
            var count = 0
            for try await block in stream { count += block.octets.count }
            #expect(count > 0)
        }
        await synthesizer.shutdown()
    }

    private func isGone(_ identifier: Int32) -> Bool {
        kill(identifier, 0) == -1 && errno == ESRCH
    }

    private func name(of identifier: Int32) -> String? {
        try? String(contentsOfFile: "/proc/\(identifier)/comm", encoding: .utf8)
            .trimmingCharacters(in: .newlines)
    }

    /// Waits for what another process does; fails after five seconds.
    private func until(_ condition: () -> Bool) async throws {
        for _ in 0..<1_000 {
            if condition() { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("it has not happened within five seconds")
    }
}

/// The telephone audio of one request, in octets.
private func octetCount(
    _ text: String, _ language: Language, _ synthesizer: EspeakSynthesizer
) async throws -> Int {
    var count = 0
    for try await block in synthesizer.synthesize(text, language: language, format: .telephone) {
        count += block.octets.count
    }
    return count
}
