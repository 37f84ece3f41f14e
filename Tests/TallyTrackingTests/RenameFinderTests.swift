import TallyModel
import TallyTracking
import Testing

/// Which files have another name now, by their lines.
@Suite struct RenameFinderTests {
  private func find(_ gone: [String: String], _ came: [String: String]) -> [String] {
    var finder = RenameFinder()
    for (path, text) in gone.sorted(by: { $0.key > $1.key }) {
      finder.addGone(RepoPath(normalized: path), Array(text.utf8))
    }
    for (path, text) in came.sorted(by: { $0.key > $1.key }) {
      finder.addCame(RepoPath(normalized: path), Array(text.utf8))
    }
    return finder.renames().map { "\($0.from) -> \($0.to) \($0.similarity)" }
  }

  private let ten = (1...10).map { "line number \($0)" }.joined(separator: "\n") + "\n"

  @Test("equal texts, whatever their white space and line ends")
  func equal() {
    #expect(find(["a.py": ten], ["b.py": ten]) == ["a.py -> b.py 100"])
    let other = ten.replacing("line ", with: "\tline  ")
      .replacing("\n", with: "\r\n")
    #expect(find(["a.py": ten], ["b.py": other]) == ["a.py -> b.py 100"])
  }

  @Test("half of the larger file has to be shared")
  func threshold() {
    let half = ten.split(separator: "\n").prefix(5).joined(separator: "\n")
    #expect(find(["a.py": half], ["b.py": ten]).count == 0)
    let more = ten.split(separator: "\n").prefix(6).joined(separator: "\n")
    #expect(find(["a.py": more], ["b.py": ten]).map { $0.hasPrefix("a.py -> b.py 5") } == [true])
    #expect(find(["a.py": ""], ["b.py": ""]).isEmpty)
    #expect(find(["a.py": "x\n"], [:]).isEmpty)
  }

  @Test("each file once, the most alike first, then the same name, then by path")
  func assignment() {
    let changed = ten.replacing("number 3", with: "number three")
    #expect(
      find(["old/a.py": ten, "old/b.py": changed], ["new/x.py": changed, "new/y.py": ten])
        == ["old/b.py -> new/x.py 100", "old/a.py -> new/y.py 100"]
    )
    #expect(
      find(["old/a.py": ten, "old/b.py": ten], ["new/b.py": ten, "new/c.py": ten])
        == ["old/b.py -> new/b.py 100", "old/a.py -> new/c.py 100"]
    )
    #expect(find(["a.py": ten], ["c.py": ten, "b.py": ten]) == ["a.py -> b.py 100"])
  }

  @Test("published renames lead to one present name, never back")
  func aliases() {
    for (tool, names) in RuleAliases.published {
      for (old, new) in names {
        #expect(old != new, "\(tool)")
        #expect(names[new] == nil, "\(tool): \(old) -> \(new) -> \(names[new] ?? "")")
      }
    }
    let own = RuleAliases.of(
      tool: "ruff",
      listed: [("A", "B"), ("A", "C"), ("TCH001", "Z")],
      configured: ["TCH001": "Y"]
    )
    #expect(own["A"] == "B" && own["TCH001"] == "Y" && own["TCH002"] == "TC002")
    #expect(RuleAliases.of(tool: "unheard").isEmpty)
  }
}
