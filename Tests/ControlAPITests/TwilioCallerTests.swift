import ControlAPI
import Records
import Synchronization
import Testing

/// Who is on a call is looked up from Twilio's webhook on, before there is a stream.
@Suite struct TwilioCallerTests {
    /// Knows nobody, and remembers for whom it was asked.
    private final class Stranger: ContactSource {
        let name = "stranger"
        let advice = ""
        private let numbers = Mutex<[String]>([])

        var asked: [String] { numbers.withLock { $0 } }

        func person(with number: CallerNumber) async throws(ContactSourceError) -> ContactFacts? {
            numbers.withLock { $0.append(number.text) }
            return nil
        }

        func person(called id: String) async throws(ContactSourceError) -> ContactFacts? { nil }
    }

    /// - Returns: for whom the source was asked.
    private func asked(
        from: String = "%2B34600111222", _ form: String, canServe: Bool = true
    ) async throws -> [String] {
        let source = Stranger()
        let directory = ContactDirectory(store: try SQLiteStore(), sources: [source])
        func twilio(_ journal: EventJournal) -> TwilioService {
            TwilioService(
                settings: TwilioSettings(), signature: TwilioSignature(authTokens: []),
                client: nil, journal: journal, contacts: directory, canServe: { canServe },
                logger: silence)
        }
        try await withServer(twilio: twilio) { server in
            let answer = try await server.send(
                "POST", "/api/twilio/voice-webhook",
                headers: ["Content-Type: application/x-www-form-urlencoded"],
                body: "CallSid=CA1&From=\(from)&To=%2B15005550006" + form)
            #expect(answer.status == 200)
        }
        await directory.settle()
        return source.asked
    }

    @Test(arguments: [
        ("&Direction=inbound", ["+34600111222"]), ("", ["+34600111222"]),
        ("&Direction=outbound-api", ["+15005550006"]),
    ])
    func thePersonIsLookedUp(form: String, numbers: [String]) async throws {
        #expect(try await asked(form) == numbers)
    }

    @Test func nobodyIsLookedUpForAHuman() async throws {
        #expect(try await asked("&Direction=inbound", canServe: false) == [])
    }

    @Test func aWithheldNumberIsNobodys() async throws {
        #expect(try await asked(from: "anonymous", "&Direction=inbound") == [])
    }
}
