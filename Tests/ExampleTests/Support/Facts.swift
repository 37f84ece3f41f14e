import Foundation
import GRDB
import Testing

/// The rows of a query over the documented views, each as one line; read by nothing of Tally.
func rows(_ ledger: URL, _ sql: String) throws -> [String] {
  var configuration = Configuration()
  configuration.readonly = true
  let queue = try DatabaseQueue(path: ledger.path, configuration: configuration)
  return try queue.read { database in
    try Row.fetchAll(database, sql: sql).map { row in
      row.databaseValues
        .map { $0.isNull ? "-" : (String.fromDatabaseValue($0) ?? "\($0)") }
        .joined(separator: "|")
    }
  }
}

/// A JSON value by its path: `priorities[P1].count`.
///
/// Objects in lists go by what names them, so that one that is gone doesn't shift the others.
func flattened(_ data: Data) throws -> [String: String] {
  var result: [String: String] = [:]
  func visit(_ value: Any, _ path: String) {
    switch value {
    case let object as [String: Any]:
      for (key, inner) in object { visit(inner, path.isEmpty ? key : "\(path).\(key)") }
    case let list as [Any]:
      result["\(path).count"] = "\(list.count)"
      var seen: [String: Int] = [:]
      for (index, inner) in list.enumerated() {
        let name = (inner as? [String: Any]).flatMap(name(of:)) ?? "\(index)"
        seen[name, default: 0] += 1
        visit(inner, "\(path)[\(name)\(seen[name] == 1 ? "" : "#\(seen[name] ?? 0)")]")
      }
    case let text as String: result[path] = text
    default: result[path] = "\(value)"
    }
  }
  visit(try JSONSerialization.jsonObject(with: data), "")
  return result
}

private func name(of object: [String: Any]) -> String? {
  for key in ["id", "subject", "path", "cause", "name", "title", "time"] {
    // The subject of a commit is no name: its hash is.
    if let sha = object["short"] as? String, object["mentions_issue"] != nil { return sha }
    if let name = object[key] as? String { return name }
  }
  return nil
}

/// What the recorded SARIF of a scan says, read without Tally.
struct RawScan {
  private(set) var log: [String: Any]
  private let root: String

  init(_ name: String, root: String) throws {
    let file = Example.recordings.appendingPathComponent("scans/\(name).sarif")
    let object = try JSONSerialization.jsonObject(with: try Data(contentsOf: file))
    log = try #require(object as? [String: Any])
    self.root = root
  }

  private var results: [[String: Any]] {
    get {
      let runs = log["runs"] as? [[String: Any]]
      return runs?.first?["results"] as? [[String: Any]] ?? []
    }
    set {
      guard var runs = log["runs"] as? [[String: Any]] else { return }
      runs[0]["results"] = newValue
      log["runs"] = runs
    }
  }

  private func path(_ result: [String: Any]) -> String {
    let location = (result["locations"] as? [[String: Any]])?.first
    let physical = location?["physicalLocation"] as? [String: Any]
    let artifact = physical?["artifactLocation"] as? [String: Any]
    let uri = artifact?["uri"] as? String ?? ""
    return uri.replacingOccurrences(of: "file://\(root)/", with: "")
  }

  /// The paths of the campaign's results, one for each.
  var paths: [String] { results.filter { $0["ruleId"] as? String == "TID251" }.map(path) }

  /// Takes out the first results at a path; all of them where no number is given.
  mutating func remove(at wanted: String, count: Int = .max) {
    var left = count
    var kept: [[String: Any]] = []
    for result in results {
      if left > 0, path(result) == wanted { left -= 1 } else { kept.append(result) }
    }
    results = kept
  }

  func write(to file: URL) throws {
    try JSONSerialization.data(withJSONObject: log, options: [.prettyPrinted]).write(to: file)
  }
}

/// The priorities and components of the campaign, told again without globs.
enum Told {
  static let priorities = [
    ("P1", "netra_backend/app/agents/"),
    ("P1", "netra_backend/app/services/state_persistence_optimized.py"),
    ("P2", "netra_backend/"), ("P2", "auth_service/"), ("P2", "shared/"), ("P3", "tests/"),
  ]
  static let components = [
    ("Backend", "netra_backend/app/core/"), ("Backend", "netra_backend/app/services/"),
    ("Backend", "netra_backend/app/startup/"), ("Agents", "netra_backend/app/agents/"),
    ("WebSocket", "netra_backend/app/websocket_core/"), ("Auth service", "auth_service/"),
    ("Shared helpers", "shared/"),
  ]

  static func priority(_ path: String) -> String? {
    priorities.first { path.hasPrefix($0.1) }?.0
  }

  static func component(_ path: String) -> String? {
    components.first { path.hasPrefix($0.1) }?.0
  }

  /// Files with their counts, most first, then by path.
  static func ranked(_ paths: [String]) -> [(path: String, count: Int)] {
    Dictionary(grouping: paths) { $0 }.map { (path: $0.key, count: $0.value.count) }
      .sorted { ($1.count, $0.path) < ($0.count, $1.path) }
  }

  /// A share in whole percent, halves up.
  static func percent(_ part: Int, _ whole: Int) -> Int { (200 * part + whole) / (2 * whole) }
}
