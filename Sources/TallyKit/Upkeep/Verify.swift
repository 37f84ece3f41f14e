import TallyLedger
import TallyModel
import TallyReport

/// What is wrong with a ledger.
public struct VerifyAnswer: CommandAnswer {
  /// A scan that does not count, because a later run of its commit is recorded.
  public struct Superseded: Codable, Sendable, Hashable {
    /// The entry, 64 hexadecimal digits.
    public var entry: String
    /// Its lane, such as `ruff@main`.
    public var lane: String
    /// The commit, all digits.
    public var commit: String
    /// The entries that count instead.
    public var by: [String]
  }

  /// The form of this answer.
  public var version = 1
  /// Sentences, one for each thing that is wrong; empty for a whole ledger.
  public var findings: [String]
  /// Scans that do not count, in the order of their lanes and commits; nothing is wrong with them.
  public var superseded: [Superseded] = []
  /// How many entries were hashed again.
  public var size: Int
  /// The root of the journal's log, 64 hexadecimal digits.
  public var root: String
  /// The digest over the claims, independent of order.
  public var stateDigest: String
  /// The digest over the books, independent of order.
  public var booksDigest: String

  /// A line for each finding, or one sentence.
  public func text(_ style: TextStyle) -> String {
    if findings.isEmpty {
      return
        "\(Wording.counted(size, "entry", "entries")), root \(root)\nstate \(stateDigest)\nbooks \(booksDigest)\n"
        + "all is well: every hash, the log and the books agree\n" + supersededText
    }
    return findings.map { "wrong: \(VisibleText.line($0))\n" }.joined()
  }

  /// How many scans a text lists.
  private static let limit = 20

  private var supersededText: String {
    let lines = superseded.prefix(Self.limit).map { scan in
      "superseded: \(scan.entry.prefix(12)) of \(VisibleText.line(scan.lane)) at "
        + "\(scan.commit.prefix(9)), by \(scan.by.map { String($0.prefix(12)) }.joined(separator: ", "))\n"
    }
    let rest = superseded.count - lines.count
    return lines.joined() + (rest > 0 ? "superseded: and \(rest) more\n" : "")
  }
}

extension Workspace {
  /// Checks that a ledger is whole and that its books follow from its journal.
  ///
  /// Nothing is written.
  ///
  /// - Throws: `LedgerError` when it cannot be checked at all.
  public func verify(
    progress: @Sendable (String) -> Void = { _ in }
  ) async throws -> VerifyAnswer {
    progress("Hashing")
    let ledger = try openLedger(.readOnly)
    var findings = try ledger.verifyBasic().map { "\($0.what) [\($0.code)]" }
    progress("Making the books again")
    let (answer, differs) = try ledger.read { reader in
      let answer = VerifyAnswer(
        findings: [],
        superseded: try reader.postedLanes().flatMap { lane in
          try reader.positions(of: lane).flatMap { position in
            position.superseded.map { scan in
              VerifyAnswer.Superseded(
                entry: scan.description,
                lane: lane.description,
                commit: position.commit.description,
                by: position.scans.map(\.description)
              )
            }
          }
        },
        size: try reader.size(),
        root: try reader.root().description,
        stateDigest: try reader.stateDigest().description,
        booksDigest: try reader.booksDigest().description
      )
      let merges = try reader.unfoundedMerges().map { merge in
        "the merge entry \(merge.entry.description.prefix(12)) records a log of \(merge.size) entries "
          + "whose beginning is not known here [log.merge]"
      }
      return (answer, try merges + BooksComparison(reader: reader).differences())
    }
    findings += differs
    var result = answer
    result.findings = findings
    return result
  }
}
