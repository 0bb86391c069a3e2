package import Foundation

/// Those who run calls elsewhere and tell us of them.
package struct RemoteCallServices: Sendable {
    let vapi: VapiService
    let elevenLabs: ElevenLabsService
    /// Wall clock: signatures are held against it.
    let now: @Sendable () -> Date

    package init(
        vapi: VapiService, elevenLabs: ElevenLabsService,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.vapi = vapi
        self.elevenLabs = elevenLabs
        self.now = now
    }
}

/// Routes of those who run calls elsewhere.
struct RemoteCallRoutes: Sendable {
    private let vapi: VapiRoutes
    private let elevenLabs: ElevenLabsRoutes

    init(services: RemoteCallServices) {
        let bodies = SignedBodies()
        vapi = VapiRoutes(service: services.vapi, bodies: bodies, now: services.now)
        elevenLabs = ElevenLabsRoutes(
            service: services.elevenLabs, bodies: bodies, now: services.now)
    }

    func add(to router: ControlRouter) {
        vapi.add(to: router)
        elevenLabs.add(to: router)
    }

    /// Of paths that take longer bodies than others.
    var bodyOctetLimits: [String: Int] {
        [
            VapiRoutes.path: vapi.service.settings.bodyOctetLimit,
            ElevenLabsRoutes.path: ElevenLabsRoutes.octetLimit,
        ]
    }
}
