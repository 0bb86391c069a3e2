internal import Hummingbird
internal import NIOCore

/// What is known of a request on its way through the guards to its route.
struct ControlContext: RequestContext, RemoteAddressRequestContext {
    var coreContext: CoreRequestContextStorage
    /// Of the connection: a proxy's, where there is one.
    let remoteAddress: SocketAddress?
    /// In the answer's `X-Request-ID`, in problem documents and in the log.
    var requestID = ""
    /// Who makes the request, behind `AccessGate`; `nil` on routes that are open.
    var principal: Principal?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remoteAddress = source.channel.remoteAddress
    }
}
