public import TallyModel

extension Repository {
  /// The paths of the regular files in the index, sorted bytewise: what the next commit would hold.
  ///
  /// Links and submodules are left out. One call of git.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func indexedPaths() async throws -> [RepoPath] {
    // From the top, wherever the folder lies; pathspecs are literal, so ":/" is none.
    let up = prefix.utf8.count { $0 == UInt8(ascii: "/") }
    let top = up == 0 ? [] : ["--", String(repeating: "../", count: up)]
    let output = try await command.output(["ls-files", "-z", "--stage", "--full-name"] + top)
    var paths: Set<RepoPath> = []
    for record in output.split(separator: 0) {
      // `<mode> <id> <stage>\t<path>`
      guard record.count > 6, GitText.isFile(mode: record.prefix(6)),
        let tab = record.firstIndex(of: UInt8(ascii: "\t"))
      else { continue }
      paths.insert(GitText.path(record[(tab + 1)...]).path)
    }
    return paths.sorted()
  }

  /// The branches of `origin`, and those of this clone, that a commit is on; sorted, each once.
  ///
  /// One call of git. In a shallow clone one that is on a branch may be missing.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func branches(containing commit: CommitID) async throws -> [String] {
    let prefixes = ["refs/remotes/origin/", "refs/heads/"]
    let outcome = try await command.run(
      ["for-each-ref", "--format=%(refname)", "--contains", commit.description] + prefixes,
      limit: 16 << 20
    )
    // A commit that is not in this clone is on none of its branches.
    if outcome.status != 0 { return [] }
    var names: Set<String> = []
    for line in String(decoding: outcome.output, as: UTF8.self).split(separator: "\n") {
      for prefix in prefixes where line.hasPrefix(prefix) {
        names.insert(String(line.dropFirst(prefix.count)))
      }
    }
    names.remove("HEAD")
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Says whether this clone holds a branch, of `origin` or its own.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func hasBranch(_ name: String) async throws -> Bool {
    for ref in ["refs/remotes/origin/\(name)", "refs/heads/\(name)"] {
      let outcome = try await command.run(["show-ref", "--verify", "--quiet", ref], limit: 1 << 20)
      if outcome.status == 0 { return true }
    }
    return false
  }

  /// The branch that others start from: what `origin` says, else `main` or `master`, else the one HEAD is on; nil where
  /// nothing says.
  ///
  /// One call of git, and those of ``branch()``.
  ///
  /// - Throws: ``GitError``; `CancellationError`.
  public func defaultBranch() async throws -> String? {
    let head = "refs/remotes/origin/HEAD"
    let candidates = [
      "refs/remotes/origin/main", "refs/remotes/origin/master", "refs/heads/main",
      "refs/heads/master",
    ]
    let output = try await command.output(
      ["for-each-ref", "--format=%(refname) %(symref)", head] + candidates
    )
    let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
      .map { $0.split(separator: " ", maxSplits: 1) }
    let prefix = "refs/remotes/origin/"
    for line in lines where line.count == 2 && line[0] == head && line[1].hasPrefix(prefix) {
      return String(line[1].dropFirst(prefix.count))
    }
    for candidate in candidates where lines.contains(where: { $0.first == candidate[...] }) {
      return String(candidate.split(separator: "/").last ?? "")
    }
    return try await branch()
  }
}
