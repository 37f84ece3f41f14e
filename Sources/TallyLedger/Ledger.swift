internal import CSQLiteShim
internal import GRDB
internal import TallyModel

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#else
  internal import Darwin
#endif

/// The journal and the books of a repository, in one SQLite file.
///
/// Synchronous. One writer at a time, across processes; readers see the state before or after a write, never between.
public final class Ledger: Sendable {
  /// What a file is opened for.
  public enum Mode: Sendable, Hashable {
    /// Nothing is ever written, not even a lock file.
    case readOnly
    /// An existing file.
    case readWrite
    /// A file that is made where it is missing.
    case create
  }

  /// Where the file is.
  public let path: String
  /// What it was opened for.
  public let mode: Mode
  /// What errors call it.
  private let name: String
  private let queue: DatabaseQueue
  /// True when there was no file before this was opened.
  private let isNew: Bool
  private let lockWaitMilliseconds: Int

  private init(
    path: String,
    name: String,
    mode: Mode,
    queue: DatabaseQueue,
    isNew: Bool,
    lockWaitMilliseconds: Int
  ) {
    self.path = path
    self.name = name
    self.mode = mode
    self.queue = queue
    self.isNew = isNew
    self.lockWaitMilliseconds = lockWaitMilliseconds
  }

  // MARK: Opening

  /// Opens a ledger.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - name: What errors call it, such as the path that was typed; nil for the path.
  ///   - mode: What for.
  ///   - lockWaitMilliseconds: How long a write waits for other writers.
  /// - Returns: The ledger, with its layout checked.
  /// - Throws: ``LedgerError`` where there is no ledger that can be used that way.
  public static func open(
    _ path: String,
    name: String? = nil,
    mode: Mode,
    lockWaitMilliseconds: Int = 60_000
  ) throws(LedgerError) -> Ledger {
    let name = name ?? path
    let isNew = try !checkFile(path, name, mode)
    do {
      var configuration = Configuration()
      configuration.readonly = mode == .readOnly
      configuration.label = "ledger"
      configuration.busyMode = .timeout(10)
      configuration.prepareDatabase { db in try prepare(db, mode) }
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      let ledger = Ledger(
        path: path,
        name: name,
        mode: mode,
        queue: queue,
        isNew: isNew,
        lockWaitMilliseconds: lockWaitMilliseconds
      )
      do {
        try ledger.prepareLayout()
      } catch {
        ledger.discardIfNew()
        throw error
      }
      return ledger
    } catch {
      throw LedgerError(error, path: name)
    }
  }

