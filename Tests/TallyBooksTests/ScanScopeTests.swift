import TallyBooks
import TallyModel
import Testing

@Suite("Globs and scopes")
struct ScanScopeTests {
  @Test(
    "matches what it says",
    arguments: [
      ("src/**", "src/a/b.py", true), ("src/**", "src/a.py", true), ("src/**", "srcs/a.py", false),
      ("src", "src/a.py", true), ("src/", "src/a.py", true), ("src", "src", true),
      ("src", "src2/a.py", false), ("*.py", "a.py", true), ("*.py", "a/b.py", false),
      ("**/*.py", "a/b.py", true), ("**/*.py", "b.py", true), ("src/**/a.py", "src/a.py", true),
      ("src/**/a.py", "src/x/y/a.py", true), ("src/**/a.py", "src/xa.py", false),
      ("a?.py", "ab.py", true), ("a?.py", "a/.py", false), (".", "x", true),
      ("{src,lib}/**", "lib/a.py", true),
      ("./src/*", "src/a", true), ("**", "x/y", true), ("**/a/**", "a/b", true),
      ("**/a/**", "b/a/c", true), ("**/a/**", "ba/c", false), ("a*b*c", "a1b2c", true),
      ("a*b*c", "a1b/2c", false), ("é/*", "é/x", true), ("***.py", "a/b.py", true),
      ("app/[id]/page.tsx", "app/[id]/page.tsx", true), ("a[b", "a[b", true), ("a[b", "ab", false),
    ]
  )
  func matching(_ pattern: String, _ path: String, _ expected: Bool) {
    #expect(ScanScope([pattern]).covers(RepoPath(normalized: path)) == expected)
  }

  @Test(
    "tells disjoint patterns apart only where it is sure",
    arguments: [
      ("src/**", "tests/**", true), ("src/**", "src/a/**", false), ("*.py", "*.ts", true),
      ("**/*.py", "**/*.ts", true), ("**/*.py", "src/**", false), ("src", "src2", true),
      ("src", "src2/**", true), ("src", "src/a.py", false), ("a/**", "**", false),
      ("src/a*", "src/b*", true), ("a/b.py", "a/b.py", false),
      ("{a,b}/**", "{c,d}/**", true), ("{a,b}/**", "{b,c}/**", false),
      ("a/[id]", "a/[id]/x", false), ("src/[ab]", "lib/[ab]", true),
    ]
  )
  func disjoint(_ left: String, _ right: String, _ expected: Bool) throws {
    #expect(try Glob(left).isDisjoint(with: Glob(right)) == expected)
    #expect(try Glob(right).isDisjoint(with: Glob(left)) == expected)
  }

  @Test("knows which scope is wider")
  func containing() {
    let whole = ScanScope([])
    let source = ScanScope(["src/**"])
    let part = ScanScope(["src/a/**"])
    #expect(whole.contains(source) && !source.contains(whole))
    #expect(source.contains(part) && !part.contains(source))
    #expect(ScanScope(["lib/**", "src/**"]).contains(source))
    #expect(source.contains(ScanScope(["src/x.py"])))
    #expect(!source.contains(ScanScope(["lib/x.py"])))
    #expect(!whole.isDisjoint(with: source))
  }

  /// Method: random patterns and paths over a tiny alphabet; what is called disjoint or contained must be so for every path tried.
  @Test("never calls overlapping patterns disjoint, nor a narrower one wider")
  func soundness() throws {
    var random = SplitMix64(seed: 11)
    let pieces = ["a", "b", "/", "*", "**", "?", "a/", "**/", "[ab]", "{a,b}"]
    func text(_ count: Int, _ from: [String]) -> String {
      (0..<count).map { _ in random.pick(from) ?? "a" }.joined()
    }
    let paths = (0..<300).map { _ in
      text(1 + random.below(6), ["a", "b", "/a", "/b"])
    }
    for _ in 0..<1_000 {
      let left = try Glob(text(1 + random.below(5), pieces))
      let right = try Glob(text(1 + random.below(5), pieces))
      let isDisjoint = left.isDisjoint(with: right)
      let isWider = left.contains(right)
      if !isDisjoint && !isWider { continue }
      for path in paths {
        let (inLeft, inRight) = (left.matches(path), right.matches(path))
        if isDisjoint { #expect(!(inLeft && inRight), "\(left.pattern) \(right.pattern) \(path)") }
        if isWider { #expect(inLeft || !inRight, "\(left.pattern) \(right.pattern) \(path)") }
      }
    }
  }
}
