/// Why a stream of events is given up.
package enum ServerSentEventsError: Error, Equatable {
    case lineTooLong(limit: Int)
    case eventTooLong(limit: Int)
}

/// Reads a stream of server-sent events as its octets come (WHATWG HTML §9.2.6).
///
/// Hand it octets with `append`, then drain `next()` to `nil`. Lines end with LF, CR or CRLF;
/// comments, which servers send to keep a connection alive, are skipped, as are `id` and `retry`,
/// which only matter to a reader that reconnects. What is not UTF-8 becomes U+FFFD.
package struct ServerSentEvents: Sendable {
    package struct Event: Equatable, Sendable {
        /// `message`, where the server gave no name.
        package var name: String
        /// The data lines, joined by LF.
        package var data: String

        package init(name: String = "message", data: String) {
            self.name = name
            self.data = data
        }
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let lineLimit: Int
    private let eventLimit: Int
    /// Octets not looked at yet, from `position` on.
    private var pending: [UInt8] = []
    private var position = 0
    private var line: [UInt8] = []
    private var isFirstLine = true
    /// The last line ended with CR: an LF right behind it belongs to that ending.
    private var hasCarriageReturn = false
    private var name = ""
    private var data: [UInt8] = []
    private var hasData = false
    private var failure: ServerSentEventsError?

    /// - Parameters:
    ///   - lineLimit: the most octets in a line without its end.
    ///   - eventLimit: the most octets of data in an event.
    package init(lineLimit: Int = 1 << 18, eventLimit: Int = 1 << 20) {
        self.lineLimit = lineLimit
        self.eventLimit = eventLimit
    }

    package mutating func append(_ octets: [UInt8]) {
        guard failure == nil else { return }
        pending.removeFirst(position)
        position = 0
        pending += octets
    }

    /// The next event that is whole; `nil`: more octets are needed.
    ///
    /// - Throws: when a limit is passed, then and from then on.
    package mutating func next() throws(ServerSentEventsError) -> Event? {
        if let failure { throw failure }
        while position < pending.count {
            let octet = pending[position]
            position += 1
            let follows = hasCarriageReturn
            hasCarriageReturn = octet == 0x0D
            switch octet {
            case 0x0A where follows: continue
            case 0x0A, 0x0D:
                if let event = try endLine() { return event }
            default:
                guard line.count < lineLimit else { throw fail(.lineTooLong(limit: lineLimit)) }
                line.append(octet)
            }
        }
        return nil
    }

    /// What stands unfinished at the end of the stream, its last line included.
    ///
    /// The standard drops it; some servers close the connection right behind their last line.
    package mutating func rest() -> Event? {
        // An unfinished line is never the empty one that ends an event.
        if !line.isEmpty { _ = try? endLine() }
        return failure == nil ? dispatch() : nil
    }

    private mutating func endLine() throws(ServerSentEventsError) -> Event? {
        var content = line[...]
        line.removeAll(keepingCapacity: true)
        if isFirstLine {
            isFirstLine = false
            if content.starts(with: Self.byteOrderMark) { content = content.dropFirst(3) }
        }
        guard !content.isEmpty else { return dispatch() }
        let colon = content.firstIndex(of: UInt8(ascii: ":"))
        let field = content[..<(colon ?? content.endIndex)]
        var value = content[(colon.map { $0 + 1 } ?? content.endIndex)...]
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        if field.elementsEqual("data".utf8) {
            if hasData { data.append(0x0A) }
            hasData = true
            guard data.count + value.count <= eventLimit else {
                throw fail(.eventTooLong(limit: eventLimit))
            }
            data += value
        } else if field.elementsEqual("event".utf8) {
            name = String(decoding: value, as: UTF8.self)
        }
        return nil
    }

    private mutating func dispatch() -> Event? {
        defer {
            name = ""
            data.removeAll(keepingCapacity: true)
            hasData = false
        }
        guard hasData else { return nil }
        return Event(
            name: name.isEmpty ? "message" : name, data: String(decoding: data, as: UTF8.self))
    }

    private mutating func fail(_ error: ServerSentEventsError) -> ServerSentEventsError {
        failure = error
        pending = []
        position = 0
        line = []
        data = []
        return error
    }
}