  /// Says whether there is a file.
  ///
  /// SQLite says "unable to open" for most of what is refused; each has its own sentence here.
  private static func checkFile(
    _ path: String,
    _ name: String,
    _ mode: Mode
  ) throws(LedgerError) -> Bool {
    var info = stat()
    if stat(path, &info) == 0 {
      if info.st_mode & S_IFMT == S_IFDIR { throw .isDirectory(path: name) }
      if access(path, R_OK) != 0 { throw .notPermitted(path: name) }
      if mode != .readOnly, access(path, W_OK) != 0 { throw .readOnly(path: name) }
      return true
    }
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) }
    switch errno {
    case EACCES: throw .notPermitted(path: name)
    case ENOENT where mode != .create: throw .missing(path: name)
    case ENOENT:
      let folder = folder.map { $0.isEmpty ? "/" : $0 } ?? "."
      guard stat(folder, &info) == 0, info.st_mode & S_IFMT == S_IFDIR else {
        throw .noFolder(path: name)
      }
      if access(folder, W_OK) != 0 { throw .readOnly(path: name) }
    case ENOTDIR: throw .noFolder(path: name)
    case let code: throw .inputOutput(path: name, reason: String(cString: strerror(code)))
    }
    return false
  }

  private static func prepare(_ db: Database, _ mode: Mode) throws {
    guard let handle = db.sqliteConnection, tally_sqlite_harden(handle) == SQLITE_OK else {
      throw SQLiteFailure(code: SQLITE_MISUSE, message: "the connection could not be hardened")
    }
    try db.execute(sql: Schema.settings)
  }

  /// Checks the marks of the file, and makes an empty one a ledger where it may be written.
  private func prepareLayout() throws {
    let (isEmpty, journal) = try queue.inDatabase { db in
      (try Self.isEmptyNow(db, name: name), try Session(db: db).text("PRAGMA journal_mode"))
    }
    if !isEmpty, mode == .readOnly || journal == "delete" { return }
    if mode == .readOnly { throw LedgerError.notALedger(path: name) }
    let lock = try LockFile(ledger: path, name: name, waitMilliseconds: lockWaitMilliseconds)
    try queue.inDatabase { db in
      try db.execute(sql: "PRAGMA journal_mode = DELETE")
      try db.inTransaction(.immediate) {
        if try Self.isEmpty(db, name: name) { try Schema.create(db) }
        return .commit
      }
    }
    _ = consume lock
  }

  /// Says whether the file is empty; refuses one that is not of this layout.
  ///
  /// In one view: between two statements another process may give the file its layout.
  private static func isEmptyNow(_ db: Database, name: String) throws -> Bool {
    var result = false
    try db.inTransaction(.deferred) {
      result = try isEmpty(db, name: name)
      return .commit
    }
    return result
  }

  /// The same inside a transaction.
  private static func isEmpty(_ db: Database, name: String) throws -> Bool {
    let session = Session(db: db)
    let mark = try session.int("PRAGMA application_id") ?? 0
    let layout = try session.int("PRAGMA user_version") ?? 0
    let tables = try session.int("SELECT count(*) FROM sqlite_schema") ?? 0
    if mark == 0, layout == 0, tables == 0 { return true }
    guard mark == Schema.applicationID, layout > 0 else {
      throw LedgerError.notALedger(path: name)
    }
    if layout < Schema.layout {
      throw LedgerError.olderVersion(path: name, found: layout, known: Schema.layout)
    }
    if layout > Schema.layout {
      throw LedgerError.newerVersion(path: name, found: layout, known: Schema.layout)
    }
    return false
  }

  // MARK: Reading and writing

  /// Reads in one consistent view.
  ///
  /// - Parameters:
  ///   - size: Read only so many entries of the journal, from the first; nil for all. The books are those of now all the same.
  ///   - body: Must not keep the reader, nor use the ledger itself.
  /// - Returns: What the closure returns.
  /// - Throws: ``LedgerError``, or what the closure throws.
  public func read<Value>(
    knownAt size: Int? = nil,
    _ body: (LedgerReader) throws -> Value
  ) throws -> Value {
    do {
      return try queue.inDatabase { db in
        var result: Value?
        try db.inTransaction(.deferred) {
          result = try body(try LedgerReader(db, knownAt: size))
          return .commit
        }
        guard let result else { throw Damage("nothing was read") }
        return result
      }
    } catch {
      throw LedgerError.surfaced(error, path: name)
    }
  }

  /// Writes in one transaction: all of it is kept, or nothing when anything is thrown.
  ///
  /// The closure must not keep the transaction, nor use the ledger itself. Throws ``LedgerError``, or what the closure throws.
  public func write<Value>(_ body: (WriteTransaction) throws -> Value) throws -> Value {
    guard mode != .readOnly else { throw LedgerError.readOnly(path: name) }
    do {
      let lock = try LockFile(ledger: path, name: name, waitMilliseconds: lockWaitMilliseconds)
      let hasMoved = try queue.inDatabase { Self.hasMoved($0) }
      if hasMoved {
        // Another process took the file away or put one in its place: what is there now counts.
        _ = consume lock
        let other = try Self.open(
          path,
          name: name,
          mode: mode,
          lockWaitMilliseconds: lockWaitMilliseconds
        )
        do {
          return try other.write(body)
        } catch {
          other.discardIfNew()
          throw error
        }
      }
      let result = try queue.inDatabase { db in
        var result: Value?
        try db.inTransaction(.immediate) {
          let transaction = try WriteTransaction(db)
          result = try body(transaction)
          try transaction.finish()
          return .commit
        }
        guard let result else { throw Damage("nothing was written") }
        return result
      }
      _ = consume lock
      return result
    } catch {
      throw LedgerError.surfaced(error, path: name)
    }
  }

  private static func hasMoved(_ db: Database) -> Bool {
    guard let handle = db.sqliteConnection else { return false }
    return tally_sqlite_has_moved(handle) != 0
  }

  /// Takes a file away that opening this ledger made, when nothing was written to it: a command that fails leaves nothing.
  ///
  /// Does nothing to a ledger that was there before or holds an entry, whoever wrote it. The ledger must not be used afterwards.
  public func discardIfNew() {
    guard isNew, mode == .create else { return }
    do {
      let lock = try LockFile(ledger: path, name: name, waitMilliseconds: lockWaitMilliseconds)
      let isEmpty = try queue.inDatabase { db in
        if Self.hasMoved(db) { return false }
        // A file without a format has no journal to look into.
        if try Self.isEmptyNow(db, name: name) { return true }
        return try LedgerReader(db, knownAt: nil).size() == 0
      }
      if isEmpty {
        // A writer that waits for the lock notices, and makes a file of its own.
        unlink(path)
        try queue.close()
      }
      _ = consume lock
    } catch {
      // It cannot be told that the file is empty: it stays.
    }
  }
}
