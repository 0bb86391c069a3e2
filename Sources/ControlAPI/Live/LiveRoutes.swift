internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Records

/// `/ws/events` and `/ws/metrics`: what happens, as it happens (docs/live-events.md).
struct LiveRoutes: Sendable {
    let journal: EventJournal
    let figures: DashboardFigures

    func add(to router: ControlRouter) {
        router.route(WebSocketTunnel.pathPrefix + "events", .get) { request, _ in
            try request.expectWebSocket()
            let wish = try EventWish(request)
            guard let feed = journal.feed else {
                throw Problem(
                    status: .serviceUnavailable, detail: "This gateway keeps no records to follow.")
            }
            let stream = EventStream(journal: journal, feed: feed, wish: wish)
            return .webSocket { try await stream.run(&$0, reading: request.body) }
        }
        router.route(WebSocketTunnel.pathPrefix + "metrics", .get) { request, _ in
            try request.expectWebSocket()
            let stream = FigureStream(figures: figures)
            return .webSocket { try await stream.run(&$0, reading: request.body) }
        }
    }
}

/// What a subscriber asks for: a room, and where to begin.
struct EventWish: Equatable, Sendable {
    let room: EventRoom
    let start: EventFeed.Start

    /// Reads `call` or `conversation`, and `after`, `after_seq` or `from`.
    ///
    /// - Throws: `Problem` 400.
    init(_ request: Request) throws(Problem) {
        let query = request.uri.queryParameters
        let call = try Self.text("call", query)
        let conversation = try Self.text("conversation", query)
        switch (call, conversation) {
        case (let call?, nil): room = .call(call)
        case (nil, let conversation?): room = .conversation(conversation)
        case (nil, nil): room = .all
        case (_?, _?): throw .badRequest("Ask for one call or one conversation, not for both.")
        }
        let from = try Self.text("from", query)
        let places = ["after", "after_seq", "from"].filter { !query.getAll($0).isEmpty }
        guard places.count <= 1 else {
            throw .badRequest("Only one of after, after_seq and from says where to begin.")
        }
        if query["after"] != nil {
            let position = try request.number("after", in: 0...Int.max, default: 0)
            start = .after(position: Int64(position))
        } else if query["after_seq"] != nil {
            guard case .call = room else {
                throw .badRequest("after_seq counts the events of one call: name it.")
            }
            start = .afterSeq(try request.number("after_seq", in: 0...Int.max, default: 0))
        } else {
            switch from {
            case "now"?: start = .now
            case "start"?: start = .after(position: 0)
            // A call or conversation is shown whole; all of them would be the whole journal.
            case nil: start = room == .all ? .now : .after(position: 0)
            case _?: throw .badRequest("from is now or start.")
            }
        }
    }

    private static func text(
        _ name: String, _ query: FlatDictionary<Substring, Substring>
    ) throws(Problem) -> String? {
        let values = query.getAll(name)
        guard let value = values.first else { return nil }
        guard values.count == 1, !value.isEmpty, value.utf8.count <= 128 else {
            throw .badRequest("\(name) is given once and has 1 to 128 octets.")
        }
        return String(value)
    }
}

extension Request {
    /// Whether what asks is a WebSocket, and no foreign web page.
    ///
    /// - Throws: `Problem` 426 or 403. Browsers let any page open a WebSocket to any address, this
    ///   machine's loopback included, and name the page in `Origin`.
    func expectWebSocket() throws(Problem) {
        guard headers[.upgrade]?.lowercased() == "websocket" else {
            throw Problem(
                status: .upgradeRequired, detail: "This path is a WebSocket (RFC 6455).",
                headers: [.upgrade: "websocket"])
        }
        guard let origin = headers[.origin], headers[.authorization] == nil else { return }
        guard ["http", "https"].contains(where: { origin == "\($0)://\(head.authority ?? "")" })
        else {
            throw Problem(status: .forbidden, detail: "Other web pages may not follow calls.")
        }
    }
}

extension Response {
    /// Becomes a WebSocket whose messages are the pieces that `write` writes.
    static func webSocket(
        _ write: @escaping @Sendable @concurrent (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        Response(status: .switchingProtocols, body: ResponseBody(write))
    }
}
