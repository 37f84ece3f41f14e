public import TallyModel

/// An entry without its body.
public struct EntryHead: Sendable, Hashable {
  /// The hash of everything it claims.
  public let id: EntryID
  /// Its place in this journal, from 1.
  public let sequence: Int
  /// What it claims; nil for a kind that is not known.
  public let kind: EntryKind?
  /// The version of its stored form.
  public let version: Int
  /// Who brought it, when.
  public let receipt: Receipt

  private static let columns = """
    SELECT e.sequence, e.id, e.kind, e.version, r.arrived, a.text, r.run_url, i.text
    FROM entry e
    JOIN receipt r ON r.number = e.receipt
    JOIN name a ON a.number = r.actor
    JOIN name i ON i.number = r.importer
    """

  static func read(_ session: Session, _ sequence: Int) throws -> EntryHead? {
    try session.first("\(columns) WHERE e.sequence = ?", .int(sequence), read: row)
  }

  static func list(
    _ session: Session,
    from first: Int,
    upTo last: Int,
    limit: Int
  ) throws -> [EntryHead] {
    try session.rows(
      "\(columns) WHERE e.sequence BETWEEN ? AND ? ORDER BY e.sequence LIMIT ?",
      .int(first),
      .int(last),
      .int(limit),
      read: row
    )
  }

  private static func row(_ query: Query) throws -> EntryHead {
    guard let id = query.withBytes(1, EntryID.init(bytes:)) else {
      throw Damage("entry \(query.int(0)) has no id")
    }
    return EntryHead(
      id: id,
      sequence: query.int(0),
      kind: UInt8(exactly: query.int(2)).flatMap(EntryKind.init(rawValue:)),
      version: query.int(3),
      receipt: Receipt(
        arrived: Timestamp(seconds: Int64(query.int(4))),
        actor: query.text(5),
        runURL: query.optionalText(6),
        importer: query.text(7)
      )
    )
  }
}
