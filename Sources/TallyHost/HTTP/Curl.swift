import Foundation
import Subprocess

#if canImport(Glibc)
  import Glibc
#endif

/// Sends requests with the program `curl`.
///
/// Its arguments are the same for every request. What is asked, and with which token, goes to its standard input; what is sent lies
/// for as long as the request takes in a folder that nobody else may enter. The user's `.curlrc` does not count.
public struct Curl: Sendable {
  /// The variables that are handed on to curl, where they are set: proxies, and whom to trust.
  public static let passedVariables = [
    "PATH", "LD_LIBRARY_PATH", "HTTPS_PROXY", "https_proxy", "http_proxy", "ALL_PROXY", "all_proxy",
    "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE",
  ]

  private let variables: [[UInt8]]
  private let agent: String
  private let secrets: [String]

  /// Creates a sender.
  ///
  /// - Parameters:
  ///   - environment: Every variable of the process.
  ///   - agent: What hosts are told who asks, such as `tally/0.1.0`.
  ///   - secrets: Texts that are taken out of everything that comes back.
  public init(environment: [String: String], agent: String, secrets: [String]) {
    var result = ["LC_ALL": "C", "PATH": ""]
    for name in Self.passedVariables { if let value = environment[name] { result[name] = value } }
    variables = result.filter { !$0.value.utf8.contains(0) }.sorted { $0.key < $1.key }
      .map { Array("\($0.key)=\($0.value)\0".utf8) }
    self.agent = agent
    self.secrets = secrets.filter { !$0.isEmpty }
  }

  /// How far a request got that has no answer.
  enum Failure: Error {
    /// It never reached the host.
    case unsent(reason: String)
    /// It may have been carried out.
    case lost(reason: String)
  }

  /// Sends one request.
  ///
  /// - Throws: ``Failure``; ``HostError`` for what another attempt would not change; `CancellationError`.
  func send(_ request: HTTPRequest) async throws -> HTTPAnswer {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tally-http-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(
        at: folder,
        withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o700]
      )
    } catch {
      throw HostError.noRoom(folder: FileManager.default.temporaryDirectory.path)
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    let head = folder.appendingPathComponent("head")
    var bodyFile: String?
    if let body = request.body {
      let file = folder.appendingPathComponent("body")
      do { try Data(body).write(to: file) } catch { throw HostError.noRoom(folder: folder.path) }
      bodyFile = file.path
    }
    let configuration = CurlConfiguration.text(
      for: request,
      agent: agent,
      bodyFile: bodyFile,
      headFile: head.path
    )
    let result = try await run(Array(configuration.utf8), host: request.host)
    let text = (try? Data(contentsOf: head)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let message = withoutSecrets(result.message)
    if result.status != 0 {
      throw Self.failure(of: request, status: result.status, message: message)
    }
    guard
      let answer = HTTPAnswer(head: withoutSecrets(text), body: withoutSecrets(result.output))
    else { throw Failure.lost(reason: "the answer has no status") }
    return answer
  }

  private struct Outcome {
    var status: Int
    var output: [UInt8]
    var message: String
  }

  private func run(_ input: [UInt8], host: String) async throws -> Outcome {
    let call = Configuration(
      executable: .name("curl"),
      arguments: ["--disable", "--config", "-"],
      environment: .custom(variables)
    )
    do {
      let result = try await Subprocess.run(
        call,
        input: .array(input),
        output: .sequence,
        error: .bytes(limit: .max)
      ) { execution in
        var output: [UInt8] = []
        for try await chunk in execution.standardOutput {
          chunk.withUnsafeBytes { output.append(contentsOf: $0) }
          if output.count > HTTPAnswer.bodyLimit {
            throw HostError.unreadable(host: host, reason: "the answer is longer than 64 MiB")
          }
        }
        return output
      }
      try Task.checkCancellation()
      let status =
        switch result.terminationStatus {
        case .exited(let code): Int(code)
        case .signaled(let signal): 128 + Int(signal)
        }
      return Outcome(
        status: status,
        output: result.closureResult,
        message: String(decoding: result.standardError, as: UTF8.self)
      )
    } catch let failure as SubprocessError {
      try Task.checkCancellation()
      if failure.code == .executableNotFound { throw HostError.noCurl }
      throw Failure.lost(reason: "curl cannot be run: \(failure.description)")
    }
  }

  /// What curl's exit status means (`man curl`, EXIT CODES).
  private static func failure(
    of request: HTTPRequest,
    status: Int,
    message: String
  ) -> any Error {
    let reason = reason(of: message, status: status)
    switch status {
    case 5, 6, 7, 35, 97: return Failure.unsent(reason: reason)
    case 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91:
      return HostError.untrusted(host: request.host, reason: reason)
    case 1, 47: return HostError.redirected(host: request.host, reason: reason)
    case 63: return HostError.unreadable(host: request.host, reason: "the answer is too long")
    case 2, 3: return HostError.unreachable(host: request.host, reason: reason)
    default: return Failure.lost(reason: reason)
    }
  }

  /// curl's own sentence without its name and number.
  private static func reason(of message: String, status: Int) -> String {
    let line = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    let sentence = line.replacing(#/^curl: (\(\d+\) )?/#, with: "")
    return sentence.isEmpty ? "curl ended with status \(status)" : String(sentence.prefix(300))
  }

  // MARK: Secrets

  private func withoutSecrets(_ text: String) -> String {
    secrets.reduce(text) { $0.replacing($1, with: "***") }
  }

  private func withoutSecrets(_ bytes: [UInt8]) -> [UInt8] {
    secrets.reduce(bytes) { $0.replacing(Array($1.utf8), with: Array("***".utf8)) }
  }
}
