internal import Events

/// Prints a conversation while it happens, as the gateway's events tell it.
struct CallFollower: Sendable {
    /// `nil`: nothing is printed.
    let client: GatewayClient?
    let prints: Printer

    /// Follows each call from its start to its end.
    func follow(_ calls: AsyncStream<String>) async {
        for await callID in calls {
            if let client { await follow(callID, client) }
        }
    }

    private func follow(_ callID: String, _ client: GatewayClient) async {
        var seq = 0
        while let page = await client.events(of: callID, after: seq) {
            for event in page.events {
                if let line = EventLine.text(of: event) { prints.line(line) }
            }
            seq = page.next
            if page.ended { return }
        }
    }
}
