internal import ArgumentParser
internal import ControlAPI
internal import Pipeline
internal import Providers

/// `mediabridge testcall`: whether the account, its number and the way to a human work.
struct TestCallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "testcall",
        abstract: "Calls the operator's mobile through Twilio, says a sentence, tells how it went.")

    @Option(help: "The number to call, such as +34600123456; MOBILE_NUMBER by default.")
    var to: String?

    @Option(help: "What is said instead of our sentence.")
    var message: String?

    @Option(help: "A configuration file; mediabridge.yaml by default.")
    var config: String?

    /// Exits with 1 when nobody answered.
    func run() async throws {
        let configuration = try await GatewayConfiguration.load(file: config)
        let twilio = configuration.twilio
        guard let account = twilio.account else {
            throw ValidationError("set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
        }
        guard let from = twilio.phoneNumber else {
            throw ValidationError("set TWILIO_PHONE_NUMBER to a number of the account")
        }
        guard let number = to.flatMap(PhoneNumber.init) ?? (to == nil ? twilio.mobileNumber : nil)
        else {
            throw ValidationError("give --to a number such as +34600123456, or set MOBILE_NUMBER")
        }
        let http = ProviderHTTP()
        let test = TestCall(
            client: TwilioClient(account, transport: ProviderCarrierTransport(http: http)),
            from: from, language: configuration.language.rawValue)
        let outcome: TestCall.Outcome
        do {
            outcome = try await test.run(to: number, message: message)
        } catch {
            await http.shutdown()
            throw error
        }
        await http.shutdown()
        print("call \(outcome.carrierCallID) to \(number.masked): \(outcome.status)")
        if !outcome.isAnswered { throw ExitCode.failure }
    }
}
