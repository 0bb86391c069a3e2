internal import FoundationEssentials

/// What the simulated caller sends, word for word as Twilio does ("WebSocket messages").
///
/// Written from Twilio's documentation and shares nothing with the bridge's parser, so that a
/// misreading on one side shows on the other. It counts sequence and chunk numbers itself.
struct TwilioCallerWriter {
    let accountSID: String
    let callSID: String
    let streamSID: String
    private var sequenceNumber = 0
    private var chunk = 0

    init(accountSID: String, callSID: String, streamSID: String) {
        self.accountSID = accountSID
        self.callSID = callSID
        self.streamSID = streamSID
    }

    /// The first message, sent once.
    func connected() -> String { #"{"event":"connected","protocol":"Call","version":"1.0.0"}"# }

    /// The second message, sent once; `parameters` are the TwiML's `<Parameter>` elements.
    mutating func start(parameters: [String: String], encoding: String = "audio/x-mulaw") -> String
    {
        let pairs = parameters.sorted { $0.key < $1.key }
            .map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
            .joined(separator: ",")
        return #"{"event":"start",\#(nextHeader()),"start":{"#
            + #""accountSid":\#(Self.quoted(accountSID)),"streamSid":\#(Self.quoted(streamSID)),"#
            + #""callSid":\#(Self.quoted(callSID)),"tracks":["inbound"],"#
            + #""mediaFormat":{"encoding":\#(Self.quoted(encoding)),"sampleRate":8000,"#
            + #""channels":1},"customParameters":{\#(pairs)}}}"#
    }

    /// One packet of the caller's voice; `timestampMilliseconds` counts from the stream's start.
    mutating func media(_ octets: [UInt8], timestampMilliseconds: Int) -> String {
        chunk += 1
        let payload = Data(octets).base64EncodedString()
        return #"{"event":"media",\#(nextHeader()),"media":{"track":"inbound","#
            + #""chunk":"\#(chunk)","timestamp":"\#(timestampMilliseconds)","#
            + #""payload":"\#(payload)"}}"#
    }

    /// The caller pressed a key: one of `0`–`9`, `*`, `#`, `A`–`D`.
    mutating func dtmf(_ digit: Character) -> String {
        #"{"event":"dtmf",\#(nextHeader()),"dtmf":{"track":"inbound_track","digit":"\#(digit)"}}"#
    }

    /// A mark of the bridge's was reached or cleared.
    mutating func mark(_ name: String) -> String {
        #"{"event":"mark",\#(nextHeader()),"mark":{"name":\#(Self.quoted(name))}}"#
    }

    /// The last message: the caller hung up.
    mutating func stop() -> String {
        #"{"event":"stop",\#(nextHeader()),"stop":{"accountSid":\#(Self.quoted(accountSID)),"#
            + #""callSid":\#(Self.quoted(callSID))}}"#
    }

    private mutating func nextHeader() -> String {
        sequenceNumber += 1
        return #""sequenceNumber":"\#(sequenceNumber)","streamSid":\#(Self.quoted(streamSID))"#
    }

    private static func quoted(_ text: String) -> String {
        // Encoding a string cannot fail; the empty literal keeps the message well-formed if it did.
        guard let data = try? JSONEncoder().encode(text) else { return "\"\"" }
        return String(decoding: data, as: UTF8.self)
    }
}

/// What the bridge sends to Twilio, read as strictly as Twilio reads it.
enum TwilioCallerMessage: Equatable, Sendable {
    /// µ-law at 8 kHz, to be put behind what waits already.
    case media([UInt8])
    case mark(String)
    case clear

    /// Reads one text message for the stream `streamSID`.
    ///
    /// - Throws: `.content` for everything Twilio ignores with warning 31951: no JSON, an unknown
    ///   event, a missing or superfluous member, a wrong type, another stream, no base64.
    init(parsing text: [UInt8], streamSID: String) throws(TwilioCallerWarning) {
        guard let message = try? JSONDecoder().decode([String: Value].self, from: Data(text)),
            case .text(let event) = message["event"], message["streamSid"] == .text(streamSID)
        else { throw .content }
        switch event {
        case "media":
            let payload = try Self.member("payload", of: "media", in: message)
            guard let audio = Data(base64Encoded: payload) else { throw .content }
            self = .media([UInt8](audio))
        case "mark":
            self = .mark(try Self.member("name", of: "mark", in: message))
        case "clear":
            guard message.count == 2 else { throw .content }
            self = .clear
        default:
            throw .content
        }
    }

    private static func member(
        _ name: String, of body: String, in message: [String: Value]
    ) throws(TwilioCallerWarning) -> String {
        guard message.count == 3, case .object(let members) = message[body], members.count == 1,
            let text = members[name]
        else { throw .content }
        return text
    }

    /// The only shapes these messages have; anything else fails to decode.
    private enum Value: Decodable, Equatable {
        case text(String)
        case object([String: String])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else {
                self = .object(try container.decode([String: String].self))
            }
        }
    }
}

/// What Twilio would log for a message it ignores; each is logged once per stream.
enum TwilioCallerWarning: Int, Error, Equatable, Sendable {
    /// A message that is not text.
    case binary = 31_950
    /// A text whose content is not valid.
    case content = 31_951
}
