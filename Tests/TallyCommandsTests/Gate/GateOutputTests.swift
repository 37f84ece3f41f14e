import Foundation
import Testing

/// What the gate writes for hosts, summaries and other programs, with strings that try to be more than text.
@Suite struct GateOutputTests {
  /// Rules, messages and paths that would act in a log, a summary, a table or a URI.
  static let hostile: [(rule: String, path: String, message: String)] = [
    (
      "no-eval", "src/a,b:c%d.py",
      "::error file=x::injected\n::set-output name=token::1\r\n##vso[task.setvariable variable=a]b"
    ),
    (
      "::warning::rule", "src/]; x.py",
      "100% | <b>bold</b> [link](https://x.example) @everyone `code`"
    ),
    (
      "##[error]rule", "src/ümlaut #1?.py",
      "a\u{1B}[31mred\u{1B}[0m \u{202E}reversed ##VSO[task.x]y"
    ),
    ("no-print", "::debug::x/y.py", "<!-- --> ![i](x) \\| # heading"),
  ]

  /// A change that brings the hostile findings in.
  static func play() throws -> Sandbox {
    let linter = Linter(tool: "ruff")
    let sandbox = try GateTests.branch("  suppressions: {at_most: 0}\n", linter: linter)
    for item in hostile { try sandbox.write("x = 1\n", to: item.path) }
    try sandbox.edit("src/app.py", "exec(script)", "exec(script)  # noqa")
    try sandbox.commit("Add hostile files")
    var run = try linter.look(at: sandbox.folder)
    let found = hostile.map { item in
      linter.finding(item.rule, item.path, line: 1, item.message)
    }
    run["results"] = (run["results"] as? [[String: Any]] ?? []) + found
    try sandbox.write(try Linter.log([run]), to: "lint.sarif")
    try sandbox.ok("ingest", "lint.sarif")
    return sandbox
  }

  private static let github = [
    "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_REF_NAME": "feature",
    "GITHUB_REF": "refs/heads/feature",
  ]

