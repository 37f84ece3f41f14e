import TallyModel
import TallyTracking
import Testing

/// Pins what is stored: a change here is a new lexer version.
@Suite("Lexer")
struct LexerTests {
  /// The vectors of `docs/tracking.md`.
  @Test(
    "hashes tokens as documented",
    arguments: [
      ("a", 0xCD20), ("redis", 0x3F9C), ("=", 0x9564), ("42", 0x0260), ("größe", 0x39A2),
    ] as [(String, UInt16)]
  )
  func vectors(_ text: String, _ hash: UInt16) {
    #expect(Lexer.hash(text.utf8) == hash, "\(text): \(String(Lexer.hash(text.utf8), radix: 16))")
    #expect(Lexer.tokens(of: Array(text.utf8)).map(\.hash) == [hash])
  }

  @Test("drops white space, parentheses and commas; punctuation stands alone")
  func tokens() {
    #expect(words("foo(a, b)\t+= 3.5;") == ["foo", "a", "b", "+", "=", "3", ".", "5", ";"])
    #expect(words("x_1 größe->y") == ["x_1", "größe", "-", ">", "y"])
    #expect(words("") == [])
    #expect(words("\u{FEFF}if") == ["if"])
    #expect(words("a\r\nb\rc\u{7F}d\u{0B}e") == ["a", "b", "c", "d", "e"])
  }

  @Test("takes any bytes")
  func invalid() {
    let bytes: [UInt8] = [0xFF, 0x41, 0x20, 0xC3, 0x28, 0x80]
    #expect(Lexer.tokens(of: bytes).map { [$0.start, $0.end] } == [[0, 2], [3, 4], [5, 6]])
  }

  private func words(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    return Lexer.tokens(of: bytes).map { String(decoding: bytes[$0.start..<$0.end], as: UTF8.self) }
  }
}

/// Pins where a window is taken.
@Suite("Windows")
struct WindowTests {
  @Test("right begins at the token of the position, left ends before it")
  func sides() throws {
    let source = Marked("import os\nx = (1️⃣eval(a), 2️⃣b)\ny = 1\n")
    let windows = source.file().findings.map(\.window)
    let first = try #require(windows[0])
    #expect(first.left == hashes(["import", "os", "x", "="]))
    #expect(first.right == hashes(["eval", "a", "b", "y", "=", "1"]))
    let second = try #require(windows[1])
    #expect(second.left == hashes(["import", "os", "x", "=", "eval", "a"]))
    #expect(first.line == second.line)
  }

  @Test("holds 24 tokens on each side at most, nearest kept")
  func limits() throws {
    let words = (0..<60).map { "w\($0)" }
    let text = words.joined(separator: " ")
    let offset = words[..<30].joined(separator: " ").utf8.count + 2
    let windows = TextCapture.windows(
      text: Array(text.utf8),
      findings: [finding(line: 1, column: offset)],
      columnUnit: .utf8Bytes
    )
    let window = try #require(windows[0])
    #expect(window.left == hashes(Array(words[6..<30])))
    #expect(window.right == hashes(Array(words[30..<54])))
  }

  /// The emoji is 1 code point, 2 UTF-16 units and 4 bytes; the combining mark a code point of its own.
  @Test(
    "counts columns in the run's unit",
    arguments: [(ColumnUnit.unicodeCodePoints, 8), (.utf16CodeUnits, 9), (.utf8Bytes, 12)]
  )
  func units(_ unit: ColumnUnit, _ column: Int) throws {
    let text = Array("'😀é' = x".utf8)
    let windows = TextCapture.windows(
      text: text,
      findings: [finding(line: 1, column: column)],
      columnUnit: unit
    )
    #expect(windows[0]?.right == hashes(["x"]))
  }

  @Test(
    "knows all line breaks, and skips a byte order mark",
    arguments: ["a\nb\nc", "a\r\nb\r\nc", "a\rb\rc", "\u{FEFF}a\r\nb\nc"]
  )
  func lines(_ text: String) {
    let windows = TextCapture.windows(
      text: Array(text.utf8),
      findings: [finding(line: 1, column: 1), finding(line: 2), finding(line: 3, column: 9)],
      columnUnit: .utf16CodeUnits
    )
    #expect(windows[0]?.right == hashes(["a", "b", "c"]))
    #expect(windows[1]?.right == hashes(["b", "c"]))
    #expect(windows[2]?.left == hashes(["a", "b", "c"]))
    #expect(windows[2]?.right == [])
  }

  @Test("takes none beyond the end, in binaries, in enormous lines, without a region")
  func none() {
    func count(_ text: [UInt8], _ line: Int) -> Int {
      TextCapture.windows(
        text: text,
        findings: [finding(line: line, column: 1)],
        columnUnit: .utf8Bytes
      ).compactMap { $0 }.count
    }
    let text = Array("a\nb\n".utf8)
    #expect([1, 2, 3, 4].map { count(text, $0) } == [1, 1, 1, 0])
    #expect(count(text + [0], 1) == 0)
    #expect(count([], 1) == 1)
    #expect(count(Array(repeating: 0x61, count: 1_048_576), 1) == 1)
    #expect(count(Array(repeating: 0x61, count: 1_048_577), 1) == 0)
    #expect(count(text + Array(repeating: 0x61, count: 1_048_577), 1) == 0)
  }

