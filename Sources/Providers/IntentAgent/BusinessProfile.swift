package import Insight
package import Pipeline

/// What the built-in agent knows about the business it answers for.
package struct BusinessProfile: Equatable, Sendable {
    package struct Service: Equatable, Sendable {
        /// As tools name it: "oil_change".
        package let id: String
        /// With its indefinite article: "an oil change".
        package let name: Localized<String>
        /// What callers say for it, most usual first.
        package let phrases: Localized<[String]>
        /// In whole units of the profile's currency.
        package let price: Int
        package let durationMinutes: Int

        package init(
            id: String, name: Localized<String>, phrases: Localized<[String]>, price: Int,
            durationMinutes: Int
        ) {
            precondition(durationMinutes > 0, "a service takes time")
            self.id = id
            self.name = name
            self.phrases = phrases
            self.price = price
            self.durationMinutes = durationMinutes
        }
    }

    package let name: Localized<String>
    package let services: [Service]
    package let hours: WeeklyHours
    /// As it is spoken after a number: "euros".
    package let currency: Localized<String>
    /// Where callers go who ask for a human.
    package let department: String

    package init(
        name: Localized<String>, services: [Service], hours: WeeklyHours,
        currency: Localized<String>, department: String
    ) {
        self.name = name
        self.services = services
        self.hours = hours
        self.currency = currency
        self.department = department
    }

    package func service(_ id: String) -> Service? { services.first { $0.id == id } }

    /// The services as `Insight` looks for them.
    package func terms(_ language: Language) -> [ServiceTerms] {
        services.map { ServiceTerms(id: $0.id, phrases: $0.phrases[language]) }
    }
}

/// A value for each language the agent speaks.
package struct Localized<Value: Equatable & Sendable>: Equatable, Sendable {
    package let english: Value
    package let spanish: Value

    package init(english: Value, spanish: Value) {
        self.english = english
        self.spanish = spanish
    }

    package subscript(language: Language) -> Value {
        switch language {
        case .english: english
        case .spanish: spanish
        }
    }
}

extension Language {
    /// The same language as `Insight` calls it.
    package var spoken: SpokenLanguage {
        switch self {
        case .english: .english
        case .spanish: .spanish
        }
    }
}
