internal import Insight
internal import Pipeline

/// Puts the agent's lines into words made for the ear.
struct Phrasebook {
    let language: Language
    let profile: BusinessProfile
    let today: CivilDate

    func text(_ lines: [Line]) -> String {
        lines.map { line in
            switch language {
            case .english: english(line)
            case .spanish: spanish(line)
            }
        }
        .filter { !$0.isEmpty }
        .joined(separator: " ")
    }

    var name: String { profile.name[language] }
    var clock: SpokenTime { SpokenTime(language.spoken) }

    func day(_ date: CivilDate) -> String { clock.day(date, today: today) }

    func service(_ id: String) -> String {
        profile.service(id)?.name[language] ?? id
    }

    func price(_ service: BusinessProfile.Service) -> String {
        "\(service.price) \(profile.currency[language])"
    }

    /// "a, b and c" with the language's word for and.
    func list(_ parts: [String], and: String) -> String {
        guard let last = parts.last, parts.count > 1 else { return parts.first ?? "" }
        return parts.dropLast().joined(separator: ", ") + " \(and) " + last
    }
}
