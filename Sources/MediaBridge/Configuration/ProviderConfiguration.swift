internal import Foundation
internal import Pipeline
internal import Providers

/// How providers are reached and used: the switches, their settings, what they cost and what models
/// are told.
struct ProviderConfiguration: Sendable {
    /// A system prompt and what its variables stand for; those it does not say, the engine knows.
    struct Prompt: Equatable, Sendable {
        let template: PromptTemplate
        let values: [String: String]
    }

    private struct Role: Hashable {
        let provider: CloudProvider
        let stage: EngineStage
    }

    /// An answer is spoken while the model still writes it.
    var chunkedSpeech = true
    /// Connections to providers are kept and used again.
    var connectionPool = true
    /// The built-in agent and voice stand behind every other.
    var autoFallback = true
    /// Frequent questions are answered from memory, with their audio; `nil`: never.
    var responseCache: ResponseCache.Settings? = ResponseCache.Settings()
    /// Questions that make sense at any time of a call, normalised.
    var frequentQuestions: Set<String> = []
    var prices: PriceTable?
    /// `nil`: the engine's own.
    var prompt: Prompt?
    private var settings: [Role: ProviderSettings] = [:]

    init() {}

    init(_ reader: SettingReader) throws(ConfigurationError) {
        chunkedSpeech = try reader.flag("chunkedSpeech") ?? chunkedSpeech
        connectionPool = try reader.flag("connectionPool") ?? connectionPool
        autoFallback = try reader.flag("autoFallback") ?? autoFallback
        responseCache = try Self.responseCache(reader)
        frequentQuestions = Set(
            (reader.list("frequentQuestions") ?? []).map(CachedQuestion.normalized))
        prices = try Self.prices(reader)
        prompt = try Self.prompt(reader)
        for provider in CloudProvider.allCases {
            let key = try reader.secret(
                provider.keyVariable, setting: "\(provider.rawValue).apiKey")
            for stage in EngineStage.allCases {
                settings[Role(provider: provider, stage: stage)] =
                    try Self.settings(provider, stage, key, reader)
            }
        }
    }

    /// What a provider is asked with for one of its jobs.
    func settings(of provider: CloudProvider, for stage: EngineStage) -> ProviderSettings {
        settings[Role(provider: provider, stage: stage)] ?? ProviderSettings()
    }

    /// `openai.tts.model` over `openai.model`; where it is and its key are the same for all jobs
    /// unless they are told apart.
    private static func settings(
        _ provider: CloudProvider, _ stage: EngineStage, _ key: Secret?, _ reader: SettingReader
    ) throws(ConfigurationError) -> ProviderSettings {
        let isMain = stage == provider.mainStage
        func text(_ field: String, isShared: Bool = false) -> String? {
            let own = reader.text("\(provider.rawValue).\(stage.rawValue).\(field)")
            return own ?? (isMain || isShared ? reader.text("\(provider.rawValue).\(field)") : nil)
        }
        var settings = ProviderSettings()
        settings.key = key
        settings.baseURL =
            text("baseURL", isShared: true)
            ?? provider.aliases.baseURL.flatMap { reader.environment[$0] }
        if let url = settings.baseURL, !url.isAddress {
            throw .value("\(provider.rawValue).baseURL", url, "an address such as https://host/v1")
        }
        settings.model =
            text("model")
            ?? (isMain ? provider.aliases.model.flatMap { reader.environment[$0] } : nil)
        settings.language = text("language")
        settings.voice = text("voice")
        for language in Language.allCases {
            settings.voices[language] = text("voice\(language.rawValue.capitalized)")
        }
        return settings
    }

    private static func responseCache(
        _ reader: SettingReader
    ) throws(ConfigurationError) -> ResponseCache.Settings? {
        guard try reader.flag("responseCache") ?? true else { return nil }
        var settings = ResponseCache.Settings()
        settings.timeToLive = try reader.duration("responseCacheTime") ?? settings.timeToLive
        settings.mostAnswers =
            try reader.number("responseCacheAnswers", in: 1...100_000) ?? settings.mostAnswers
        if let megabytes = try reader.number("responseCacheMegabytes", in: 1...65_536) {
            settings.mostOctets = megabytes << 20
        }
        return settings
    }

    private static func prices(_ reader: SettingReader) throws(ConfigurationError) -> PriceTable? {
        guard let lines = reader.list("priceTable") else { return nil }
        do throws(PriceError) {
            return try PriceTable(parsing: lines, currency: reader.text("currency") ?? "USD")
        } catch {
            let wanted = "lines such as anthropic/claude-haiku-4-5 input=1.00 output=5.00"
            switch error {
            case .noEngine(let line): throw .value("priceTable", line, wanted)
            case .unit(let field, _), .amount(let field, _):
                throw .value("priceTable", field, wanted)
            }
        }
    }

    private static func prompt(_ reader: SettingReader) throws(ConfigurationError) -> Prompt? {
        var text = reader.text("systemPrompt")
        if let path = reader.text("promptFile") {
            guard text == nil else {
                throw .value("promptFile", path, "nothing beside systemPrompt: one of them")
            }
            guard let read = try? String(contentsOfFile: path, encoding: .utf8) else {
                throw .value("promptFile", path, "a file that can be read, in UTF-8")
            }
            text = read
        }
        do throws(PromptTemplateError) {
            let template = try PromptTemplate(parsing: text ?? SystemPrompt.appointments)
            var values: [String: String] = [:]
            for name in template.variables { values[name] = reader.text("promptVariables.\(name)") }
            guard text != nil || !values.isEmpty else { return nil }
            return Prompt(template: template, values: values)
        } catch {
            throw .value("systemPrompt", "\(error)", "text with {{variables}}")
        }
    }
}

extension String {
    /// Only its form is looked at; nothing is asked.
    fileprivate var isAddress: Bool {
        guard let url = URL(string: self), let scheme = url.scheme, url.host() != nil else {
            return false
        }
        return ["http", "https", "ws", "wss"].contains(scheme)
    }
}
