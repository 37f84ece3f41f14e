internal import TallyModel

/// The rows of the affected files and how they were linked.
struct Settlement {
  let old: [OldFile]
  let new: [RepoPath: NewFile]
  let previous: [Row]
  let current: [Row]
  let links: [MatchLink]

  /// The file of an earlier row.
  func file(of row: Row) -> OldFile? { row.file.map { old[$0] } }
}

/// A violation by file and rule: where one link is ambiguous, its neighbours of the same kind are as unsure.
struct Neighbourhood: Hashable {
  let path: RepoPath
  let rule: String
}

extension Step {
  /// Decides for every row of the affected files what happened.
  func settle(_ work: Settlement) throws {
    var linkOfCurrent: [Int: MatchLink] = [:]
    for link in work.links { linkOfCurrent[link.current] = link }
    var claimed: [Int: Claim] = [:]
    for (index, link) in linkOfCurrent {
      guard let violation = work.previous[link.previous].violation else { continue }
      claimed[index] = Claim(violation: violation, link: link, from: work.previous[link.previous])
    }
    try applyRulings(work, &claimed)

    let held = Set(claimed.values.map(\.violation))
    let gone = work.previous.filter { row in row.violation.map { !held.contains($0) } ?? false }
    let came = work.current.indices.filter { claimed[$0] == nil }
    var fresh = came
    for (index, claim) in try reopened(work, fresh, held: held) { claimed[index] = claim }
    fresh = fresh.filter { claimed[$0] == nil }

    let changes = try RuleChanges(step: self, work: work, gone: gone, fresh: came)
    var unsureOld: Set<Neighbourhood> = []
    var unsureNew: Set<Neighbourhood> = []
    for link in work.links where link.isAmbiguous {
      let (from, to) = (work.previous[link.previous], work.current[link.current])
      unsureOld.insert(Neighbourhood(path: from.path, rule: from.tracked.finding.rule))
      unsureNew.insert(Neighbourhood(path: to.path, rule: to.tracked.finding.rule))
    }

    for row in gone {
      let place = Neighbourhood(path: row.path, rule: row.tracked.finding.rule)
      try close(row, work, changes, isAmbiguous: unsureOld.contains(place))
    }
    for (index, row) in work.current.enumerated() {
      let place = Neighbourhood(path: row.path, rule: row.tracked.finding.rule)
      let isAmbiguous = unsureNew.contains(place)
      if let claim = claimed[index] {
        assigned[index] = claim.violation
        try carryOn(row, claim, work, changes, isAmbiguous: isAmbiguous)
      } else {
        assigned[index] = try begin(
          row,
          changes,
          isAmbiguous: isAmbiguous,
          word: freed[index]
        )
      }
    }
  }

  private func close(
    _ row: Row,
    _ work: Settlement,
    _ changes: RuleChanges,
    isAmbiguous: Bool
  ) throws {
    guard let id = row.violation, var violation = try current(id), let file = work.file(of: row)
    else { return }
    let wasOpen = violation.state == .open
    let word = parted[id]
    let by = attribution(file.comparison.base, row.path, file.fate.path)
    let kind: PostingKind
    let basis: Basis
    var source = word?.entry
    if let word, word.verdict == .same || file.fate.isSame {
      // The code is as it was: only what is held for one and the same changed.
      (kind, basis) = (.rematchedOut, .declared)
    } else {
      switch try changes.leaving(row, file, isAmbiguous: isAmbiguous && word == nil) {
      case .stays(let reason):
        stand(violation, in: file, row, reason)
        return
      case .goes(let decided, let known, let entry):
        (kind, basis) = (decided, known)
        source = source ?? entry
      }
    }
    violation.state = kind == .suppressed ? .suppressed : .closed
    changed[id] = violation
    // A suppressed violation was not in the balance: it goes without a posting.
    if !wasOpen { return }
    post(
      kind,
      basis,
      id,
      path: row.path,
      by: by,
      link: word.map { _ in .correction },
      source: source
    )
  }