  @Test("the hash of the line leaves white space out")
  func lineHash() {
    let texts = ["x = f(1)", "  x=f( 1 )\r\n", "\tx = f(1)   \n"]
    let hashes = texts.map { text in
      TextCapture.windows(
        text: Array(text.utf8),
        findings: [finding(line: 1)],
        columnUnit: .utf8Bytes
      )[0]?.line
    }
    #expect(Set(hashes).count == 1)
    #expect(hashes[0] == 0x2209_778E, "\(String(hashes[0] ?? 0, radix: 16))")
  }

  @Test("a window of a secret holds nothing, and no other holds its tokens")
  func secrets() {
    let text = Array("a = 1\npassword = hunter2\nb = 2\n".utf8)
    let windows = TextCapture.windows(
      text: text,
      findings: [finding(line: 1), finding(line: 2, column: 5), finding(line: 3)],
      columnUnit: .utf8Bytes,
      secretLines: [2]
    )
    #expect(windows[0]?.right == hashes(["a", "=", "1", "b", "=", "2"]))
    #expect(windows[1] == TokenWindow(left: [], right: [], line: 0))
    #expect(windows[2]?.left == hashes(["a", "=", "1"]))
  }

  @Test("a quoted snippet that does not stand there forbids the window")
  func snippets() {
    let text = Array("a = 1\n  x = eval(a)\nb = 2\n".utf8)
    func isTaken(_ snippet: String) -> Bool {
      let quoted = finding(
        line: 2,
        column: 7,
        endLine: 2,
        endColumn: 14,
        snippet: SnippetHash.of(snippet.utf8)
      )
      return TextCapture.windows(text: text, findings: [quoted], columnUnit: .utf8Bytes)[0] != nil
    }
    #expect(isTaken("eval(a)"))
    #expect(isTaken("  x = eval(a)\n"))
    #expect(isTaken("a = 1\n  x = eval(a)\nb = 2\n"))
    #expect(!isTaken("exec(a)"))
  }

  @Test("the order of the findings does not matter")
  func order() {
    let source = Marked("a 1️⃣b c 2️⃣d\n3️⃣e f 4️⃣g\n")
    let findings = source.file().findings.map(\.finding)
    let windows = TextCapture.windows(
      text: source.bytes,
      findings: findings,
      columnUnit: .unicodeCodePoints
    )
    let reversed = TextCapture.windows(
      text: source.bytes,
      findings: findings.reversed(),
      columnUnit: .unicodeCodePoints
    )
    #expect(windows == reversed.reversed())
  }

  @Test("snippets are hashed without white space: FNV-1a, 64 bits")
  func snippetHash() {
    #expect(SnippetHash.of("".utf8) == 0xCBF2_9CE4_8422_2325)
    #expect(SnippetHash.of("foo b\tar\n".utf8) == 0x8594_4171_F739_67E8)
    #expect(SnippetHash.of("a\u{7F}b".utf8) != SnippetHash.of("ab".utf8))
    #expect(SnippetHash.of("a".utf8) == 0xAF63_DC4C_8601_EC8C)
  }

  private func hashes(_ words: [String]) -> [UInt16] { words.map { Lexer.hash($0.utf8) } }
}

/// Pins the masks, which are stored as hashes.
@Suite("Message templates")
struct MessageTemplateTests {
  /// The vectors of `docs/tracking.md`.
  static let vectors = [
    ("Line too long (93 > 88)", "Line too long (0 > 0)"),
    ("`os` imported but unused", "`` imported but unused"),
    ("Undefined name 'foo'", "Undefined name ''"),
    ("don't use \"x y\" here", "don't use \"\" here"),
    ("don't; it's 'it's' 3", "don't; it's '' 0"),
    ("use utf8, not latin1", "use utf8, not latin1"),
    ("took 5ms of 1,234.5 (0x1F)", "took 0 of 0 (0)"),
    ("unbalanced ` stays 7", "unbalanced ` stays 0"),
    ("‘x’ was “never” used", "‘’ was “” used"),
    ("3.14.15, 4", "0, 0"),
    ("", ""),
  ]

  @Test("masks numbers and quoted spans as tokens", arguments: vectors)
  func masks(_ message: String, _ expected: String) {
    #expect(MessageTemplate.mask(message) == expected)
    #expect(MessageTemplate.mask(expected) == expected)
  }

  @Test("is idempotent and fast on hostile messages", arguments: [1, 2, 3] as [UInt64])
  func hostile(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let alphabet = Array("a1'\"`‘’“”., (é_0")
    for _ in 0..<300 {
      let message = String(
        (0..<Int.random(in: 0...20, using: &generator)).map { _ in
          alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        }
      )
      let once = MessageTemplate.mask(message)
      #expect(MessageTemplate.mask(once) == once, "seed \(seed): \(message)")
    }
    let quotes = String(repeating: " '\"", count: 20_000)
    #expect(!MessageTemplate.mask(quotes).isEmpty)
  }
}
