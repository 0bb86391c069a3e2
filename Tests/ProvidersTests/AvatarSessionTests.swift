import Pipeline
import Providers
import Testing

/// The avatar's life in virtual time; every step gives what came out of it.
@Suite struct AvatarSessionTests {
    private static let room = AvatarRoom(url: "wss://room", accessToken: "viewer")

    private struct Life {
        var session = AvatarSession()
        var now = MonotonicTime(sinceStart: .zero)

        mutating func step(
            _ event: AvatarSession.Event, after delay: Duration = .zero
        ) -> [AvatarSession.Action] {
            now = now.advanced(by: delay)
            session.handle(event, at: now)
            var actions: [AvatarSession.Action] = []
            while let action = session.nextAction() { actions.append(action) }
            return actions
        }

        /// Waits until the machine wants to be woken.
        mutating func wake() throws -> (after: Duration, actions: [AvatarSession.Action]) {
            let deadline = try #require(session.deadline)
            let delay = now.duration(to: deadline)
            return (delay, step(.timeout, after: delay))
        }

        static func live() -> Life {
            var life = Life()
            #expect(life.step(.begin) == [.send(.makeToken)])
            #expect(
                life.step(.answered(.makeToken, .token("t"))) == [.send(.makeSession(token: "t"))])
            #expect(
                life.step(.answered(.makeSession(token: "t"), .session(id: "s", room: room)))
                    == [.send(.start(session: "s"))])
            #expect(
                life.step(.answered(.start(session: "s"), .done)) == [.tell(.joinable(room))])
            return life
        }
    }

    private static func task(_ text: String, _ number: Int) -> AvatarSession.Request {
        .task(session: "s", text: text, sentence: number)
    }

    @Test func sentencesAreSaidOneAfterTheOther() {
        var life = Life.live()
        #expect(life.step(.say("uno", sentence: 1)) == [.send(Self.task("uno", 1))])
        #expect(life.step(.say("dos", sentence: 2)) == [])
        #expect(
            life.step(.answered(Self.task("uno", 1), .spoken(.milliseconds(700))))
                == [
                    .tell(.spoke(sentence: 1, duration: .milliseconds(700))),
                    .send(Self.task("dos", 2)),
                ])
        #expect(
            life.step(.answered(Self.task("dos", 2), .spoken(.milliseconds(800))))
                == [.tell(.spoke(sentence: 2, duration: .milliseconds(800)))])
    }

    @Test func whatIsSaidBeforeTheFaceIsThereWaits() {
        var life = Life()
        #expect(life.step(.say("hola", sentence: 1)) == [])
        #expect(life.step(.begin) == [.send(.makeToken)])
        _ = life.step(.answered(.makeToken, .token("t")))
        _ = life.step(.answered(.makeSession(token: "t"), .session(id: "s", room: Self.room)))
        #expect(
            life.step(.answered(.start(session: "s"), .done))
                == [.tell(.joinable(Self.room)), .send(Self.task("hola", 1))])
    }

    @Test func anInterruptionSilencesAndTheNextSentenceWaitsForIt() {
        var life = Life.live()
        _ = life.step(.say("uno", sentence: 1))
        _ = life.step(.say("dos", sentence: 2))
        #expect(
            life.step(.interrupt, after: .milliseconds(300))
                == [
                    .tell(.cut(sentence: 1, after: .milliseconds(300))),
                    .send(.interrupt(session: "s")),
                ])
        #expect(life.step(.say("tres", sentence: 3)) == [])
        // The task that was cut is answered, too; it is no news.
        #expect(life.step(.answered(Self.task("uno", 1), .spoken(.seconds(2)))) == [])
        #expect(
            life.step(.answered(.interrupt(session: "s"), .done))
                == [.send(Self.task("tres", 3))])
    }

    @Test func anInterruptionOfNothingSendsNothing() {
        var life = Life.live()
        #expect(life.step(.interrupt) == [])
    }

    @Test func aSignOfLifeGoesOutOncePerMinuteOfQuiet() throws {
        var life = Life.live()
        for _ in 0..<3 {
            let (delay, actions) = try life.wake()
            #expect(delay == .seconds(60))
            #expect(actions == [.send(.keepAlive(session: "s"))])
            #expect(life.step(.answered(.keepAlive(session: "s"), .done)) == [])
        }
        // A sentence is a sign of life as well.
        _ = life.step(.say("uno", sentence: 1), after: .seconds(59))
        #expect(life.step(.timeout, after: .seconds(1)) == [])
        _ = life.step(.answered(Self.task("uno", 1), .spoken(.seconds(1))))
        #expect(try life.wake().after == .seconds(60))
    }

    @Test func aLostSessionIsMadeAgainAndItsSentencesAreForThePlainVoice() {
        var life = Life.live()
        _ = life.step(.say("uno", sentence: 1))
        _ = life.step(.say("dos", sentence: 2))
        #expect(
            life.step(.answered(Self.task("uno", 1), .sessionClosed))
                == [.tell(.lost), .send(.makeToken)])
        #expect(life.step(.say("tres", sentence: 3)) == [])
        _ = life.step(.answered(.makeToken, .token("u")))
        _ = life.step(.answered(.makeSession(token: "u"), .session(id: "s", room: Self.room)))
        #expect(
            life.step(.answered(.start(session: "s"), .done))
                == [.tell(.joinable(Self.room))])
        #expect(life.step(.say("cuatro", sentence: 4)) == [.send(Self.task("cuatro", 4))])
        // Lost once more before a word was said: it is given up.
        #expect(
            life.step(.answered(Self.task("cuatro", 4), .sessionClosed))
                == [.tell(.failed(.closedEarly, unsaid: [4])), .send(.stop(session: "s"))])
    }

    @Test func aRefusedKeyFailsAndEnds() {
        var life = Life()
        _ = life.step(.begin)
        _ = life.step(.say("uno", sentence: 1))
        #expect(
            life.step(.answered(.makeToken, .failed(.unauthorised)))
                == [.tell(.failed(.unauthorised, unsaid: [1])), .tell(.ended)])
        #expect(life.session.deadline == nil)
        #expect(life.step(.say("dos", sentence: 2)) == [])
    }

    @Test func aFaceThatDoesNotComeInTimeIsGivenUpAndStoppedLater() throws {
        var life = Life()
        _ = life.step(.begin)
        _ = life.step(.answered(.makeToken, .token("t")), after: .seconds(1))
        let (delay, actions) = try life.wake()
        #expect(delay == .seconds(9))
        #expect(actions == [.tell(.failed(.timedOut, unsaid: []))])
        #expect(
            life.step(.answered(.makeSession(token: "t"), .session(id: "s", room: Self.room)))
                == [.send(.stop(session: "s"))])
        #expect(life.step(.answered(.stop(session: "s"), .done)) == [.tell(.ended)])
    }

    /// What hung may have been heard in part, so only what waits behind it is said by another.
    @Test func aSentenceThatHangsIsNotSaidTwice() throws {
        var life = Life.live()
        _ = life.step(.say("uno", sentence: 1))
        _ = life.step(.say("dos", sentence: 2))
        let (delay, actions) = try life.wake()
        // 10 s and 120 ms for each of three characters.
        #expect(delay == .milliseconds(10_360))
        #expect(
            actions == [
                .tell(.cut(sentence: 1, after: .milliseconds(10_360))),
                .tell(.failed(.stalledMidStream, unsaid: [2])), .send(.stop(session: "s")),
            ])
    }

    @Test func theEndOfTheCallStopsTheSession() {
        var life = Life.live()
        _ = life.step(.say("uno", sentence: 1))
        #expect(life.step(.end) == [.send(.stop(session: "s"))])
        #expect(life.step(.say("dos", sentence: 2)) == [])
        #expect(life.step(.answered(.stop(session: "s"), .done)) == [.tell(.ended)])
        #expect(life.session.deadline == nil)
    }

    @Test func aStopThatIsNotAnsweredIsGivenUp() throws {
        var life = Life.live()
        _ = life.step(.end)
        let (delay, actions) = try life.wake()
        #expect(delay == .seconds(5))
        #expect(actions == [.tell(.ended)])
    }

    /// The caller hangs up while the session is being made: it must not be left behind.
    @Test func anEndWhileOpeningStopsWhatCame() {
        var life = Life()
        _ = life.step(.begin)
        _ = life.step(.answered(.makeToken, .token("t")))
        #expect(life.step(.end) == [])
        #expect(
            life.step(.answered(.makeSession(token: "t"), .session(id: "s", room: Self.room)))
                == [.send(.stop(session: "s"))])
    }
}
