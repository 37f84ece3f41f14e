import Foundation
import Testing

/// The root of the checkout, found from this file's own path.
let projectRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Every file under a folder of the project with one of the extensions, sorted, relative to the root.
func projectFiles(under folders: [String], extensions: Set<String>) throws -> [String] {
  var found: [String] = []
  for folder in folders {
    let start = projectRoot.appendingPathComponent(folder)
    guard let walker = FileManager.default.enumerator(atPath: start.path) else { continue }
    for case let name as String in walker
    where extensions.contains((name as NSString).pathExtension) {
      found.append("\(folder)/\(name)")
    }
  }
  return found.sorted()
}

func lines(of file: String) throws -> [String] {
  try String(contentsOf: projectRoot.appendingPathComponent(file), encoding: .utf8)
    .components(separatedBy: "\n")
}

/// Keeps the tree in the shape that CONTRIBUTING.md promises.
///
/// Method: reads the sources as text; each rule names file and line.
@Suite struct TidyTests {
  /// Calls that belong to TallyCommands alone, by what they would bring in.
  static let banned: [(pattern: String, why: String)] = [
    (#"(^|[^.\w])print\("#, "prints"),
    (#"(^|[^.\w])fatalError\("#, "traps"),
    (#"try!"#, "traps"),
    (#"Date\(\)|Date\.now|clock_gettime|gettimeofday"#, "reads the clock"),
    (#"ProcessInfo\.processInfo\.environment|getenv\("#, "reads the environment"),
    (#"currentDirectoryPath|getcwd\("#, "reads the working directory"),
    (#"(^|[^.\w])exit\("#, "ends the process"),
  ]

  @Test("nothing below TallyCommands prints, traps or reads its surroundings")
  func pureBelowCommands() throws {
    var offences: [String] = []
    let layers = [
      "Model", "Import", "Git", "Tracking", "Books", "Ledger", "Report", "Host", "Kit",
    ].map { "Sources/Tally\($0)" }
    let files = try projectFiles(under: layers, extensions: ["swift"])
    #expect(files.count > 40, "the walk found too few files to mean anything")
    for file in files {
      for (index, line) in try lines(of: file).enumerated() {
        let code = line.trimmingCharacters(in: .whitespaces)
        if code.hasPrefix("//") { continue }
        for rule in Self.banned
        where code.range(of: rule.pattern, options: .regularExpression) != nil {
          offences.append("\(file):\(index + 1) \(rule.why)")
        }
      }
    }
    #expect(offences.isEmpty, "\(offences.joined(separator: "\n"))")
  }

  @Test("no source file is longer than 600 lines")
  func shortFiles() throws {
    let files = try projectFiles(
      under: ["Sources", "Tests", "Templates", "tools", "Benchmarks"],
      extensions: ["swift", "py", "c", "cpp", "h"]
    )
    let long = try files.filter { try lines(of: $0).count > 600 }
    #expect(long.isEmpty, "\(long.joined(separator: "\n"))")
  }

  @Test("nothing is left for later in the code")
  func noMarkers() throws {
    // Spelled apart so that this file does not find itself.
    let markers = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]
    var offences: [String] = []
    for file in try projectFiles(
      under: ["Sources", "Tests", "Templates", "tools", "Benchmarks"],
      extensions: ["swift", "py", "c", "cpp", "h", "md"]
    ) {
      for (index, line) in try lines(of: file).enumerated()
      where markers.contains(where: { line.contains($0) }) {
        offences.append("\(file):\(index + 1)")
      }
    }
    #expect(offences.isEmpty, "\(offences.joined(separator: "\n"))")
  }

  @Test("every relative link of the documentation leads somewhere")
  func links() throws {
    let pattern = #/\]\((?<target>[^)#\s]+)(#[^)\s]*)?\)/#
    var broken: [String] = []
    let documents =
      try projectFiles(under: ["docs", "Examples"], extensions: ["md"])
      + ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
    for document in documents {
      let folder = projectRoot.appendingPathComponent(document).deletingLastPathComponent()
      for match in try lines(of: document).joined(separator: "\n").matches(of: pattern) {
        let target = String(match.output.target)
        if target.contains("://") || target.contains("{{") || target.hasPrefix("mailto:") {
          continue
        }
        let file = folder.appendingPathComponent(target).standardizedFileURL
        if !FileManager.default.fileExists(atPath: file.path) {
          broken.append("\(document): \(target)")
        }
      }
    }
    #expect(broken.isEmpty, "\(broken.joined(separator: "\n"))")
  }

  @Test("only the target that owns a dependency imports it")
  func ownersOfDependencies() throws {
    let owners = [
      "CProcess": ["tally"], "CSimdjson": ["TallyImport"], "CExpat": ["TallyImport"],
      "CZlib": ["TallyImport", "TallyLedger"], "GRDB": ["TallyLedger"],
      "Crypto": ["TallyLedger"], "CSQLiteShim": ["TallyLedger"],
      "Subprocess": ["TallyGit", "TallyHost"],
      "SystemPackage": ["TallyGit"],
      "Mustache": ["TallyReport"], "Yams": ["TallyKit"],
      "ArgumentParser": ["TallyCommands", "tally"],
    ]
    var offences: [String] = []
    for file in try projectFiles(under: ["Sources"], extensions: ["swift"]) {
      let target = file.split(separator: "/")[1]
      for line in try lines(of: file) {
        let words = line.split(separator: " ")
        guard let at = words.firstIndex(of: "import"), at <= 1, at + 1 < words.count,
          let allowed = owners[String(words[at + 1])]
        else { continue }
        if !allowed.contains(String(target)) { offences.append("\(file): \(line)") }
      }
    }
    #expect(offences.isEmpty, "\(offences.joined(separator: "\n"))")
  }
}
