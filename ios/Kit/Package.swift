// swift-tools-version: 6.0
//
// Everything of the app that is no screen. On a Mac the core comes as an XCFramework, elsewhere as the library that cargo
// builds; both are put in place by a script and are not in git.
import PackageDescription

#if os(macOS)
    let core: [Target] = [.binaryTarget(name: "FieldlineCoreFFI", path: "Core/FieldlineCore.xcframework")]
    let link: [LinkerSetting] = []
#else
    let library = Context.packageDirectory + "/Core"
    let core: [Target] = [.systemLibrary(name: "FieldlineCoreFFI", path: "Core/FieldlineCoreFFI")]
    let link: [LinkerSetting] = [
        .unsafeFlags(["-L\(library)", "-lfieldline_bindings", "-Xlinker", "-rpath=\(library)"])
    ]
#endif

let package = Package(
    name: "FieldlineKit",
    defaultLocalization: "en",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "FieldlineKit", targets: ["Design", "Places", "Engine", "Texts", "Features", "EngineFake"])],
    targets: core + [
        .target(name: "Design"),
        .target(name: "Places"),
        // The only importer of the core.
        .target(name: "Engine", dependencies: ["FieldlineCoreFFI"], linkerSettings: link),
        .target(name: "Texts", dependencies: ["Engine"], resources: [.process("Resources")]),
        .target(name: "Features", dependencies: ["Engine", "Texts"]),
        // For previews and tests.
        .target(name: "EngineFake", dependencies: ["Engine"]),
        .testTarget(name: "PlainTests", dependencies: ["Design", "Places", "Texts"]),
        // Taps for as long as it lives; a test ends it between a tap and its answer.
        .executableTarget(name: "tapper", dependencies: ["Engine"], path: "Tests/Tapper"),
        .testTarget(name: "CoreTests", dependencies: ["Features"]),
        .testTarget(name: "FeatureTests", dependencies: ["Features", "EngineFake"]),
    ],
    swiftLanguageModes: [.v6]
)
