import Records
import Synchronization

/// A source of contacts that does what a test says, when it says so.
final class ScriptedSource: ContactSource {
    typealias Answer = Result<ContactFacts?, ContactSourceError>

    let name: String
    let advice = "check its key"
    private let state: Mutex<(answer: Answer, asked: [String])>
    private let gate: AsyncStream<Void>
    private let opener: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - name: of the source.
    ///   - answer: to everything.
    ///   - waits: until `open()` is called.
    init(_ name: String, _ answer: Answer, waits: Bool = false) {
        self.name = name
        state = Mutex((answer, []))
        (gate, opener) = AsyncStream.makeStream(of: Void.self)
        if !waits { opener.finish() }
    }

    /// What it was asked for.
    var asked: [String] { state.withLock { $0.asked } }

    func answer(_ answer: Answer) { state.withLock { $0.answer = answer } }
    func open() { opener.finish() }

    func person(
        with number: CallerNumber
    ) async throws(ContactSourceError) -> ContactFacts? {
        try await tell(number.text)
    }

    func person(called id: String) async throws(ContactSourceError) -> ContactFacts? {
        try await tell(id)
    }

    private func tell(_ what: String) async throws(ContactSourceError) -> ContactFacts? {
        state.withLock { $0.asked.append(what) }
        for await _ in gate {}
        return try state.withLock { $0.answer }.get()
    }
}
