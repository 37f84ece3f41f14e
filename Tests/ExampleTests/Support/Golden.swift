import Foundation
import Testing

/// Compares text with a recorded file, which is reviewed like code.
///
/// `UPDATE_GOLDENS=1` writes the file, and the test still fails: nobody records and passes in one run.
func expectGolden(
  _ text: String,
  _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = Example.root.appendingPathComponent("Tests/ExampleTests/Goldens/\(name)")
  let recorded = try? String(contentsOf: file, encoding: .utf8)
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
  let old = recorded?.split(separator: "\n", omittingEmptySubsequences: false) ?? []
  let new = text.split(separator: "\n", omittingEmptySubsequences: false)
  let changes = new.difference(from: old).map { change in
    switch change {
    case .insert(_, let line, _): "+ \(line)"
    case .remove(_, let line, _): "- \(line)"
    }
  }
  Issue.record(
    "\(name) \(recorded == nil ? "is not recorded" : "differs")\n\(changes.joined(separator: "\n"))",
    sourceLocation: sourceLocation
  )
}
