import Foundation
import TallyKit

/// The file of a posted text.
enum PostFile {
  /// Its bytes, or a few more than a post may have.
  ///
  /// - Throws: `CheckError.unreadable`, `StreamError`.
  static func read(_ path: String) throws -> [UInt8] {
    let enough = Workspace.postBytesMax
    if path == "-" { return try StandardInput.read(enough: enough) }
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      return [UInt8](try handle.read(upToCount: enough + 1) ?? Data())
    } catch {
      throw CheckError.unreadable(path)
    }
  }

  /// What messages call it.
  static func name(_ path: String) -> String { path == "-" ? "standard input" : path }
}
