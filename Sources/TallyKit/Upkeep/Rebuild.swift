import TallyLedger
import TallyModel
import TallyReport

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
  /// True when the books were not what the journal says.
  public var changed: Bool { before != after }

  /// One sentence.
  public func text(_ style: TextStyle) -> String {
    let noun = lanes == 1 ? "lane" : "lanes"
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
  /// - Parameter progress: gets a sentence at each stage.
  /// - Returns: What came of it.
  /// - Throws: `LedgerError`.
  public func rebuild(
    progress: @Sendable (String) -> Void = { _ in }
  ) async throws -> RebuildAnswer {
    let ledger = try openLedger(.readWrite)
    return try ledger.write { transaction in
      let before = try transaction.booksDigest().description
      try BooksKeeper(transaction: transaction).deriveAll(progress: progress)
      return RebuildAnswer(
        before: before,
        after: try transaction.booksDigest().description,
        lanes: try transaction.lanes().count,
        size: try transaction.size()
      )
    }
  }
}
