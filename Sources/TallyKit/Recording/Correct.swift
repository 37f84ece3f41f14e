import TallyBooks
import TallyLedger
public import TallyModel
import TallyReport

/// What a person's correction did.
public struct CorrectionAnswer: CommandAnswer {
  /// The form of this answer.
  public var version = 1
  /// The entry, 64 hexadecimal digits.
  public var entry: String
  /// False when the journal held this entry already.
  public var isNew: Bool
  /// One line for people.
  public var sentence: String
  /// The id of the violation that goes on as before.
  public var violation: String
  /// The id of the other: of a split the new one, of a join the one that is answered by `violation` now.
  public var other: String
  /// The commit at which the correction counts first, all digits.
  public var commit: String
  /// How many entries the journal holds now.
  public var size: Int
  /// The root of the journal's log, 64 hexadecimal digits.
  public var root: String

  /// The sentence, and the journal's size and root.
  public func text(_ style: TextStyle) -> String {
    let note = isNew ? "" : "  recorded before, nothing changed"
    return "\(VisibleText.line(sentence))\(note)  root \(size):\(root.prefix(12))\n"
  }
}

/// Why a person's correction was not recorded.
public enum CorrectionError: UserFacingError, Hashable {
  /// Both ids are of one violation.
  case same(String, String)
  /// The violations live in different lanes.
  case otherLane(String, String, lanes: [String])
  /// The violations are of different rules.
  case otherRule(String, String, rules: [String])
  /// Both were there in one scan, so they are two.
  case bothThere(String, String, commit: String)
  /// One was seen between sightings of the other.
  case interleaved(String, String)
  /// The violation was never linked: it has one sighting.
  case neverLinked(String)
  /// No scan of the violation's lane is of a commit that begins like this.
  case unknownCommit(String, lane: String)
  /// Scans of several commits of the lane begin like this.
  case ambiguousCommit(String, count: Int)
  /// The violation was not seen at the commit.
  case notSeen(String, commit: String)
  /// The violation begins at the commit.
  case beginsThere(String, commit: String)
  /// An earlier correction says the opposite of the same rows.
  case contradicts(entry: String, isJoin: Bool)
  /// The very same was recorded before and taken back.
  case takenBack(retraction: String)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .same: "correction.same"
    case .otherLane: "correction.other-lane"
    case .otherRule: "correction.other-rule"
    case .bothThere: "correction.both-there"
    case .interleaved: "correction.interleaved"
    case .neverLinked: "correction.never-linked"
    case .unknownCommit: "correction.unknown-commit"
    case .ambiguousCommit: "correction.ambiguous-commit"
    case .notSeen: "correction.not-seen"
    case .beginsThere: "correction.begins-there"
    case .contradicts: "correction.contradicts"
    case .takenBack: "correction.taken-back"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .same(let first, let second):
      first == second
        ? "\(first) cannot be joined with itself" : "\(first) and \(second) are one already"
    case .otherLane(let first, let second, let lanes):
      "\(first) and \(second) are of different lanes: \(lanes.joined(separator: " and "))"
    case .otherRule(let first, let second, let rules):
      "\(first) and \(second) are of different rules: \(rules.joined(separator: " and "))"
    case .bothThere(let first, let second, let commit):
      "\(first) and \(second) were both there at \(commit): they are two"
    case .interleaved(let first, let second):
      "\(first) was seen again after \(second) began: which rows are one is not clear"
    case .neverLinked(let id): "\(id) was never linked with anything: it has one sighting"
    case .unknownCommit(let text, let lane): "no scan of \(lane) is of a commit '\(text)'"
    case .ambiguousCommit(let text, let count): "'\(text)' is the beginning of \(count) commits"
    case .notSeen(let id, let commit): "\(id) was not seen at \(commit)"
    case .beginsThere(let id, let commit): "\(id) begins at \(commit): there is nothing before"
    case .contradicts(let entry, let isJoin):
      isJoin
        ? "the entry \(entry) says that these rows are one violation"
        : "the entry \(entry) says that these rows are two violations"
    case .takenBack: "the very same was recorded before, and taken back"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .same: "'tally show' tells all ids of a violation"
    case .otherLane: "'tally lane rename' goes on with a lane under another name"
    case .otherRule: "name the rule that replaced another under 'rule_aliases' in tally.yml"
    case .bothThere: "if the wrong rows are linked, split one of them first: 'tally split ID'"
    case .interleaved(let first, _):
      "split \(first) where it came back, then join what is left: 'tally split \(first) --at COMMIT'"
    case .neverLinked: "'tally show' tells where a violation was seen"
    case .unknownCommit: "'tally show' tells the commits of a violation's life"
    case .ambiguousCommit: "write more digits"
    case .notSeen, .beginsThere: "'tally show' tells where it was; name a later commit with --at"
    case .contradicts(let entry, _): "take that back: 'tally retract \(entry) --why TEXT'"
    case .takenBack(let retraction):
      "take the retraction back: 'tally retract \(retraction) --why TEXT'"
    }
  }
}

extension Workspace {
  /// Says that from a commit on a violation is another one: its rows were wrongly linked.
  ///
  /// - Parameters:
  ///   - written: the violation's id.
  ///   - commit: the first commit at which it is another one; nil for the last link that was not certain, else the last of all.
  ///   - reason: why.
  ///   - owner: who says so; nil for the person at the keyboard.
  /// - Returns: The ids of both.
  /// - Throws: ``CorrectionError``, ``RecordingError``, ``WorkspaceError``, `LedgerError`.
  public func split(
    _ written: String,
    at commit: String?,
    reason: String,
    by owner: String?
  ) async throws -> CorrectionAnswer {
    let commit = await commitName(commit)
    return try await correct(reason, by: owner) { desk in
      try desk.split(desk.violation(written), at: commit)
    }
  }

  /// Says that two violations are one; the one that began first goes on.
  ///
  /// - Throws: ``CorrectionError``, ``RecordingError``, ``WorkspaceError``, `LedgerError`.
  public func join(
    _ first: String,
    _ second: String,
    reason: String,
    by owner: String?
  ) async throws -> CorrectionAnswer {
    try await correct(reason, by: owner) { desk in
      let (one, two) = (try desk.violation(first), try desk.violation(second))
      if one.id == two.id { throw CorrectionError.same(first.uppercased(), second.uppercased()) }
      return try desk.join(one, two)
    }
  }

  private func correct(
    _ reason: String,
    by owner: String?,
    _ body: @Sendable (CorrectionDesk) throws -> CorrectionDesk.Word
  ) async throws -> CorrectionAnswer {
    let reason = reason.trimmed
    if reason.isEmpty { throw RecordingError.emptyReason }
    let owner = try await person(owner)
    let receipt = { importer in self.receipt(importer: importer, actor: owner) }
    let ledger = try openLedger(.readWrite)
    return try ledger.write { transaction in
      let view = try BooksView.load(transaction, time: .present(now))
      // What is said of the books before the word is asked for when they have changed.
      _ = try view.accounts
      let desk = CorrectionDesk(transaction: transaction, view: view)
      return try desk.record(try body(desk), reason: reason, by: owner, receipt: receipt)
    }
  }
}
