import Foundation
import Testing

/// Remotes behind a network: git's own `http-backend`, and a real `sshd` where the machine has one.
@Suite struct ServerTests {
  /// A server that runs until the test lets go of it.
  final class Server {
    let process = Process()
    private let input = Pipe()

    init(_ program: String, _ arguments: [String], folder: URL) throws {
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = arguments
      process.currentDirectoryURL = folder
      process.standardInput = input
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
    }

    deinit {
      try? input.fileHandleForWriting.close()
      process.terminate()
      process.waitUntilExit()
    }
  }

  static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("serve.py").path

  /// Serves a sandbox's repositories; gives the address of the shop.
  private func serve(_ sandbox: Sandbox, _ mode: String) throws -> (Server, String) {
    let file = sandbox.outside.appendingPathComponent("port-\(mode)")
    let server = try Server(
      "/usr/bin/env",
      ["python3", "-B", Self.script, sandbox.outside.path, mode, file.path],
      folder: sandbox.outside
    )
    for _ in 0..<400 where !FileManager.default.fileExists(atPath: file.path) { usleep(25_000) }
    let port = try String(contentsOf: file, encoding: .utf8)
    return (server, "http://127.0.0.1:\(port)/shop.git")
  }

  @Test("push and pull over git http-backend, from depth-1 clones")
  func http() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let (server, url) = try serve(sandbox, "open")
    let first = try remote.job("first", url: url)
    try first.lint()
    #expect(try first.ok("ingest", "--push", "lint.sarif").contains("pushed 5 entries"))
    let second = try remote.job("second", url: url)
    try second.lint(Linter(tool: "flintel"))
    #expect(try second.ok("ingest", "--push", "lint.sarif").contains("pushed 3 entries"))
    try first.ok("pull")
    #expect(try first.digests() == second.digests())
    _ = server
  }

  @Test("a server that does not let this account push says so, with the permission that is missing")
  func forbidden() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let (server, url) = try serve(sandbox, "read")
    let job = try remote.job("job", url: url)
    try job.lint()
    let outcome = try job.tally("ingest", "--push", "lint.sarif")
    #expect(outcome.status == 2)
    #expect(
      outcome.errors.contains("may not be written with these credentials"),
      "\(outcome.errors)"
    )
    #expect(outcome.errors.contains("[remote.not-allowed]"))
    #expect(outcome.errors.contains("hint: grant it: let this account push to the repository"))
    _ = server
  }

  @Test("credentials are git's affair, and no message shows them")
  func credentials() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let (server, url) = try serve(sandbox, "secret")
    let job = try remote.job("job")
    try job.lint()
    _ = try job.git("remote", "set-url", "origin", url)
    let none = try job.tally("ingest", "--push", "lint.sarif")
    #expect(none.errors.contains("[remote.not-authenticated]"), "\(none.errors)")
    // A helper of the clone's configuration, as CI systems set one up.
    _ = try job.git(
      "config",
      "credential.helper",
      "!f() { echo username=ci; echo password=s3cr3t; }; f"
    )
    #expect(try job.ok("ingest", "--push", "lint.sarif").contains("pushed 5 entries"))
    // In the address, as GitLab's runner clones.
    _ = try job.git("config", "--unset", "credential.helper")
    let address = url.replacingOccurrences(of: "http://", with: "http://ci:s3cr3t@")
    _ = try job.git("remote", "set-url", "origin", address)
    try job.ok("measure", "rss_mb=412")
    let pushed = try job.tally("push")
    #expect(pushed.status == 0, "\(pushed.errors)")
    #expect(!(pushed.output + pushed.errors).contains("s3cr3t"))
    // As a header, which is what GitHub's checkout leaves; wrong, it is refused, and not shown.
    _ = try job.git("remote", "set-url", "origin", url)
    _ = try job.git("config", "http.\(url).extraheader", "Authorization: Basic czNjcjN0")
    let wrong = try job.tally("pull")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("[remote.not-authenticated]"), "\(wrong.errors)")
    #expect(!wrong.errors.contains("czNjcjN0"))
    _ = try job.git("config", "http.\(url).extraheader", "Authorization: Basic Y2k6czNjcjN0")
    try job.ok("pull")
    _ = server
  }

  static let sshd = "/usr/sbin/sshd"

  @Test(
    "push and pull over a real sshd",
    .enabled(if: FileManager.default.isExecutableFile(atPath: sshd), "there is no sshd here")
  )
  func ssh() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let port = Int.random(in: 20_000..<30_000)
    let home = sandbox.outside.path
    let prepared = try sandbox.shell(
      """
      cd '\(home)' && mkdir -p ssh && chmod 700 ssh && mkdir -p /run/sshd &&
      ssh-keygen -q -t ed25519 -N '' -f ssh/host && ssh-keygen -q -t ed25519 -N '' -f ssh/user &&
      cp ssh/user.pub ssh/authorized_keys && chmod 600 ssh/authorized_keys &&
      printf '%s\n' 'Port \(port)' 'ListenAddress 127.0.0.1' 'HostKey \(home)/ssh/host' \
        'AuthorizedKeysFile \(home)/ssh/authorized_keys' 'StrictModes no' 'UsePAM no' \
        'PasswordAuthentication no' 'PidFile none' 'PermitRootLogin yes' > ssh/config
      """
    )
    #expect(prepared.status == 0, "\(prepared.errors)")
    let server = try Server(
      Self.sshd,
      ["-D", "-e", "-f", "\(home)/ssh/config"],
      folder: sandbox.outside
    )
    let command =
      "ssh -i \(home)/ssh/user -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null "
      + "-o BatchMode=yes -o LogLevel=ERROR"
    let user = NSUserName()
    let job = try remote.job("job")
    _ = try job.git(
      "remote",
      "set-url",
      "origin",
      "ssh://\(user)@127.0.0.1:\(port)\(remote.folder.path)"
    )
    try job.lint()
    for _ in 0..<100 {
      let check = "\(command) -p \(port) \(user)@127.0.0.1 true"
      if try sandbox.shell(check).status == 0 { break }
      usleep(50_000)
    }
    sandbox.environment = [
      "GIT_SSH_COMMAND":
        "ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=/dev/null"
    ]
    let stranger = try job.tally("ingest", "--push", "lint.sarif")
    #expect(stranger.errors.contains("[remote.not-authenticated]"), "\(stranger.errors)")
    sandbox.environment = ["GIT_SSH_COMMAND": command]
    #expect(try job.ok("ingest", "--push", "lint.sarif").contains("pushed 5 entries"))
    let other = try remote.job("other")
    try other.ok("pull")
    #expect(try other.digests() == job.digests())
    _ = server
  }
}
