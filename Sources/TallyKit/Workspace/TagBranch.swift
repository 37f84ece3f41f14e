import TallyGit
import TallyLedger
import TallyModel

extension Workspace {
  /// The branch that the scan of a tag's build counts for, and a sentence where that is not certain.
  ///
  /// A tag is no branch: the branch is the one that its commit is on. The ledger knows it where the commit was scanned before, git where
  /// the clone holds branches; of several the one that others start from. A commit that is on none stands for itself, under the
  /// tag's full name: on the line of another branch it would put that one's own commits off line.
  func branch(ofTag tag: String, at commit: CommitID) async throws -> (
    name: String, warning: String?
  ) {
    let (scanned, usual) = try known(of: commit)
    var trunk = configurationFile?.configuration.branch ?? ci?.defaultBranch
    if trunk == nil { trunk = try await repository?.defaultBranch() }
    trunk = trunk ?? usual
    if let trunk, scanned.contains(trunk) { return (trunk, nil) }
    if scanned.count == 1 { return (scanned[0], nil) }
    let ownName = "refs/tags/\(tag)"
    let remedy = "--branch NAME puts it on another"
    if let repository {
      let holders = try await repository.branches(containing: commit)
      if let trunk, holders.contains(trunk) { return (trunk, nil) }
      if let first = holders.first {
        let list = holders.prefix(5).joined(separator: "', '")
        return (
          first,
          holders.count == 1
            ? nil
            : "the commit of the tag '\(tag)' is on the branches '\(list)': its scan counts for "
              + "'\(first)'; \(remedy)"
        )
      }
      if !repository.isShallow, let trunk, try await repository.hasBranch(trunk) {
        return (
          ownName,
          "the commit of the tag '\(tag)' is on no branch of this clone: its scan stands for itself, as "
            + "'\(ownName)'; \(remedy)"
        )
      }
    }
    guard let trunk else {
      return (
        ownName,
        "nothing here says which branch the commit of the tag '\(tag)' is on: its scan stands for "
          + "itself, as '\(ownName)'; \(remedy)"
      )
    }
    return (
      trunk,
      "nothing here says which branch the commit of the tag '\(tag)' is on: its scan counts for "
        + "'\(trunk)', which others start from; \(remedy)"
    )
  }

  /// The branches on which the ledger has scans of a commit, sorted, and the one that counts where nothing else is said.
  private func known(of commit: CommitID) throws -> (scanned: [String], usual: String?) {
    let ledger: Ledger
    do {
      ledger = try openLedger(.readOnly)
    } catch LedgerError.missing {
      // The first scan makes it.
      return ([], nil)
    }
    return try ledger.read { reader in
      let project = try reader.current(project: projectName ?? "")
      let lanes = try reader.lanes().filter {
        $0.project == project && !$0.branch.hasPrefix("refs/tags/")
      }
      let scanned = try lanes.filter { try !reader.scans(of: $0, at: commit).isEmpty }.map(\.branch)
      let branches = Set(lanes.map(\.branch))
      let usual = ["main", "master"].first(where: branches.contains)
      return (Set(scanned).sorted(), usual ?? (branches.count == 1 ? branches.first : nil))
    }
  }
}
