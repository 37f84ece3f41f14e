import Foundation
import TallyGit
import TallyModel
import Testing

/// How git is run: how often, for whom, and with what left over.
struct ProcessTests {
  /// Puts a git first on PATH that notes each call and runs the real one.
  private func counted(_ git: GitBuilder) throws -> (environment: [String: String], log: String) {
    let folder = git.beside("bin")
    let log = git.beside("calls")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = GitBuilder.environment["PATH"] ?? ""
    let script = "#!/bin/sh\necho \"$@\" >>'\(log)'\nPATH='\(path)' exec git \"$@\"\n"
    try git.writeProgram(script, at: folder + "/git")
    return (["PATH": folder + ":" + path], log)
  }

  private func calls(_ log: String) throws -> [String] {
    try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  @Test("an unchanged rescan costs two calls, three where the remote is asked for")
  func spawns() async throws {
    let git = try GitBuilder()
    try git.write("a.py", "1\n")
    let first = try git.commit()
    try git.write("a.py", "2\n")
    let second = try git.commit()
    let (environment, log) = try counted(git)
    let repository = try await Repository.open(at: git.folder, environment: environment)
    #expect(try await repository.branch() == "main")
    #expect(try await repository.resolve("HEAD") == second)
    #expect(try await repository.commit(second)?.parents == [first])
    #expect(try await repository.commits([first, second]).count == 2)
    #expect(try await repository.resolve(String(first.description.prefix(10))) == first)
    let blob = try #require(BlobID(hex: git.git(["rev-parse", "HEAD:a.py"])))
    #expect(try await repository.blobs([blob])[blob]?.bytes == [0x32, 0x0A])
    #expect(try calls(log).count == 2)
    _ = try await repository.remote()
    #expect(try calls(log).count == 3)
  }

  @Test("a new commit costs three calls more")
  func newCommit() async throws {
    let git = try GitBuilder()
    try git.write("a.py", "1\n")
    let first = try git.commit()
    for text in ["2", "3", "4"] {
      try git.write("a.py", text)
      try git.commit()
    }
    let (environment, log) = try counted(git)
    let repository = try await Repository.open(at: git.folder, environment: environment)
    let range = try await repository.commits(from: first, to: repository.resolve("HEAD"))
    #expect(range.commits.count == 3)
    #expect(try await repository.changes(of: range.commits).count == 3)
    _ = try await repository.renames(from: first, to: range.firstParents[2])
    #expect(try calls(log).count == 5)
  }

  @Test("git ends with the last copy of the repository", .timeLimit(.minutes(1)))
  func ends() async throws {
    let git = try GitBuilder()
    try git.write("a.py", "1\n")
    try git.commit()
    let (environment, log) = try counted(git)
    let script = git.beside("bin/git")
    let text = try String(contentsOfFile: script, encoding: .utf8)
    let noting = text.replacingOccurrences(
      of: "exec git \"$@\"",
      with: "git \"$@\"\necho end >>'\(log)'"
    )
    try Data(noting.utf8).write(to: URL(fileURLWithPath: script))
    do {
      let repository = try await Repository.open(at: git.folder, environment: environment)
      _ = try await repository.resolve("HEAD")
      #expect(try calls(log).filter { $0 == "end" }.count == 1)
    }
    while try calls(log).filter({ $0 == "end" }).count < 2 {
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  @Test("a git that is killed is started again")
  func killed() async throws {
    let git = try GitBuilder()
    try git.write("a.py", "1\n")
    let commit = try git.commit()
    let (environment, log) = try counted(git)
    let script = git.beside("bin/git")
    // The first cat-file dies at once.
    let text = try String(contentsOfFile: script, encoding: .utf8)
    let dying = text.replacingOccurrences(
      of: "PATH=",
      with:
        "case \"$*\" in *cat-file*) [ -e '\(log).died' ] || { : >'\(log).died'; kill -9 $$; } ;; esac\nPATH="
    )
    try git.writeProgram(dying, at: script)
    let repository = try await Repository.open(at: git.folder, environment: environment)
    let error = await #expect(throws: GitError.self) { try await repository.resolve("HEAD") }
    #expect(error == .commandFailed(command: "git cat-file", status: 137, message: ""))
    #expect(try await repository.resolve("HEAD") == commit)
  }

  @Test("a linked work tree and a hook's GIT_DIR are understood")
  func workTree() async throws {
    let git = try GitBuilder()
    try git.write("a.py", "1\n")
    let commit = try git.commit()
    let other = git.beside("other")
    try git.git(["worktree", "add", "-q", "-b", "side", other])
    let repository = try await git.open(other)
    #expect(try await repository.branch() == "side")
    #expect(repository.root?.hasSuffix("/other") == true)
    var environment = GitBuilder.environment
    environment["GIT_DIR"] = git.folder + "/.git/worktrees/other"
    environment["GIT_WORK_TREE"] = other
    let hook = try await Repository.open(at: git.folder, environment: environment)
    #expect(try await hook.branch() == "side")
    #expect(try await hook.resolve("HEAD") == commit)
  }

  @Test("a repository of another user is refused with a hint, unless the user trusts it")
  func ownership() async throws {
    // Only root can give a folder away.
    guard getuid() == 0 else { return }
    let git = try GitBuilder()
    try git.write("a.py", "1\n")
    let commit = try git.commit()
    for path in [git.folder, git.folder + "/.git"] { #expect(chown(path, 12_345, 12_345) == 0) }
    defer { for path in [git.folder, git.folder + "/.git"] { _ = chown(path, 0, 0) } }
    let error = await #expect(throws: GitError.self) { try await git.open() }
    #expect(error?.code == "git.dubious-ownership")
    #expect(error?.hint?.contains("safe.directory '\(git.folder)'") == true)

    let home = git.beside("home")
    try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
    try Data("[safe]\n directory = *\n".utf8)
      .write(to: URL(fileURLWithPath: home + "/.gitconfig"))
    var environment = GitBuilder.environment
    environment["HOME"] = home
    let repository = try await Repository.open(at: git.folder, environment: environment)
    #expect(try await repository.resolve("HEAD") == commit)
  }

  @Test("the manifest of many files comes whole", .timeLimit(.minutes(1)))
  func manyFiles() async throws {
    let git = try GitBuilder()
    var script = "blob\nmark :1\ndata 2\nx\n\ncommit refs/heads/main\n"
    script += "committer Ada <ada@example.com> 1760000000 +0000\ndata 1\nx\n"
    for index in 0..<20_000 {
      script += "M 100644 :1 d\(index % 97)/sub-\(index % 7)/file\(index).py\n"
    }
    try git.git(["fast-import", "--quiet"], input: Data(script.utf8))
    let repository = try await git.open()
    let manifest = try await repository.manifest(of: repository.resolve("main"))
    #expect(manifest.lines.count == 20_000)
    #expect(zip(manifest.lines, manifest.lines.dropFirst()).allSatisfy { $0.path < $1.path })
  }
}
