internal import Pipeline

extension ProviderHTTP {
    /// Sends a request to learn whether it would be served; its answer is dropped, and one that is
    /// no success read by `failure`.
    func check(
        _ request: ProviderHTTPRequest,
        failure: (ProviderHTTPResponse, [UInt8]) -> ProviderFailure
    ) async throws(ProviderFailure) {
        let answer: ProviderHTTPResponse
        do { answer = try await send(request) } catch { throw ProviderFailure(http: error) }
        guard answer.status != 200 else { return }
        throw failure(answer, (try? await answer.body.collect(upTo: 1 << 14)) ?? [])
    }

    /// Leaves an open connection in the pool, whatever the server thinks of the request.
    func warmUp(_ request: ProviderHTTPRequest) async throws(ProviderFailure) {
        let answer: ProviderHTTPResponse
        do { answer = try await send(request) } catch { throw ProviderFailure(http: error) }
        var octets = 0
        var body = answer.body.makeAsyncIterator()
        // Read to its end, else the connection would be closed; no list of models is that long.
        while octets < 1 << 20, let piece = try? await body.next() { octets += piece.count }
    }
}
