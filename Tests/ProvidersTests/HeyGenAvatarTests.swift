import Foundation
import Pipeline
import ProviderSimulators
import Providers
import Testing

/// The driver against a server made from HeyGen's documents, over real sockets.
@Suite(.tags(.integration), .timeLimit(.minutes(1))) struct HeyGenAvatarTests {
    private static func settings(_ server: SimulatedHeyGen) -> HeyGenAvatar.Settings {
        var settings = HeyGenAvatar.Settings()
        settings.baseURL = server.url
        settings.key = "key"
        settings.avatar = "face"
        settings.voices = [.spanish: "voz"]
        return settings
    }

    /// One call's face and what it has told.
    private struct Face: ~Copyable {
        let line: any AvatarLine
        private var notices: AsyncStream<AvatarNotice>.AsyncIterator

        init(_ settings: HeyGenAvatar.Settings, _ http: ProviderHTTP) {
            let (stream, notices) = AsyncStream.makeStream(of: AvatarNotice.self)
            line = HeyGenAvatar(settings: settings, http: http).open(.spanish) { notice in
                notices.yield(notice)
                if notice == .ended { notices.finish() }
            }
            self.notices = stream.makeAsyncIterator()
        }

        mutating func next() async -> AvatarNotice? {
            await notices.next(isolation: #isolation)
        }
    }

    @Test func aWholeCall() async throws {
        let server = try await SimulatedHeyGen()
        try await ProviderHTTP.run(stopping: server.stop) { http in
            var face = Face(Self.settings(server), http)
            face.line.say("Hola.", as: 1)
            face.line.say("¿Qué tal?", as: 2)
            #expect(
                await face.next()
                    == .joinable(
                        AvatarRoom(url: "wss://room.example.test", accessToken: "viewer-1")))
            // Two milliseconds a character, as the server says.
            #expect(await face.next() == .spoke(sentence: 1, duration: .milliseconds(10)))
            #expect(await face.next() == .spoke(sentence: 2, duration: .milliseconds(18)))
            face.line.close()
            #expect(await face.next() == .ended)
            #expect(
                server.calls.map(\.name)
                    == ["create_token", "new", "start", "task", "task", "stop"])
            #expect(server.calls.compactMap(\.text) == ["Hola.", "¿Qué tal?"])
            #expect(server.liveSessions == 0)
            let opening = try #require(server.bodies.first)
            for part in [#""avatar_id":"face""#, #""voice_id":"voz""#, #""language":"es""#] {
                #expect(opening.contains(part), "\(opening)")
            }
        }
    }

    @Test func anInterruptionEndsTheSentenceOnTheServer() async throws {
        let server = try await SimulatedHeyGen(perCharacter: .seconds(1))
        try await ProviderHTTP.run(stopping: server.stop) { http in
            var face = Face(Self.settings(server), http)
            face.line.say("muy largo, de veras", as: 1)
            face.line.say("nunca", as: 2)
            _ = await face.next()
            while !server.calls.contains(where: { $0.name == "task" }) {
                try await Task.sleep(for: .milliseconds(5))
            }
            face.line.interrupt()
            guard case .cut(sentence: 1, let heard) = await face.next() else {
                Issue.record("the sentence was not cut")
                return
            }
            #expect(heard < .seconds(10))
            while !server.calls.contains(where: { $0.name == "interrupt" }) {
                try await Task.sleep(for: .milliseconds(5))
            }
            face.line.close()
            #expect(await face.next() == .ended)
            #expect(server.calls.compactMap(\.text) == ["muy largo, de veras"])
            #expect(server.calls.last?.name == "stop")
        }
    }

    @Test(
        arguments: [
            (.refuse(status: 401), .unauthorised),
            (.refuse(status: 429, retryAfter: 7), .rateLimited(retryAfter: .seconds(7))),
            (.refuse(status: 400, message: "Concurrent limit reached"), .overloaded),
            (.refuse(status: 500), .server(status: 500)), (.garbage, .garbage),
            (.stall, .timedOut),
        ] as [(SimulatedHeyGen.Fault, ProviderFailure)])
    func aSessionThatCannotBeMade(
        fault: SimulatedHeyGen.Fault, expected: ProviderFailure
    ) async throws {
        let server = try await SimulatedHeyGen(fault: { name, _ in name == "new" ? fault : nil })
        try await ProviderHTTP.run(stopping: server.stop) { http in
            var settings = Self.settings(server)
            settings.timing.opening = .milliseconds(500)
            var face = Face(settings, http)
            face.line.say("hola", as: 1)
            #expect(await face.next() == .failed(expected, unsaid: [1]))
            #expect(await face.next() == .ended)
            #expect(server.liveSessions == 0)
        }
    }

    @Test func aSessionThatEndsIsMadeAgain() async throws {
        let server = try await SimulatedHeyGen(fault: { name, number in
            name == "task" && number == 1 ? .sessionEnds : nil
        })
        try await ProviderHTTP.run(stopping: server.stop) { http in
            var face = Face(Self.settings(server), http)
            face.line.say("uno", as: 1)
            face.line.say("dos", as: 2)
            _ = await face.next()
            #expect(await face.next() == .spoke(sentence: 1, duration: .milliseconds(6)))
            #expect(await face.next() == .lost)
            #expect(
                await face.next()
                    == .joinable(
                        AvatarRoom(url: "wss://room.example.test", accessToken: "viewer-2")))
            face.line.say("dos", as: 2)
            #expect(await face.next() == .spoke(sentence: 2, duration: .milliseconds(6)))
            face.line.close()
            #expect(await face.next() == .ended)
        }
    }

    @Test func aSlowServerKeepsTheOrder() async throws {
        let server = try await SimulatedHeyGen(fault: { name, number in
            name == "task" && number == 0 ? .slow(.milliseconds(200)) : nil
        })
        try await ProviderHTTP.run(stopping: server.stop) { http in
            var face = Face(Self.settings(server), http)
            for number in 1...4 { face.line.say("frase \(number)", as: number) }
            _ = await face.next()
            for number in 1...4 {
                guard case .spoke(sentence: number, _) = await face.next() else {
                    Issue.record("sentence \(number) was not the next")
                    return
                }
            }
            #expect(server.calls.compactMap(\.text) == (1...4).map { "frase \($0)" })
            face.line.close()
            #expect(await face.next() == .ended)
        }
    }

    @Test func silenceIsKeptAlive() async throws {
        let server = try await SimulatedHeyGen()
        try await ProviderHTTP.run(stopping: server.stop) { http in
            var settings = Self.settings(server)
            settings.timing.keepAlive = .milliseconds(50)
            var face = Face(settings, http)
            _ = await face.next()
            while server.calls.count(where: { $0.name == "keep_alive" }) < 3 {
                try await Task.sleep(for: .milliseconds(10))
            }
            face.line.close()
            #expect(await face.next() == .ended)
        }
    }

    @Test func aWrongKeyIsToldAtTheStart() async throws {
        let server = try await SimulatedHeyGen(key: "another")
        try await ProviderHTTP.run(stopping: server.stop) { http in
            let avatar = HeyGenAvatar(settings: Self.settings(server), http: http)
            await #expect(throws: ProviderFailure.unauthorised) { try await avatar.check() }
            let none = HeyGenAvatar(settings: .init(), http: http)
            await #expect(throws: EngineError.self) { try await none.check() }
        }
    }

    @Test func aRoomShowsNoToken() {
        let room = AvatarRoom(url: "wss://room", accessToken: "secret")
        #expect(!"\(room)".contains("secret"))
        #expect(!String(reflecting: room).contains("secret"))
    }
}
