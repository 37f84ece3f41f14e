import Foundation
import Testing

/// The post that `make demo` prints, to the byte.
///
/// Method: the committed ledger is copied where nothing can be written, and read under several clocks.
@Suite(.needsPrograms, .timeLimit(.minutes(5)))
struct PostTests {
  @Test("the post of the committed ledger")
  func post() throws {
    let ledger = Example.committedLedger
    let post = try tally("report", "--as-of", Example.lastDay, ledger: ledger)
    try expectGolden(String(decoding: post, as: UTF8.self), "status-update.md")
    let later = ["TALLY_NOW": "2031-05-01T12:00:00Z"]
    #expect(
      try tally("report", "--as-of", Example.lastDay, ledger: ledger, environment: later) == post,
      "the post depends on today's date"
    )
    // The configuration of the story is in the ledger, and it is the one that lies in the example's folder.
    let config = Example.folder.appendingPathComponent("tally.yml").path
    #expect(
      try tally("report", "--as-of", Example.lastDay, "--config", config, ledger: ledger) == post,
      "tally.yml and its partials are not those of the last commit"
    )
    #expect(
      try tally("report", "--as-of", Example.lastDay, ledger: try Rebuilt.get().ledger) == post
    )
  }

  @Test(
    "the other posts of the committed ledger",
    arguments: ["weekly.md", "slack.txt", "status-update.html", "release-compliance.md"]
  )
  func others(_ template: String) throws {
    let ledger = Example.committedLedger
    let post = try tally("report", template, "--as-of", Example.lastDay, ledger: ledger)
    try expectGolden(String(decoding: post, as: UTF8.self), template)
  }

  @Test("the data behind the post, and the post made of it")
  func context() throws {
    let ledger = Example.committedLedger
    let data = try tally("report", "--context", "--as-of", Example.lastDay, ledger: ledger)
    try expectGolden(String(decoding: data, as: UTF8.self), "context.json")
    let scratch = try Scratch()
    let file = scratch.file("context.json")
    try data.write(to: file)
    let post = try tally("report", "--as-of", Example.lastDay, ledger: ledger)
    let rendered = try run(
      try Example.tally(),
      ["report", "--from-context", file.path],
      in: scratch.folder
    )
    #expect(rendered.output == post, "\(rendered.errors)")
  }

  @Test("the picture of the README is that of the post")
  func picture() throws {
    let scratch = try Scratch()
    let file = scratch.file("chart.svg")
    _ = try tally(
      "report",
      "--as-of",
      Example.lastDay,
      "--chart",
      file.path,
      ledger: Example.committedLedger
    )
    let shown = Example.root.appendingPathComponent("docs/images/burn-down.svg")
    #expect(
      try Data(contentsOf: file) == Data(contentsOf: shown),
      "write it again: tally report --as-of \(Example.lastDay) --chart docs/images/burn-down.svg"
    )
  }

  @Test("what the post says at first sight")
  func headline() throws {
    let data = try tally("report", "--as-of", Example.lastDay, ledger: Example.committedLedger)
    let post = String(decoding: data, as: UTF8.self)
    #expect(post.contains("**43 → 34** open violations (21 % fewer)"))
    #expect(post.contains("| **P1** Agent execution | 12 | 35 % |"))
    #expect(post.contains("| **P2** Service initialization | 15 | 44 % |"))
    #expect(post.contains("| **P3** Test infrastructure | 7 | 21 % |"))
  }

  @Test("a ledger that cannot be written to is read, and stays as it is")
  func readOnly() throws {
    let scratch = try Scratch()
    let folder = scratch.file("shared")
    let ledger = folder.appendingPathComponent("ledger.db")
    let manager = FileManager.default
    try manager.createDirectory(at: folder, withIntermediateDirectories: true)
    try manager.copyItem(at: Example.committedLedger, to: ledger)
    let before = try Data(contentsOf: ledger)
    try manager.setAttributes([.posixPermissions: 0o444], ofItemAtPath: ledger.path)
    try manager.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
    defer { try? manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path) }
    let expected = try tally("report", "--as-of", Example.lastDay, ledger: Example.committedLedger)
    #expect(try tally("report", "--as-of", Example.lastDay, ledger: ledger) == expected)
    _ = try Verified(ledger)
    _ = try listed(ledger, "--as-of", Example.lastDay)
    #expect(try Data(contentsOf: ledger) == before)
    #expect(try manager.contentsOfDirectory(atPath: folder.path) == ["ledger.db"])
  }

  @Test("the clone's own ledger is only read, and nothing is left beside it")
  func beside() throws {
    let before = try Data(contentsOf: Example.committedLedger)
    _ = try tally("report", "--as-of", Example.lastDay, ledger: Example.committedLedger)
    #expect(try Data(contentsOf: Example.committedLedger) == before)
    let beside = try FileManager.default.contentsOfDirectory(atPath: Example.root.path)
      .filter { $0.hasPrefix("ledger.db") }
    #expect(beside == ["ledger.db"])
  }
}
