import Foundation
import Testing

/// `docs/cli.md` is what the program does: written from the program, checked against goldens and sources.
@Suite struct ReferenceTests {
  static let document = Golden.project.appendingPathComponent("docs/cli.md")

  @Test("the reference of the command line is up to date, with examples that were run")
  func reference() throws {
    let sandbox = try Sandbox()
    let dump = try sandbox.ok("--experimental-dump-help")
    let reference = CLIReference(
      help: try JSONDecoder().decode(HelpDump.self, from: Data(dump.utf8)),
      sources: try SourceReader(),
      examples: try Self.examples(in: sandbox)
    )
    let commands = Set(reference.help.command.leaves.map(\.name))
    #expect(Set(reference.examples.keys) == commands, "every command has an example")
    #expect(!reference.markdown().contains("| ? |"), "a group of codes says what it is about")
    try Golden("docs/cli.md", at: Self.document).expect(reference.markdown())
  }

  /// Plays the shop's history and runs one line of each command on it.
  static func examples(in sandbox: Sandbox) throws -> [String: (line: String, output: String)] {
    try sandbox.playShop()
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Run nothing (#7)")
    try sandbox.lint()
    var normaliser = Normaliser()
    var result: [String: (line: String, output: String)] = [:]
    func run(_ line: String, lines: Int = .max) throws {
      let outcome = try sandbox.shell(line.replacingOccurrences(of: "tally ", with: "\"$TALLY\" "))
      #expect(outcome.status == 0, "\(line): \(outcome.errors)")
      var output = outcome.output.components(separatedBy: "\n").dropLast()
      if output.count > lines { output = output.prefix(lines) + ["…"] }
      let words = line.split(separator: " ")
      let command =
        ["lane", "post", "templates"].contains(words[1])
        ? "\(words[1]) \(words[2])" : String(words[1])
      result[command] = (
        normaliser.text(line), normaliser.text(output.joined(separator: "\n") + "\n")
      )
    }
    try sandbox.write(
      Linter.log([Linter(rules: ["no-eval"]).look(at: sandbox.folder)]),
      to: "old.sarif"
    )
    try run("tally match old.sarif lint.sarif")
    try run("tally init --yes --config first.yml")
    try FileManager.default.removeItem(at: sandbox.folder.appendingPathComponent("first.yml"))
    try run("tally ingest lint.sarif")
    let entry = try Run(sandbox.json("ingest", "lint.sarif")).entry
    let id = try sandbox.violation("--rule", "no-eval", "--path", "src/app.py")
    try sandbox.ok("ingest", "tests.xml")
    try run("tally gate")
    try run("tally measure rss_mb=412")
    try run("tally list --rule no-eval --rule no-exec")
    try run("tally show \(try sandbox.violation("--rule", "no-eval", "--path", "src/tools/*"))")
    try run("tally waive \(id) --why 'Old orders need it' --until 30d")
    try run("tally attest operations --why 'Drill of 2 March passed' --until 90d")
    try run("tally statement 2026-03-01.. --by rule")
    try run("tally trend --every scan --by rule")
    try run("tally report --campaign no-eval", lines: 12)
    sandbox.environment["SLACK_WEBHOOK_URL"] = "https://hooks.slack.com/services/T0/B0/x"
    sandbox.environment["TALLY_WEBHOOK_URL"] = "https://dashboard.example.com/posts"
    try run("tally post github --repository example/shop --dry-run", lines: 6)
    try run("tally post gitlab --project example/shop --template weekly --dry-run", lines: 6)
    try run("tally post slack --dry-run", lines: 6)
    try run("tally post webhook --dry-run", lines: 6)
    try sandbox.ok("report", "--campaign", "no-eval", "-o", "POST.md")
    try run("tally why 3 POST.md")
    try run("tally templates list", lines: 8)
    try run("tally templates show partials/change-item.md")
    try run("tally templates check weekly")
    try run("tally templates export weekly --with-partials")
    try run("tally lane list")
    let wrong = try sandbox.violation("--rule", "no-eval", "--path", "src/tools/*")
    let lost = try sandbox.violation(
      "--state",
      "closed",
      "--path",
      "src/app.py",
      "--rule",
      "no-eval"
    )
    try run("tally split \(wrong) --why 'The exporter parses other cells now'")
    let made = try sandbox.violation("--rule", "no-eval", "--path", "src/tools/*")
    try run("tally join \(lost) \(made) --why 'Moved from the app'")
    try sandbox.git("init", "-q", "--bare", "-b", "main", "../shop.git")
    try sandbox.git("remote", "add", "origin", "../shop.git")
    try run("tally bundle -o scans.tally")
    try run("tally push")
    try run("tally pull")
    try run("tally install-git-drivers")
    try run("tally confirm \(entry.prefix(10)) --why 'The whole checkout was scanned'")
    try run("tally verify")
    try run("tally rebuild")
    try run(
      "tally lane rename lintel@main lintel/app@main --why 'The app has a category of its own'"
    )
    try run("tally retract \(entry.prefix(10)) --why 'Scanned a dirty checkout'")
    for name in ["confirm", "retract"] {
      guard let example = result[name] else { continue }
      let digits = String(entry.prefix(12))
      result[name] = (
        example.line.replacingOccurrences(of: digits.prefix(10), with: "41c7e0b95d"),
        example.output.replacingOccurrences(of: digits, with: "41c7e0b95d3a")
      )
    }
    return result
  }

  @Test("every key and every word of the recorded answers is in the reference")
  func keys() throws {
    let document = try String(contentsOf: Self.document, encoding: .utf8)
    let folder = Golden.folder.appendingPathComponent("json")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names.count >= 13)
    func walk(_ value: Any, _ place: String) {
      if let object = value as? [String: Any] {
        for (key, inner) in object {
          #expect(document.contains("`\(key)`"), "\(place).\(key)")
          walk(inner, "\(place).\(key)")
        }
      } else if let list = value as? [Any] {
        for inner in list { walk(inner, place) }
      }
    }
    for name in names {
      let data = try Data(contentsOf: folder.appendingPathComponent(name))
      var value = try JSONSerialization.jsonObject(with: data)
      // What an importer ignored is named by the format, not by this program.
      if var answer = value as? [String: Any], let runs = answer["runs"] as? [[String: Any]] {
        answer["runs"] = runs.map { run in
          run.filter { !["skipped", "adjusted", "ignored", "unknown"].contains($0.key) }
        }
        value = answer
      }
      walk(value, name)
    }
  }

  @Test("every key of a report's data is in its own reference")
  func contextKeys() throws {
    let sandbox = try Sandbox()
    try sandbox.playShop()
    let document = try String(
      contentsOf: Golden.project.appendingPathComponent("docs/template-context.md"),
      encoding: .utf8
    )
    func walk(_ value: Any, _ place: String) {
      if let object = value as? [String: Any] {
        for (key, inner) in object {
          #expect(document.contains(key), "\(place).\(key)")
          walk(inner, "\(place).\(key)")
        }
      } else if let list = value as? [Any], let first = list.first {
        walk(first, place)
      }
    }
    walk(try sandbox.json("report"), "context")
  }

  @Test("every code that an error can have is in the reference, and says when")
  func codes() throws {
    let sources = try SourceReader()
    let codes = sources.codes()
    for code in codes { #expect(code.meaning.count > 10, "\(code.code) has no doc comment") }
    let known = Set(codes.map(\.code))
    var found = 0
    for file in sources.files {
      let lines = file.lines
      for start in lines.indices where lines[start].contains("var code: String {") {
        let end = lines[start...].firstIndex { $0.contains("var description") || $0 == "}" }
        for line in lines[start..<(end ?? lines.endIndex)] where !line.contains("///") {
          for match in line.matches(of: #/"([a-z]+\.[a-z-]*|internal)"/#) {
            found += 1
            let code = String(match.output.1)
            #expect(known.contains(code) || known.contains { $0.hasPrefix(code) }, "\(file.path)")
          }
        }
      }
    }
    #expect(found > 60)
  }

  @Test("completion scripts are written for three shells", arguments: ["bash", "zsh", "fish"])
  func completions(_ shell: String) throws {
    let sandbox = try Sandbox(git: false)
    let script = try sandbox.ok("--generate-completion-script", shell)
    for word in ["ingest", "statement", "known-at", "suppressed"] {
      #expect(script.contains(word), "\(word)")
    }
    guard try sandbox.shell("command -v \(shell)").status == 0 else { return }
    let check = try sandbox.shell("\(shell) -n", input: Data(script.utf8))
    #expect(check.status == 0, "\(check.errors)")
  }
}
