/// A language `Insight` understands and phrases.
package enum SpokenLanguage: String, CaseIterable, Sendable {
    case english = "en"
    case spanish = "es"
}
