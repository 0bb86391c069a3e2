import Pipeline

@testable import MediaBridge

/// An audio session fed with strings, and what it wants done.
struct AudioSocketHarness {
    var stream = AudioSocketStream(openedAt: time(0))
    private(set) var audio: [UInt8] = []

    /// A session that has been admitted, its first reply drained.
    static func live(_ start: String = AudioSocketGolden.start) -> Self {
        var harness = Self()
        _ = harness.handle(start)
        harness.stream.admit(at: time(0))
        _ = harness.drain()
        return harness
    }

    mutating func handle(_ text: String, at milliseconds: Int = 0) -> [AudioSocketAction] {
        handle(Array(text.utf8), at: milliseconds)
    }

    mutating func handle(_ octets: [UInt8], at milliseconds: Int = 0) -> [AudioSocketAction] {
        audio = [UInt8](capacity: 4_096) {
            stream.handleText(octets.span, at: time(milliseconds), into: &$0)
        }
        return drain()
    }

    mutating func handleBinary(count: Int, at milliseconds: Int = 0) -> [AudioSocketAction] {
        let octets = [UInt8](repeating: 0, count: count)
        stream.handleBinary(octets.span, at: time(milliseconds))
        return drain()
    }

    mutating func mark(_ name: MarkName) -> Bool { stream.mark(name) }
    mutating func clear() -> Int? { stream.clear() }

    mutating func drain() -> [AudioSocketAction] {
        var actions: [AudioSocketAction] = []
        while let action = stream.nextAction() { actions.append(action) }
        return actions
    }
}

enum AudioSocketGolden {
    static let start = """
        {"type":"session.start","version":1,"token":"ot-1","session":"s-42",
         "input":{"encoding":"pcm_s16le","rate":16000,"channels":1,"ptime":20},
         "output":{"encoding":"pcm_s16le","rate":16000,"channels":1,"ptime":20},
         "metadata":{"from":"+447700900123","to":"agent"}}
        """
    static let started = """
        {"type":"session.started","version":1,"session":"s-42",\
        "input":{"encoding":"pcm_s16le","rate":16000,"channels":1,"ptime":20},\
        "output":{"encoding":"pcm_s16le","rate":16000,"channels":1,"ptime":20},\
        "limits":{"max_message_bytes":65536,"max_lead_ms":400,"idle_timeout_ms":30000}}
        """
}
