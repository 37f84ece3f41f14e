import Foundation
import Testing

/// A server that speaks the hosts' APIs over loopback HTTP, and what it saw.
final class HostServer {
  private let process = Process()
  private let input = Pipe()
  private let folder: URL
  /// The server's address.
  var address: String { "\(scheme)://127.0.0.1:\(port)" }
  private let scheme: String
  /// The server's port.
  let port: String

  /// Who the tokens of the server belong to.
  enum Token {
    static let ada = "ada-s3cr3t"
    /// That of a workflow: it may comment, and may not ask who it is.
    static let workflow = "flow-s3cr3t"
    static let readOnly = "read-s3cr3t"
  }

  /// Starts a server, over https with a certificate, with an issue `example/shop#7`, its merge request `!12` and pull request `#12`.
  init(
    _ sandbox: Sandbox,
    comments: [String: [[String: Any]]] = [:],
    messages: [[String: Any]] = [],
    certificate: URL? = nil
  ) throws {
    scheme = certificate == nil ? "http" : "https"
    folder = sandbox.outside.appendingPathComponent("hosts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let places: [String: [[String: Any]]] = [
      "example/shop#7": [], "example/shop#12": [], "example/shop!12": [], "55#7": [],
    ]
    let seed: [String: Any] = [
      "repositories": ["example/shop", "55"], "messages": messages,
      "comments": places.merging(comments) { $1 },
    ]
    try JSONSerialization.data(withJSONObject: seed)
      .write(to: folder.appendingPathComponent("seed.json"))
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("hosts.py")
    let portFile = folder.appendingPathComponent("port")
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-B", script.path, folder.path, portFile.path]
    if let certificate { process.arguments?.append(certificate.path) }
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    for _ in 0..<4800 where !FileManager.default.fileExists(atPath: portFile.path) {
      usleep(25_000)
    }
    port = try String(contentsOf: portFile, encoding: .utf8)
  }

  deinit {
    try? input.fileHandleForWriting.close()
    process.terminate()
    process.waitUntilExit()
  }

  /// What goes wrong with the next requests, in order.
  func fail(_ faults: [String: Any]...) throws {
    try JSONSerialization.data(withJSONObject: faults)
      .write(to: folder.appendingPathComponent("faults.json"))
  }

  /// How many faults did not happen.
  func faultsLeft() throws -> Int {
    let data = try Data(contentsOf: folder.appendingPathComponent("faults.json"))
    return (try JSONSerialization.jsonObject(with: data) as? [Any])?.count ?? -1
  }

  /// What is there now.
  private func state() throws -> [String: Any] {
    let state = folder.appendingPathComponent("state.json")
    let file =
      FileManager.default.fileExists(atPath: state.path)
      ? state : folder.appendingPathComponent("seed.json")
    let value = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    return try #require(value as? [String: Any])
  }

  /// The texts of the comments of a place, in order.
  func comments(_ place: String = "example/shop#7") throws -> [String] {
    let comments = try state()["comments"] as? [String: [[String: Any]]]
    return try #require(comments?[place]).compactMap { $0["body"] as? String }
  }

  /// The messages of the channel.
  func messages() throws -> [[String: Any]] { try state()["messages"] as? [[String: Any]] ?? [] }

  /// The documents that the webhook took.
  func hooks() throws -> [[String: Any]] { try state()["hooks"] as? [[String: Any]] ?? [] }

  /// True when a quick action closed an issue.
  func isClosed() throws -> Bool { try state()["closed"] as? Bool ?? false }

  /// A request that arrived.
  struct Request {
    let line: String
    let headers: [String: String]
    let body: String
    /// Where a token could be seen from outside while it was answered.
    let leaks: [String]
  }

  /// Every request, in order.
  func requests() throws -> [Request] {
    let file = folder.appendingPathComponent("requests.jsonl")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return try text.split(separator: "\n").map { line in
      let value = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      return Request(
        line: "\(value["method"] ?? "") \(value["path"] ?? "")",
        headers: value["headers"] as? [String: String] ?? [:],
        body: value["body"] as? String ?? "",
        leaks: value["leaks"] as? [String] ?? []
      )
    }
  }

  /// Method and last part of each request, such as `POST comments`.
  func calls() throws -> [String] {
    try requests().map { request in
      let words = request.line.split(separator: " ")
      let path = words[1].prefix { $0 != "?" }
      return "\(words[0]) \(path.split(separator: "/").last ?? "")"
    }
  }
}

/// A shop whose posts go to a server.
struct PostingShop {
  let sandbox: Sandbox
  let server: HostServer

  /// Plays the shop's history, starts a server, and names it in the variables.
  init(
    comments: [String: [[String: Any]]] = [:],
    messages: [[String: Any]] = [],
    token: String = HostServer.Token.ada
  ) throws {
    sandbox = try Sandbox()
    try sandbox.playShop()
    server = try HostServer(sandbox, comments: comments, messages: messages)
    sandbox.environment = [
      "GITHUB_API_URL": server.address, "GITHUB_REPOSITORY": "example/shop",
      "GITHUB_TOKEN": token, "CI_API_V4_URL": "\(server.address)/api/v4",
      "CI_PROJECT_ID": "55", "GITLAB_TOKEN": token, "SLACK_API_URL": "\(server.address)/slack",
    ]
  }

  /// Runs `tally post …`, and checks that nothing it prints holds a secret, whatever comes of it.
  func post(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws
    -> Outcome
  {
    let outcome = try sandbox.run(["post"] + arguments)
    let printed = outcome.output + outcome.errors
    #expect(!printed.contains("s3cr3t"), "\(printed)", sourceLocation: sourceLocation)
    for request in try server.requests() {
      #expect(request.leaks.isEmpty, "\(request.leaks)", sourceLocation: sourceLocation)
    }
    return outcome
  }

  /// Runs `tally post …`, expects status 0, and gives standard output.
  @discardableResult
  func ok(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws
    -> String
  {
    let outcome = try sandbox.run(["post"] + arguments)
    let printed = outcome.output + outcome.errors
    #expect(outcome.status == 0, "\(printed)", sourceLocation: sourceLocation)
    #expect(!printed.contains("s3cr3t"), "\(printed)", sourceLocation: sourceLocation)
    for request in try server.requests() {
      #expect(request.leaks.isEmpty, "\(request.leaks)", sourceLocation: sourceLocation)
    }
    return outcome.output
  }

  /// The marker of a template's post about the shop's campaign.
  static func marker(_ template: String = "status-update.md", _ more: String = "") -> String {
    "<!-- tally:post project=shop campaign=no-eval template=\(template)\(more) -->"
  }
}
