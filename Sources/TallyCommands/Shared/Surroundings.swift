import Foundation
import TallyKit
import TallyModel

#if canImport(Glibc)
  import Glibc
#endif

/// What the process finds around it, read once at the start and passed down.
struct Surroundings: Sendable {
  /// Every environment variable.
  let environment: [String: String]
  /// The working directory, absolute.
  let folder: String
  /// The present; `TALLY_NOW` replaces it, so that a recording can be replayed.
  let now: Timestamp

  /// Reads clock, environment and working directory.
  ///
  /// - Throws: `EnvironmentError` when `TALLY_NOW` is not a time.
  static func current() throws -> Surroundings {
    let environment = ProcessInfo.processInfo.environment
    let settings = try ProcessSettings(environment)
    let clock = Timestamp(seconds: Int64(Date().timeIntervalSince1970.rounded(.down)))
    return Surroundings(
      environment: environment,
      folder: FileManager.default.currentDirectoryPath,
      now: settings.now ?? clock
    )
  }

  /// How text goes to standard output.
  static func style() throws -> TextStyle {
    let settings = try ProcessSettings(ProcessInfo.processInfo.environment)
    let columns = terminalColumns
    return TextStyle(
      columns: settings.columns ?? columns,
      colour: settings.usesColour(isTerminal: columns != nil)
    )
  }

  /// How many columns the terminal has; nil when output does not go to one.
  static var terminalColumns: Int? {
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}

/// A value on the command line or in the environment that cannot be used.
enum UsageError: UserFacingError, Equatable {
  /// What was typed after `--from` or `--until` is neither a date nor a number of days.
  case notATime(option: String, value: String)
  /// What was typed is not `NAME=NUMBER`.
  case notAMeasurement(value: String)
  /// A file that an option names cannot be read or written.
  case invalidValue(option: String, value: String, reason: String, hint: String)

  var code: String {
    switch self {
    case .notATime: "usage.time"
    case .notAMeasurement: "usage.measurement"
    case .invalidValue: "usage.value"
    }
  }

  var description: String {
    switch self {
    case .notATime(let option, let value): "\(option) '\(value)' is not a date or time"
    case .notAMeasurement(let value): "'\(value)' is not a measurement"
    case .invalidValue(let option, let value, let reason, _): "\(option) '\(value)' \(reason)"
    }
  }

  var hint: String? {
    switch self {
    case .notATime: "write 2026-11-20, 2026-11-20T08:00:00Z or 30d (days from now)"
    case .notAMeasurement: "write NAME=NUMBER with the unit in the name, such as rss_mb=412"
    case .invalidValue(_, _, _, let hint): hint
    }
  }
}
