/// A tool a language model may call, as it is told of it.
package struct ToolDefinition: Equatable, Sendable {
    package let name: String
    /// When to call it, in a sentence or two; models read this more closely than the prompt.
    package let description: String
    /// A JSON Schema of type `object`.
    package let parameters: JSONValue

    package init(name: String, description: String, parameters: JSONValue) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }

    /// A tool whose arguments are all strings: the meaning of each, and what some have to be one
    /// of.
    init(
        name: String, description: String, arguments: KeyValuePairs<String, String>,
        choices: [String: [String]] = [:]
    ) {
        var properties: [String: JSONValue] = [:]
        for (argument, meaning) in arguments {
            var property: [String: JSONValue] = [
                "type": "string", "description": .string(meaning),
            ]
            if let choices = choices[argument] {
                property["enum"] = .array(choices.map { .string($0) })
            }
            properties[argument] = .object(property)
        }
        self.init(
            name: name, description: description,
            parameters: [
                "type": "object", "properties": .object(properties),
                "required": .array(arguments.map { .string($0.key) }),
            ])
    }
}

extension ToolDefinition {
    /// Hands the caller to a human; its result is followed by the model's last words to the caller.
    package static let transferToAgent = ToolDefinition(
        name: AppointmentTools.transfer,
        description: "Hand the caller over to a human colleague. Call it when the caller asks for "
            + "a person, is angry, or needs what no other tool can do. Then tell the caller that "
            + "they are being put through.",
        arguments: [
            "department": "Where the caller goes.", "priority": "How urgent it is.",
        ], choices: ["priority": ["low", "normal", "high"]])

    /// Notes a wish to be called back; the call goes on.
    package static let scheduleCallback = ToolDefinition(
        name: AppointmentTools.callback,
        description: "Note that the caller wants to be called back. Call only after the number "
            + "and the time were confirmed.",
        arguments: [
            "phone": "With its country code.", "datetime": "ISO 8601, local time.",
            "reason": "What it is about, in a few words.",
        ])

    package static let lookUpCustomer = ToolDefinition(
        name: "lookup_customer", description: "What is known of a customer.",
        arguments: ["customer_id": "As the caller or the context gives it."])

    package static let searchProducts = ToolDefinition(
        name: "search_products", description: "Products that match what the caller describes.",
        arguments: ["query": "In the caller's words."])

    /// Hangs up once the goodbye of the same answer has been heard; no runner ever sees it.
    package static let endCall = ToolDefinition(
        name: "end_call",
        description: "Hang up. Say goodbye first, in the same answer. Call it only when the "
            + "caller has said goodbye or wants nothing more.",
        arguments: [:])
}

extension [ToolDefinition] {
    /// What `AppointmentBook` runs, and hanging up; a profile's services are the choices.
    package static func appointments(of profile: BusinessProfile) -> Self {
        let services = profile.services.map(\.id)
        return [
            ToolDefinition(
                name: AppointmentTools.book,
                description: "Book an appointment. Call only after service, day, time and name "
                    + "were confirmed. Where the time is taken the result has the next free one.",
                arguments: [
                    "service": "What is to be done.", "date": "Like 2026-11-23.",
                    "time": "Like 15:30.", "name": "The caller's name.",
                ], choices: ["service": services]),
            ToolDefinition(
                name: AppointmentTools.reschedule,
                description: "Move an appointment. Call only after day and time were confirmed.",
                arguments: [
                    "id": "Of the appointment, as find_appointment gave it.",
                    "date": "Like 2026-11-23.", "time": "Like 15:30.",
                ]),
            ToolDefinition(
                name: AppointmentTools.find,
                description: "The coming appointments of a caller, soonest first.",
                arguments: ["name": "The caller's name."]),
            ToolDefinition(
                name: AppointmentTools.cancel,
                description: "Cancel an appointment. Call only after the caller confirmed it.",
                arguments: ["id": "Of the appointment, as find_appointment gave it."]),
            ToolDefinition(
                name: AppointmentTools.order, description: "Where an order or repair stands.",
                arguments: ["order_number": "Digits only."]),
            .scheduleCallback, .transferToAgent, .endCall,
        ]
    }
}
