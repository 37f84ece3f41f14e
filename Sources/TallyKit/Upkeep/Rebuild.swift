import TallyLedger
import TallyModel
import TallyReport
import TallyTracking

/// What a rebuild did.
public struct RebuildAnswer: CommandAnswer {
  /// The form of this answer.
  public var version = 1
  /// The digest of the books before, 64 hexadecimal digits.
  public var before: String
  /// The digest of the books now, 64 hexadecimal digits.
  public var after: String
  /// How many lanes were posted.
  public var lanes: Int
  /// How many entries the journal holds.
  public var size: Int
  /// The version of the matcher that links findings from now on.
  public var matcher: Int
  /// The entry that records a new matcher, 64 hexadecimal digits; nil where none was recorded.
  public var entry: String?
  /// How many violations left the open balance because the new matcher holds their rows for others.
  public var rematchedOut: Int
  /// How many entered it instead.
  public var rematchedIn: Int
  /// True when the books were not what the journal says.
  public var changed: Bool { before != after }

  /// One sentence.
  public func text(_ style: TextStyle) -> String {
    let noun = lanes == 1 ? "lane" : "lanes"
    if entry != nil {
      let what =
        rematchedOut + rematchedIn == 0
        ? "nothing open is held for anything else"
        : "\(rematchedOut) rematched out, \(rematchedIn) rematched in"
      return
        "matcher \(matcher) links the findings of \(lanes) \(noun) from now on; \(what); "
        + "what was posted before stays\n"
    }
    let verdict =
      changed
      ? "they differed, and are right now: \(before.prefix(12)) became \(after.prefix(12))"
      : "they are what they were: \(after.prefix(12))"
    return
      "made the books of \(lanes) \(noun) from \(Wording.counted(size, "entry", "entries")); \(verdict)\n"
  }
}

extension Workspace {
  /// Makes the books again from the journal, without any repository.
  ///
  /// - Parameters:
  ///   - matcher: the version that links findings from now on; nil for the one that does. What was posted before stays, and what is held
  ///     for something else from now on is posted as rematched.
  ///   - progress: gets a sentence at each stage.
  /// - Returns: What came of it.
  /// - Throws: ``MatcherError``, `LedgerError`.
  public func rebuild(
    matcher: Int? = nil,
    progress: @Sendable (String) -> Void = { _ in }
  ) async throws -> RebuildAnswer {
    if let matcher, !Matcher.versions.contains(matcher) {
      throw MatcherError.unknown(matcher, known: Matcher.versions)
    }
    let ledger = try openLedger(.readWrite)
    return try ledger.write { transaction in
      let before = try transaction.booksDigest().description
      let entries = try matcher.map { try record(matcher: $0, in: transaction) } ?? []
      try BooksKeeper(transaction: transaction).deriveAll(progress: progress)
      var rematched: [PostingKind: Int] = [:]
      for lane in entries.isEmpty ? [] : try transaction.lanes() {
        for posting in try transaction.postings(of: lane) {
          guard let source = posting.source, entries.contains(source) else { continue }
          rematched[posting.kind, default: 0] += 1
        }
      }
      return RebuildAnswer(
        before: before,
        after: try transaction.booksDigest().description,
        lanes: try transaction.lanes().count,
        size: try transaction.size(),
        matcher: try transaction.booksMeta().matcherVersion,
        entry: entries.first?.description,
        rematchedOut: rematched[.rematchedOut] ?? 0,
        rematchedIn: rematched[.rematchedIn] ?? 0
      )
    }
  }

  /// Says in the journal that another matcher links from now on, for each project that has another one.
  private func record(
    matcher version: Int,
    in transaction: WriteTransaction
  ) throws -> [EntryID] {
    let text = try transaction.saveText(String(version))
    let drafts = try transaction.matcherVersions().filter { $0.value != version }.keys.sorted()
      .map { project in
        // Later than the one before, also within a second.
        let last = try transaction.matcherChanges(project: project).last?.effective
        let record = ConfigRecord(
          project: project,
          commit: nil,
          effective: max(now, last?.adding(seconds: 1) ?? now),
          files: [ConfigRecord.File(path: ConfigRecord.matcherFile, text: text)]
        )
        return try EntryDraft(.config(record))
      }
    return try transaction.append(drafts, receipt: receipt(importer: "rebuild/1")).appended
  }
}
