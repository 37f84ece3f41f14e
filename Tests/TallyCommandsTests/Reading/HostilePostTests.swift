import Foundation
import Testing

/// Posts about findings, paths, commits and tests that try to be more than text.
///
/// Method: a real repository and a real ledger that hold such names; every format is compared whole, or held against what must never be in it.
@Suite struct HostilePostTests {
  /// What a name may be made of, so that git and a file system take it.
  static let name =
    "=cmd() @everyone `x` [x](javascript:alert(1)) <script>alert(1)<\u{2044}script> \u{1B}[31m \u{202E}a|b"

  static func play() throws -> Sandbox {
    let sandbox = try Sandbox()
    try sandbox.writeConfiguration("templates: posts")
    try sandbox.write("* \(name.split(separator: " ")[1])|`owner`\n", to: "CODEOWNERS")
    try sandbox.write(
      """
      file,count
      {{#next_steps}}
      {{subject}},{{count}}
      {{/next_steps}}
      {{#commits}}
      {{subject}},{{closed}}
      {{/commits}}
      {{#tests.failing_names}}
      {{.}},1
      {{/tests.failing_names}}

      """,
      to: "posts/own.csv"
    )
    try sandbox.write(
      """
      {{campaign.title}}: {{campaign.open_text}}
      {{#next_steps}}
      {{subject}}: {{count}}
      {{/next_steps}}
      {{#commits}}
      {{subject}}
      {{/commits}}
      {{#tests.failing_names}}
      {{.}}
      {{/tests.failing_names}}

      """,
      to: "posts/own.txt"
    )
    let path = "src/\(name).py"
    try sandbox.write("x = eval(text)\ny = eval(text)\n", to: path)
    try sandbox.commit("Start")
    let linter = Linter()
    func scan(_ lines: [Int]) throws {
      let found = lines.map { linter.finding("no-eval", path, line: $0, name) }
      try sandbox.write(Linter.log([linter.run(found)]), to: "lint.sarif")
      try sandbox.ok("ingest", "lint.sarif")
    }
    try scan([1, 2])
    try sandbox.write("x = 1\ny = eval(text)\n", to: path)
    try sandbox.commit("\(name) (#7)")
    try scan([2])
    let escaped = name.replacingOccurrences(of: "<", with: "&lt;")
      .replacingOccurrences(of: "\u{1B}", with: "")
    try sandbox.write(
      "<testsuites><testsuite name=\"t\"><testcase classname=\"tests.a\" name=\"\(escaped)\"><failure message=\"m\"/></testcase></testsuite></testsuites>\n",
      to: "tests.xml"
    )
    try sandbox.ok("ingest", "tests.xml")
    let id = try sandbox.violation("--rule", "no-eval")
    try sandbox.ok("waive", id, "--why", name, "--until", "9d", "--by", "\(name) <a@b.example>")
    try sandbox.ok("attest", "operations", "--why", name, "--until", "9d")
    try sandbox.ok("report", "weekly", "--record", "--as-of", "2026-03-01T12:00:00Z")
    return sandbox
  }

  @Test("nothing acts in any format")
  func formats() throws {
    let sandbox = try Self.play()
    let names = [
      "weekly.md", "slack.txt", "release-compliance.md", "own.csv", "own.txt", "status-update.md",
      "status-update.html", "violations.html", "json",
    ]
    for name in names {
      // Later nothing is open that could be listed.
      let post =
        name == "violations.html"
        ? try sandbox.ok("report", name, "--as-of", "2026-03-01T12:00:00Z")
        : try sandbox.ok("report", name)
      #expect(!post.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E }, "\(name)")
      #expect(
        !post.contains("<script") || name.hasSuffix(".md") || name.hasPrefix("own")
          || name == "json",
        "\(name)"
      )
      if name != "json" {
        let body = name.hasSuffix(".html") ? SinceTests.bare(post) : post
        try SinceTests.expectGolden(body, "hostile-\(name)")
      }
      if name.hasSuffix(".md") || name == "slack.txt" {
        // What is left after escapes and code spans were taken out.
        let prose = post.replacing(#/\\./#, with: "").replacing(#/`[^`\n]*`/#, with: "")
        for mark in ["@everyone", "](javascript", "<script"] {
          #expect(!prose.contains(mark), "\(name): \(mark)")
        }
      }
      if name == "own.csv" {
        for line in post.split(whereSeparator: \.isNewline) {
          #expect(!line.hasPrefix("=") && !line.hasPrefix("\"="), "\(line)")
        }
      }
    }
  }
}
