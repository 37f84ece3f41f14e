internal import GRDB

/// The layout of the file: its marks, its migrations, its settings.
enum Schema {
  /// `TLLY`, in the header of every ledger.
  static let applicationID = 0x544C_4C59

  /// What brings a file from one format to the next; the place from 1 is the format's number.
  ///
  /// A shipped migration is never edited.
  static let migrations: [[String]] = [
    [journalTables, booksTables, documentedViews]
  ]

  static var newest: Int { migrations.count }

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

  /// Brings a file up to date within the caller's transaction.
  static func migrate(_ db: Database, from version: Int) throws {
    for migration in migrations[version...] {
      for statements in migration { try db.execute(sql: statements) }
    }
    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    try db.execute(sql: "PRAGMA user_version = \(newest)")
  }
}
