import Foundation
import TallyGit
import TallyModel
import Testing

/// Commits, ranges, ancestry, and what commits changed.
struct HistoryTests {
  @Test("resolves names, tags and abbreviations without another process")
  func resolve() async throws {
    let git = try GitBuilder()
    try git.write("a", "1\n")
    let first = try git.commit("One")
    try git.git(["tag", "-a", "v1", "-m", "first"])
    try git.write("a", "2\n")
    let second = try git.commit("Two")
    let repository = try await git.open()
    for name in ["v1", "HEAD~1", String(first.description.prefix(8)), first.description, "main^"] {
      #expect(try await repository.resolve(name) == first, "\(name)")
    }
    #expect(try await repository.resolve("HEAD") == second)
    for name in [
      "nope", "", "HEAD\nHEAD", "HEAD:a", "deadbeef", String(repeating: "e", count: 40), "-x",
      "a b", "v1^{blob}",
    ] {
      await #expect(throws: GitError.unknownRevision(name, isShallow: false), "\(name)") {
        try await repository.resolve(name)
      }
    }
    #expect(try await repository.resolve("HEAD") == second)
  }

  @Test("an abbreviation of several commits is refused")
  func ambiguous() async throws {
    let git = try GitBuilder()
    // Of 1,000 commits some share their first four digits.
    var script = ""
    for index in 1...1000 {
      script += """
        commit refs/heads/main
        committer Ada <ada@example.com> \(1_760_000_000 + index) +0000
        data 1
        x

        """
    }
    try git.git(["fast-import", "--quiet"], input: Data(script.utf8))
    let ids = try git.git(["rev-list", "main"]).split(separator: "\n")
    let counts = Dictionary(grouping: ids) { $0.prefix(4) }
    let digits = try #require(counts.filter { $0.value.count > 1 }.keys.min())
    let repository = try await git.open()
    await #expect(throws: GitError.ambiguousRevision(String(digits))) {
      try await repository.resolve(String(digits))
    }
    let range = try await repository.commits(from: nil, to: repository.resolve("main"), limit: 300)
    #expect(range.commits.count == 300)
    #expect(range.isTruncated)
    #expect(range.firstParents == range.commits.map(\.id))
  }

  @Test("a commit says what its object says")
  func commit() async throws {
    let git = try GitBuilder()
    try git.write("a", "1\n")
    try git.commit("Subject line\n\nBody ü with #226\n")
    let commit = try await git.open().commit("HEAD")
    #expect(commit.author == "Ada <ada@example.com>")
    #expect(commit.message == "Subject line\n\nBody ü with #226")
    #expect(commit.subject == "Subject line")
    #expect(commit.authored == Timestamp(seconds: 1_760_003_600))
    #expect(commit.committed == Timestamp(seconds: 1_760_003_660))
    #expect(commit.parents == [])
    #expect(try git.git(["rev-parse", "HEAD^{tree}"]) == commit.tree.description)
  }

  @Test("reads a message in another encoding")
  func encoding() async throws {
    let git = try GitBuilder()
    try git.git(["config", "i18n.commitEncoding", "ISO-8859-1"])
    let message = Data([0x67, 0x72, 0xFC, 0x6E, 0x0A])
    let tree = try git.git(["mktree"], input: Data())
    let commit = try git.git(["commit-tree", tree], input: message)
    #expect(try await git.open().commit(commit).message == "grün")
  }

  @Test("a range over a merge holds both sides; the chain only first parents")
  func merge() async throws {
    let git = try GitBuilder()
    try git.write("a", lines(1))
    let base = try git.commit("base")
    try git.git(["checkout", "-q", "-b", "side"])
    try git.write("side", "1\n")
    let side = try git.commit("side")
    try git.git(["checkout", "-q", "main"])
    try git.write("b", "1\n")
    let main = try git.commit("main")
    try git.git(["merge", "-q", "--no-ff", "-m", "merge", "side"])
    let merge = try git.head()
    let repository = try await git.open()
    let range = try await repository.commits(from: base, to: merge)
    #expect(Set(range.commits.map(\.id)) == [side, main, merge])
    #expect(range.commits.last?.id == merge)
    #expect(range.commits.last?.parents == [main, side])
    #expect(range.firstParents == [main, merge])
    #expect(!range.isIncomplete)
    let changes = try await repository.changes(of: range.commits)
    #expect(changes[merge]?.files.map(\.summary) == ["W side"])
    #expect(changes[merge]?.parent == main)
    #expect(changes[side]?.files.map(\.summary) == ["W side"])
    #expect(try await repository.mergeBase(side, main) == base)
  }

  @Test("every kind of change")
  func changes() async throws {
    let git = try GitBuilder()
    let odd = ["with space.py", "tab\there.py", "new\nline.py", "qu\"ote.py", "ünïcödé/🎈.py"]
    for (index, name) in odd.enumerated() { try git.write(name, lines(100 + index)) }
    try git.write("edited.py", lines(1))
    try git.write("exact.py", lines(2))
    try git.write("moved.py", lines(3))
    try git.write("gone.py", lines(4))
    try git.write("tool.sh", lines(5))
    try git.write("file-to-link", lines(6))
    try git.git(["config", "core.fileMode", "true"])
    let root = try git.commit("root")

    try git.write("edited.py", lines(1) + "more = 1\n")
    try git.git(["mv", "exact.py", "exact2.py"])
    try git.git(["mv", "moved.py", "moved2.py"])
    try git.write("moved2.py", lines(3) + "more = 1\n")
    try git.remove("gone.py")
    try git.git(["update-index", "--chmod=+x", "tool.sh"])
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755],
      ofItemAtPath: git.folder + "/tool.sh"
    )
    try git.remove("file-to-link")
    try FileManager.default.createSymbolicLink(
      atPath: git.folder + "/file-to-link",
      withDestinationPath: "edited.py"
    )
    try git.write("new.py", lines(7))
    try git.git(["update-index", "--add", "--cacheinfo", "160000,\(root),module"])
    try FileManager.default.createDirectory(
      atPath: git.folder + "/module",
      withIntermediateDirectories: true
    )
    for (index, name) in odd.enumerated() { try git.write(name, lines(100 + index) + "#\n") }
    let second = try git.commit("second")

    let repository = try await git.open()
    let range = try await repository.commits(from: nil, to: second)
    let changes = try await repository.changes(of: range.commits)
    #expect(changes[root]?.parent == nil)
    #expect(changes[root]?.files.count == 11)
    let expected =
      odd.map { "W \($0)" } + [
        "W edited.py", "R100 exact.py -> exact2.py", "R99 moved.py -> moved2.py", "D gone.py",
        "D file-to-link", "W new.py",
      ]
    #expect(Set(changes[second]?.files.map(\.summary) ?? []) == Set(expected))
    let paths = changes[second]?.files.map(\.path) ?? []
    #expect(paths == paths.sorted())

    let files = try await repository.files(at: second)
    #expect(files.otherCount == 2)
    #expect(files.lossyPathCount == 0)
    let names = files.manifest.lines.map(\.path.text)
    #expect(
      Set(names)
        == Set(odd + ["edited.py", "exact2.py", "moved2.py", "new.py", "tool.sh"])
    )
    #expect(files.manifest.lines.map(\.path) == files.manifest.lines.map(\.path).sorted())

    // The parent's files with the changes are the commit's files.
    var known: [RepoPath: BlobID] = [:]
    for line in try await repository.manifest(of: root).lines { known[line.path] = line.blob }
    for change in changes[second]?.files ?? [] {
      if let from = change.renamedFrom { known[from] = nil }
      known[change.path] = change.blob
    }
    var actual: [RepoPath: BlobID] = [:]
    for line in files.manifest.lines { actual[line.path] = line.blob }
    #expect(known == actual)
  }

  @Test("renames over a distance that no single commit shows")
  func renames() async throws {
    let git = try GitBuilder()
    try git.write("a.py", lines(1))
    let first = try git.commit()
    try git.git(["mv", "a.py", "b.py"])
    try git.commit()
    try git.git(["mv", "b.py", "c.py"])
    try git.write("d.py", "x\n")
    let third = try git.commit()
    let renames = try await git.open().renames(from: first, to: third)
    #expect(renames.map(\.summary) == ["R100 a.py -> c.py"])
  }

  @Test("paths that are not UTF-8 are counted, and of equal ones the first is kept")
  func lossy() async throws {
    let git = try GitBuilder()
    try git.write("z.py", "1\n")
    try git.commit()
    let blob = try git.git(["rev-parse", "HEAD:z.py"])
    var input = Data()
    for name in [[0x61, 0xFF], [0x61, 0xFE], [0x7A]] as [[UInt8]] {
      input.append(Data("100644 blob \(blob)\t".utf8) + Data(name) + Data([0]))
    }
    let tree = try git.git(["mktree", "-z"], input: input)
    let commit = try git.git(["commit-tree", "-m", "odd", tree])
    let id = try #require(CommitID(hex: commit))
    let files = try await git.open().files(at: id)
    #expect(files.lossyPathCount == 2)
    #expect(files.manifest.lines.map(\.path.text) == ["a\u{FFFD}", "z"])
  }

  @Test("a depth-1 clone knows its commit's parents, but not what it changed")
  func shallow() async throws {
    let git = try GitBuilder()
    try git.write("a.py", "1\n")
    let first = try git.commit("first")
    try git.write("a.py", "2\n")
    let second = try git.commit("second")
    let clone = git.beside("clone")
    try git.git(["clone", "-q", "--depth", "1", "file://" + git.folder, clone])
    let repository = try await git.open(clone)
    #expect(repository.isShallow)
    let head = try await repository.commit("HEAD")
    #expect(head.id == second)
    #expect(head.parents == [first])
    let range = try await repository.commits(from: nil, to: second)
    #expect(range.commits.map(\.id) == [second])
    #expect(range.firstParents == [second])
    #expect(range.isIncomplete)
    #expect(try await repository.changes(of: range.commits).isEmpty)
    #expect(try await repository.manifest(of: second).lines.map(\.path.text) == ["a.py"])
    #expect(try await repository.commit(first) == nil)
    await #expect(throws: GitError.unknownRevision(first.description, isShallow: true)) {
      try await repository.commits(from: first, to: second)
    }
    await #expect(throws: GitError.unknownRevision(first.description, isShallow: true)) {
      try await repository.renames(from: first, to: second)
    }
  }

  @Test("an empty range is empty")
  func emptyRange() async throws {
    let git = try GitBuilder()
    try git.write("a", "1\n")
    let commit = try git.commit()
    let repository = try await git.open()
    let range = try await repository.commits(from: commit, to: commit)
    #expect(range.commits.isEmpty)
    #expect(range.firstParents.isEmpty)
    #expect(!range.isTruncated)
    #expect(try await repository.differences(from: commit, to: commit).isEmpty)
  }
}
