import Foundation
import TallyGit
import TallyModel
import Testing

/// What is learnt of a repository before any commit is read.
struct RepositoryTests {
  @Test("finds the repository from a folder below its top")
  func discover() async throws {
    let git = try GitBuilder()
    try git.write("src/deep/a.py", "x = 1\n")
    try git.commit()
    let found = try await Repository.discover(
      at: git.folder + "/src/deep",
      environment: GitBuilder.environment
    )
    let repository = try #require(found)
    #expect(repository.prefix == "src/deep/")
    #expect(repository.root?.hasSuffix("/netra") == true)
    #expect(repository.gitFolder.hasSuffix("/netra/.git"))
    #expect(!repository.isBare)
    #expect(!repository.isShallow)
    #expect(repository.objectFormat == .sha1)
    #expect(try await repository.branch() == "main")
    #expect(repository.projectName(remote: nil) == "netra")
    #expect(try await repository.remote() == nil)
  }

  @Test("says nil where there is no repository, and an error where one was asked for")
  func none() async throws {
    let git = try GitBuilder()
    let folder = git.beside("empty")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    #expect(
      try await Repository.discover(at: folder, environment: GitBuilder.environment) == nil
    )
    await #expect(throws: GitError.notARepository(folder: folder)) {
      try await Repository.open(at: folder, environment: GitBuilder.environment)
    }
    await #expect(throws: GitError.folderUnreadable(folder: folder + "/x")) {
      try await Repository.open(at: folder + "/x", environment: GitBuilder.environment)
    }
  }

  @Test("says that git is missing", arguments: [["PATH": ""], [:], ["PATH": "/nonexistent"]])
  func gitMissing(_ environment: [String: String]) async throws {
    let error = await #expect(throws: GitError.self) {
      try await Repository.discover(at: "/", environment: environment)
    }
    #expect(error == .gitMissing)
    #expect(error?.code == "git.missing")
  }

  @Test("an empty repository has a branch and no commit")
  func empty() async throws {
    let git = try GitBuilder()
    let repository = try await git.open()
    #expect(repository.root != nil)
    #expect(try await repository.branch() == "main")
    await #expect(throws: GitError.noCommits) { try await repository.resolve("HEAD") }
  }

  @Test("a detached HEAD is on no branch")
  func detached() async throws {
    let git = try GitBuilder()
    try git.write("a", "1\n")
    let commit = try git.commit()
    try git.git(["checkout", "-q", "--detach"])
    let repository = try await git.open()
    #expect(try await repository.branch() == nil)
    #expect(try await repository.resolve("HEAD") == commit)
  }

  @Test("a bare repository answers everything but the work tree")
  func bare() async throws {
    let git = try GitBuilder()
    try git.write("a.py", "1\n")
    let commit = try git.commit()
    let bare = git.beside("netra.git")
    try git.git(["clone", "-q", "--bare", git.folder, bare])
    let repository = try await git.open(bare)
    #expect(repository.isBare)
    #expect(repository.root == nil)
    #expect(try await repository.branch() == "main")
    #expect(try await repository.resolve("main") == commit)
    #expect(try await repository.manifest(of: commit).lines.map(\.path.text) == ["a.py"])
    #expect(repository.projectName(remote: nil) == "netra")
  }

  @Test("a SHA-256 repository works like any other")
  func sha256() async throws {
    let git = try GitBuilder(arguments: ["--object-format=sha256"])
    try git.write("a.py", lines(1))
    let first = try git.commit()
    try git.write("b.py", lines(1))
    try git.remove("a.py")
    let second = try git.commit()
    #expect(second.description.count == 64)
    let repository = try await git.open()
    #expect(repository.objectFormat == .sha256)
    let range = try await repository.commits(from: first, to: second)
    #expect(range.commits.map(\.id) == [second])
    let changes = try await repository.changes(of: range.commits)
    #expect(changes[second]?.files.map(\.summary) == ["R100 a.py -> b.py"])
    let files = try await repository.manifest(of: second)
    let blobs = try await repository.blobs(files.lines.map(\.blob))
    #expect(blobs.values.first?.bytes == Array(lines(1).utf8))
  }

  @Test("the user's configuration changes nothing")
  func configuration() async throws {
    let git = try GitBuilder()
    try git.write("a.py", lines(1))
    let first = try git.commit()
    try git.git(["mv", "a.py", "b.py"])
    let second = try git.commit()
    let home = git.beside("home")
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    let settings =
      "[diff]\n renames = false\n noprefix = true\n external = /bin/false\n[core]\n quotePath = true\n"
    try Data(settings.utf8).write(to: URL(fileURLWithPath: home + "/.gitconfig"))
    try git.git(["config", "diff.renames", "false"])
    try git.git(["config", "diff.external", "/bin/false"])
    try git.git(["config", "diff.relative", "true"])
    try git.git(["config", "diff.renameLimit", "1"])
    try git.git(["config", "diff.ignoreSubmodules", "all"])
    var environment = GitBuilder.environment
    environment["HOME"] = home
    environment["GIT_EXTERNAL_DIFF"] = "/bin/false"
    environment["GIT_TRACE"] = "1"
    let repository = try await Repository.open(at: git.folder, environment: environment)
    let changes = try await repository.differences(from: first, to: second)
    #expect(changes.map(\.summary) == ["R100 a.py -> b.py"])
  }

  @Test("takes the address of origin without its secrets")
  func remote() async throws {
    let git = try GitBuilder()
    try git.git(["remote", "add", "backup", "/srv/git/other.git"])
    #expect(try await git.open().remote()?.name == "other")
    try git.git([
      "remote", "add", "origin", "https://x-token:s3cret@github.com/example/netra-app.git",
    ])
    let remote = try await git.open().remote()
    #expect(remote?.url == "https://github.com/example/netra-app.git")
    #expect(remote?.slug == "example/netra-app")
    #expect(remote?.webURL == "https://github.com/example/netra-app")
    #expect(try await git.open().projectName(remote: remote) == "netra-app")
  }

  @Test(
    "understands the usual forms of an address",
    arguments: [
      ("git@github.com:example/netra.git", "example/netra", "https://github.com/example/netra"),
      ("ssh://git@host:2222/a/b/c.git/", "a/b/c", "https://host/a/b/c"),
      ("http://user@host:8080/x/y", "x/y", "http://host:8080/x/y"),
      ("https://dev.azure.com/org/p/_git/r", "org/p/_git/r", "https://dev.azure.com/org/p/_git/r"),
      ("/srv/git/netra.git", nil, nil), ("file:///srv/netra/.git", nil, nil),
      ("../netra", nil, nil), ("", nil, nil),
    ] as [(String, String?, String?)]
  )
  func addresses(_ text: String, _ slug: String?, _ web: String?) {
    let address = RemoteAddress(text)
    #expect(address.slug == slug)
    #expect(address.webURL == web)
    #expect(!address.url.contains("user@"))
  }

  @Test("every error has a code of its own and a sentence without a period")
  func errors() {
    let errors: [GitError] = [
      .gitMissing, .folderUnreadable(folder: "/x"), .notARepository(folder: "/x"),
      .dubiousOwnership(folder: "/x"), .noCommits, .unknownRevision("x", isShallow: false),
      .ambiguousRevision("ab"),
      .corruptObject(name: "x", reason: "y"), .unexpectedOutput(command: "git x", reason: "y"),
      .commandFailed(command: "git x", status: 1, message: "y"),
    ]
    #expect(Set(errors.map(\.code)).count == errors.count)
    for error in errors {
      #expect(!error.description.hasSuffix("."))
      #expect(!error.description.contains("\n"))
    }
    #expect(GitError.dubiousOwnership(folder: "/x").hint?.contains("safe.directory") == true)
  }
}
