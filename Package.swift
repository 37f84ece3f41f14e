// swift-tools-version: 6.2
import PackageDescription

/// The settings of every Swift target: Swift 6 mode, every import explicit about who sees it.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// The seven parts that do not know each other, each with what it alone may import.
let leaves: [Target] = [
  .target(
    name: "TallyImport",
    dependencies: ["TallyModel", "CSimdjson", "CExpat", "CZlib"],
    swiftSettings: strict
  ),
  .target(
    name: "TallyGit",
    dependencies: [
      "TallyModel", .product(name: "Subprocess", package: "swift-subprocess"),
      .product(name: "SystemPackage", package: "swift-system"),
    ],
    swiftSettings: strict
  ),
  .target(name: "TallyTracking", dependencies: ["TallyModel"], swiftSettings: strict),
  .target(name: "TallyBooks", dependencies: ["TallyModel"], swiftSettings: strict),
  .target(
    name: "TallyLedger",
    dependencies: [
      "TallyModel", "CSQLiteShim", "CZlib",
      .product(name: "GRDB", package: "GRDB.swift"),
      .product(name: "Crypto", package: "swift-crypto"),
    ],
    swiftSettings: strict
  ),
  .target(
    name: "TallyReport",
    dependencies: ["TallyModel", .product(name: "Mustache", package: "swift-mustache")],
    swiftSettings: strict
  ),
  .target(
    name: "TallyHost",
    dependencies: ["TallyModel", .product(name: "Subprocess", package: "swift-subprocess")],
    swiftSettings: strict
  ),
]

let shims: [Target] = [
  .target(
    name: "CSimdjson",
    cxxSettings: [
      .define("SIMDJSON_EXCEPTIONS", to: "0"),
      .define("NDEBUG", .when(configuration: .release)),
    ],
    linkerSettings: [.linkedLibrary("simdjson"), .linkedLibrary("stdc++")]
  ),
  .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
  .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  .target(name: "CProcess"),
  .target(name: "CSQLiteShim", linkerSettings: [.linkedLibrary("sqlite3")]),
]

let tests: [Target] = [
  .testTarget(name: "TallyModelTests", dependencies: ["TallyModel"], swiftSettings: strict),
  .testTarget(
    name: "TallyImportTests",
    dependencies: ["TallyImport", "TallyModel"],
    exclude: ["Fixtures"],
    swiftSettings: strict
  ),
  .testTarget(
    name: "TallyGitTests",
    dependencies: ["TallyGit", "TallyModel"],
    swiftSettings: strict
  ),
  .testTarget(
    name: "TallyTrackingTests",
    dependencies: ["TallyTracking", "TallyModel"],
    swiftSettings: strict
  ),
  .testTarget(
    name: "TallyBooksTests",
    dependencies: ["TallyBooks", "TallyModel"],
    swiftSettings: strict
  ),
  .testTarget(
    name: "TallyLedgerTests",
    dependencies: [
      "TallyLedger", "TallyModel", .product(name: "GRDB", package: "GRDB.swift"),
    ],
    exclude: ["Fixtures"],
    swiftSettings: strict
  ),
  .testTarget(
    name: "TallyReportTests",
    dependencies: ["TallyReport", "TallyModel", "TallyTemplates"],
    exclude: ["Goldens"],
    swiftSettings: strict
  ),
  .testTarget(
    name: "TallyHostTests",
    dependencies: ["TallyHost", "TallyModel"],
    swiftSettings: strict
  ),
  .testTarget(
    name: "TallyKitTests",
    dependencies: [
      "TallyKit", "TallyModel", "TallyBooks", "TallyGit", "TallyLedger", "TallyTracking",
    ],
    swiftSettings: strict
  ),
  .testTarget(
    name: "TallyCommandsTests",
    dependencies: [
      "TallyCommands", "TallyKit", "TallyModel", .product(name: "Yams", package: "Yams"),
    ],
    exclude: ["Goldens", "Sharing/serve.py", "Publishing/hosts.py"],
    swiftSettings: strict
  ),
  .testTarget(
    name: "ExampleTests",
    dependencies: [.product(name: "GRDB", package: "GRDB.swift")],
    exclude: ["Goldens"],
    swiftSettings: strict
  ),
  .testTarget(name: "ProjectTests", swiftSettings: strict),
]

let package = Package(
  name: "tally",
  products: [
    .executable(name: "tally", targets: ["tally"]),
    .library(name: "TallyKit", targets: ["TallyKit"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .target(name: "TallyModel", swiftSettings: strict),
    .target(
      name: "TallyTemplates",
      path: "Templates",
      exclude: ["README.md"],
      resources: [.embedInCode("builtin"), .embedInCode("context-names.txt")],
      swiftSettings: strict
    ),
    .target(
      name: "TallyKit",
      dependencies: [
        "TallyModel", "TallyImport", "TallyGit", "TallyTracking", "TallyBooks", "TallyLedger",
        "TallyReport", "TallyHost", "TallyTemplates", .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "TallyCommands",
      dependencies: [
        "TallyKit", "TallyModel",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "tally",
      dependencies: [
        "CProcess", "TallyCommands",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict
    ),
  ] + leaves + shims + tests
)
