import ArgumentParser
import Foundation
import TallyKit
import TallyModel

#if canImport(Glibc)
  import Glibc
#endif

/// How a command answers.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case text
  case json
}

/// Writes what was asked for to standard output and everything else to standard error.
///
/// A reader that goes away (`tally list | head`) is success: the process ends with status 0.
enum Output {
  /// Writes text as it is.
  static func write(_ text: String) {
    var text = text
    let failure: Int32 = text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Glibc.write(STDOUT_FILENO, rest.baseAddress, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          return errno
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return 0
    }
    if failure == EPIPE { exit(0) }
    if failure != 0 {
      report(StreamError.output(reason: String(cString: strerror(failure))))
      exit(2)
    }
  }

  /// Writes a line.
  static func line(_ text: String) { write(text + "\n") }

  /// Writes a value as JSON with sorted keys and a final newline.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    write(VisibleOutput.json(String(decoding: try encoder.encode(value), as: UTF8.self)) + "\n")
  }

  /// Writes a line to standard error; what would act on a terminal is shown instead.
  static func note(_ text: String) {
    let shown = VisibleOutput.withoutCommands(VisibleOutput.text(text))
    try? FileHandle.standardError.write(contentsOf: Data((shown + "\n").utf8))
  }

  /// Writes commands for the host of a CI job to standard error, as they are.
  static func commands(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// Writes a question to standard error, its answer to follow on the same line.
  static func prompt(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(VisibleOutput.text(text).utf8))
  }

  /// Writes an error the way every command does: sentence, code, hint.
  static func report(_ error: any UserFacingError) {
    note("error: \(error.description) [\(error.code)]")
    if let hint = error.hint { note("hint: \(hint)") }
  }
}

extension OutputFormat {
  /// Prints a use case's answer in this form, its warnings on standard error.
  func answer(_ answer: some CommandAnswer) throws {
    switch self {
    case .json: try Output.json(answer)
    case .text:
      Output.write(VisibleOutput.withoutCommands(answer.text(try Surroundings.style())))
    }
    for warning in answer.warnings { Output.note("warning: \(warning)") }
  }
}

/// A standard stream that does not work.
enum StreamError: UserFacingError, Hashable {
  /// Standard input cannot be read.
  case input(reason: String)
  /// Standard output cannot be written.
  case output(reason: String)

  var code: String {
    switch self {
    case .input: "stream.input"
    case .output: "stream.output"
    }
  }

  var description: String {
    switch self {
    case .input(let reason): "standard input cannot be read: \(reason)"
    case .output(let reason): "standard output cannot be written: \(reason)"
    }
  }

  var hint: String? {
    switch self {
    case .input: "pipe the report into the command, or name its file instead of -"
    case .output: "check where the output goes; the command itself was done"
    }
  }
}

/// An error that no part of the program expects; a mistake in Tally.
struct UnexpectedError: UserFacingError {
  let error: any Error

  var code: String { "internal" }
  var description: String { "something went wrong that should not have: \(error)" }
  var hint: String? { "please report it, with the command and its output" }
}
