internal import Events
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Records
internal import ServiceLifecycle

/// One subscriber of `/ws/events`: what is there, then what comes.
struct EventStream: Sendable {
    let journal: EventJournal
    let feed: EventFeed
    let wish: EventWish

    /// Runs until the subscriber leaves, falls behind, or the gateway shuts down.
    ///
    /// - Throws: what the connection throws once it is gone.
    @concurrent func run(
        _ writer: inout any ResponseBodyWriter, reading messages: RequestBody
    ) async throws {
        let made: EventSubscription?
        do {
            made = try await feed.subscribe(to: wish.room, from: wish.start)
        } catch {
            return try await writer.close(1_011, FeedEnd.storeFailed(error).description)
        }
        guard let subscription = made else {
            return try await writer.close(1_013, "too many subscribers, try again later")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // Nothing a subscriber says is asked for; that it is gone is what matters.
                do { for try await _ in messages {} } catch {}
                await subscription.leave()
            }
            do {
                let end = try await pump(subscription, into: &writer)
                try await writer.close(end.closeCode, end.description)
            } catch {
                await subscription.leave()
                throw error
            }
            try await group.waitForAll()
        }
    }

    @concurrent private func pump(
        _ subscription: EventSubscription, into writer: inout any ResponseBodyWriter
    ) async throws -> FeedEnd {
        let snapshot = Snapshot(
            position: subscription.joined, calls: await journal.openCalls(in: wish.room))
        try await writer.send(snapshot)
        while true {
            let update = await cancelWhenGracefulShutdown { await subscription.next() }
            switch update {
            case .events(let events): try await writer.send(News(events: events.map(Item.init)))
            case .alerts(let notices):
                for notice in notices { try await writer.send(Warning(notice)) }
            case .ended(.left): return .shutdown  // or the peer is gone, and reads nothing
            case .ended(let end): return end
            }
        }
    }
}

/// The first message: the calls that are live.
private struct Snapshot: Encodable {
    let type = "snapshot"
    /// The calls are as after this event at least.
    let position: Int64
    let calls: [CallSummary]

    private enum CodingKeys: String, CodingKey { case type, position, calls }
}

private struct News: Encodable {
    let type = "events"
    let events: [Item]

    private enum CodingKeys: String, CodingKey { case type, events }
}

/// What is told of the gateway itself.
private struct Warning: Encodable {
    let type = "alert"
    let time: String
    let alert: AlertRecord

    init(_ notice: AlertNotice) {
        time = notice.time.recordText
        alert = notice.alert
    }

    private enum CodingKeys: String, CodingKey { case type, time, alert }
}

/// An event with its place; its own members and these side by side.
private struct Item: Encodable {
    let recorded: RecordedEvent

    private enum Key: String, CodingKey {
        case position
        case conversationID = "conversation_id"
    }

    func encode(to encoder: any Encoder) throws {
        try recorded.event.encode(to: encoder)
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(recorded.position, forKey: .position)
        try object.encode(recorded.conversationID, forKey: .conversationID)
    }
}

extension FeedEnd {
    /// RFC 6455 §7.4.1 and the registry it founded.
    fileprivate var closeCode: Int {
        switch self {
        case .left: 1_000
        case .shutdown: 1_001
        case .tooSlow: 1_013  // it may come back and resume
        case .storeFailed: 1_011
        }
    }
}

extension ResponseBodyWriter {
    /// Writes one text message.
    @concurrent mutating func send(_ message: some Encodable & Sendable) async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try await write(ByteBuffer(bytes: try encoder.encode(message)))
    }
}

extension ResponseBodyWriter {
    /// Ends the WebSocket.
    @concurrent consuming func close(_ code: Int, _ reason: String) async throws {
        try await finish([.closeCode: String(code), .closeReason: reason])
    }
}
