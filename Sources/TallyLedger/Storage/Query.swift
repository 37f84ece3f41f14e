internal import CSQLiteShim
internal import GRDB

/// What SQLite said when it refused.
struct SQLiteFailure: Error {
  let code: Int32
  let message: String
}

/// A prepared statement at work: bound, stepped, and reset by whoever asked for it.
///
/// Rows are read from SQLite's own memory, without Foundation. GRDB keeps the statement for the next time.
struct Query {
  let statement: OpaquePointer
  private let connection: OpaquePointer

  init(_ db: Database, _ sql: String) throws {
    let cached = try db.cachedStatement(sql: sql)
    guard let handle = db.sqliteConnection else {
      throw SQLiteFailure(code: SQLITE_MISUSE, message: "the connection is closed")
    }
    statement = cached.sqliteStatement
    connection = handle
    reset()
  }

  func reset() {
    sqlite3_reset(statement)
    sqlite3_clear_bindings(statement)
  }

  /// Starts anew with the values that are bound.
  func rewind() { sqlite3_reset(statement) }

  /// Binds from the first parameter on.
  func bind(_ values: [SQLValue]) throws {
    for (index, value) in values.enumerated() { try bind(Int32(index + 1), value) }
  }

  func bind(_ index: Int32, _ value: SQLValue) throws {
    let code: Int32
    switch value {
    case .int(let number): code = sqlite3_bind_int64(statement, index, Int64(number))
    case .blob(let bytes):
      code = bytes.withUnsafeBytes {
        tally_sqlite_bind_blob(statement, index, $0.baseAddress, UInt64($0.count))
      }
    case .text(var text):
      code = text.withUTF8 {
        tally_sqlite_bind_text(statement, index, $0.baseAddress, UInt64($0.count))
      }
    case .null: code = sqlite3_bind_null(statement, index)
    }
    guard code == SQLITE_OK else { throw failure() }
  }

  /// Goes to the next row; false after the last.
  func step() throws -> Bool {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default:
      let error = failure()
      sqlite3_reset(statement)
      throw error
    }
  }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

  func int(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }

  func optionalInt(_ column: Int32) -> Int? { isNull(column) ? nil : int(column) }

  func bytes(_ column: Int32) -> [UInt8] {
    withBytes(column) { Array($0) }
  }

  /// What is made of a column's bytes where SQLite keeps them; the buffer ends with the closure.
  func withBytes<Value>(
    _ column: Int32,
    _ read: (UnsafeRawBufferPointer) throws -> Value
  ) rethrows -> Value {
    let start = sqlite3_column_blob(statement, column)
    return try read(
      UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
    )
  }

  func text(_ column: Int32) -> String {
    guard let start = sqlite3_column_text(statement, column) else { return "" }
    let count = Int(sqlite3_column_bytes(statement, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  private func failure() -> SQLiteFailure {
    SQLiteFailure(
      code: sqlite3_extended_errcode(connection),
      message: String(cString: sqlite3_errmsg(connection))
    )
  }
}

/// A value on its way into a statement.
enum SQLValue {
  case int(Int)
  case blob([UInt8])
  case text(String)
  case null

  static func optional(_ value: Int?) -> SQLValue { value.map(SQLValue.int) ?? .null }
  static func optional(_ value: String?) -> SQLValue { value.map(SQLValue.text) ?? .null }
  static func optional(_ value: [UInt8]?) -> SQLValue { value.map(SQLValue.blob) ?? .null }
}

/// A connection within one transaction, with the shorthands that everything below is written in.
struct Session {
  let db: Database

  /// Runs a statement that returns nothing.
  func run(_ sql: String, _ values: SQLValue...) throws {
    let query = try Query(db, sql)
    try query.bind(values)
    while try query.step() {}
    query.reset()
  }

  /// Every row of a statement.
  func rows<Row>(_ sql: String, _ values: SQLValue..., read: (Query) throws -> Row) throws -> [Row]
  {
    let query = try Query(db, sql)
    defer { query.reset() }
    try query.bind(values)
    var result: [Row] = []
    while try query.step() { result.append(try read(query)) }
    return result
  }

  /// The first row of a statement.
  func first<Row>(_ sql: String, _ values: SQLValue..., read: (Query) throws -> Row) throws -> Row?
  {
    let query = try Query(db, sql)
    defer { query.reset() }
    try query.bind(values)
    return try query.step() ? try read(query) : nil
  }

  /// The first column of the first row.
  func int(_ sql: String, _ values: SQLValue...) throws -> Int? {
    let query = try Query(db, sql)
    defer { query.reset() }
    try query.bind(values)
    return try query.step() ? query.optionalInt(0) : nil
  }

  /// The first column of the first row, as text.
  func text(_ sql: String) throws -> String? { try first(sql) { $0.optionalText(0) } ?? nil }

  /// The row number that the last insert made.
  var lastRow: Int { Int(db.lastInsertedRowID) }
}