  /// Keeps a violation that is not reported any more.
  private func stand(
    _ violation: Violation,
    in file: OldFile,
    _ row: Row,
    _ reason: Standing.Reason
  ) {
    let old = file.rows.first { $0.violation == violation.id }
    guard let old else { return }
    // What was looked for and not seen stays so until it is looked for again.
    let isKept = reason == .notCovered && unseenBefore.contains(violation.id)
    standing[violation.id] = Standing(
      violation: violation.id,
      sighting: violation.last,
      sheet: old.sheet,
      blob: file.blob,
      reason: isKept ? .unseen : reason
    )
  }

  private func begin(
    _ row: Row,
    _ changes: RuleChanges,
    isAmbiguous: Bool,
    word: Ruling?
  ) throws -> ViolationID {
    let finding = row.tracked.finding
    let id = open(row)
    if finding.isSuppressed { return id }
    let isUnchanged = try word != nil && isUnchanged(row.path)
    if isUnchanged {
      let base = try bases.comparison(forNew: row.path)?.base
      let by = base.map { attribution($0, row.path, nil) } ?? (candidate.commit, false)
      post(
        .rematchedIn,
        .declared,
        id,
        path: row.path,
        by: by,
        link: .correction,
        source: word?.entry
      )
      return id
    }
    let decision = try changes.entering(row, isAmbiguous: isAmbiguous && word == nil)
    post(
      decision.kind,
      decision.basis,
      id,
      path: row.path,
      by: decision.attribution,
      link: word.map { _ in .correction },
      source: word?.entry
    )
    return id
  }

  /// Says whether a file of the new scans has the content that it had at the scan it is compared with.
  private func isUnchanged(_ path: RepoPath) throws -> Bool {
    guard let comparison = try bases.comparison(forNew: path) else { return false }
    return try comparison.base.origin(path, newBlob: newBlobs?[path]).isSame
  }

  /// Takes a row as the next sighting of a violation.
  private func carryOn(
    _ row: Row,
    _ claim: Claim,
    _ work: Settlement,
    _ changes: RuleChanges,
    isAmbiguous: Bool
  ) throws {
    guard var violation = try current(claim.violation) else { return }
    let finding = row.tracked.finding
    let before = violation.state
    violation.state = finding.isSuppressed ? .suppressed : .open
    violation.rule = finding.rule
    violation.level = finding.level
    violation.message = finding.message
    let oldPath = violation.last.path
    violation.last = sighting(row)
    violation.lastPosition = candidate.index
    changed[claim.violation] = violation
    recordMove(claim, from: oldPath, to: row.path)
    switch (before, violation.state) {
    case (.open, .suppressed):
      let oldBase = claim.from.flatMap(work.file)?.comparison.base
      let base = try oldBase ?? bases.comparison(forNew: row.path)?.base
      post(
        .suppressed,
        .declared,
        claim.violation,
        path: oldPath,
        by: base.map { attribution($0, row.path, oldPath) } ?? (candidate.commit, false)
      )
    case (.suppressed, .open):
      let decision = try changes.entering(row, isAmbiguous: false)
      post(
        .unsuppressed,
        claim.from == nil ? .direct : .declared,
        claim.violation,
        path: row.path,
        by: decision.attribution
      )
    case (.closed, .open):
      let word = claim.word
      let isRow = claim.takesRow
      // Nothing came back: the row belonged to another violation, and has been there.
      let decision = try changes.entering(row, isAmbiguous: isAmbiguous && word == nil)
      post(
        isRow ? .rematchedIn : .reopened,
        isRow ? .declared : decision.basis,
        claim.violation,
        path: row.path,
        by: decision.attribution,
        link: claim.link.evidence,
        source: word?.entry
      )
    default: break
    }
  }

