import Foundation
import Pipeline
import Testing

@testable import MediaBridge

@Suite struct ProviderConfigurationTests {
    /// A configuration from this YAML, under these variables and no others.
    private static func load(
        _ yaml: String = "", _ environment: [String: String] = [:]
    ) async throws -> GatewayConfiguration {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "providers-\(UUID().uuidString).yaml")
        try ("bind: 127.0.0.1\n" + yaml).write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await .load(file: file.path(percentEncoded: false), environment: environment)
    }

    private static func problem(
        _ yaml: String = "", _ environment: [String: String] = [:]
    ) async -> String {
        do {
            _ = try await load(yaml, environment)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test func oneNameIsAChainAndCommasMakeALongerOne() async throws {
        #expect(try await Self.load().agent == [.intent])
        #expect(try await Self.load("agent: instant").agent == [.instant])
        #expect(try await Self.load("agent: instant, intent").agent == [.instant, .intent])
        #expect(try await Self.load("agent: [instant, intent]").agent == [.instant, .intent])
        let environment = ["MEDIABRIDGE_TTS": "instant,espeak"]
        #expect(try await Self.load("tts: espeak", environment).tts == [.instant, .espeak])
    }

    @Test(arguments: ["stt: nobody", "agent: intent,intent", "tts: \",\"", "agent: intent,nobody"])
    func aChainOfOthersIsRefused(yaml: String) async {
        let name = yaml.prefix { $0 != ":" }
        #expect(await Self.problem(yaml).hasPrefix("the setting \(name) is"))
    }

    /// A name whose engine is not there is not accepted.
    @Test func everyNameHasAnEngine() async throws {
        for name in GatewayConfiguration.Agent.allCases {
            #expect(try await Self.load("agent: \(name.rawValue)").agent == [name])
        }
    }

    @Test func theBuiltInEnginesStandBehindTheOthers() async throws {
        let both = EngineChains(try await Self.load("agent: intent\ntts: instant,espeak"))
        #expect(both.agent == [.intent])
        #expect(both.tts == [.instant, .espeak])
        let alone = EngineChains(try await Self.load("tts: instant,espeak\nautoFallback: false"))
        #expect(alone.tts == [.instant])
    }

    // MARK: Keys

    @Test(arguments: ["ANTHROPIC_API_KEY", "MEDIABRIDGE_ANTHROPIC_API_KEY"])
    func aKeyComesFromTheEnvironmentOrAFile(variable: String) async throws {
        let direct = try await Self.load("", [variable: "sk-1"])
        #expect(direct.providers.settings(of: .anthropic, for: .model).key == Secret(value: "sk-1"))
        let file = FileManager.default.temporaryDirectory
            .appending(path: "key-\(UUID().uuidString)")
        try "sk-2\n".write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let path = file.path(percentEncoded: false)
        let read = try await Self.load("", ["\(variable)_FILE": path])
        #expect(read.providers.settings(of: .anthropic, for: .model).key == Secret(value: "sk-2"))
    }

    @Test func ourOwnNameWins() async throws {
        let environment = ["DEEPGRAM_API_KEY": "theirs", "MEDIABRIDGE_DEEPGRAM_API_KEY": "ours"]
        let configuration = try await Self.load("", environment)
        let settings = configuration.providers.settings(of: .deepgram, for: .speech)
        #expect(settings.key == Secret(value: "ours"))
    }

    @Test func noKeyIsEverShown() async throws {
        let configuration = try await Self.load("", ["OPENAI_API_KEY": "sk-hidden"])
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("sk-hidden"))
        #expect(!"\(configuration)".contains("sk-hidden"))
        #expect(!String(reflecting: configuration.providers).contains("sk-hidden"))
        let broken = await Self.problem("", ["OPENAI_API_KEY": "sk-hidden\r\nX-Evil: 1"])
        #expect(broken.contains("OPENAI_API_KEY"))
        #expect(!broken.contains("sk-hidden"))
    }

    @Test func aKeyInTheFileIsRefusedUnseen() async {
        let problem = await Self.problem("openai:\n  apiKey: sk-hidden")
        #expect(problem.contains("OPENAI_API_KEY_FILE"))
        #expect(!problem.contains("sk-hidden"))
    }

    @Test func aKeyFileThatIsMissingIsNamed() async {
        let problem = await Self.problem("", ["ELEVENLABS_API_KEY_FILE": "/nowhere/key"])
        #expect(problem.contains("ELEVENLABS_API_KEY_FILE"))
        #expect(problem.contains("/nowhere/key"))
    }

    /// Which variable is named when a provider is asked to work without it.
    @Test(arguments: [
        (CloudProvider.anthropic, EngineStage.model, "ANTHROPIC_API_KEY"),
        (.deepgram, .recognition, "DEEPGRAM_API_KEY"), (.openrouter, .model, "OPENROUTER_API_KEY"),
        (.elevenlabs, .speech, "ELEVENLABS_API_KEY"), (.openai, .speech, "OPENAI_API_KEY"),
    ])
    func whatIsLackingIsNamed(
        provider: CloudProvider, stage: EngineStage, variable: String
    ) async throws {
        let without = try await Self.load()
        #expect(without.lack(of: provider.rawValue, for: stage)?.contains(variable) == true)
        let voice = "\(provider.rawValue):\n  \(stage.rawValue):\n    voice: ana"
        let with = try await Self.load(voice, [variable: "k"])
        #expect(with.lack(of: provider.rawValue, for: stage) == nil)
        // Servers of one's own need none.
        let own = voice + "\n  baseURL: http://127.0.0.1:9"
        #expect(try await Self.load(own).lack(of: provider.rawValue, for: stage) == nil)
    }

    @Test func elevenLabsNeedsAVoice() async throws {
        let configuration = try await Self.load("", ["ELEVENLABS_API_KEY": "k"])
        let lack = configuration.lack(of: "elevenlabs", for: .speech)
        #expect(lack?.contains("MEDIABRIDGE_ELEVENLABS_VOICE") == true)
    }

    @Test func builtInEnginesLackNothing() async throws {
        #expect(try await Self.load().lacks.isEmpty)
    }

    // MARK: Settings

    @Test func settingsOfOneJobWinOverThoseOfTheProvider() async throws {
        let yaml = """
            openai:
              baseURL: http://127.0.0.1:8000/v1
              model: gpt-5-mini
              tts:
                model: tts-1
                voice: alloy
                voiceEs: nova
            """
        let variables = ["MEDIABRIDGE_OPENAI_STT_BASE_URL": "http://127.0.0.1:9000"]
        let providers = try await Self.load(yaml, variables).providers
        let (model, speech, hearing) = (
            providers.settings(of: .openai, for: .model),
            providers.settings(of: .openai, for: .speech),
            providers.settings(of: .openai, for: .recognition)
        )
        #expect(model.model == "gpt-5-mini")
        #expect(speech.model == "tts-1")
        #expect(speech.voice(in: .english) == "alloy")
        #expect(speech.voice(in: .spanish) == "nova")
        // A language model's name says nothing to a recogniser.
        #expect(hearing.model == nil)
        #expect(hearing.baseURL == "http://127.0.0.1:9000")
        #expect(speech.baseURL == "http://127.0.0.1:8000/v1")
    }

    @Test func knownNamesOfTheEnvironmentAreAccepted() async throws {
        let environment = [
            "RASA_URL": "http://127.0.0.1:5005", "OPENROUTER_MODEL": "meta/llama",
            "MEDIABRIDGE_OLLAMA_MODEL": "qwen3",
        ]
        let providers = try await Self.load("", environment).providers
        #expect(providers.settings(of: .rasa, for: .model).baseURL == "http://127.0.0.1:5005")
        #expect(providers.settings(of: .openrouter, for: .model).model == "meta/llama")
        #expect(providers.settings(of: .ollama, for: .model).model == "qwen3")
    }

    @Test(arguments: ["anthropic:\n  baseURL: nowhere", "priceTable: [\"a/b minute=x\"]"])
    func nonsenseIsNamed(yaml: String) async {
        let name = yaml.prefix { $0 != ":" }
        #expect(await Self.problem(yaml).hasPrefix("the setting \(name)"))
    }

    @Test func switchesPricesAndPrompt() async throws {
        let yaml = """
            chunkedSpeech: false
            connectionPool: false
            priceTable:
              - deepgram/nova-3 minute=0.0077
            systemPrompt: "You work for {{shop}} in {{city}}."
            promptVariables:
              shop: Muster
            """
        let configuration = try await Self.load(yaml)
        let providers = configuration.providers
        #expect(!providers.chunkedSpeech)
        #expect(!providers.connectionPool)
        #expect(providers.autoFallback)
        #expect(
            providers.prices == (try PriceTable(parsing: ["deepgram/nova-3 minute=0.0077"])))
        #expect(providers.prompt?.values == ["shop": "Muster"])
        #expect(providers.prompt?.template.variables == ["shop", "city"])
        var settings = ConversationSettings(language: .english, octetsPerSecond: 8_000)
        configuration.apply(to: &settings)
        #expect(!settings.chunkedSpeech)
    }

    /// They are those of the built-in prompt where there is no other.
    @Test func variablesNeedNoPromptOfOnesOwn() async throws {
        #expect(try await Self.load("promptVariables:\n  unknown: x").providers.prompt == nil)
        let named = try await Self.load("promptVariables:\n  business: Taller").providers.prompt
        #expect(named?.values == ["business": "Taller"])
        #expect(named?.template.variables.contains("services") == true)
    }

    @Test func theResponseCacheIsOnUnlessItIsNot() async throws {
        #expect(try await Self.load().providers.responseCache == ResponseCache.Settings())
        #expect(try await Self.load("responseCache: false").providers.responseCache == nil)
        let yaml = """
            responseCacheTime: 10m
            responseCacheAnswers: 7
            responseCacheMegabytes: 2
            frequentQuestions: ["¿Tienen parking?", "Where are you?"]
            """
        let providers = try await Self.load(yaml).providers
        #expect(providers.responseCache?.timeToLive == .seconds(600))
        #expect(providers.responseCache?.mostAnswers == 7)
        #expect(providers.responseCache?.mostOctets == 2_097_152)
        #expect(providers.frequentQuestions == ["tienen parking", "where are you"])
        #expect(await Self.problem("responseCacheAnswers: 0").contains("responseCacheAnswers"))
    }

    @Test func twoPromptsAreOneTooMany() async {
        let problem = await Self.problem("systemPrompt: a\npromptFile: b")
        #expect(problem.hasPrefix("the setting promptFile"))
    }
}
