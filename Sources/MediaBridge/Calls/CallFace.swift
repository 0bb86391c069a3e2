internal import Pipeline

/// A call's face: hands it sentences and tells the call what became of them.
struct CallFace: Sendable {
    /// Chunks of one answer; no answer has as many.
    private static let chunkLimit = 1 << 20

    private let line: any AvatarLine
    private let end: AsyncStream<Void>

    /// Opens a face and returns at once.
    ///
    /// - Parameters:
    ///   - provider: of the face.
    ///   - language: what it speaks.
    ///   - post: takes events to the call's loop; never blocks.
    ///   - show: takes where the face is seen now to the call's loop, `nil` when it is gone.
    init(
        _ provider: any AvatarProvider, _ language: Language,
        post: @escaping @Sendable (Conversation.Event) -> Void,
        show: @escaping @Sendable (AvatarRoom?) -> Void
    ) {
        let (end, ended) = AsyncStream.makeStream(of: Void.self)
        self.end = end
        line = provider.open(language) { notice in
            switch notice {
            case .joinable(let room):
                show(room)
                post(.face(.ready))
            case .spoke(let sentence, let duration):
                post(.face(.spoke(Self.chunk(sentence), lasting: duration)))
            case .cut(let sentence, let duration):
                post(.face(.cut(Self.chunk(sentence), after: duration)))
            case .lost:
                show(nil)
                post(.face(.lost(.failed("the avatar's session is over; another one is made"))))
            // What it was given and told nothing of is unsaid, whether it had come to it or not.
            case .failed(let failure, unsaid: _):
                show(nil)
                post(.face(.lost(EngineError(failure))))
            case .ended: ended.finish()
            }
        }
    }

    func say(_ text: String, _ chunk: Conversation.ChunkID) {
        line.say(text, as: chunk.generation * Self.chunkLimit + chunk.index)
    }

    func interrupt() { line.interrupt() }

    /// Ends the face and waits until its provider knows, for a session left behind would be paid.
    func close() async {
        line.close()
        for await _ in end {}
    }

    private static func chunk(_ sentence: Int) -> Conversation.ChunkID {
        Conversation.ChunkID(
            generation: sentence / chunkLimit, index: sentence % chunkLimit)
    }
}
