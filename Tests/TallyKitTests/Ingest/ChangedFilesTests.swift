import TallyBooks
import TallyModel
import Testing

@testable import TallyKit

/// The scope of a scan of changed files.
@Suite struct ChangedFilesTests {
  @Test(
    "a path as a pattern stands for itself alone",
    arguments: [
      "a.py", "src/a[1].py", "src/{a,b}.py", "a*b?.py", "a\\b.py", ".github/x.yml", "é/ü.py",
      "app/[id]/page.tsx", "[", "**", "a b", "#a", String(repeating: "a", count: 1_200),
      String(repeating: "[", count: 700), "x/" + String(repeating: "é*", count: 600),
    ]
  )
  func pattern(_ text: String) {
    let path = RepoPath(normalized: text)
    let scope = ScanScope([ChangedFiles.pattern(for: path)])
    #expect(scope.covers(path))
    for other in ["b.py", "src/a1.py", "src/a.py", "axb1.py", "ab", "app/i/page.tsx", "x", "a/b"] {
      #expect(!scope.covers(RepoPath(normalized: other)), "\(other)")
    }
  }
}
