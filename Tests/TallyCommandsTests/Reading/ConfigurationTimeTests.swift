import Foundation
import Testing

/// Whose configuration is applied to the past, and that the output says so.
///
/// Method: the shop, whose second priority is taken away on day 4; every command is asked about day 3.
@Suite struct ConfigurationTimeTests {
  private static func redefined() throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    try sandbox.edit("tally.yml", "paths: [\"src/*\"]", "paths: [\"src/**\"]")
    try sandbox.commit("Take the tools in")
    try sandbox.scan()
    return sandbox
  }

  private static let said =
    "warning: the priorities differ from the definition of 2026-03-01; "
    + "today's definition is applied to the past\n"

  @Test("a list of an old day applies today's priorities and says so, or that day's")
  func list() throws {
    let sandbox = try Self.redefined()
    let question = ["list", "--priority", "P2", "--as-of", "2026-03-03"]
    let today = try sandbox.run(question)
    #expect(today.status == 0)
    #expect(today.output == "no violations\n")
    #expect(today.errors == Self.said)
    let then = try sandbox.run(question + ["--config-as-of", "2026-03-03"])
    #expect(then.output.contains("src/tools/csv.py:6"))
    #expect(then.errors == "")
    let commit = try sandbox.git("rev-parse", "HEAD~1")
    #expect(try sandbox.run(question + ["--config-as-of", commit]).output == then.output)
    #expect(try sandbox.run(question + ["--config-as-of", "2026-03-04"]).output == today.output)
    // What needs no definition needs no sentence.
    #expect(try sandbox.tally("list", "--as-of", "2026-03-03").errors == "")
    #expect(try sandbox.tally("list", "--priority", "P1").errors == "")
    let answer = try (try sandbox.run(question + ["--output", "json"])).json()
    #expect((answer["warnings"] as? [String])?.count == 1)
  }

  @Test("a statement over a change of definition says so, or applies one day's throughout")
  func statement() throws {
    let sandbox = try Self.redefined()
    let question = ["statement", "2026-03-01..", "--by", "priority"]
    let today = try sandbox.run(question)
    let commit = try sandbox.git("rev-parse", "HEAD").prefix(9)
    #expect(
      today.errors == "warning: the priorities changed on 2026-03-04 (\(commit)); "
        + "today's definition is applied to the past\n"
    )
    #expect(!today.output.contains("P2"))
    let then = try sandbox.run(question + ["--config-as-of", "2026-03-03"])
    #expect(then.output.contains("P2"))
    #expect(then.errors.contains("that of 2026-03-03 is applied throughout\n"))
    #expect(try sandbox.tally("statement", "2026-03-01..", "--by", "rule").errors == "")
    #expect(
      try sandbox.tally("statement", "2026-03-01..", "--by", "rule", "--campaign", "no-eval").errors
        == ""
    )
  }

  @Test("a post names the configuration that is applied, and the one that counted")
  func report() throws {
    let sandbox = try Self.redefined()
    let today = try sandbox.ok("report", "--as-of", "2026-03-03")
    #expect(
      today.contains("> - the priorities differ from the definition of 2026-03-01; today's")
        || today.contains("> - The priorities differ from the definition of 2026-03-01; today's")
    )
    #expect(today.contains(#/Configuration `[0-9a-f]{12}`; at that time `[0-9a-f]{12}` counted\./#))
    let then = try sandbox.ok("report", "--as-of", "2026-03-03", "--config-as-of", "2026-03-03")
    #expect(then.contains(#/Configuration `[0-9a-f]{12}` of 2026-03-03\. /#))
    #expect(!then.contains("definition"))
    let now = try sandbox.ok("report")
    #expect(now.contains(#/Configuration `[0-9a-f]{12}`\. /#))
    let chosen = try sandbox.ok("report", "--config-as-of", "2026-03-03")
    #expect(chosen.contains(#/` of 2026-03-03; at that time `[0-9a-f]{12}` counted\./#))
  }

  @Test("a definition that was not recorded yet is said to be another one")
  func unrecorded() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    try sandbox.edit("tally.yml", "rules: [no-eval, no-exec]", "rules: [no-eval]")
    let post = try sandbox.ok("report")
    #expect(post.contains("hat the campaign selects differs from the definition of 2026-03-01"))
  }
}
