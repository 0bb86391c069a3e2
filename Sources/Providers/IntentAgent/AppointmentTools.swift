internal import FoundationEssentials
internal import Insight
internal import Pipeline

/// The tools the built-in agent calls; arguments and results are JSON with these fields.
enum AppointmentTools {
    static let book = "book_appointment"
    static let reschedule = "reschedule_appointment"
    static let find = "find_appointment"
    static let cancel = "cancel_appointment"
    static let order = "order_status"
    static let transfer = "transfer_to_agent"
    static let callback = "schedule_callback"

    /// Arguments of `book_appointment`.
    struct Booking: Codable, Equatable {
        let service: String
        /// ISO 8601, as all dates and times here.
        let date: String
        let time: String
        let name: String
    }

    /// Arguments of `reschedule_appointment`.
    struct Moving: Codable, Equatable {
        let id: String
        let date: String
        let time: String
    }

    /// Arguments of `find_appointment`.
    struct Search: Codable, Equatable {
        let name: String
    }

    /// Arguments of `cancel_appointment`.
    struct Cancelling: Codable, Equatable {
        let id: String
    }

    /// Arguments of `order_status`.
    struct OrderQuery: Codable, Equatable {
        let orderNumber: String
        enum CodingKeys: String, CodingKey { case orderNumber = "order_number" }
    }

    /// Arguments of `transfer_to_agent`.
    struct Transfer: Codable, Equatable {
        let department: String
        let priority: String
    }

    /// Arguments of `schedule_callback`.
    struct Callback: Codable, Equatable {
        let phone: String
        let datetime: String
        let reason: String
    }

    /// Result of `book_appointment` and `reschedule_appointment`.
    struct BookingResult: Codable, Equatable {
        enum Status: String, Codable {
            case booked
            case taken
            case closed
            case unknown
        }
        let status: Status
        let appointment: Appointment?
        /// The next free time, when this one cannot be had.
        let nextDate: String?
        let nextTime: String?
        enum CodingKeys: String, CodingKey {
            case status, appointment
            case nextDate = "next_date"
            case nextTime = "next_time"
        }
    }

    /// Result of `find_appointment`: the caller's coming appointments, soonest first.
    struct SearchResult: Codable, Equatable {
        let appointments: [Appointment]
    }

    /// Result of `cancel_appointment`.
    struct CancellingResult: Codable, Equatable {
        let cancelled: Bool
    }

    /// Result of `order_status`.
    struct OrderResult: Codable, Equatable {
        let status: OrderStatus
    }

    /// Result of `transfer_to_agent`.
    struct TransferResult: Codable, Equatable {
        let accepted: Bool
    }

    /// Result of `schedule_callback`.
    struct CallbackResult: Codable, Equatable {
        let scheduled: Bool
    }

    static func json(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    static func value<Value: Decodable>(_ type: Value.Type, from json: String) -> Value? {
        try? JSONDecoder().decode(type, from: Data(json.utf8))
    }
}

/// An appointment as the tools exchange it.
package struct Appointment: Codable, Equatable, Sendable {
    package let id: String
    package let service: String
    /// "2026-11-24".
    package let date: String
    /// "10:30".
    package let time: String
    package let name: String

    package init(id: String, service: String, date: String, time: String, name: String) {
        self.id = id
        self.service = service
        self.date = date
        self.time = time
        self.name = name
    }
}

/// Where an order stands.
package enum OrderStatus: String, Codable, Sendable {
    case ready
    case inProgress = "in_progress"
    case waitingForParts = "waiting_for_parts"
    case notFound = "not_found"
}
