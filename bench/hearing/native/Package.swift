// swift-tools-version: 6.2
import PackageDescription

/// As the main package has it.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// As the main package has it, so that the same network is measured.
let simd: [SwiftSetting] =
    Context.environment["MEDIABRIDGE_SIMD"] == "avx2"
    ? [.define("FUSED_MULTIPLY_ADD"), .unsafeFlags(["-Xcc", "-mavx2", "-Xcc", "-mfma"])] : []

/// A module of the main package, compiled here once more.
///
/// What it declares `package` is seen in its own package only, and the main package stays light.
func module(
    _ name: String, _ dependencies: [Target.Dependency], _ settings: [SwiftSetting] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Modules/\(name)",
        swiftSettings: strict + settings)
}

func cLibrary(_ name: String, pkgConfig: String) -> Target {
    .systemLibrary(name: name, path: "Modules/CLibraries/\(name)", pkgConfig: pkgConfig)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let package = Package(
    name: "HearingBench",
    targets: [
        cLibrary("COpus", pkgConfig: "opus"),
        cLibrary("CSpeexDSP", pkgConfig: "speexdsp"),
        module("Codecs", ["COpus", "CSpeexDSP"]),
        module("Events", []),
        module("Pipeline", ["Codecs", "Events"], simd),
        .target(name: "AllocationCounter", path: "Support/AllocationCounter"),
        program("HearingVoice", ["Codecs", "Pipeline", "AllocationCounter"]),
        program("HearingTurns", ["Codecs", "Events", "Pipeline"]),
    ]
)
