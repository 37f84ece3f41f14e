import Foundation

/// A file that an option names to be written.
enum OutputFile {
  /// Replaces the file's text.
  ///
  /// - Throws: `UsageError.invalidValue`.
  static func write(_ text: String, to path: String, option: String) throws {
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw refusal(path, option)
    }
  }

  /// Adds text to the end of the file, which is made where it is missing.
  ///
  /// - Throws: `UsageError.invalidValue`.
  static func append(_ text: String, to path: String, option: String) throws {
    if !FileManager.default.fileExists(atPath: path) {
      return try write(text, to: path, option: option)
    }
    do {
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(text.utf8))
    } catch {
      throw refusal(path, option)
    }
  }

  private static func refusal(_ path: String, _ option: String) -> UsageError {
    UsageError.invalidValue(
      option: option,
      value: path,
      reason: "cannot be written",
      hint: "check that the folder exists and may be written to"
    )
  }
}
