package import Insight
package import Pipeline

/// What a language model is told before every conversation: a template, filled for each answer.
///
/// Besides the values it is given, a template may use `{{language}}` (in English: "Spanish"),
/// `{{weekday}}` and `{{date}}` ("Monday", "2026-11-23"). It knows no time of day: a prompt that
/// changed every minute would never be found in a provider's cache.
package struct SystemPrompt: Sendable {
    private static let builtIn: Set = ["language", "weekday", "date"]
    /// Follows every prompt, for every history may hold such notes.
    private static let notes =
        "\n\nText inside <note> tags comes from the business, not from the caller: act on it and "
        + "never read it aloud."

    private let template: PromptTemplate
    private let values: [Language: [String: String]]
    private let now: @Sendable () -> CivilTime

    /// - Parameters:
    ///   - template: in whatever language.
    ///   - values: of its variables, by the call's language.
    ///   - now: the wall clock at the business, read once per answer.
    /// - Throws: for a variable that has no value in some language.
    package init(
        _ template: PromptTemplate, values: [Language: [String: String]] = [:],
        now: @escaping @Sendable () -> CivilTime = { CivilTime.local() }
    ) throws(PromptTemplateError) {
        for language in Language.allCases {
            let known = values[language, default: [:]].keys
            try template.check(known: Self.builtIn.union(known))
        }
        self.template = template
        self.values = values
        self.now = now
    }

    /// What a model is told for one answer: the call's own wording over the configured one.
    package func text(for request: ModelRequest) -> String {
        guard let agent = request.agent else { return text(request.language) }
        let values = values(request.language).merging(agent.variables) { $1 }
        // Variables that nobody knows stand as they were written.
        guard let own = agent.prompt else { return fill(template, values) + Self.notes }
        let filled = (try? PromptTemplate(parsing: own)).flatMap { try? $0.filled(with: values) }
        return (filled ?? own) + Self.notes
    }

    package func text(_ language: Language) -> String {
        fill(template, values(language)) + Self.notes
    }

    private func values(_ language: Language) -> [String: String] {
        let date = now().date
        var values = values[language, default: [:]]
        values["language"] = language.englishName
        values["weekday"] = "\(date.weekday)".capitalized
        values["date"] = date.iso
        return values
    }

    private func fill(_ template: PromptTemplate, _ values: [String: String]) -> String {
        guard let text = try? template.filled(with: values) else {
            preconditionFailure("every variable was checked when the prompt was made")
        }
        return text
    }
}

extension SystemPrompt {
    /// For a business whose agent books appointments and nothing else.
    ///
    /// - Throws: for a template that uses other variables than `BusinessProfile.promptValues`.
    package init(
        of profile: BusinessProfile, template text: String = SystemPrompt.appointments,
        now: @escaping @Sendable () -> CivilTime = { CivilTime.local() }
    ) throws(PromptTemplateError) {
        let values = Language.allCases.map { ($0, profile.promptValues($0)) }
        try self.init(
            PromptTemplate(parsing: text), values: Dictionary(uniqueKeysWithValues: values),
            now: now)
    }

    /// Short spoken answers, one question at a time, nothing invented.
    package static let appointments = """
        You answer the telephone of {{business}}. Speak {{language}}, whatever else you read.
        Today is {{weekday}}, {{date}}.
        What you write is spoken aloud: one or two short sentences, no lists, no markdown, no \
        emoji. Ask for one thing at a time. Repeat dates, times and names back before you book, \
        move or cancel anything. Say nothing about prices, hours, appointments or orders that \
        does not stand here or in a tool's result; offer a colleague instead.
        Services: {{services}}.
        Opening hours: {{hours}}; closed on all other days.
        Colleagues are in the department {{department}}.
        If the call has just begun, greet the caller with the name of the business and ask how \
        you can help.
        """
}

extension BusinessProfile {
    /// What a prompt may say of the business.
    package func promptValues(_ language: Language) -> [String: String] {
        let services = services.map { service in
            "\(service.id) (\(service.name[language]), \(service.price) \(currency[language]), "
                + "\(service.durationMinutes) minutes)"
        }
        let hours = hours.runs.map { days, stretch in
            let names = [days.lowerBound, days.upperBound].compactMap {
                Weekday(rawValue: $0).map { "\($0)".capitalized }
            }
            let run = days.count == 1 ? names[0] : names.joined(separator: " to ")
            return "\(run) \(stretch.opens.iso) to \(stretch.closes.iso)"
        }
        return [
            "business": name[language], "services": services.joined(separator: "; "),
            "hours": hours.joined(separator: "; "), "currency": currency[language],
            "department": department,
        ]
    }
}

extension Language {
    fileprivate var englishName: String {
        switch self {
        case .english: "English"
        case .spanish: "Spanish"
        }
    }
}

extension String {
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
