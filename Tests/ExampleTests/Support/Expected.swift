import Foundation
import Testing

/// The story's own truth, made by `truth.py` from the steps and the raw SARIF.
struct Expected: Decodable, Sendable {
  struct KeyCommit: Decodable, Sendable, Hashable {
    let commit: String
    let closed: Int
  }
  struct Measurement: Decodable, Sendable {
    let commit: String
    let name: String
    let median: Double
  }
  struct Cause: Decodable, Sendable {
    let cause: String
    let rule: String
    let path: String
    let line: Int
    let from: String?
    let touchedBy: [String]?

    var isPosted: Bool { cause != "moved" && cause != "carried" }
  }
  struct Scan: Decodable, Sendable, CustomTestStringConvertible {
    let scan: String
    let commit: String
    let date: String
    let laneOpen: Int
    let campaignWaived: Int
    let campaignOpen: Int
    let byPriority: [String: Int]
    let causes: [Cause]

    var testDescription: String { scan }
  }
  struct TestRun: Decodable, Sendable {
    let file: String
    let outcomes: [String: Int]
    let failing: [String]

    /// The name of the recording without folder and extension.
    var name: String { URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent }
  }

  let baseline: Int
  let open: Int
  let byPriority: [String: Int]
  let statement: [String: Int]
  let leftByFile: [String: Int]
  let keyCommits: [KeyCommit]
  let mention226: [String]
  let measurements: [Measurement]
  let scans: [Scan]
  let tests: [TestRun]

  static func load() throws -> Expected {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let file = Example.folder.appendingPathComponent("expected.json")
    return try decoder.decode(Expected.self, from: try Data(contentsOf: file))
  }
}
