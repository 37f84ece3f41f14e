import TallyModel
import TallyTracking
import Testing

/// What a new text alone says about findings of the old one.
///
/// Method: the marks of the old text are findings that vanished; those that the comments of the new text explain are named.
@Suite("Silences of a new text")
struct SilenceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let old: String
    let new: String
    var tool = "ruff"
    var rule = "S307"
    var silenced: [Int] = [1]
    var testDescription: String { name }
  }

  private static let head = "import os\n\ndef load(text):\n    first = text.strip()\n"
  private static let tail = "    return first\n\ndef save(text, place):\n    place.write(text)\n"

  static let cases: [Case] = [
    Case(
      name: "on the same line",
      old: head + "    value = 1️⃣eval(text)\n" + tail,
      new: head + "    value = eval(text)  # noqa\n" + tail
    ),
    Case(
      name: "that names the rule",
      old: head + "    value = 1️⃣eval(text)\n" + tail,
      new: head + "    value = eval(text)  # noqa: E501, S307 -- trusted\n" + tail
    ),
    Case(
      name: "that names another rule",
      old: head + "    value = 1️⃣eval(text)\n" + tail,
      new: head + "    value = eval(text)  # noqa: E501\n" + tail,
      silenced: []
    ),
    Case(
      name: "that another tool obeys",
      old: head + "    value = 1️⃣eval(text)\n" + tail,
      new: head + "    value = eval(text)  # noqa\n" + tail,
      tool: "bandit",
      silenced: []
    ),
    Case(
      name: "for a tool that no marker names",
      old: head + "    value = 1️⃣eval(text)\n" + tail,
      new: head + "    value = eval(text)  # noqa\n" + tail,
      tool: "lintel"
    ),
    Case(
      name: "beside a line that was put right",
      old: head + "    one = 1️⃣eval(text)\n    two = 2️⃣eval(first)\n" + tail,
      new: head + "    one = eval(text)  # noqa\n    two = int(first)\n" + tail
    ),
    Case(
      name: "on two lines beside each other",
      old: head + "    one = 1️⃣eval(text)\n    two = 2️⃣eval(first)\n" + tail,
      new: head + "    one = eval(text)  # noqa\n    two = eval(first)  # noqa\n" + tail,
      silenced: [1, 2]
    ),
    Case(
      name: "while the code around it changed",
      old: head + "    value = 1️⃣eval(text)\n" + tail,
      new: "import json\n" + head
        + "    first += '!'\n    value = eval(text)  # noqa\n    log(value)\n" + tail
    ),
    Case(
      name: "on a line that was put right too",
      old: head + "    value = 1️⃣eval(text)\n" + tail,
      new: head + "    value = int(text)  # noqa\n" + tail,
      silenced: []
    ),
    Case(
      name: "that silences one more rule than before",
      old: head + "    value = 1️⃣eval(text)  # noqa: E501\n" + tail,
      new: head + "    value = eval(text)  # noqa: E501, S307\n" + tail
    ),
    Case(
      name: "behind another tool's comment",
      old: head + "    value = 1️⃣eval(text)  # type: ignore\n" + tail,
      new: head + "    value = eval(text)  # type: ignore  # noqa\n" + tail
    ),
    Case(
      name: "that stood at an equal line before",
      old: "x = eval(a)  # noqa\n\ny = 1\n" + head + "    x = 1️⃣eval(a)\n" + tail,
      new: "x = eval(a)  # noqa\n\ny = 1\n" + head + tail,
      silenced: []
    ),
    Case(
      name: "at one of two equal lines, the other of which went",
      old: "def f():\n    1️⃣eval(a)\n\ndef g(more):\n    2️⃣eval(a)\n",
      new: "def f():\n    pass\n\ndef g(more):\n    eval(a)  # noqa\n",
      silenced: [2]
    ),
    Case(
      name: "on the line above",
      old: "let first = 1;\n1️⃣alert(first);\nlet second = 2;\n",
      new: "let first = 1;\n// eslint-disable-next-line no-alert -- asked for\nalert(first);\n"
        + "let second = 2;\n",
      tool: "eslint",
      rule: "no-alert"
    ),
    Case(
      name: "in a block, the line above",
      old: "let first = 1;\n1️⃣alert(first);\nlet second = 2;\n",
      new: "let first = 1;\n/* eslint-disable-next-line */\nalert(first);\nlet second = 3;\n",
      tool: "eslint",
      rule: "no-alert"
    ),
    Case(
      name: "around some lines",
      old: "let a = 1;\n1️⃣alert(a);\nlet b = 2;\n2️⃣alert(b);\nlet c = 3;\n3️⃣alert(c);\n",
      new: "let a = 1;\n/* eslint-disable no-alert */\nalert(a);\nlet b = 2;\nalert(b);\n"
        + "/* eslint-enable */\nlet c = 3;\n",
      tool: "eslint",
      rule: "no-alert",
      silenced: [1, 2]
    ),
    Case(
      name: "of SwiftLint over the next line",
      old: "let a = b\nlet c = d 1️⃣as! String\nprint(c)\n",
      new: "let a = b\n// swiftlint:disable:next force_cast\nlet c = d as! String\nprint(c)\n",
      tool: "swiftlint",
      rule: "force_cast"
    ),
    Case(
      name: "of SwiftLint from a line on",
      old: "let a = b\nlet c = d 1️⃣as! String\nprint(c)\n",
      new: "let a = b\n// swiftlint:disable force_cast\nlet c = d as! String\nprint(c)\n",
      tool: "swiftlint",
      rule: "force_cast"
    ),
    Case(
      name: "of clang-tidy",
      old: "int a = 1;\nint b = 1️⃣rand();\nreturn a + b;\n",
      new: "int a = 1;\nint b = rand();  // NOLINT(cert-*)\nreturn a + b;\n",
      tool: "clang-tidy",
      rule: "cert-msc50-cpp"
    ),
    Case(
      name: "over the whole file",
      old: head + "    value = 1️⃣eval(text)\n" + tail,
      new: "# ruff: noqa: S307\n" + head + "    value = eval(text)\n" + tail
    ),
    Case(
      name: "over more lines than are kept",
      old: "2️⃣alert(b);\n" + String(repeating: "call(one, two)\n", count: 100) + "1️⃣alert(a);\n",
      new: "later();\n/* eslint-disable no-alert */\n"
        + String(repeating: "call(one, two)\n", count: 100) + "alert(a);\n",
      tool: "eslint",
      rule: "no-alert"
    ),
  ]

  @Test("a comment", arguments: cases)
  func silenced(_ example: Case) throws {
    let old = Marked(example.old)
    let file = old.file(rule: example.rule)
    let bytes = Array(example.new.utf8)
    let text = try #require(SilenceScanner.scan(bytes, blob: blobID(of: bytes)))
    let before = SilenceScanner.scan(old.bytes, blob: blobID(of: old.bytes))
    let found = text.silenced(file.findings, before: before, tool: example.tool)
    #expect(found.map { file.marks[$0] }.sorted() == example.silenced, "\(text)")
  }

  @Test("with its tokens left out, a text holds the window that the finding had")
  func window() throws {
    let old = Marked(Self.head + "    value = 1️⃣eval(text)\n" + Self.tail).file()
    let window = try #require(old.findings[0].window)
    let comments = ["# noqa", "# noqa: S307 because of (this)", "/* eslint-disable-line */"]
    for comment in comments {
      let new = Self.head + "    value = eval(text)  \(comment)\n" + Self.tail
      let bytes = Array(new.utf8)
      let text = try #require(SilenceScanner.scan(bytes, blob: blobID(of: bytes)))
      let silence = try #require(text.silences.first)
      #expect(silence.asides.map(\.isOwn) == [true])
      let own = try #require(silence.asides.first)
      var rest = silence.tokens
      rest.removeSubrange(own.start..<own.start + own.count)
      let wanted = window.left + window.right
      #expect(Array(rest.suffix(wanted.count)) == wanted)
      #expect(silence.count - own.count == 4)
    }
  }

  @Test("nothing is kept of the line of a secret")
  func secrets() throws {
    let line = "key = 'hunter2'"
    let around = "a = 1\n\(line)  # gitleaks:allow\nb = 2  # noqa\n"
    let bytes = Array(around.utf8)
    let text = try #require(SilenceScanner.scan(bytes, blob: blobID(of: bytes)))
    let secret = Lexer.hash("hunter2".utf8)
    #expect(text.silences.count == 2)
    #expect(text.silences[0].tokens.isEmpty)
    #expect(!text.silences[1].tokens.contains(secret))
    // Its line tells.
    let gone = TrackedFinding(
      path: RepoPath(normalized: "a.py"),
      blob: nil,
      finding: finding(rule: "generic-api-key", line: 2, column: 8),
      window: TokenWindow(left: [], right: [], line: 0),
      lexerVersion: Lexer.version
    )
    #expect(text.silenced([gone], before: nil, tool: "gitleaks") == [0])
    #expect(text.silenced([gone], before: text, tool: "gitleaks") == [])
    // What a scan reports, and what a comment's rule says.
    for (comment, lines) in [("# noqa", Set([1])), ("# noqa: S105", [])] {
      let bytes = Array("\(line)  \(comment)\nb = 2  # noqa\n".utf8)
      let text = try #require(
        SilenceScanner.scan(bytes, blob: blobID(of: bytes), secretLines: lines) { $0 == "S105" }
      )
      #expect(text.silences.count == 2)
      #expect(text.silences.allSatisfy { !$0.tokens.contains(secret) })
    }
  }

  @Test("texts without comments, and those that are no texts, have none")
  func none() {
    for text in ["", "x = eval(a)\n", "# noqa\n", "x = 1 # noqa\n\u{0}", "# eslint-enable\n"] {
      let bytes = Array(text.utf8)
      #expect(SilenceScanner.scan(bytes, blob: blobID(of: bytes)) == nil, "\(text)")
    }
  }

  @Test("hostile texts take no quadratic time, and no more than so many tokens")
  func hostile() throws {
    let texts = [
      String(repeating: "# noqa ", count: 1_000) + "\n",
      "x = 1 # noqa\n", "/* eslint-disable a */ x\n", "# gitleaks:allow\nx\n",
      "x() /* eslint-disable-line */ y() /* eslint-disable-line */\n",
      "@SuppressWarnings(\"a\") f() {\n", "<!-- noqa\n", "//////// noqa -- # noqa\n",
    ]
    for text in texts {
      let bytes = Array(String(repeating: text, count: 200_000 / text.utf8.count).utf8)
      guard let found = SilenceScanner.scan(bytes, blob: blobID(of: bytes)) else { continue }
      #expect(found.silences.count <= SilenceScanner.mostComments)
      #expect(found.silences.allSatisfy { $0.tokens.count <= 1_024 })
    }
  }
}
