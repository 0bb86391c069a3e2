internal import Synchronization

/// What the integration tests' speech agents say, and how badly they behave.
package struct SimulatedAgentScript: Sendable {
    /// One answer: the tool it asks for first, and what it says.
    package struct Answer: Sendable {
        package var text: String
        /// Asked for before anything is said; the text follows its result.
        package var tool: (id: String, name: String, arguments: String)?
        package var fault: Fault?

        package init(
            _ text: String, tool: (id: String, name: String, arguments: String)? = nil,
            fault: Fault? = nil
        ) {
            self.text = text
            self.tool = tool
            self.fault = fault
        }
    }

    /// What befalls an answer; times are of its audio.
    package enum Fault: Equatable, Sendable {
        /// Cut with a reset.
        case drop(afterMilliseconds: Int)
        case close(code: UInt16, afterMilliseconds: Int)
        /// A text message that is no JSON.
        case nonsense(afterMilliseconds: Int)
        /// Reads on and says nothing any more.
        case stall(afterMilliseconds: Int)

        var afterMilliseconds: Int {
            switch self {
            case .drop(let time), .close(_, let time), .nonsense(let time), .stall(let time): time
            }
        }
    }

    package var key = "test-key"
    /// The greeting, and then one per turn of the caller; the last one is said again.
    package var answers: [Answer]
    /// What the caller is taken to say, turn by turn.
    package var words: [String]
    /// Instead of the handshake.
    package var refusal: Int?
    /// The socket opens and nothing is ever said on it.
    package var isMute = false
    /// Before each answer.
    package var latency = Duration.milliseconds(20)
    /// Of one message of audio.
    package var pieceMilliseconds = 100
    /// Between two of them.
    package var interval = Duration.milliseconds(2)

    package init(_ answers: [Answer], words: [String]) {
        self.answers = answers
        self.words = words
    }

    func answer(_ index: Int) -> Answer { answers[min(index, answers.count - 1)] }
    func words(ofTurn index: Int) -> String { words[min(index, words.count - 1)] }
}

/// What the integration tests' speech agents were told, in order.
package final class SimulatedAgentLog: Sendable {
    package struct State: Sendable {
        /// Handshakes and HTTP requests.
        package var requests: [SimulatedRequest] = []
        /// Text messages but audio, as they came.
        package var messages: [String] = []
        package var audio: [UInt8] = []
        package var endedCount = 0
    }
    private let state = Mutex(State())

    init() {}

    package var all: State { state.withLock { $0 } }

    func note<Result: Sendable>(_ change: (inout State) -> Result) -> Result {
        state.withLock { change(&$0) }
    }
}

/// The end of a caller's turn in µ-law, as an agent's own detector finds it.
struct SimulatedTurnEdges {
    enum Edge { case none, began, ended }

    private static let silentOctets = 8 * 240
    private var isSpeaking = false
    private var voicedOctets = 0
    private var quietOctets = 0

    /// Takes µ-law at 8 kHz; tells at most one edge.
    mutating func hear(_ octets: [UInt8]) -> Edge {
        var edge = Edge.none
        for octet in octets {
            // The step and segment bits, inverted: the larger, the louder (ITU-T G.711 §3.2).
            let isLoud = ~octet & 0x7F >= 0x30
            if isLoud {
                quietOctets = 0
                voicedOctets += 1
                if !isSpeaking, voicedOctets >= 800 {
                    isSpeaking = true
                    edge = .began
                }
            } else {
                quietOctets += 1
                if quietOctets >= Self.silentOctets { voicedOctets = 0 }
                if isSpeaking, quietOctets >= Self.silentOctets {
                    isSpeaking = false
                    edge = .ended
                }
            }
        }
        return edge
    }
}
