import Foundation
import Testing

/// A post counts sums, `tally statement` and `tally list` count violations one by one: both say the same.
@Suite struct SumTests {
  /// The numbers of a post, and the same from the violations.
  private func compare(
    _ sandbox: Sandbox,
    _ place: String,
    _ options: [String] = []
  ) throws {
    let post = try sandbox.run(["report", "--context"] + options).json()
    let campaign = ["--campaign", "no-eval"]
    let account = try sandbox.run(
      ["statement", "baseline..", "--output", "json"] + campaign + options
    ).json()
    let total = account["total"] as? [String: Any] ?? [:]
    let statement = post["statement"] as? [String: Any] ?? [:]
    #expect(statement["opening"] as? Int == total["opening"] as? Int, "\(place): opening")
    #expect(statement["closing"] as? Int == total["closing"] as? Int, "\(place): closing")
    for (lines, cells) in [("lines_in", "entered"), ("lines_out", "left")] {
      let words = (statement[lines] as? [[String: Any]] ?? []).map { line in
        "\(line["cause"] ?? "") \(line["count"] ?? "")"
      }
      let cells = (total[cells] as? [String: [String: Any]] ?? [:]).map { cause, cell in
        "\(cause) \(cell["count"] ?? "")"
      }
      #expect(words.sorted() == cells.sorted(), "\(place): \(lines)")
    }
    let head = post["campaign"] as? [String: Any] ?? [:]
    for state in ["open", "waived", "suppressed"] {
      let list =
        try sandbox.run(
          ["list", "--state", state, "--output", "json"] + campaign + options
        ).json()["violations"] as? [[String: Any]] ?? []
      #expect(head[state] as? Int == list.count, "\(place): \(state)")
      if state != "open" { continue }
      for priority in post["priorities"] as? [[String: Any]] ?? [] {
        let id = priority["id"] as? String ?? ""
        let own = list.filter { $0["priority"] as? String == id }
        #expect(priority["count"] as? Int == own.count, "\(place): \(id)")
        let oldest = own.min {
          ("\($0["since"] ?? "")", "\($0["id"] ?? "")")
            < ("\($1["since"] ?? "")", "\($1["id"] ?? "")")
        }
        #expect(
          priority["oldest_id"] as? String ?? "" == oldest?["id"] as? String ?? "",
          "\(place): the oldest of \(id)"
        )
      }
      let oldest = (post["oldest"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
      let sorted = list.map { ("\($0["since"] ?? "")", "\($0["id"] ?? "")") }.sorted(by: <)
      #expect(oldest == sorted.prefix(oldest.count).map(\.1), "\(place): the oldest")
    }
    let points = (post["trend"] as? [String: Any])?["points"] as? [[String: Any]] ?? []
    #expect(points.last?["open"] as? Int ?? 0 == head["open"] as? Int, "\(place): the trend")
  }

  @Test("fixes, renames, files that leave the selection, waivers that end: then and now")
  func shop() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    try compare(sandbox, "the shop")
    try compare(sandbox, "the first day", ["--as-of", "2026-03-01"])
    let first = try sandbox.violation("--path", "src/tools/*", "--rule", "no-eval")
    try sandbox.ok("waive", first, "--why", "sandboxed by hand", "--until", "2026-04-01")
    try compare(sandbox, "waived")
    try compare(sandbox, "the waiver's end", ["--as-of", "2026-05-01"])
    try sandbox.git("mv", "src/tools/csv.py", "src/table.py")
    try sandbox.edit("src/table.py", "def export", "import os\n\n\ndef export")
    try sandbox.commit("Move the table")
    try sandbox.scan()
    try compare(sandbox, "moved from P2 to P1 while waived")
    try compare(sandbox, "moved, and the waiver's end", ["--as-of", "2026-05-01"])
    try compare(sandbox, "known earlier", ["--known-at", "6"])
    try sandbox.edit("src/table.py", "return eval(cell)", "return cell")
    try sandbox.commit("Evaluate no cells")
    try sandbox.scan()
    try compare(sandbox, "fixed while waived")
    try sandbox.ok("rebuild")
    try compare(sandbox, "made again")
  }

  @Test("files that move out of what a campaign selects, and back")
  func selection() throws {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration()
    try sandbox.edit("tally.yml", "branch: main}", "branch: main, paths: [\"src/**\"]}")
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    try sandbox.git("mv", "src/tools", "attic")
    try sandbox.commit("Put the tools aside")
    try sandbox.scan()
    try compare(sandbox, "moved out")
    try sandbox.git("mv", "attic/export.py", "src/export.py")
    try sandbox.commit("Take the exporter back")
    try sandbox.scan()
    try compare(sandbox, "moved in")
    let post = try sandbox.json("report", "--context")
    let statement = post["statement"] as? [String: Any]
    let causes = (statement?["lines_in"] as? [[String: Any]])?.compactMap { $0["cause"] as? String }
    #expect(causes == ["moved in"])
  }

  @Test("a violation that gets another level counts under it, also before")
  func level() throws {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration()
    try sandbox.edit("tally.yml", "branch: main}", "branch: main, levels: [warning]}")
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    try compare(sandbox, "errors")
    for (step, change) in [("a = 1\n", 3), ("b = 2\n", 1), ("c = 3\n", 4)].enumerated() {
      try sandbox.edit("src/app.py", "def load", "\(change.0)\n\ndef load")
      try sandbox.commit("Step \(step)")
      var run = try Linter().look(at: sandbox.folder)
      var results = run["results"] as? [[String: Any]] ?? []
      for index in results.indices where index < change.1 { results[index]["level"] = "warning" }
      run["results"] = results
      try sandbox.write(try Linter.log([run]), to: "lint.sarif")
      try sandbox.ok("ingest", "lint.sarif")
      try compare(sandbox, "step \(step)")
      try compare(sandbox, "step \(step), the first day", ["--as-of", "2026-03-01"])
    }
    #expect(try sandbox.ok("verify").contains("all is well"))
  }

  @Test("what was suppressed and is gone is not counted as suppressed any more")
  func goneWhileSuppressed() throws {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration()
    try sandbox.writeShop()
    try sandbox.commit("Start")
    try sandbox.scan()
    func suppressed() throws -> Int? {
      let post = try sandbox.json("report", "--context")
      return (post["suppressions"] as? [String: Any])?["count"] as? Int
    }
    try sandbox.edit("src/app.py", "exec(script)", "exec(script)  # noqa")
    try sandbox.commit("Silence one")
    let linter = Linter()
    var run = try linter.look(at: sandbox.folder)
    let line = try #require(
      try sandbox.read("src/app.py").components(separatedBy: "\n").firstIndex {
        $0.contains("exec(script)")
      }
    )
    var silent = linter.finding(
      "no-exec",
      "src/app.py",
      line: line + 1,
      column: 5,
      "exec() is not allowed here"
    )
    silent["suppressions"] = [["kind": "inSource"]]
    run["results"] = (run["results"] as? [[String: Any]] ?? []) + [silent]
    try sandbox.write(try Linter.log([run]), to: "lint.sarif")
    try sandbox.ok("ingest", "lint.sarif")
    #expect(try suppressed() == 1)
    try compare(sandbox, "silenced")
    try sandbox.edit("src/app.py", "    exec(script)  # noqa", "    return script")
    try sandbox.commit("Run nothing")
    try sandbox.scan()
    #expect(try suppressed() == 0)
    try compare(sandbox, "gone")
  }
}
