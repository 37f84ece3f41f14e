internal import CSQLiteShim
internal import GRDB
internal import TallyModel

extension LedgerError {
  /// What an error from below is called at the surface; errors of callers pass unchanged.
  static func surfaced(_ error: any Error, path: String) -> any Error {
    switch error {
    case is Damage, is SQLiteFailure, is DatabaseError, is FormatError:
      LedgerError(error, path: path)
    default: error
    }
  }

  init(_ error: any Error, path: String) {
    switch error {
    case let error as LedgerError: self = error
    case let error as Damage: self = .corrupt(path: path, what: error.what)
    case let error as FormatError: self = .corrupt(path: path, what: "\(error)")
    case let error as SQLiteFailure:
      self = LedgerError(code: error.code, message: error.message, path: path)
    case let error as DatabaseError:
      self = LedgerError(
        code: error.extendedResultCode.rawValue,
        message: error.message ?? "\(error.resultCode)",
        path: path
      )
    default: self = .inputOutput(path: path, reason: "\(error)")
    }
  }

  private init(code: Int32, message: String, path: String) {
    // SQLITE_READONLY_ROLLBACK and SQLITE_READONLY_RECOVERY: a writer was interrupted.
    if code == SQLITE_READONLY | 3 << 8 || code == SQLITE_READONLY | 1 << 8 {
      self = .interrupted(path: path)
      return
    }
    switch code & 0xff {
    case SQLITE_NOTADB: self = .notALedger(path: path)
    case SQLITE_CORRUPT: self = .corrupt(path: path, what: message)
    case SQLITE_CONSTRAINT: self = .corrupt(path: path, what: message)
    case SQLITE_READONLY: self = .readOnly(path: path)
    case SQLITE_PERM, SQLITE_AUTH: self = .notPermitted(path: path)
    case SQLITE_FULL: self = .diskFull(path: path)
    case SQLITE_BUSY, SQLITE_LOCKED: self = .locked(path: path)
    case SQLITE_CANTOPEN: self = .inputOutput(path: path, reason: message)
    default: self = .inputOutput(path: path, reason: message)
    }
  }
}
