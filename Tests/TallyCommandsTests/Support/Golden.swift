import Foundation
import Testing

/// A recorded file, which is reviewed like code.
///
/// `UPDATE_GOLDENS=1` writes the file, and the test still fails: nobody records and passes in one run.
struct Golden {
  let name: String
  private let file: URL

  /// The golden of a name, in `Goldens/` unless another file of the project is named.
  init(_ name: String, at file: URL? = nil) {
    self.name = name
    self.file = file ?? Self.folder.appendingPathComponent(name)
  }

  /// The folder of this target.
  static let target = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
  /// Where goldens are.
  static let folder = target.appendingPathComponent("Goldens")
  /// The top of the checkout.
  static let project = target.deletingLastPathComponent().deletingLastPathComponent()

  /// What is recorded; nil where nothing is.
  var recorded: String? { try? String(contentsOf: file, encoding: .utf8) }

  /// The lines from one that is the title up to the next empty one.
  func section(titled title: String) -> String? {
    guard let lines = recorded?.components(separatedBy: "\n"),
      let start = lines.firstIndex(of: title)
    else { return nil }
    let end = lines[start...].firstIndex(of: "") ?? lines.endIndex
    return lines[start..<end].joined(separator: "\n") + "\n"
  }

  /// Compares, or records.
  func expect(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let recorded = recorded
    if recorded == text { return }
    if ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(),
        withIntermediateDirectories: true
      )
      try Data(text.utf8).write(to: file)
      Issue.record("recorded \(name): look at it, then run again", sourceLocation: sourceLocation)
      return
    }
    let difference = recorded.map { Self.difference($0, text) } ?? "nothing is recorded"
    Issue.record(
      "\(name) differs; UPDATE_GOLDENS=1 records it\n\(difference)",
      sourceLocation: sourceLocation
    )
  }

  /// The lines that differ, each with its sign.
  private static func difference(_ old: String, _ new: String) -> String {
    let changes = new.components(separatedBy: "\n")
      .difference(from: old.components(separatedBy: "\n"))
    return changes.prefix(60).map { change in
      switch change {
      case .remove(let line, let text, _): "-\(line + 1): \(text)"
      case .insert(let line, let text, _): "+\(line + 1): \(text)"
      }
    }.joined(separator: "\n")
  }
}

/// Compares text with a recorded file of `Goldens/`.
func expectGolden(
  _ text: String,
  _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  try Golden(name).expect(text, sourceLocation: sourceLocation)
}
