internal import Events
internal import Foundation
internal import Synchronization

/// What humans hear before a call is theirs, until the carrier has asked for it.
final class Whispers: Sendable {
    struct Whisper: Equatable, Sendable {
        let text: String
        let language: String
    }

    private struct State {
        var kept: [String: Whisper] = [:]
        var order: [String] = []
    }

    private let state = Mutex(State())
    /// Transfers whose human has not answered yet.
    private let capacity: Int

    init(capacity: Int = 1_000) { self.capacity = capacity }

    /// - Returns: its name in the URL that the carrier asks.
    func keep(_ whisper: Whisper) -> String {
        let id = UUID().uuidString.lowercased()
        state.withLock { state in
            if state.order.count >= capacity { state.kept[state.order.removeFirst()] = nil }
            state.order.append(id)
            state.kept[id] = whisper
        }
        return id
    }

    func whisper(_ id: String) -> Whisper? { state.withLock { $0.kept[id] } }

    /// What a call was about, in a breath.
    static func summary(of turns: [TurnRecord], language: String) -> String {
        let words = turns.last { !$0.user.isEmpty }?.user.prefix(200)
        switch (language, words) {
        case ("es", let words?): return "Llamada del asistente. Lo último que dijo: \(words)"
        case ("es", nil): return "Llamada del asistente."
        case (_, let words?): return "A call from the assistant. The caller last said: \(words)"
        case (_, nil): return "A call from the assistant."
        }
    }
}
