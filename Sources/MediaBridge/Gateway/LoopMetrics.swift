internal import ControlAPI

/// The media plane's counters as Prometheus reads them.
struct LoopMetrics: Sendable {
    let loops: [MediaLoop<GatewayLoop>]
    let figures: [LoopFigures]
    let liveCalls: LiveCalls
    /// `nil`: no call is recorded.
    let flights: FlightOutlet?

    func metrics() -> [Metric] {
        let twilio = figures.reduce(into: TwilioCounters()) { $0.add($1.current.twilio) }
        return [
            Metric(
                "mediabridge_calls", help: "Calls that are live.",
                .gauge([.init(Double(liveCalls.count))])),
            Metric(
                "mediabridge_edge_events_total", help: "What the media loops counted.",
                .counter(edge { !Self.gauges.contains($0) }.map { .init(UInt64($0.1), $0.0) })),
            Metric(
                "mediabridge_edge_now", help: "Gauges of the media loops.",
                .gauge(edge { Self.gauges.contains($0) }.map { .init(Double($0.1), $0.0) })),
            Metric(
                "mediabridge_loop_lag_max_milliseconds",
                help: "The latest tick of each media loop within the last second or two.",
                .gauge(
                    loops.enumerated().map { index, loop in
                        .init(
                            Double(loop.counters[.tickLatenessMaxMicroseconds]) / 1_000,
                            [.init("loop", "\(index)")])
                    })),
            Metric(
                "mediabridge_frames_late_total",
                help: "Ticks of 20 ms that came over 5 ms late, each with a frame of every call.",
                .counter([.init(count(.ticksLate))])),
            Metric(
                "mediabridge_frame_ticks_total", help: "Ticks of 20 ms of all media loops.",
                .counter([.init(count(.ticks))])),
            Metric(
                "mediabridge_twilio_faults_total",
                help: "Messages of Twilio sockets that were counted and ignored, by kind.",
                .counter(faults(twilio))),
            Metric(
                "mediabridge_twilio_messages_total", help: "Messages from Twilio sockets.",
                .counter([.init(UInt64(max(0, twilio.messages)))])),
            Metric(
                "mediabridge_audio_faults_total",
                help: "Messages of /audio clients that were counted and not used, by kind.",
                .counter(audioFaults())),
            Metric(
                "mediabridge_audio_messages_total", help: "Messages from /audio clients.",
                .counter([.init(UInt64(figures.reduce(0) { $0 + $1.current.audio.messages }))])),
            Metric(
                "mediabridge_refused_calls_total",
                help: "Streams that no engine or codec could serve.",
                .counter([.init(UInt64(figures.reduce(0) { $0 + $1.current.refusedCalls }))])),
            Metric(
                "mediabridge_speculations_total",
                help: "Questions to the model before the end of a turn, by what came of them.",
                .counter(speculations())),
            Metric(
                "mediabridge_flight_blocks_dropped_total",
                help: "Pieces of flight records the control plane was too slow to take.",
                .counter([.init(UInt64(flights?.droppedBlocks ?? 0))])),
            Metric(
                "mediabridge_dropped_events_total",
                help: "Events the control plane was too slow to take.",
                .counter([.init(UInt64(figures.reduce(0) { $0 + $1.current.droppedEvents }))])),
        ]
    }

    private static let gauges: Set<EdgeCounter> = [
        .openSockets, .handshakingSockets, .tickLatenessMaxMicroseconds,
    ]

    private func count(_ counter: EdgeCounter) -> UInt64 {
        UInt64(max(0, loops.reduce(0) { $0 + $1.counters[counter] }))
    }

    private func edge(_ isWanted: (EdgeCounter) -> Bool) -> [([Metric.Label], Int)] {
        EdgeCounter.allCases.filter(isWanted).map { counter in
            ([.init("what", "\(counter)")], max(0, loops.reduce(0) { $0 + $1.counters[counter] }))
        }
    }

    private func faults(_ counters: TwilioCounters) -> [Metric.Sample<UInt64>] {
        let kinds: [(String, Int)] = [
            ("broken_json", counters.brokenJSON), ("bad_base64", counters.badBase64),
            ("malformed", counters.malformed), ("unknown_event", counters.unknownEvent),
            ("unexpected_event", counters.unexpectedEvent), ("wrong_stream", counters.wrongStream),
            ("media_before_start", counters.mediaBeforeStart),
            ("unsupported_format", counters.unsupportedFormat), ("oversize", counters.oversize),
            ("binary", counters.binary), ("over_rate", counters.overRate),
            ("after_end", counters.afterEnd), ("out_of_order", counters.outOfOrder),
            ("missing_messages", counters.missingMessages), ("late_media", counters.lateMedia),
            ("missing_chunks", counters.missingChunks),
        ]
        return kinds.map { .init(UInt64(max(0, $0.1)), [.init("kind", $0.0)]) }
    }

    private func speculations() -> [Metric.Sample<UInt64>] {
        let counted = figures.map(\.current)
        return [
            ("used", counted.reduce(0) { $0 + $1.usedSpeculations }),
            ("wasted", counted.reduce(0) { $0 + $1.wastedSpeculations }),
        ].map { .init(UInt64($0.1), [.init("outcome", $0.0)]) }
    }

    private func audioFaults() -> [Metric.Sample<UInt64>] {
        let counters = figures.reduce(into: AudioSocketCounters()) { $0.add($1.current.audio) }
        let kinds: [(String, Int)] = [
            ("broken_json", counters.brokenJSON), ("bad_base64", counters.badBase64),
            ("malformed", counters.malformed), ("unknown_type", counters.unknownType),
            ("partial_samples", counters.partialSamples), ("oversize", counters.oversize),
            ("unsupported_format", counters.unsupportedFormat),
            ("audio_before_start", counters.audioBeforeStart),
            ("before_start", counters.beforeStart), ("over_rate", counters.overRate),
            ("audio_ahead", counters.audioAhead), ("unknown_mark", counters.unknownMark),
            ("stale_epoch", counters.staleEpoch), ("after_end", counters.afterEnd),
            ("bad_packet", figures.reduce(0) { $0 + $1.current.rejectedPackets }),
        ]
        return kinds.map { .init(UInt64(max(0, $0.1)), [.init("kind", $0.0)]) }
    }
}
