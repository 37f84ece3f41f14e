import Foundation
import Testing

/// Programs that a test runs and that a machine may not have.
enum Tools {
  /// Goes on where all are there; else the test is cancelled with a sentence, or fails where `CI` is set.
  static func need(
    _ names: String...,
    in sandbox: Sandbox,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for name in names where try sandbox.shell("command -v \(name)").status != 0 {
      let isCI = ProcessInfo.processInfo.environment["CI"]?.isEmpty == false
      if isCI {
        Issue.record("not found on PATH: \(name)", sourceLocation: sourceLocation)
        throw Refused(errors: "not found on PATH: \(name)")
      }
      try Test.cancel("not found on PATH: \(name)")
    }
  }

  /// The path of a script of the project's `tools/`.
  static func path(_ name: String) -> String {
    Golden.project.appendingPathComponent("tools/\(name)").path
  }
}
