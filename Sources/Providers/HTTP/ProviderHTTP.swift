internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Tracing

/// HTTP requests to providers over one pool of connections, HTTP/2 where a server offers it.
///
/// Answers are streamed. Deadlines for the first octet are the failover policy's business; this
/// client only gives up on peers that take no connection or say nothing for a minute.
package final class ProviderHTTP: Sendable {
    private let client: HTTPClient
    /// Where the connections live; `nil`: where everybody's do.
    private let group: MultiThreadedEventLoopGroup?

    /// - Parameters:
    ///   - keepsConnections: a request finds the connection of the one before it.
    ///   - addresses: where hosts are, by name as it stands in URLs; others are resolved.
    ///   - onLoopStart: the connections get threads of their own, each of which does this first.
    package init(
        keepsConnections: Bool = true, addresses: [String: String] = [:],
        onLoopStart: (@Sendable () -> Void)? = nil
    ) {
        var configuration = HTTPClient.Configuration()
        configuration.dnsOverride = addresses
        configuration.timeout.connect = .seconds(3)
        configuration.timeout.read = .seconds(60)
        // A warm connection is what makes a first token early.
        configuration.connectionPool.idleTimeout =
            keepsConnections ? .seconds(120) : .nanoseconds(1)
        // An answer that is streamed holds its connection; a call must not wait for another's to end.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1_024
        // A refusal is told at once: the failover policy knows better whom to ask next.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        // Its own spans would hold whole addresses, some of which are secrets: see `RequestSpan`.
        configuration.tracing.tracer = nil
        group = onLoopStart.map { start in
            let group = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
            for loop in group.makeIterator() { loop.execute(start) }
            return group
        }
        client = HTTPClient(
            eventLoopGroupProvider: group.map { .shared($0) } ?? .singleton,
            configuration: configuration)
    }

    /// Must be called before the last reference goes.
    package func shutdown() async {
        try? await client.shutdown()
        try? await group?.shutdownGracefully()
    }

    /// Sends a request; returns once the head of the answer is there, whatever its status.
    ///
    /// Cancelling the task, or dropping the body's iterator, closes the exchange.
    package func send(
        _ request: ProviderHTTPRequest
    ) async throws(ProviderHTTPError) -> ProviderHTTPResponse {
        var message = HTTPClientRequest(url: request.url)
        message.method = HTTPMethod(rawValue: request.method)
        for (name, value) in request.headers { message.headers.add(name: name, value: value) }
        if let body = request.body { message.body = .bytes(body) }
        let span = RequestSpan(of: &message)
        defer { span?.end() }
        do {
            let answer = try await client.execute(message, deadline: .distantFuture)
            span?.answered(Int(answer.status.code))
            return ProviderHTTPResponse(
                status: Int(answer.status.code),
                headers: answer.headers.map { ($0.name.lowercased(), $0.value) },
                body: ProviderHTTPBody(answer.body))
        } catch {
            throw ProviderHTTPError(error)
        }
    }
}

package struct ProviderHTTPRequest: Sendable {
    package var method: String
    package var url: String
    /// Hold the key; never logged.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?

    package init(
        method: String = "POST", url: String, headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

package struct ProviderHTTPResponse: Sendable {
    package let status: Int
    /// Names in lower case.
    package let headers: [(name: String, value: String)]
    /// Can be read once.
    package let body: ProviderHTTPBody

    package func header(_ name: String) -> String? {
        headers.first { $0.name == name.lowercased() }?.value
    }

    /// `Retry-After` in seconds (RFC 9110 §10.2.3); its date form is not used by any provider here.
    package var retryAfter: Duration? {
        header("retry-after").flatMap { Double($0) }.map { .seconds($0) }
    }
}

/// The octets of an answer as they come; iterating throws `ProviderHTTPError`.
package struct ProviderHTTPBody: AsyncSequence, Sendable {
    private let body: HTTPClientResponse.Body

    fileprivate init(_ body: HTTPClientResponse.Body) { self.body = body }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var source: HTTPClientResponse.Body.AsyncIterator

        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ProviderHTTPError) -> [UInt8]? {
            do {
                guard let buffer = try await source.next(isolation: actor) else { return nil }
                return Array(buffer.readableBytesView)
            } catch {
                throw ProviderHTTPError(error)
            }
        }

        package mutating func next() async throws(ProviderHTTPError) -> [UInt8]? {
            try await next(isolation: #isolation)
        }
    }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(source: body.makeAsyncIterator())
    }

    /// All of it, or its first `limit` octets.
    package func collect(upTo limit: Int) async throws(ProviderHTTPError) -> [UInt8] {
        var octets: [UInt8] = []
        var iterator = makeAsyncIterator()
        while octets.count < limit, let next = try await iterator.next() { octets += next }
        return Array(octets.prefix(limit))
    }
}

/// Why an exchange with a provider came to nothing; what a server answers is no error here.
package enum ProviderHTTPError: Error, Equatable, Sendable {
    /// The host's name resolves to nothing.
    case noAddress
    /// No connection: refused, no route, TLS.
    case unreachable(String)
    case timedOut
    /// The connection went away in the middle.
    case closedEarly
    /// The answer is no HTTP.
    case garbage(String)
    case cancelled
    /// The URL is none.
    case impossible(String)

    init(_ error: any Error) {
        switch error {
        case let error as ProviderHTTPError: self = error
        case is CancellationError: self = .cancelled
        case let error as HTTPClientError: self.init(error)
        // Closed in good order, but in the middle of an answer.
        case HTTPParserError.invalidEOFState: self = .closedEarly
        case is HTTPParserError: self = .garbage("no HTTP")
        case let error as ChannelError:
            if case .connectTimeout = error { self = .timedOut } else { self = .closedEarly }
        case let error as IOError:
            switch error.errnoCode {
            case ECONNRESET, EPIPE, ECONNABORTED: self = .closedEarly
            default: self = .unreachable("errno \(error.errnoCode)")
            }
        case let error as NIOConnectionError:
            self = error.connectionErrors.isEmpty ? .noAddress : .unreachable("no connection")
        default: self = .unreachable("\(type(of: error))")
        }
    }

    private init(_ error: HTTPClientError) {
        switch error {
        case .cancelled: self = .cancelled
        case .connectTimeout, .readTimeout, .deadlineExceeded, .writeTimeout,
            .getConnectionFromPoolTimeout, .tlsHandshakeTimeout:
            self = .timedOut
        case .remoteConnectionClosed: self = .closedEarly
        case .invalidURL, .emptyHost, .emptyScheme, .unsupportedScheme(""):
            self = .impossible(error.description)
        default: self = .unreachable(error.shortDescription)  // a struct of some thirty values
        }
    }
}
