/// Whether the parts a call needs would serve one now.
package struct Readiness: Equatable, Sendable, Encodable {
    package enum Part: Equatable, Sendable, Encodable {
        case ready
        case unready(reason: String)

        private enum Key: CodingKey {
            case ready, reason
        }

        package func encode(to encoder: any Encoder) throws {
            var object = encoder.container(keyedBy: Key.self)
            switch self {
            case .ready: try object.encode(true, forKey: .ready)
            case .unready(let reason):
                try object.encode(false, forKey: .ready)
                try object.encode(reason, forKey: .reason)
            }
        }
    }

    package let media: Part
    package let stt: Part
    package let llm: Part
    package let tts: Part
    package let store: Part

    /// Takes the state of each part.
    ///
    /// - Parameters:
    ///   - media: the listener that carriers connect to; unready also while it drains.
    ///   - stt: speech-to-text.
    ///   - llm: the model or agent that answers.
    ///   - tts: text-to-speech.
    ///   - store: where records are kept.
    package init(media: Part, stt: Part, llm: Part, tts: Part, store: Part = .ready) {
        self.media = media
        self.stt = stt
        self.llm = llm
        self.tts = tts
        self.store = store
    }

    package var isReady: Bool { [media, stt, llm, tts, store].allSatisfy { $0 == .ready } }

    private enum Key: CodingKey {
        case ready, parts
    }

    private enum PartKey: CodingKey {
        case media, stt, llm, tts, store
    }

    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(isReady, forKey: .ready)
        var parts = object.nestedContainer(keyedBy: PartKey.self, forKey: .parts)
        try parts.encode(media, forKey: .media)
        try parts.encode(stt, forKey: .stt)
        try parts.encode(llm, forKey: .llm)
        try parts.encode(tts, forKey: .tts)
        try parts.encode(store, forKey: .store)
    }
}

/// Asks the real parts how they are; called once per request of `/readyz`.
package typealias ReadinessProbe = @Sendable () async -> Readiness
