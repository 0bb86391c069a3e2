import Codecs
import Pipeline
import Providers
import Synchronization
import Testing

/// A chain of recognisers in virtual time, its loop played by the test.
@Suite struct ChainedRecognizerTests {
    /// What a recogniser does with its utterances.
    enum Behaviour: Sendable {
        case hears(String)
        case fails(EngineError)
        case saysNothing
        case cannotOpen
    }

    /// A recogniser that answers when an utterance is finished, and keeps what it was given.
    private final class Ear: SpeechRecognizer {
        let heard = Mutex<[[UInt8]]>([])
        let closedCount = Mutex(0)
        private let behaviour: Mutex<Behaviour>
        private let time: VirtualTime

        init(_ behaviour: Behaviour, _ time: VirtualTime) {
            self.behaviour = Mutex(behaviour)
            self.time = time
        }

        func makeSession(
            _ request: RecognitionRequest, audio: AudioRing,
            deliver: @escaping @Sendable (RecognitionResult) -> Void
        ) throws(EngineError) -> any RecognitionSession {
            let behaviour = behaviour.withLock { $0 }
            if case .cannotOpen = behaviour { throw .unavailable("closed") }
            return Session(self, behaviour, audio, deliver, time)
        }

        private final class Session: RecognitionSession {
            private let ear: Ear
            private let behaviour: Behaviour
            private let audio: AudioRing
            private let deliver: @Sendable (RecognitionResult) -> Void
            private let time: VirtualTime

            init(
                _ ear: Ear, _ behaviour: Behaviour, _ audio: AudioRing,
                _ deliver: @escaping @Sendable (RecognitionResult) -> Void, _ time: VirtualTime
            ) {
                self.ear = ear
                self.behaviour = behaviour
                self.audio = audio
                self.deliver = deliver
                self.time = time
            }

            func begin(_ utterance: Utterance, from start: AudioRing.Position) {
                audio.discard(before: start)
            }

            func finish(_ utterance: Utterance.ID, at end: AudioRing.Position) {
                let octets = [UInt8](capacity: 80_000) { output in _ = audio.read(into: &output) }
                ear.heard.withLock { $0.append(octets) }
                let outcome: RecognitionResult.Outcome
                switch behaviour {
                case .hears(let text): outcome = .final(text)
                case .fails(let error): outcome = .failed(error)
                case .saysNothing, .cannotOpen: return
                }
                deliver(
                    RecognitionResult(utterance: utterance, outcome: outcome, readyAt: time.now()))
            }

            func cancel(_ utterance: Utterance.ID) { audio.discard(before: audio.end) }
            func close() { ear.closedCount.withLock { $0 += 1 } }
        }
    }

    /// A call's loop: 20 ms of audio and a tick at a time.
    private struct Loop {
        let time: VirtualTime
        let ring = AudioRing(capacity: 16_000)
        let session: any RecognitionSession
        let log: Log

        init(_ time: VirtualTime, _ ears: [Ear], _ log: Log) throws {
            self.time = time
            self.log = log
            let chain = ProviderChain<any SpeechRecognizer>(
                stage: .recognition, ears.enumerated().map { .init("\($0)", $1) },
                hasLastResort: false, clock: time, seed: 1)
            let context = EngineContext(call: EngineCall(id: "c"), generation: nil) {
                log.add("\($0.from)→\($0.to) \($0.cause.name)")
            }
            let request = RecognitionRequest(format: .telephone, language: .english)
            let ring = ring
            session = try EngineContext.$current.withValue(context) {
                try ChainedRecognizer(chain).makeSession(request, audio: ring) { result in
                    log.add("\(time.milliseconds) \(result.utterance) \(result.outcome)")
                }
            }
        }

        /// An utterance of so many frames, each of its own octet, and ticks until words are there.
        func utterance(_ id: Int, frames: Int, first octet: UInt8, thenTicks count: Int) {
            session.begin(Utterance(id: id, hints: .none), from: ring.end)
            for frame in 0..<frames {
                let octets = [UInt8](repeating: octet + UInt8(frame), count: 160)
                ring.write(octets.span)
                session.audioArrived()
                tick()
            }
            session.finish(id, at: ring.end)
            for _ in 0..<count { tick() }
        }

        private func tick() {
            time.advance(milliseconds: 20)
            session.tick(at: time.now())
        }
    }

    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    @Test func theFirstOneHearsTheCall() throws {
        let (time, log) = (VirtualTime(), Log())
        let ears = [Ear(.hears("hello"), time), Ear(.hears("bye"), time)]
        let loop = try Loop(time, ears, log)
        loop.utterance(1, frames: 5, first: 1, thenTicks: 10)
        loop.utterance(2, frames: 5, first: 11, thenTicks: 10)
        #expect(log.all == ["100 1 final(\"hello\")", "400 2 final(\"hello\")"])
        #expect(ears[1].heard.withLock { $0.isEmpty })
        #expect(ears[0].heard.withLock { $0.map(\.count) } == [800, 800])
    }

    @Test func aFailedUtteranceIsHeardWhollyByTheNext() throws {
        let (time, log) = (VirtualTime(), Log())
        let ears = [Ear(.fails(.failed("gone")), time), Ear(.hears("hello"), time)]
        let loop = try Loop(time, ears, log)
        loop.utterance(1, frames: 5, first: 1, thenTicks: 3)
        loop.utterance(2, frames: 4, first: 11, thenTicks: 3)
        #expect(
            log.all == ["0→1 closed_early", "120 1 final(\"hello\")", "240 2 final(\"hello\")"])
        let whole = (1...5).flatMap { [UInt8](repeating: UInt8($0), count: 160) }
        #expect(ears[1].heard.withLock { $0.first } == whole)
        #expect(ears[1].heard.withLock { $0.map(\.count) } == [800, 640])
        #expect(ears[0].closedCount.withLock { $0 } == 1)
    }

    @Test func wordsThatDoNotComeAreAskedOfTheNext() throws {
        let (time, log) = (VirtualTime(), Log())
        let ears = [Ear(.saysNothing, time), Ear(.hears("hello"), time)]
        let loop = try Loop(time, ears, log)
        loop.utterance(1, frames: 5, first: 1, thenTicks: 100)
        // 100 ms of speech and a second of patience.
        #expect(log.all == ["0→1 stalled_before_first", "1100 1 final(\"hello\")"])
    }

    @Test func theOneThatOpensIsUsed() throws {
        let (time, log) = (VirtualTime(), Log())
        let ears = [Ear(.cannotOpen, time), Ear(.hears("hello"), time)]
        let loop = try Loop(time, ears, log)
        loop.utterance(1, frames: 5, first: 1, thenTicks: 3)
        #expect(log.all == ["0→1 unauthorised", "100 1 final(\"hello\")"])
    }

    @Test func nobodyAtAllIsAnError() {
        let time = VirtualTime()
        #expect(throws: EngineError.self) {
            try Loop(time, [Ear(.cannotOpen, time), Ear(.cannotOpen, time)], Log())
        }
    }

    /// Both are asked until they are shut out; the caller's turn fails once, and within 2 s.
    @Test func anUtteranceNobodyUnderstoodFailsOnce() throws {
        let (time, log) = (VirtualTime(), Log())
        let ears = [Ear(.fails(.failed("a")), time), Ear(.fails(.failed("b")), time)]
        let loop = try Loop(time, ears, log)
        loop.utterance(1, frames: 5, first: 1, thenTicks: 90)
        #expect(log.all.filter { $0.contains(" 1 failed") }.count == 1)
        #expect(ears.allSatisfy { $0.heard.withLock { (1...3).contains($0.count) } })
    }
}
