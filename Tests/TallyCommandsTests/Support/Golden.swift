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
  let file = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Goldens").appendingPathComponent(name)
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
  let expected = recorded.map { "--- recorded\n\($0)" } ?? "(nothing is recorded)"
  Issue.record("\(name) differs\n\(expected)\n--- now\n\(text)", sourceLocation: sourceLocation)
}
