import Foundation
import Testing

/// Compares a text with a golden file: written first and failed, so that a person looks at it.
///
/// `UPDATE_GOLDENS=1` rewrites the file, and the test still fails.
func expectGolden(_ text: String, _ name: String, location: SourceLocation = #_sourceLocation)
  throws
{
  let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Goldens/\(name)")
  let known = try? String(contentsOf: file, encoding: .utf8)
  let updates = ProcessInfo.processInfo.environment["UPDATE_GOLDENS"] == "1"
  if known == text, !updates { return }
  if known == nil || updates {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try text.write(to: file, atomically: true, encoding: .utf8)
    Issue.record("recorded golden \(name); look at it and run again", sourceLocation: location)
    return
  }
  let expected = (known ?? "").split(separator: "\n", omittingEmptySubsequences: false)
  let actual = text.split(separator: "\n", omittingEmptySubsequences: false)
  let line = zip(expected, actual).enumerated().first { $0.element.0 != $0.element.1 }?.offset
  let at = line ?? min(expected.count, actual.count)
  Issue.record(
    """
    golden \(name) differs at line \(at + 1)
    expected: \(at < expected.count ? String(expected[at]) : "(end)")
    actual:   \(at < actual.count ? String(actual[at]) : "(end)")
    """,
    sourceLocation: location
  )
}
