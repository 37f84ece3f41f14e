import Foundation
import Testing

/// Which branch is spoken of where none is chosen, and commits by the names that git knows.
@Suite struct BranchTests {
  /// The shop on `main` with 6 open, and a branch `side` from it with 7.
  private static func branched(configured: String? = nil) throws -> Sandbox {
    let sandbox = try Sandbox()
    if let configured {
      try sandbox.write("version: 1\nproject: shop\n\(configured)\n", to: "tally.yml")
    }
    try sandbox.writeShop()
    try sandbox.commit("Start the shop")
    try sandbox.scan()
    try sandbox.git("checkout", "-q", "-b", "side")
    try sandbox.write("def run(code):\n    return exec(code)\n", to: "src/debug.py")
    try sandbox.commit("Run what is typed")
    try sandbox.scan()
    return sandbox
  }

  private static func closing(_ answer: [String: Any]) -> Int? {
    (answer["total"] as? [String: Any])?["closing"] as? Int
  }

  @Test("what is open on a branch is not added to what is open on main")
  func trunk() throws {
    let sandbox = try Self.branched()
    let main = try #require(Self.closing(sandbox.json("statement", "..", "--branch", "main")))
    #expect(main > 0)
    #expect(Self.closing(try sandbox.json("statement", "..")) == main)
    #expect(Self.closing(try sandbox.json("statement", "..", "--branch", "side")) == main + 1)
    #expect(Self.closing(try sandbox.json("statement", "..", "--branch", "*")) == 2 * main + 1)
    #expect((try sandbox.json("list")["violations"] as? [Any])?.count == main)
    let periods = TrendTests.periods(try sandbox.json("trend"))
    #expect(periods.last.flatMap(Self.closing) == main)
  }

  @Test("tally.yml names the branch that counts")
  func configured() throws {
    let sandbox = try Self.branched(configured: "branch: side")
    let side = Self.closing(try sandbox.json("statement", "..", "--branch", "side"))
    let unsaid = Self.closing(try sandbox.json("statement", ".."))
    #expect(unsaid == side)
    #expect(unsaid != Self.closing(try sandbox.json("statement", "..", "--branch", "main")))
  }

  @Test("the only branch counts, whatever its name")
  func onlyBranch() throws {
    let sandbox = try Sandbox()
    try sandbox.git("checkout", "-q", "-b", "trunk/one")
    try sandbox.writeShop()
    try sandbox.commit("Start the shop")
    let open = try sandbox.scan().open
    #expect(open > 0)
    #expect(Self.closing(try sandbox.json("statement", "..")) == open)
  }

  @Test("points can be written as git writes commits")
  func names() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let old = try sandbox.git("rev-parse", "HEAD~1")
    let new = try sandbox.git("rev-parse", "HEAD")
    let byName = try sandbox.ok("statement", "HEAD~1..main")
    let byID = try sandbox.ok("statement", "\(old)..\(new)")
    #expect(byName == byID)
    for question in [["list", "--as-of"], ["trend", "--since"]] {
      let named = try sandbox.run(question + ["HEAD~1"])
      let known = try sandbox.run(question + [old])
      #expect(named.status == 0 && named.output == known.output)
    }
    let unscanned = try sandbox.commit("Scan nothing")
    let outcome = try sandbox.tally("list", "--as-of", "HEAD")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("'\(unscanned)' is neither a date nor a commit"))
    #expect(try sandbox.tally("list", "--as-of", "HEAD~99").errors.contains("'HEAD~99' is neither"))
  }

  @Test(
    "which configuration counts when does not depend on the order of arrival",
    arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
  )
  func order(_ order: [Int]) throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    let reasons = ["P1", "P9", "P1"]
    var commits: [String] = []
    for reason in reasons {
      try sandbox.writeConfiguration()
      try sandbox.edit("tally.yml", "id: P1", "id: \(reason)")
      commits.append(try sandbox.commit("Call it \(reason)"))
    }
    for index in order {
      try sandbox.git("checkout", "-q", commits[index])
      try sandbox.scan(Linter(), "--branch", "main")
    }
    let digest = try #require(try sandbox.json("verify")["stateDigest"] as? String)
    for (commit, reason) in zip(commits, reasons) {
      let answer = try sandbox.json(
        "list",
        "--priority",
        reason,
        "--as-of",
        commit,
        "--config-as-of",
        commit
      )
      #expect((answer["violations"] as? [Any])?.isEmpty == false, "\(reason) at \(commit)")
    }
    try sandbox.git("checkout", "-q", commits[2])
    let other = sandbox.folder.appendingPathComponent("other.db").path
    for commit in commits {
      try sandbox.git("checkout", "-q", commit)
      try sandbox.scan(Linter(), "--branch", "main", "--ledger", other)
    }
    #expect(try sandbox.json("verify", "--ledger", other)["stateDigest"] as? String == digest)
  }

  @Test("a tally.yml that was only scanned on a branch does not count for main")
  func strangeConfiguration() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    try sandbox.git("checkout", "-q", "-b", "side")
    try sandbox.edit("tally.yml", "paths: [\"src/*\"]", "paths: [\"src/**\"]")
    try sandbox.commit("Take the tools in")
    try sandbox.scan()
    try sandbox.git("checkout", "-q", "main")
    try sandbox.commit("Go on")
    try sandbox.scan()
    let outcome = try sandbox.tally("statement", "2026-03-01..", "--by", "priority")
    #expect(outcome.errors == "")
    let then = try sandbox.tally("list", "--priority", "P2", "--config-as-of", "2026-03-04")
    #expect(then.status == 0 && then.output.contains("src/tools/csv.py"))
  }
}