  /// Keeps what is worth showing: another path, or a link that rests on more than an equal blob or its line map.
  private func recordMove(_ claim: Claim, from: RepoPath, to: RepoPath) {
    let evidence = claim.link.evidence
    let isPlain = [.sameBlob, .fileMap, .tokenMap].contains(evidence.stage)
    if from == to, isPlain, !claim.link.isAmbiguous { return }
    delta.moves.append(
      ViolationMove(
        violation: claim.violation,
        position: candidate.index,
        from: from,
        to: to,
        evidence: evidence,
        isAmbiguous: claim.link.isAmbiguous
      )
    )
  }

  func attribution(
    _ base: Base,
    _ path: RepoPath,
    _ other: RepoPath?
  ) -> (commit: CommitID, isExact: Bool) {
    base.attribution(other.map { $0 == path ? [path] : [path, $0] } ?? [path])
  }

  // MARK: Corrections

  /// Lets what people said of this position's rows win over the matcher.
  private func applyRulings(_ work: Settlement, _ claimed: inout [Int: Claim]) throws {
    for ruling in rulings {
      guard let row = try place(of: ruling, in: work.current) else { continue }
      switch ruling.verdict {
      case .different:
        if claimed[row]?.violation != ruling.violation { continue }
        claimed[row] = nil
        parted[ruling.violation] = ruling
        freed[row] = ruling
      case .same: try join(row, ruling, work, &claimed)
      }
    }
  }

  /// The row that a correction means: the named one, or an equal one of another scan of the position.
  func place(of ruling: Ruling, in rows: [Row]) throws -> Int? {
    let named = rows.firstIndex { sighting($0) == ruling.later }
    if named != nil || coverage.scans.count < 2 { return named }
    guard let line = try facts.tree(of: ruling.scan).line(ruling.path) else { return nil }
    let findings = try facts.sheet(line.sheet).findings
    guard findings.indices.contains(ruling.ordinal) else { return nil }
    return rows.firstIndex {
      $0.path == ruling.path && $0.tracked.finding.isSame(as: findings[ruling.ordinal])
    }
  }

  private func join(
    _ row: Int,
    _ ruling: Ruling,
    _ work: Settlement,
    _ claimed: inout [Int: Claim]
  ) throws {
    if claimed[row]?.violation == ruling.violation { return }
    let from = work.previous.firstIndex { $0.violation == ruling.violation }
    if from == nil, try isStanding(ruling.violation) {
      warnings.insert("a correction names a violation that is open elsewhere: it is left out")
      return
    }
    let other = claimed.first { $0.value.violation == ruling.violation }?.key
    if let other {
      claimed[other] = nil
      freed[other] = ruling
    }
    // What the row was linked with ends here; its id leads on to the violation that goes on.
    let before = claimed[row]
    if let before { parted[before.violation] = ruling }
    claimed[row] = Claim(
      violation: ruling.violation,
      link: MatchLink(previous: 0, current: row, evidence: .correction, isAmbiguous: false),
      from: from.map { work.previous[$0] },
      word: ruling,
      takesRow: before != nil
    )
  }

  /// Says whether a violation has a row in a file that is not looked at.
  private func isStanding(_ id: ViolationID) throws -> Bool {
    guard let violation = try current(id), violation.state != .closed else { return false }
    if try books.standing().contains(where: { $0.violation == id }) { return true }
    return try books.roster(violation.last.path)?.violations.contains(id) == true
  }
}

/// A violation that a new row goes on with.
struct Claim {
  let violation: ViolationID
  let link: MatchLink
  /// The row before; nil for one that was absent.
  let from: Row?
  /// The correction that says so; nil where the matcher does.
  var word: Ruling?
  /// True where a correction takes the row from a violation that the matcher linked it with.
  var takesRow = false
}

extension LinkEvidence {
  /// A person's word.
  static let correction = LinkEvidence(stage: .correction, score: 0, margin: nil)
}
