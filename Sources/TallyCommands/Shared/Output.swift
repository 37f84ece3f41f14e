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
      note("error: standard output cannot be written: \(String(cString: strerror(failure)))")
      exit(2)
    }
  }

  /// Writes a line.
  static func line(_ text: String) { write(text + "\n") }

  /// Writes a value as JSON with sorted keys and a final newline.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
  }

  /// Writes a line to standard error.
  static func note(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
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
      Output.write(answer.text(try Surroundings.style()))
    }
    for warning in answer.warnings { Output.note("warning: \(warning)") }
  }
}
