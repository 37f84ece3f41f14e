import TallyReport
import Testing

/// Texts that try to be more than text, as scanners, tests and git may hold them.
let hostileTexts: [String] = [
  "", " ", "plain text", "a_b/c_d.py", "_a_ __b__ a_ _b", "*a* **b** a*b*c", "`code` ``x``",
  "[x](javascript:alert(1))", "![x](https://evil.example/x.png)", "<script>alert('1')</script>",
  "<!-- hidden -->", "a < b && c > d", "&lt; &amp; &#35; & a", "a | b || c", "~~gone~~",
  "@everyone and a@example.com", "@ alone", "#226 (#1) #x owner/repo#3", "GH-12 gh-13 high-12",
  "https://evil.example/ http://x www.evil.example WWW.x.y", "mailto:a xmpp:b", "ftp://x",
  "- item", "-9", "+ item", "+6", "--- ---", "1. one", "12) twelve", "1.5", "# heading", "#tag",
  "> quote", "-> arrow", "=== setext", "=cmd()|' /C calc'!A0", "+1+2", "-1+2", "@SUM(A1)", "-9.5",
  "\tTAB=1", "a\tb", "line one\nline two\r\n\r\nline three", "trailing  \\", "back\\slash",
  "\u{1B}[31mred\u{1B}[0m", "bell\u{7} nul\u{0} del\u{7F} csi\u{9B}31m", "\u{202E}gnp.exe\u{202C}",
  "zero\u{200B}width\u{FEFF}", "tag\u{E0041}", "family 👨‍👩‍👧 नमस्ते é e\u{301}",
  "para\u{2029}sep\u{85}nel",
  "$x$ and $y$", "costs $500K", "{{campaign.title}} {{{x}}} {{> footer}}", "full＝width",
  "a;b,c\"d\"",
  "'quoted'", ":+1:", "[^1] [x]: http://e", "a\u{2028}b",
  "::error::x", "a\n::warning::b", "##vso[task.complete]x", "a ##[error]b ##teamcity[c]",
]

/// Pins every escaper with hostile strings.
///
/// Method: one line a text, the input made visible by Swift's own escapes, compared whole.
@Suite("Escaping")
struct EscapingTests {
  private func golden(_ name: String, _ escape: (String) -> String) throws {
    let lines = hostileTexts.map { "\(spelled($0))\n    \(escape($0))\n" }
    try expectGolden(lines.joined(), "escaping/\(name).txt")
  }

  /// The text in ASCII, everything else by its number, so that the golden itself hides nothing.
  private func spelled(_ text: String) -> String {
    "\"" + text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined() + "\""
  }

  @Test("Markdown prose") func markdown() throws {
    try golden("markdown", MarkdownEscaping.prose)
  }

  @Test("Markdown code") func markdownCode() throws {
    try golden("markdown-code") { MarkdownEscaping.code($0, inTable: true) }
  }

  @Test("HTML") func html() throws { try golden("html", HTMLEscaping.text) }

  @Test("Slack") func slack() throws { try golden("slack", SlackEscaping.text) }

  @Test("Slack code") func slackCode() throws { try golden("slack-code", SlackEscaping.code) }

  @Test("CSV") func csv() throws { try golden("csv", CSVEscaping.field) }

  @Test("plain text and terminals") func text() throws { try golden("text", VisibleText.line) }

  /// What must hold for any text, whatever a golden says.
  ///
  /// Method: the hostile texts joined in random pairs; the seed is printed on failure.
  @Test("never lets a control, a line break or a live mark through", arguments: [UInt64](1...200))
  func invariants(_ seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let text = (0..<3).map { _ in hostileTexts[Int(random.next() % UInt64(hostileTexts.count))] }
      .joined(separator: random.next() % 2 == 0 ? "" : " ")
    let markdown = MarkdownEscaping.prose(text)
    let code = MarkdownEscaping.code(text, inTable: true)
    for output in [markdown, code, VisibleText.line(text), CSVEscaping.field(text)] {
      #expect(!output.contains { $0.isNewline || $0 == "\t" || $0 == "\u{1B}" }, "seed \(seed)")
      #expect(!output.contains("\u{202E}"), "seed \(seed)")
    }
    #expect(!code.contains("`") && !code.contains("|"), "seed \(seed)")
    #expect(!markdown.contains("<"), "seed \(seed)")
    #expect(!markdown.contains(/@\w/) && !markdown.contains(/#\d/), "seed \(seed)")
    #expect(!markdown.contains("://"), "seed \(seed)")
    let bare = markdown.replacing(/\\./, with: "")
    #expect(!bare.contains { "|*`[]~".contains($0) }, "seed \(seed)")
    let slack = SlackEscaping.text(text)
    #expect(!slack.contains { "<>".contains($0) } && !slack.contains(/@\w/), "seed \(seed)")
    #expect(!slack.contains("://") && !SlackEscaping.code(text).contains("`"), "seed \(seed)")
    let html = HTMLEscaping.text(text)
    #expect(!html.contains { "<>\"'".contains($0) }, "seed \(seed)")
  }

  @Test("CSV rows are quoted as RFC 4180 says")
  func row() {
    #expect(CSVEscaping.row(["a", "b,c", "d\"e", "=x", "-1"]) == "a,\"b,c\",\"d\"\"e\",'=x,-1")
  }
}

/// A small generator for property tests: the same numbers for the same seed everywhere.
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
