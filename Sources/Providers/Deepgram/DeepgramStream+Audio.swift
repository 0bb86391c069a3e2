internal import Pipeline

/// What goes out: audio, `Finalize` in its place among it, `KeepAlive` when there is neither.
extension DeepgramStream {
    /// Sends what can be sent by now.
    mutating func pump(at now: MonotonicTime) {
        guard case .open(var flow) = link else { return }
        var budget = allowance(of: flow, at: now)
        flow.pumpedAt = now
        while !utterances.isEmpty {
            // Everything before the utterance's end goes before its `Finalize`, and nothing else.
            let due = utterances.firstIndex { $0.isFinished && $0.finalizedAt == nil }
            let boundary = due.flatMap { utterances[$0].end } ?? .max
            let limit = min(available, boundary, flow.sent + min(budget, largestMessage))
            if limit > flow.sent {
                act(.send(flow.sent..<limit))
                budget -= limit - flow.sent
                flow.unansweredOctets += limit - flow.sent
                flow.sent = limit
                flow.sentAt = now
            } else if let due, flow.sent >= boundary {
                act(.finalize)
                utterances[due].finalizedAt = now
                flow.sentAt = now
            } else {
                break
            }
        }
        link = .open(flow)
    }

    /// Octets that may be sent at once: live audio all of it, a backlog at its pace.
    private func allowance(of flow: Flow, at now: MonotonicTime) -> Int {
        let live = octets(of: .milliseconds(250))
        guard available - flow.sent > live else { return live }
        let elapsed = min(
            max(flow.pumpedAt.duration(to: now), .milliseconds(1)), .milliseconds(100))
        return octets(of: elapsed * settings.replaySpeed)
    }

    /// 20 to 250 ms are sensible.
    private var largestMessage: Int { octets(of: .milliseconds(200)) }

    /// Whole samples of this length.
    func octets(of duration: Duration) -> Int {
        let octets = Int(duration.milliseconds * Double(settings.octetsPerSecond) / 1_000)
        return octets - octets % settings.octetsPerSample
    }

    /// Looks whether the provider still listens, and is still told that we speak.
    mutating func watch(at now: MonotonicTime) {
        let late = utterances.firstIndex {
            guard let asked = $0.finalizedAt else { return false }
            return asked.duration(to: now) >= settings.finalizeLimit
        }
        if let late {
            // With nothing left to say no answer need come; with much left, it is not heard.
            guard utterances[late].unheard <= octets(of: .milliseconds(500)) else {
                act(.disconnect)
                return lose(.stalledMidStream, at: now)
            }
            settle(through: late)
        }
        guard case .open(var flow) = link else { return }
        if flow.unansweredOctets >= octets(of: settings.muteLimit) {
            act(.disconnect)
            return lose(.stalledMidStream, at: now)
        }
        guard flow.sentAt.duration(to: now) >= settings.keepAlive else { return }
        act(.keepAlive)
        flow.sentAt = now
        link = .open(flow)
    }

    /// Answers what was finished too long ago with what there is.
    mutating func giveUpLateOnes(at now: MonotonicTime) {
        while let first = utterances.first, let finishedAt = first.finishedAt,
            finishedAt.duration(to: now) >= settings.finalLimit
        {
            if first.text.isEmpty {
                fail(utterances.removeFirst().id, .timedOut)
            } else {
                settle(through: 0)
            }
        }
    }
}
