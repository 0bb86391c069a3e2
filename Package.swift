// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is compiled with; STYLE asks for the strictest the compiler offers.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// One Debian C library: a module map and a shim header.
func cLibrary(_ name: String, pkgConfig: String, apt packages: [String]) -> Target {
    .systemLibrary(
        name: name, path: "Sources/CLibraries/\(name)", pkgConfig: pkgConfig,
        providers: [.apt(packages)])
}

/// A module of DESIGN §2; `dependencies` are the only imports it may have.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies,
        swiftSettings: strict)
}

/// Fuzz targets need libFuzzer, so they exist only when asked for.
let fuzzing = Context.environment["MEDIABRIDGE_FUZZ"] != nil
let instrumented: [SwiftSetting] = fuzzing ? [.unsafeFlags(["-sanitize=fuzzer"])] : []

func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "Tests/Fuzz/\(name)",
        swiftSettings: strict + instrumented + [.unsafeFlags(["-parse-as-library"])],
        linkerSettings: [.unsafeFlags(["-sanitize=fuzzer"])])
}

/// With `MEDIABRIDGE_SIMD=avx2` the voice detection network is built for AVX2 and FMA.
///
/// Such a program needs a processor that has them; the scripts ask this machine's.
let simd: [SwiftSetting] =
    Context.environment["MEDIABRIDGE_SIMD"] == "avx2"
    ? [.define("FUSED_MULTIPLY_ADD"), .unsafeFlags(["-Xcc", "-mavx2", "-Xcc", "-mfma"])] : []

/// The program.
///
/// Fuzzed, it is a library of its parsers alone: libFuzzer brings the entry point.
let program: Target =
    fuzzing
    ? .target(
        name: "MediaBridge", dependencies: ["Codecs", "Pipeline"],
        exclude: [
            "Twilio/TwilioDriver.swift", "AudioSocket/AudioDriver.swift",
            "AudioSocket/AudioSocketReply+Events.swift", "AudioSocket/OpusPacker.swift",
            "AudioSocket/OpusUnpacker.swift",
        ],
        sources: ["Twilio", "AudioSocket", "Loop/RateLimit.swift"],
        swiftSettings: strict + instrumented)
    : .executableTarget(
        name: "MediaBridge",
        dependencies: [
            "Codecs", "Events", "Insight", "Pipeline", "Providers", "Records", "ControlAPI",
            "CWebSockets", "CUV",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
            .product(name: "Configuration", package: "swift-configuration"),
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "Logging", package: "swift-log"),
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            .product(name: "Tracing", package: "swift-distributed-tracing"),
            .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            .product(name: "SystemPackage", package: "swift-system"),
        ],
        swiftSettings: strict)

/// What the parsers do not need.
let outerModules = [
    module(
        "Providers",
        [
            "Codecs", "Pipeline", "Insight", "CPocketSphinx", "CSherpaONNX",
            .product(name: "AsyncHTTPClient", package: "async-http-client"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOPosix", package: "swift-nio"),
            .product(name: "Subprocess", package: "swift-subprocess"),
            .product(name: "Tracing", package: "swift-distributed-tracing"),
        ]),
    module("Records", ["Events", .product(name: "GRDB", package: "GRDB.swift")]),
    module(
        "ControlAPI",
        [
            "Records", "Events", "Insight",
            .product(name: "Crypto", package: "swift-crypto"),
            .product(name: "Hummingbird", package: "hummingbird"),
            .product(name: "JWTKit", package: "jwt-kit"),
            .product(name: "Logging", package: "swift-log"),
            .product(name: "NIOCore", package: "swift-nio"),
            .product(name: "NIOHTTP1", package: "swift-nio"),
            .product(name: "NIOWebSocket", package: "swift-nio"),
            .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            .product(name: "Tracing", package: "swift-distributed-tracing"),
        ]),
]

let suites = [
    tests("Codecs", ["AllocationCounter"]),
    tests("Events"),
    tests("Insight"),
    tests("Pipeline", ["Codecs", "Events", "AllocationCounter"]),
    tests("Providers", ["Codecs", "Pipeline", "Insight", "ProviderSimulators"]),
    tests("Records", ["Events", "JournalWriter", .product(name: "GRDB", package: "GRDB.swift")]),
    tests(
        "ControlAPI", ["Records", "Events", .product(name: "Crypto", package: "swift-crypto")]),
    tests(
        "MediaBridge",
        [
            "Codecs", "ControlAPI", "Events", "Pipeline", "Providers", "ProviderSimulators",
            "Records",
        ]),
]

let fuzzers = [
    fuzzer("FuzzBase64", ["Codecs"]), fuzzer("FuzzWAV", ["Codecs"]),
    fuzzer("FuzzTwilio", ["MediaBridge", "Pipeline"]),
    fuzzer("FuzzAudioSocket", ["MediaBridge", "Pipeline"]),
    fuzzer("FuzzFlightRecord", ["Pipeline"]),
    fuzzer("FuzzSafetensors", ["Pipeline"]),
]

/// Servers that behave as providers do, for tests; on SwiftNIO, built from the documented formats.
let simulators: Target = .target(
    name: "ProviderSimulators",
    dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
    ],
    path: "Tests/Support/ProviderSimulators", swiftSettings: strict)

/// Keeps calls in a store until it is killed, for tests of what survives.
let journalWriter: Target = .executableTarget(
    name: "JournalWriter", dependencies: ["Events", "Records"],
    path: "Tests/Support/JournalWriter", swiftSettings: strict)

/// All of them at once as a program, for the demonstration and the benchmark of engines.
let simulatedCloud: Target = .executableTarget(
    name: "SimulatedCloud",
    dependencies: [
        "ProviderSimulators",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    path: "Tests/Support/SimulatedCloud", exclude: ["answers.json"], swiftSettings: strict)

let packages: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(
        url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
    .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(
        url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
]

let package = Package(
    name: "MediaBridge",
    products: fuzzing ? [] : [.executable(name: "mediabridge", targets: ["MediaBridge"])],
    dependencies: fuzzing ? [] : packages,
    targets: [
        cLibrary("COpus", pkgConfig: "opus", apt: ["libopus-dev"]),
        cLibrary("CSpeexDSP", pkgConfig: "speexdsp", apt: ["libspeexdsp-dev"]),
        cLibrary(
            "CWebSockets", pkgConfig: "libwebsockets",
            apt: ["libwebsockets-dev", "libwebsockets-evlib-uv"]),
        cLibrary("CUV", pkgConfig: "libuv", apt: ["libuv1-dev"]),
        cLibrary(
            "CPocketSphinx", pkgConfig: "pocketsphinx",
            apt: ["libpocketsphinx-dev", "libsphinxbase-dev"]),
        // Declarations only: the library is loaded at run time, where it was fetched.
        .systemLibrary(name: "CSherpaONNX", path: "Sources/CLibraries/CSherpaONNX"),

        .target(
            name: "Codecs", dependencies: ["COpus", "CSpeexDSP"],
            swiftSettings: strict + instrumented),
        module("Events"),
        module("Insight"),
        .target(
            name: "Pipeline", dependencies: ["Codecs", "Events"],
            swiftSettings: strict + simd + instrumented),
        program,

        .target(name: "AllocationCounter", path: "Tests/Support/AllocationCounter"),
    ] + (fuzzing ? fuzzers : outerModules + [simulators, simulatedCloud, journalWriter] + suites)
)
