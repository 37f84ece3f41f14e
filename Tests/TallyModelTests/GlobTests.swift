import TallyModel
import Testing

/// The pattern language of `tally.yml`, `--path` and `--scope`.
struct GlobTests {
  @Test(
    "what a pattern over paths stands for",
    arguments: [
      ("a.py", ["a.py"], ["b.py", "a.pyc", "x/a.py", "", "A.py"]),
      ("src", ["src", "src/a", "src/a/b"], ["srcs/a", "x/src", "Src/a"]),
      ("{src,lib/x}", ["src/a", "lib/x/a"], ["lib/a"]),
      (".", ["a", "a/b"], []),
      ("./src/*", ["src/a"], ["./src/a", "src/a/b"]),
      ("app/[id]/p.tsx", ["app/[id]/p.tsx", "app/i/p.tsx"], ["app/x/p.tsx", "app/[id]/q.tsx"]),
      ("app/[id]", ["app/[id]", "app/[id]/p.tsx", "app/d"], ["app/d/p.tsx", "app/[ix]"]),
      ("*", ["a", "a.b"], ["a/b", "a/"]),
      ("*.py", ["a.py", ".py"], ["x/a.py", "a.pyc"]),
      ("src/*", ["src/a", "src/.a"], ["src", "src/a/b", "srcx/a"]),
      ("**", ["", "a", "a/b/c"], []),
      ("src/**", ["src/a", "src/a/b"], ["src", "srcx/a", "x/src/a"]),
      ("src/", ["src/a", "src/a/b"], ["src", "x/src/a"]),
      ("**/a.py", ["a.py", "x/a.py", "x/y/a.py"], ["xa.py", "x/ya.py"]),
      ("src/**/a.py", ["src/a.py", "src/x/a.py", "src/x/y/a.py"], ["src/xa.py", "srca.py"]),
      ("**/test/**", ["test/a", "x/test/a", "x/test/y/a"], ["test", "xtest/a", "test2/a"]),
      ("**/*_test.py", ["a_test.py", "x/y/a_test.py"], ["a_test.pyc", "a_test.py/b"]),
      ("a**b", ["ab", "axb", "ax/yb"], ["a", "abx"]),
      ("a?c", ["abc", "aéc", "a🎈c"], ["ac", "a/c", "abbc"]),
      ("[a-c]x", ["ax", "cx"], ["dx", "x", "/x"]),
      ("[!a-c]x", ["dx", "éx", "]x"], ["ax", "x", "/x"]),
      ("[]a]", ["]", "a"], ["b"]),
      ("[é-ü]", ["é", "ö"], ["a", "z"]),
      ("{a,b}.py", ["a.py", "b.py"], ["c.py", "ab.py"]),
      ("{src,lib}/**", ["src/a", "lib/b/c"], ["test/a"]),
      ("{a,{b,c}d}", ["a", "bd", "cd"], ["d", "ad"]),
      ("a{,b}", ["a", "ab"], ["b"]),
      ("{**/x,y*}", ["x", "a/x", "yz"], ["y/z"]),
      (#"\*"#, ["*"], ["a"]),
      (#"\{a\}"#, ["{a}"], ["a"]),
      ("a}b,c]", ["a}b,c]"], ["ab"]),
      ("ü/**", ["ü/ä"], ["u/a"]),
      ("a*b*c", ["abc", "axbxc", "abbcbc"], ["ab", "a/bc", "abcx"]),
      ("*/*/c", ["a/b/c"], ["a/c", "a/b/x/c"]),
      ("**/a/**/b", ["a/b", "x/a/b", "a/x/b", "x/a/y/z/a/b"], ["a", "b", "xa/b"]),
    ] as [(String, [String], [String])]
  )
  func paths(_ pattern: String, _ matching: [String], _ other: [String]) throws {
    let glob = try Glob(pattern)
    for text in matching { #expect(glob.matches(text), "\(pattern) should stand for \(text)") }
    for text in other { #expect(!glob.matches(text), "\(pattern) should not stand for \(text)") }
  }

  @Test("a star in a test id stops at folders, but not after the file")
  func testIDs() throws {
    let glob = try Glob("tests/backend/*::*", dialect: .testID)
    #expect(glob.matches("tests/backend/test_a::test_b[x/y]"))
    #expect(!glob.matches("tests/backend/x/test_a::test_b"))
    #expect(try Glob("tests/**", dialect: .testID).matches("tests/test_a/TestX::test_y"))
  }

  @Test("a star in a name crosses slashes")
  func names() throws {
    #expect(try Glob("py/*", dialect: .name).matches("py/sql/injection"))
    #expect(try Glob("*@example.com", dialect: .name).matches("a/b@example.com"))
    #expect(try !Glob("release/?", dialect: .name).matches("release/12"))
  }

  @Test(
    "what is no pattern",
    arguments: [
      "", "[a", "[", "[!]", "{a,b", "a{b{c}", "\\", "[z-a]", String(repeating: "a", count: 1001),
    ]
  )
  func malformed(_ pattern: String) {
    #expect(throws: Glob.Malformed.self) { try Glob(pattern) }
  }

  @Test("braces that stand for too many patterns are refused")
  func explosion() {
    let pattern = String(repeating: "{a,b}", count: 12)
    #expect(throws: Glob.Malformed.self) { try Glob(pattern) }
  }

  @Test("a hostile pattern takes no time", .timeLimit(.minutes(1)))
  func hostile() throws {
    let text = String(repeating: "a", count: 4000)
    #expect(try !Glob(String(repeating: "a*", count: 400) + "b").matches(text))
    #expect(try !Glob(String(repeating: "**/", count: 300) + "b").matches(text))
    let folders = String(repeating: "a/", count: 2000)
    #expect(try !Glob(String(repeating: "**/a/", count: 150) + "b").matches(folders))
  }

  /// Holds the compiled matcher against a plain recursive one.
  ///
  /// Method: 20,000 random patterns and texts over a small alphabet, so that most of them nearly match.
  @Test("agrees with a matcher that tries everything")
  func agreement() throws {
    let seed: UInt64 = 20_261_123
    var random = SmallRandom(state: seed)
    var matched = 0
    for _ in 0..<20_000 {
      let pieces = ["a", "b", "/", "*", "**", "**/", "?", "[ab]", "/", "a"]
      var pattern = (0..<random.below(7) + 1).map { _ in pieces[random.below(pieces.count)] }
        .joined()
      // A folder at the end means what is in it, which the plain matcher does not know.
      if pattern.hasSuffix("/") { pattern += "a" }
      let text = (0..<random.below(9)).map { _ in ["a", "b", "/", "c"][random.below(4)] }.joined()
      var expected = plainMatch(Array(pattern)[...], Array(text)[...], isStart: true)
      // Without wildcards it is a folder, too.
      if !pattern.contains(where: { "*?[".contains($0) }), text.hasPrefix(pattern + "/") {
        expected = true
      }
      if expected { matched += 1 }
      #expect(try Glob(pattern).matches(text) == expected, "\(pattern) \(text), seed \(seed)")
    }
    #expect(matched > 1000)
  }
}

/// Repeats for one seed.
private struct SmallRandom {
  var state: UInt64

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}

/// The definition of the pattern language, without any care for time.
private func plainMatch(
  _ pattern: ArraySlice<Character>,
  _ text: ArraySlice<Character>,
  isStart: Bool
) -> Bool {
  guard let first = pattern.first else { return text.isEmpty }
  let stars = pattern.prefix { $0 == "*" }.count
  let rest = pattern.dropFirst(stars)
  if stars == 2, isStart, rest.first == "/" {
    if plainMatch(rest.dropFirst(), text, isStart: true) { return true }
    guard let slash = text.firstIndex(of: "/") else { return false }
    return plainMatch(pattern, text[(slash + 1)...], isStart: true)
  }
  if stars > 0 {
    if plainMatch(rest, text, isStart: false) { return true }
    guard let next = text.first, stars > 1 || next != "/" else { return false }
    // The run goes on, and is no folder step any more.
    return plainRun(rest, text.dropFirst(), crosses: stars > 1)
  }
  guard let next = text.first else { return false }
  if first == "[" {
    return (next == "a" || next == "b")
      && plainMatch(pattern.dropFirst(4), text.dropFirst(), isStart: false)
  }
  if first == "?" {
    return next != "/" && plainMatch(pattern.dropFirst(), text.dropFirst(), isStart: false)
  }
  return first == next
    && plainMatch(pattern.dropFirst(), text.dropFirst(), isStart: first == "/")
}

private func plainRun(
  _ rest: ArraySlice<Character>,
  _ text: ArraySlice<Character>,
  crosses: Bool
) -> Bool {
  if plainMatch(rest, text, isStart: false) { return true }
  guard let next = text.first, crosses || next != "/" else { return false }
  return plainRun(rest, text.dropFirst(), crosses: crosses)
}