  @Test("nothing that a scanner says becomes a command, in any form")
  func goldens() throws {
    let sandbox = try Self.play()
    var normaliser = Normaliser()
    for host in ["github", "azure", "none"] {
      let outcome = try sandbox.tally("gate", "--annotations", host)
      #expect(outcome.status == 1, "\(outcome.errors)")
      let lines = outcome.output.components(separatedBy: "\n")
      for line in lines where host != "github" {
        #expect(!line.trimmingCharacters(in: .whitespaces).hasPrefix("::"), "\(line)")
      }
      for line in lines {
        #expect(!line.contains("##["), "\(line)")
        #expect(line.ranges(of: "##vso[").count <= (host == "azure" ? 1 : 0), "\(line)")
        #expect(!line.lowercased().dropFirst(6).contains("##vso["), "\(line)")
        #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
        if line.contains("##vso[") { #expect(line.hasPrefix("##vso[task.logissue type=")) }
        if line.hasPrefix("::") {
          #expect(line.hasPrefix("::error ") || line.hasPrefix("::warning "), "\(line)")
        }
      }
      try expectGolden(normaliser.text(outcome.output), "gate/\(host).txt")
    }
  }

  @Test("the summary, SARIF and code quality report hold hostile text as text")
  func files() throws {
    let sandbox = try Self.play()
    var normaliser = Normaliser()
    let outcome = try sandbox.tally(
      "gate",
      "--summary",
      "s.md",
      "--sarif",
      "out.sarif",
      "--code-quality",
      "quality.json"
    )
    #expect(outcome.status == 1, "\(outcome.errors)")
    let summary = try sandbox.read("s.md")
    for line in summary.components(separatedBy: "\n") where line.hasPrefix("| T-") {
      #expect(line.replacing(#/\\\\|\\\|/#, with: "").count { $0 == "|" } == 6, "\(line)")
    }
    #expect(!summary.contains("<b>") && !summary.contains("<!--"))
    try expectGolden(normaliser.text(summary), "gate/summary.md")
    let sarif = try sandbox.read("out.sarif")
    try expectGolden(normaliser.text(sarif), "gate/result.sarif")
    let quality = try sandbox.read("quality.json")
    try expectGolden(
      normaliser.text(quality).replacing(#/"T-[0-9A-Z]+"/#, with: "\"T-…\""),
      "gate/quality.json"
    )
    let list = try #require(
      JSONSerialization.jsonObject(with: Data(quality.utf8)) as? [[String: Any]]
    )
    #expect(list.count == 9)
    #expect(Set(list.compactMap { $0["fingerprint"] as? String }).count == 9)
  }

  @Test("SARIF says of each result whether it is new, was there or is gone, and is read again")
  func sarif() throws {
    let sandbox = try GateTests.branch()
    try sandbox.edit("src/app.py", "    exec(script)\n", "    return script\n")
    try sandbox.write("eval('1')\n", to: "src/new one.py")
    try sandbox.commit("Change")
    try sandbox.scan()
    #expect(try sandbox.tally("gate", "--sarif", "out.sarif").status == 1)
    let log = try JSONSerialization.jsonObject(with: Data(sandbox.read("out.sarif").utf8))
    let run = try #require(((log as? [String: Any])?["runs"] as? [[String: Any]])?.first)
    let results = run["results"] as? [[String: Any]] ?? []
    var states: [String: Int] = [:]
    for result in results { states[result["baselineState"] as? String ?? "", default: 0] += 1 }
    #expect(states == ["new": 1, "unchanged": 5, "absent": 1])
    let ids = results.compactMap { ($0["partialFingerprints"] as? [String: String])?["tally/v1"] }
    #expect(Set(ids).count == 7)
    #expect(try sandbox.json("show", ids[0])["fullID"] as? String == ids[0])
    // The file is one that an importer takes: what is absent is not open.
    let again = try Run(
      sandbox.json("ingest", "out.sarif", "--branch", "again", "--category", "again")
    )
    #expect(again.count == 6 || again.count == 7)
  }

  @Test("the summary of a GitHub job is added to; JSON leaves standard output alone")
  func hosts() throws {
    let sandbox = try Self.play()
    let file = sandbox.outside.appendingPathComponent("summary.md")
    try Data("before\n".utf8).write(to: file)
    sandbox.environment = Self.github.merging(["GITHUB_STEP_SUMMARY": file.path]) { $1 }
    let outcome = try sandbox.run(["gate", "--base", "main", "--output", "json"])
    #expect(outcome.status == 1, "\(outcome.errors)")
    #expect(try outcome.json()["decision"] as? String == "fail")
    #expect(outcome.errors.contains("\n::error ") || outcome.errors.hasPrefix("::error "))
    let summary = try String(contentsOf: file, encoding: .utf8)
    #expect(summary.hasPrefix("before\n## ❌"))
    #expect(!outcome.output.contains("##vso[") && !outcome.output.contains("##["))
    // GitLab has no commands, but a report.
    sandbox.environment = ["GITLAB_CI": "true", "CI_COMMIT_BRANCH": "feature"]
    let gitlab = try sandbox.tally("gate", "--base", "main")
    #expect(gitlab.status == 1)
    #expect(try sandbox.read("gl-code-quality-report.json").hasPrefix("["))
  }

  @Test("a file that cannot be written is a sentence, and the gate is not passed")
  func unwritable() throws {
    let sandbox = try GateTests.branch()
    try sandbox.commit("Nothing")
    try sandbox.scan()
    for option in ["--summary", "--sarif", "--code-quality"] {
      let outcome = try sandbox.tally("gate", option, "no/such/folder/file")
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("\(option) 'no/such/folder/file' cannot be written"))
    }
  }

  @Test("a pull request of GitHub is judged by the head it was scanned for, against its base")
  func pullRequest() throws {
    let sandbox = try GateTests.branch()
    let base = try sandbox.git("rev-parse", "main")
    try sandbox.write("eval('1')\n", to: "src/new.py")
    let head = try sandbox.commit("Add one")
    // What the host checks out: a merge of the head into the base, in a detached HEAD.
    try sandbox.git("checkout", "-q", "--detach", "main")
    try sandbox.git("merge", "-q", "--no-ff", "--no-edit", "feature")
    let merge = try sandbox.git("rev-parse", "HEAD")
    let event = sandbox.outside.appendingPathComponent("event.json")
    try Data(
      """
      {"number": 12, "pull_request": {"number": 12, "head": {"sha": "\(head)", "ref": "feature",
       "repo": {"full_name": "acme/shop"}}, "base": {"ref": "main"}}}
      """.utf8
    ).write(to: event)
    sandbox.environment = [
      "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_SHA": merge,
      "GITHUB_REF": "refs/pull/12/merge", "GITHUB_EVENT_NAME": "pull_request",
      "GITHUB_HEAD_REF": "feature", "GITHUB_BASE_REF": "main", "GITHUB_EVENT_PATH": event.path,
    ]
    let run = try sandbox.scan()
    #expect(run.commit == head)
    let (status, answer) = try GateTests.ask(sandbox)
    #expect(status == 1)
    #expect(answer["commit"] as? String == head)
    #expect(answer["branch"] as? String == "feature")
    #expect(answer["base"] as? String == "main")
    #expect(answer["baseCommit"] as? String == base)
    #expect(answer["comparedWith"] as? String == "merged into")
    #expect(GateTests.paths(answer, "new") == ["src/new.py:1"])
  }
}
