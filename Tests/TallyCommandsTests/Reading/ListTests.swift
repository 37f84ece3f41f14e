import Foundation
import Testing

/// Lists, lives and statements.
@Suite struct ListTests {
  @Test("each filter of a list leaves what it says, and they combine")
  func filters() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    func ids(_ options: String...) throws -> Set<String> {
      let answer = try sandbox.run(["list", "--output", "json"] + options)
      #expect(answer.status == 0, "\(options): \(answer.errors)")
      let found = try answer.json()["violations"] as? [[String: Any]] ?? []
      return Set(found.compactMap { $0["id"] as? String })
    }
    let all = try ids()
    #expect(all.count == 7)
    #expect(try ids("--state", "open") == all)
    let closed = try ids("--state", "closed")
    #expect(closed.count == 1 && closed.isDisjoint(with: all))
    #expect(try ids("--state", "open", "--state", "closed") == all.union(closed))
    let prints = try ids("--rule", "no-print")
    #expect(prints.count == 3)
    #expect(try ids("--rule", "no-print", "--rule", "no-eval", "--rule", "no-exec") == all)
    #expect(try ids("--path", "src/tools/**").count == 2)
    #expect(try ids("--path", "src/*.py", "--rule", "no-print").count == 2)
    #expect(try ids("--path", "src/debug.py", "--path", "src/tools/").count == 4)
    let campaign = try ids("--campaign", "no-eval")
    #expect(campaign == all.subtracting(prints))
    #expect(try ids("--priority", "P2").count == 1)
    #expect(try ids("--campaign", "no-eval", "--priority", "P1").count == 3)
    #expect(try ids("--priority", "unassigned").isEmpty)
    #expect(try ids("--as-of", "2026-03-01").count == 6)
    #expect(try ids("--as-of", "2026-03-01", "--path", "src/tools/export.py").count == 2)
    #expect(try ids("--known-at", "0").isEmpty)
  }

  @Test("lines and messages are those of the time that is asked for")
  func linesThen() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    func place(_ time: String, _ rule: String) throws -> [String] {
      let answer = try sandbox.json("list", "--rule", rule, "--as-of", time)
      let found = answer["violations"] as? [[String: Any]] ?? []
      return found.map { "\($0["path"] ?? ""):\($0["line"] ?? "?")" }
    }
    let before = try place("2026-03-03", "no-eval")
    #expect(before == ["src/app.py:2", "src/tools/csv.py:6"])
    try sandbox.edit("src/app.py", "def load", "import os\n\n\ndef load")
    try sandbox.git("mv", "src/tools/csv.py", "src/table.py")
    try sandbox.edit("src/table.py", "def export", "import os\n\n\ndef export")
    try sandbox.commit("Import more")
    try sandbox.scan()
    #expect(try place(sandbox.now, "no-eval") == ["src/app.py:5", "src/table.py:9"])
    #expect(try place("2026-03-03", "no-eval") == before)
    #expect(try place("2026-03-01", "no-print") == ["src/app.py:6", "src/tools/export.py:3"])
  }

  @Test("a scan of another branch is a lane of its own, and --branch chooses")
  func branches() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    try sandbox.git("checkout", "-q", "-b", "feature/x")
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Run nothing")
    try sandbox.scan()
    func count(_ options: String...) throws -> Int {
      let answer = try sandbox.run(["list", "--output", "json"] + options).json()
      return (answer["violations"] as? [Any])?.count ?? -1
    }
    #expect(try count() == 6)
    #expect(try count("--branch", "*") == 11)
    #expect(try count("--branch", "main") == 6)
    #expect(try count("--branch", "feature/*") == 5)
    #expect(try count("--branch", "feature/x", "--rule", "no-exec") == 0)
    let total = try sandbox.json("statement", "--branch", "main")["total"] as? [String: Any]
    #expect(total?["closing"] as? Int == 6)
  }

  @Test("what was suppressed from the start is listed from then on")
  func silent() throws {
    let sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    try sandbox.write("eval('1')  # noqa\n", to: "src/silent.py")
    try sandbox.commit("Add a silent one")
    let linter = Linter()
    var run = try linter.look(at: sandbox.folder)
    var silent = linter.finding("no-eval", "src/silent.py", line: 1, "eval() is not allowed here")
    silent["suppressions"] = [["kind": "inSource"]]
    run["results"] = (run["results"] as? [[String: Any]] ?? []) + [silent]
    try sandbox.write(try Linter.log([run]), to: "lint.sarif")
    #expect(try Run(sandbox.json("ingest", "lint.sarif")).open == 6)
    let id = try sandbox.violation("--state", "suppressed")
    #expect(try sandbox.ok("show", id).contains("state    suppressed"))
    #expect(
      try sandbox.ok("list", "--state", "suppressed", "--as-of", "2026-03-01").hasPrefix("no ")
    )
  }

  @Test("a violation is shown under any beginning of its id, in any case, also an old one")
  func show() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let id = try sandbox.violation("--path", "src/tools/*", "--rule", "no-eval")
    let text = try sandbox.ok("show", id)
    let answer = try sandbox.json("show", id)
    let full = try #require(answer["fullID"] as? String)
    #expect(full.hasPrefix(id))
    for written in [full, id.lowercased(), String(id.dropFirst(2)), String(full.prefix(12))] {
      #expect(try sandbox.ok("show", written) == text, "\(written)")
    }
    #expect(text.contains("src/tools/csv.py"))
    #expect(text.contains("from src/tools/export.py; file-map, score 1000"))
    let early = try sandbox.ok("show", id, "--as-of", "2026-03-01")
    #expect(early.contains("src/tools/export.py"))
    #expect(!early.contains("csv.py"))
    #expect(try sandbox.ok("show", id, "--known-at", "6").contains("export.py"))
    let debug = try sandbox.violation("--path", "src/debug.py", "--rule", "no-exec")
    #expect(try sandbox.tally("show", debug, "--as-of", "2026-03-01").status == 2)
    #expect(try sandbox.tally("show", debug, "--known-at", "6").status == 2)
  }

  @Test(
    "a statement balances in every breakdown, and lists the violations behind each number",
    arguments: ["priority", "rule", "folder", "tool", "path"]
  )
  func breakdowns(_ name: String) throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let answer = try sandbox.json("statement", "2026-03-01..", "--by", name, "--violations")
    #expect(answer["balances"] as? Bool == true)
    let rows = answer["rows"] as? [[String: Any]] ?? []
    #expect(rows.count > (name == "tool" ? 0 : 1))
    var sums = ["opening": 0, "closing": 0]
    for row in rows + [answer["total"] as? [String: Any] ?? [:]] {
      var balance = row["opening"] as? Int ?? -1
      for (side, sign) in [("entered", 1), ("left", -1)] {
        for cell in (row[side] as? [String: [String: Any]] ?? [:]).values {
          let count = cell["count"] as? Int ?? -1
          balance += sign * count
          #expect((cell["violations"] as? [String])?.count == count)
          #expect((cell["basis"] as? [String: Int] ?? [:]).values.reduce(0, +) == count)
        }
      }
      #expect(balance == row["closing"] as? Int)
      for key in ["opening", "closing"] where row["key"] as? String != "" {
        sums[key, default: 0] += row[key] as? Int ?? 0
      }
    }
    let total = answer["total"] as? [String: Any] ?? [:]
    #expect(sums["opening"] == total["opening"] as? Int)
    #expect(sums["closing"] == total["closing"] as? Int)
    #expect(total["opening"] as? Int == (name == "priority" ? 4 : 6))
    #expect(total["closing"] as? Int == (name == "priority" ? 4 : 7))
  }

  @Test("a range may be a date, a time, a commit, the baseline, or open at either end")
  func ranges() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let first = try sandbox.git("rev-parse", "HEAD~2")
    let second = try sandbox.git("rev-parse", "HEAD~1")
    func balance(_ range: String...) throws -> [Int] {
      let answer = try sandbox.run(["statement", "--output", "json"] + range)
      #expect(answer.status == 0, "\(range): \(answer.errors)")
      let total = try answer.json()["total"] as? [String: Any] ?? [:]
      return [total["opening"] as? Int ?? -1, total["closing"] as? Int ?? -1]
    }
    #expect(try balance() == [0, 7])
    #expect(try balance("..") == [0, 7])
    #expect(try balance("2026-03-01..2026-03-02") == [6, 7])
    #expect(try balance("2026-03-01T10:00:00Z..2026-03-02T09:59:59Z") == [6, 6])
    #expect(try balance("2026-03-01T10:00:00+00:00..") == [6, 7])
    #expect(try balance("\(first)..\(second)") == [6, 7])
    #expect(try balance("\(first.prefix(7))...\(second.prefix(4))") == [6, 7])
    #expect(try balance("\(first.prefix(7))..") == [6, 7])
    #expect(try balance("..2026-02-28") == [0, 0])
    #expect(try balance("..\(first.prefix(12).uppercased())") == [0, 6])
    #expect(try balance("baseline..") == [4, 4])
    #expect(try balance("2026-03-01..", "--campaign", "no-eval") == [4, 4])
    #expect(try balance("..", "--as-of", "2026-03-01") == [0, 6])
    #expect(try balance("..", "--as-of", String(first.prefix(8))) == [0, 6])
  }
}
