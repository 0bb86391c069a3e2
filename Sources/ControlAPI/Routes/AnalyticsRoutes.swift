internal import HTTPTypes
internal import Hummingbird
internal import Records

/// `/api/v1/analytics/…`, also under `/api/v1/vapi/…`: figures over many calls.
struct AnalyticsRoutes: Sendable {
    let store: any RecordStore

    func add(to router: ControlRouter) {
        for base in ["/api/v1/analytics", "/api/v1/vapi/analytics"] {
            router.route("\(base)/calls", .get) { request, _ in try await calls(request) }
            router.route("\(base)/tools", .get) { request, _ in try await tools(request) }
            router.route("\(base)/learnings", .get) { request, _ in
                let (span, status) = try request.query { fields in
                    (fields.span(), fields.optionalChoice("status", of: MappingStatus.self))
                }
                return try .json(try await store.learningAnalytics(span, status: status))
            }
        }
    }

    private func calls(_ request: Request) async throws -> Response {
        let (span, status, period) = try request.query { fields in
            (
                fields.span(), fields.optionalChoice("status", of: CallSummary.Status.self),
                fields.choice("period", default: AnalyticsPeriod.day)
            )
        }
        let calls = try await store.callAnalytics(span, status: status, per: period)
        return try .json(CallFigures(period: period.rawValue, calls: calls))
    }

    private func tools(_ request: Request) async throws -> Response {
        let (span, name) = try request.query { fields in
            (fields.span(), fields.optionalText("tool_name", length: 1...200))
        }
        return try .json(
            ToolFigures(tools: try await store.toolAnalytics(span, toolName: name)))
    }
}

private struct CallFigures: Encodable {
    let period: String
    let calls: [CallAnalytics]
}

private struct ToolFigures: Encodable {
    let tools: [ToolAnalytics]
}

extension RequestFields {
    /// `from` and `to`, in this order.
    mutating func span() -> TimeSpan {
        let span = TimeSpan(from: optionalTime("from"), to: optionalTime("to"))
        if let from = span.from, let to = span.to, from > to {
            refuse("to", "is not before from", standIn: ())
        }
        return span
    }

    /// `limit` and `cursor` of a list.
    mutating func page() -> PageRequest {
        PageRequest(
            limit: number("limit", in: 1...1_000, default: 100),
            cursor: optionalText("cursor", length: 1...500))
    }
}
