public import TallyModel

/// Why the ledger could not be opened, read or written.
///
/// Nothing has been written when one is thrown.
public enum LedgerError: UserFacingError, Equatable {
  /// There is no file.
  case missing(path: String)
  /// There is no folder to make the file in.
  case noFolder(path: String)
  /// It is a folder.
  case isDirectory(path: String)
  /// It is another program's file.
  case notALedger(path: String)
  /// An older tally made it, in a layout that is not read any more.
  case olderVersion(path: String, found: Int, known: Int)
  /// A newer tally made it.
  case newerVersion(path: String, found: Int, known: Int)
  /// It holds entries of kinds or versions that only a newer tally understands.
  case newerEntries(Int)
  /// The file, its folder or the disk cannot be written.
  case readOnly(path: String)
  /// It may not be read.
  case notPermitted(path: String)
  /// There is no room left.
  case diskFull(path: String)
  /// Another program held it too long.
  case locked(path: String)
  /// A writer was interrupted, and the file is opened for reading only.
  case interrupted(path: String)
  /// What is stored is not what was written.
  case corrupt(path: String, what: String)
  /// The disk failed.
  case inputOutput(path: String, reason: String)
  /// Something is larger than the format allows.
  case limitExceeded(what: String, found: Int, limit: Int)
  /// A value that the format does not allow; the caller is at fault.
  case invalid(what: String, reason: String)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .missing: "ledger.missing"
    case .noFolder: "ledger.no-folder"
    case .isDirectory: "ledger.is-directory"
    case .notALedger: "ledger.not-a-ledger"
    case .olderVersion: "ledger.older-version"
    case .newerVersion: "ledger.newer-version"
    case .newerEntries: "ledger.newer-entries"
    case .readOnly: "ledger.read-only"
    case .notPermitted: "ledger.not-permitted"
    case .diskFull: "ledger.disk-full"
    case .locked: "ledger.locked"
    case .interrupted: "ledger.interrupted"
    case .corrupt: "ledger.corrupt"
    case .inputOutput: "ledger.io"
    case .limitExceeded: "ledger.limit"
    case .invalid: "ledger.invalid"
    }
  }

  /// One sentence.
  public var description: String {
    switch self {
    case .missing(let path): "there is no ledger at '\(path)'"
    case .noFolder(let path): "'\(path)' cannot be made, because its folder does not exist"
    case .isDirectory(let path): "'\(path)' is a folder, not a ledger"
    case .notALedger(let path): "'\(path)' is not a ledger"
    case .olderVersion(let path, let found, let known),
      .newerVersion(let path, let found, let known):
      "'\(path)' has layout \(found), and this tally reads layout \(known)"
    case .newerEntries(1): "1 entry of the ledger is of a kind that only a newer tally understands"
    case .newerEntries(let count):
      "\(count) entries of the ledger are of kinds that only a newer tally understands"
    case .readOnly(let path): "'\(path)' cannot be written"
    case .notPermitted(let path): "'\(path)' may not be read"
    case .diskFull(let path): "there is no room left on the disk of '\(path)'"
    case .locked(let path): "'\(path)' was in use by another program for too long"
    case .interrupted(let path):
      "'\(path)' was left by an interrupted writer, and cannot be mended while it is read-only"
    case .corrupt(let path, let what): "'\(path)' is damaged: \(what)"
    case .inputOutput(let path, let reason): "'\(path)' could not be read or written: \(reason)"
    case .limitExceeded(let what, let found, let limit):
      "\(what) has \(found), and the most that can be stored is \(limit)"
    case .invalid(let what, let reason): "\(what) cannot be stored: \(reason)"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .missing: "record a scan to make one: tally ingest FILE"
    case .noFolder: "make the folder first"
    case .isDirectory: "name the file, such as ledger.db inside it"
    case .notALedger: "check --ledger and the path in tally.yml"
    case .olderVersion:
      "ingest the reports again into a new ledger: move this file away, or name another with --ledger"
    case .newerVersion, .newerEntries: "update tally"
    case .readOnly, .notPermitted: "check the permissions of the file and its folder"
    case .diskFull: "make room and run the command again; nothing was written"
    case .locked: "run the command again when the other one has ended"
    case .interrupted: "run any command that may write, such as tally rebuild, once"
    case .corrupt: "restore a copy; tally verify lists everything that is wrong"
    case .inputOutput: "check the disk; nothing was written"
    case .limitExceeded: "split the report, or narrow down what the tool scans"
    case .invalid: "please report it, with the file that was recorded"
    }
  }

  /// Runs an encoder, whose complaints are about what it was given.
  static func refusing<Value>(
    _ encode: () throws(FormatError) -> Value
  ) throws(LedgerError) -> Value {
    do {
      return try encode()
    } catch {
      throw switch error {
      case .limit(let what, let found, let limit):
        LedgerError.limitExceeded(what: what, found: found, limit: limit)
      case .length(let what): LedgerError.invalid(what: what, reason: "its bytes end early")
      case .invalid(let what): LedgerError.invalid(what: what, reason: "its value is not allowed")
      case .unsorted(let what):
        LedgerError.invalid(what: what, reason: "it is not sorted, or holds something twice")
      }
    }
  }
}

extension FormatError: CustomStringConvertible {
  var description: String {
    switch self {
    case .length(let what): "\(what) has the wrong length"
    case .invalid(let what): "\(what) has a value that is not allowed"
    case .unsorted(let what): "\(what) is not sorted"
    case .limit(let what, let found, let limit): "\(what) has \(found), more than \(limit)"
    }
  }
}
