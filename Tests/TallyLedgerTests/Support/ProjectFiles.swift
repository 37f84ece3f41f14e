import Foundation

/// Files of the project that tests read, found from where this file is.
enum ProjectFiles {
  static func path(_ relative: String) -> String {
    let parts = #filePath.split(separator: "/").dropLast(4)
    return "/" + parts.joined(separator: "/") + "/" + relative
  }

  static func text(_ relative: String) throws -> String {
    try String(contentsOfFile: path(relative), encoding: .utf8)
  }

  static func write(_ text: String, to relative: String) throws {
    try text.write(toFile: path(relative), atomically: false, encoding: .utf8)
  }

  /// Whether goldens are to be written anew.
  static var updatesGoldens: Bool {
    ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1"
  }
}
