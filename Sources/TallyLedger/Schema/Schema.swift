internal import GRDB

/// The layout of the file: its marks, its tables, its settings.
enum Schema {
  /// `TLLY`, in the header of every ledger.
  static let applicationID = 0x544C_4C59

  /// The number of the layout, in the header of every ledger; one of another number is refused.
  ///
  /// Raised when the tables, a stored form, or the books of equal facts become others.
  static let layout = 4

  private static let statements = [journalTables, booksTables, documentedViews]

  /// Settings of a connection; none of them is stored in the file.
  static let settings = """
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA secure_delete = ON;
    PRAGMA synchronous = FULL;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -32768;
    """

  /// Makes an empty file a ledger, within the caller's transaction.
  static func create(_ db: Database) throws {
    for statement in statements { try db.execute(sql: statement) }
    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    try db.execute(sql: "PRAGMA user_version = \(layout)")
  }
}
