import Foundation
import TallyGit
import TallyModel
import Testing

/// What the index and the refs say before anything is committed.
struct IndexTests {
  private func open(_ folder: String) async throws -> Repository {
    try await Repository.open(at: folder, environment: GitBuilder.environment)
  }

  @Test("lists every regular file of the index, wherever it is asked from")
  func paths() async throws {
    let git = try GitBuilder()
    #expect(try await open(git.folder).indexedPaths() == [])
    try git.write("src/deep/a.py", "x\n")
    try git.write("b\u{E9} \"c\"\n.py", "x\n")
    try FileManager.default.createSymbolicLink(
      atPath: git.folder + "/link.py",
      withDestinationPath: "src/deep/a.py"
    )
    try git.git(["add", "-A"])
    try git.write("untracked.py", "x\n")
    let expected = ["b\u{E9} \"c\"\n.py", "src/deep/a.py"].map(RepoPath.init(normalized:))
    #expect(try await open(git.folder).indexedPaths() == expected)
    #expect(try await open(git.folder + "/src").indexedPaths() == expected)
    #expect(try await open(git.folder + "/src/deep").indexedPaths() == expected)
  }

  @Test("a file in conflict is listed once")
  func conflict() async throws {
    let git = try GitBuilder()
    try git.write("a.py", "1\n")
    try git.commit()
    try git.git(["checkout", "-q", "-b", "other"])
    try git.write("a.py", "2\n")
    try git.commit()
    try git.git(["checkout", "-q", "main"])
    try git.write("a.py", "3\n")
    try git.commit()
    _ = try? git.git(["merge", "-q", "other"])
    #expect(try await open(git.folder).indexedPaths().map(\.text) == ["a.py"])
  }

  @Test("the branch that others start from: origin's, else main or master, else this one")
  func defaultBranch() async throws {
    let git = try GitBuilder()
    try git.write("a.py", "1\n")
    try git.commit()
    try git.git(["checkout", "-q", "-b", "topic"])
    #expect(try await open(git.folder).defaultBranch() == "main")
    try git.git(["branch", "-q", "-m", "main", "master"])
    #expect(try await open(git.folder).defaultBranch() == "master")
    try git.git(["branch", "-q", "-D", "master"])
    #expect(try await open(git.folder).defaultBranch() == "topic")
    try git.git(["update-ref", "refs/remotes/origin/main", "HEAD"])
    #expect(try await open(git.folder).defaultBranch() == "main")
    try git.git(["update-ref", "refs/remotes/origin/release/next", "HEAD"])
    try git.git([
      "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/release/next",
    ])
    #expect(try await open(git.folder).defaultBranch() == "release/next")
    try git.git(["checkout", "-q", "--detach"])
    try git.git(["update-ref", "-d", "refs/remotes/origin/main"])
    try git.git(["symbolic-ref", "--delete", "refs/remotes/origin/HEAD"])
    try git.git(["branch", "-q", "-D", "topic"])
    #expect(try await open(git.folder).defaultBranch() == nil)
  }
}
