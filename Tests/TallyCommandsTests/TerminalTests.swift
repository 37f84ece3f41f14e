import Foundation
import Testing

/// What reaches a terminal: colour only there, no escape that came from elsewhere, and no complaint when it goes away.
@Suite struct TerminalTests {
  static let hasScript = FileManager.default.isExecutableFile(atPath: "/usr/bin/script")

  @Test("a reader that goes away is success, with 5,000 violations to list")
  func pipe() throws {
    let sandbox = try Sandbox()
    let lines = (0..<5000).map { "eval('\($0)')\n" }
    for file in 0..<10 {
      try sandbox.write(lines[file * 500..<(file + 1) * 500].joined(), to: "src/f\(file).py")
    }
    try sandbox.commit("Evaluate a lot")
    let run = try sandbox.scan()
    #expect(run.open == 5000)
    for command in ["list", "list --output json"] {
      let script = "{ \"$TALLY\" \(command); echo \"status $?\" >&2; } | head -1"
      let outcome = try sandbox.shell(script)
      #expect(outcome.errors == "status 0\n", "\(command)")
      #expect(outcome.output.split(separator: "\n").count == 1)
    }
  }

  @Test("standard output that cannot be written is an error")
  func fullOutput() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let outcome = try sandbox.shell("\"$TALLY\" list > /dev/full")
    #expect(outcome.status == 2)
    #expect(
      outcome.errors.hasPrefix(
        "error: standard output cannot be written: No space left on device [stream.output]\nhint: "
      )
    )
    let closed = try sandbox.shell("\"$TALLY\" ingest - <&-")
    #expect(closed.status == 2)
    #expect(
      closed.errors.contains("[import.unreadable]") || closed.errors.contains("[import.empty]")
    )
  }

  @Test("colour is for terminals, and NO_COLOR and TERM=dumb turn it off", .enabled(if: hasScript))
  func colour() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    func terminal(_ command: String, _ variables: [String: String] = [:]) throws -> String {
      sandbox.environment = ["TERM": "xterm"].merging(variables) { $1 }
      defer { sandbox.environment = [:] }
      let line = "script -qec '\"$TALLY\" \(command)' /dev/null"
      let outcome = try sandbox.shell(line)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome.output
    }
    for command in ["list", "statement", "statement --by rule"] {
      #expect(try terminal(command).contains("\u{1B}["), "\(command)")
      #expect(try !terminal(command, ["NO_COLOR": "1"]).contains("\u{1B}"), "\(command)")
      #expect(try !terminal(command, ["TERM": "dumb"]).contains("\u{1B}"), "\(command)")
    }
    #expect(try !terminal("list --output json").contains("\u{1B}"))
    #expect(try !sandbox.ok("list").contains("\u{1B}"))
    sandbox.environment = ["CLICOLOR_FORCE": "1"]
    #expect(try sandbox.ok("list").contains("\u{1B}["))
  }

  @Test("a table is cut to the terminal's width, and whole in a pipe")
  func width() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    try sandbox.write("eval(1)\n", to: "src/a/folder/with/a/name/that/is/long.py")
    try sandbox.commit("Nest")
    try sandbox.scan()
    let whole = try sandbox.ok("list")
    #expect(whole.contains("eval() is not allowed here"))
    sandbox.environment = ["COLUMNS": "78"]
    let cut = try sandbox.ok("list")
    #expect(cut != whole)
    #expect(cut.split(separator: "\n").allSatisfy { $0.count <= 78 })
  }

  /// Characters that act on a terminal or hide text: escapes, C1 controls, direction overrides.
  static let acting: [Unicode.Scalar] = [
    "\u{1B}", "\u{7}", "\u{8}", "\u{9B}", "\u{9D}", "\u{202E}", "\u{2066}", "\u{7F}",
  ]

  @Test("nothing that a scanner, git or a tester wrote acts on a terminal")
  func hostile() throws {
    let nasty = "\u{1B}]0;owned\u{7}\u{1B}[2Jred\u{9B}31m \u{202E}gnp.exe\u{2066} `|` <b>@all {{x}}"
    let sandbox = try Sandbox()
    let path = "src/a\u{1B}[31m|`b`\nc\u{202E}.py"
    try sandbox.write("x = 1\ny = 2\n", to: path)
    try sandbox.writeConfiguration()
    try sandbox.commit("Subject \(nasty) (#7)\n\nBody")
    var linter = Linter(tool: "lint\u{1B}[2Jer", category: "cat\u{1B}[31m")
    linter.rules = ["no-eval"]
    let runs = [
      linter.run([
        linter.finding("no-eval", path, line: 1, nasty + "\nsecond line\r\u{8}"),
        linter.finding("no-eval", path, line: 2, "Plain"),
      ])
    ]
    try sandbox.write(try Linter.log(runs), to: "lint.sarif")
    var outputs: [(String, Outcome)] = []
    func note(_ arguments: String...) throws {
      outputs.append((arguments.joined(separator: " "), try sandbox.run(arguments)))
    }
    try note("ingest", "lint.sarif")
    try note("ingest", "lint.sarif", "--output", "json")
    let list = try sandbox.json("list")["violations"] as? [[String: Any]] ?? []
    #expect(list.count == 2)
    #expect(list.contains { $0["path"] as? String == path })
    #expect(list.contains { ($0["message"] as? String)?.hasPrefix(nasty) == true })
    let id = list[0]["id"] as? String ?? ""
    try sandbox.write(
      """
      <testsuites><testsuite name="s\u{202E}">
      <testcase classname="a\u{9B}31m" name="t\u{202E}"><failure message="m\u{9B}2J"/></testcase>
      </testsuite></testsuites>
      """,
      to: "tests.xml"
    )
    try note("ingest", "tests.xml")
    try note("waive", id, "--why", nasty, "--until", "9d", "--by", nasty)
    try note("attest", "op\u{1B}[31m", "--why", nasty, "--until", "9d", "--by", nasty)
    for format in ["text", "json"] {
      for command in [
        ["list"], ["show", id], ["list", "--state", "waived"], ["statement", "--violations"],
        ["statement", "--by", "path"], ["statement", "--by", "folder"], ["report"], ["verify"],
      ] {
        outputs.append(
          (command.joined(separator: " "), try sandbox.run(command + ["--output", format]))
        )
      }
    }
    try note("show", "T-\u{1B}[31m")
    try note("list", "--path", "[\u{1B}[31m")
    try note("ingest", "gone\u{1B}[31m\u{202E}.sarif")
    try note("list", "--ledger", "gone\u{1B}[31m.db")
    try note("report", "\u{1B}[31m")
    for (command, outcome) in outputs {
      #expect(outcome.status == 0 || outcome.status == 2, "\(command)")
      let text = outcome.output + outcome.errors
      let found = text.unicodeScalars.filter { Self.acting.contains($0) || $0 == "\r" }
      #expect(found.isEmpty, "\(command): \(found.map { String($0.value, radix: 16) })\n\(text)")
    }
  }
}
