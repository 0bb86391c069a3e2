import Insight
import Pipeline
import Testing

@testable import Providers

@Suite struct ModelConfigurationTests {
    @Test(arguments: [
        ("https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com/v1/", "https://api.openai.com/v1/chat/completions"),
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1/chat/completions"),
        ("http://v1.test:80//", "http://v1.test:80/v1/chat/completions"),
        ("https://openrouter.ai/api", "https://openrouter.ai/api/v1/chat/completions"),
        ("https://x.test/v1beta/openai/", "https://x.test/v1beta/openai/chat/completions"),
        ("https://x.test/v1/chat/completions/", "https://x.test/v1/chat/completions"),
    ])
    func urls(base: String, expected: String) throws {
        #expect(try configuration(base).url("chat/completions") == expected)
    }

    @Test func theKeyIsNotTold() throws {
        var configuration = try configuration("http://x.test")
        configuration.key = "sk-secret"
        configuration.headers = [("x-other", "sk-secret")]
        #expect(!"\(configuration) \(String(reflecting: configuration))".contains("sk-secret"))
    }

    @Test func extraFieldsWin() throws {
        var configuration = try configuration("http://x.test")
        configuration.extra = ["a": 2, "b": .null, "c": ["d": true]]
        let body = configuration.body(["a": 1, "b": 1, "e": "é/\""])
        #expect(String(decoding: body, as: UTF8.self) == #"{"a":2,"c":{"d":true},"e":"é/\""}"#)
    }

    @Test(arguments: [
        (#"{"a":[1,2.5,"x",true,null,{}]}"#, ["a": [1, 2.5, "x", true, .null, [:]]] as JSONValue?),
        ("9007199254740993", 9_007_199_254_740_993), ("\"\"", ""), ("{", nil), ("", nil),
    ])
    func json(text: String, expected: JSONValue?) {
        #expect(JSONValue(parsing: text) == expected)
        if let expected { #expect(expected.text == text) }
    }

    @Test func prompts() throws {
        let monday = CivilTime(
            date: try #require(CivilDate(iso: "2026-11-23")),
            time: try #require(TimeOfDay(iso: "09:00")))
        let prompt = try SystemPrompt(of: .workshop, now: { monday }).text(.spanish)
        for part in [
            "Taller Luna", "Speak Spanish", "Monday, 2026-11-23",
            "oil_change (un cambio de aceite, 59 euros, 30 minutes)",
            "Monday to Friday 08:00 to 18:00; Saturday 09:00 to 13:00",
        ] {
            #expect(prompt.contains(part))
        }
        #expect(throws: PromptTemplateError.unknownVariable("nothing")) {
            try SystemPrompt(PromptTemplate(parsing: "{{nothing}}"))
        }
    }

    /// Every tool the diary runs is told with the arguments it reads.
    @Test func toolsOfTheDiary() async throws {
        let tools = [ToolDefinition].appointments(of: .workshop)
        let book = AppointmentBook(
            profile: .workshop, now: { CivilTime.local() }, appointments: [])
        for tool in tools where tool != .endCall {
            let properties = try #require(tool.parameters.object?["properties"]?.object)
            let arguments = JSONValue.object(properties.mapValues { _ in "2026-11-23" })
            let call = ToolCall(id: "1", name: tool.name, arguments: arguments.text)
            #expect(await book.run(call, callID: "call").succeeded, "\(tool.name)")
            guard !properties.isEmpty else { continue }
            let empty = ToolCall(id: "1", name: tool.name, arguments: "{}")
            let isTransfer = tool == .transferToAgent
            #expect(await book.run(empty, callID: "call").succeeded == isTransfer)
        }
    }

    @Test(arguments: [
        ("claude-haiku-4-5", true, nil), ("claude-haiku-4-5-20251001", true, nil),
        ("claude-3-5-haiku-20241022", true, nil), ("anthropic/claude-sonnet-4.6", true, nil),
        ("claude-opus-4-8", false, "disabled"), ("claude-haiku-5-5", false, "disabled"),
        ("claude-sonnet-5-5", false, "between_tools"), ("claude-fable-5-1", false, nil),
        ("claude-opus-6", false, nil), ("else", false, nil),
    ])
    func claudes(model: String, takesTemperature: Bool, thinking: String?) {
        let traits = AnthropicTraits(model: model)
        #expect(traits.takesTemperature == takesTemperature)
        #expect(traits.fastest["thinking"]?.object?["type"]?.string == thinking)
    }

    private func configuration(_ base: String) throws -> ModelConfiguration {
        ModelConfiguration(
            baseURL: base, model: "m", prompt: try SystemPrompt(PromptTemplate(parsing: "p")))
    }
}
