import Foundation
import GRDB
import TallyModel
import Testing

@testable import TallyLedger

/// The documents that other programs are written from.
@Suite struct DocumentationTests {
  /// Method: the views of a new file, and the columns SQLite gives for each, against the headings and tables of `docs/sql.md`.
  @Test("docs/sql.md lists every view and column, in order, and no other")
  func views() throws {
    var documented: [String: [String]] = [:]
    var view: String?
    for line in try ProjectFiles.text("docs/sql.md").split(separator: "\n") {
      if line.hasPrefix("## ") {
        view = String(line.dropFirst(3))
        documented[String(line.dropFirst(3))] = []
      } else if line.hasPrefix("| "), let view {
        let name = line.dropFirst(2).prefix { $0 != " " }
        if name != "column", name != "---" { documented[view, default: []].append(String(name)) }
      }
    }
    let found = try DatabaseQueue().inDatabase { db in
      try Schema.create(db)
      var found: [String: [String]] = [:]
      for name in try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'view'")
      {
        found[name] = try db.columns(in: name).map(\.name)
      }
      return found
    }
    #expect(documented == found)
  }

  /// The words in views are written out in SQL; they have to be those of the model.
  @Test("views name kinds, levels and bases as the program does")
  func words() {
    for kind in EntryKind.allCases {
      #expect(documentedViews.contains("WHEN \(kind.rawValue) THEN '\(kind.name)'"))
    }
    for kind in PostingKind.allCases {
      #expect(documentedViews.contains("WHEN \(kind.rawValue) THEN '\(kind.name)'"))
    }
    for basis in Basis.allCases where basis != .unknown {
      #expect(documentedViews.contains("WHEN \(basis.rawValue) THEN '\(basis.name)'"))
    }
  }
}

/// `tools/read_ledger.py`, which has to agree with this program about every byte.
///
/// Skipped where there is no `python3`.
@Suite struct ReaderScriptTests {
  static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.python ?? "/nowhere")
    process.arguments = [ProjectFiles.path("tools/read_ledger.py")] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  @Test("it agrees with the documented vectors", .enabled(if: python != nil))
  func vectors() throws {
    let result = try run(["--vectors", ProjectFiles.path("docs/format.md")])
    #expect(result.status == 0, "\(result.output)")
  }

  @Test("it recomputes a ledger's ids, root and balances", .enabled(if: python != nil))
  func ledger() throws {
    let folder = try TemporaryFolder()
    let file = folder.file("ledger.db")
    let ledger = try Ledger.open(file, mode: .create)
    var project = try GrowingProject(files: 40, findingsPerFile: 4, seed: 3)
    for round in 0..<30 { _ = try project.scan(editing: round == 0 ? 0 : 6, into: ledger) }
    try ledger.write { tx in
      for (_, body) in try Vectors.bodies() { _ = try tx.append([body], receipt: Sample.receipt) }
      _ = try tx.append(
        [.unknown(kind: 200, version: 9, bytes: [])],
        receipt: Receipt(
          arrived: Timestamp(seconds: -5),
          actor: "",
          runURL: nil,
          importer: "x"
        )
      )
    }
    let expected = try ledger.read { reader in
      """
      {"size": \(try reader.size()), "root": "\(try reader.root())",
       "state": "\(try reader.stateDigest())",
       "open": {"shop ruff@main": \(try reader.openCount(of: Sample.lane))}}
      """
    }
    try folder.write(Array(expected.utf8), to: "expected.json")
    let sound = try run([file, "--check", folder.file("expected.json")])
    #expect(sound.status == 0, "\(sound.output)")
    let size = try ledger.read { try $0.size() }
    #expect(sound.output.hasPrefix("root \(size):"))
    try DatabaseQueue(path: file).write { db in
      try db.execute(sql: "UPDATE receipt SET arrived = arrived + 1 WHERE number = 3")
    }
    let edited = try run([file, "--check", folder.file("expected.json")])
    #expect(edited.status == 1)
    #expect(edited.output.contains("root is"))
  }
}
