import Foundation
import Testing

/// A tool that comes under another name is noticed, and a second linter is not taken for it.
@Suite struct LikelyRenameTests {
  private static let sentence =
    "lintel-formatter@main looks like lintel@main under another name"
  private static let command = "'tally lane rename lintel@main lintel-formatter@main --why TEXT'"

  private func play() throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    try sandbox.commit("Next")
    return sandbox
  }

  @Test("the first scan of a driver that has another name says so, with what to type")
  func renamed() throws {
    let sandbox = try play()
    // A line moved and one was fixed meanwhile.
    try sandbox.edit("src/tools/csv.py", "def export", "\n\ndef export")
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Work")
    let run = try sandbox.scan(Linter(tool: "lintel-formatter"))
    let said = run.warnings.filter { $0.contains("looks like") }
    #expect(said.count == 1)
    #expect(said.first?.hasPrefix(Self.sentence) == true, "\(said)")
    #expect(said.first?.contains(Self.command) == true, "\(said)")
    // Said once: the next scan is not the lane's first.
    try sandbox.commit("More")
    let next = try sandbox.scan(Linter(tool: "lintel-formatter"))
    #expect(!next.warnings.contains { $0.contains("looks like") })
    try sandbox.ok("lane", "rename", "lintel@main", "lintel-formatter@main", "--why", "Renamed")
    #expect(try sandbox.tally("list").errors == "")
  }

  @Test("so does a category that has another name")
  func category() throws {
    let sandbox = try play()
    let run = try sandbox.scan(Linter(category: "app/"))
    #expect(run.warnings.contains { $0.hasPrefix("lintel/app@main looks like lintel@main") })
  }

  @Test("another linter that shares a rule or two, or runs beside the first, is not taken for it")
  func others() throws {
    let sandbox = try play()
    let few = try sandbox.scan(Linter(tool: "other", rules: ["no-exec"]))
    #expect(!few.warnings.contains { $0.contains("looks like") }, "\(few.warnings)")
    try sandbox.commit("Both run")
    try sandbox.scan()
    let beside = try sandbox.scan(Linter(tool: "twin"))
    #expect(!beside.warnings.contains { $0.contains("looks like") }, "\(beside.warnings)")
  }

  @Test("a new branch has new lanes, which look like none")
  func branch() throws {
    let sandbox = try play()
    try sandbox.git("checkout", "-q", "-b", "feature/x")
    try sandbox.commit("Begin")
    #expect(!(try sandbox.scan().warnings.contains { $0.contains("looks like") }))
  }
}
