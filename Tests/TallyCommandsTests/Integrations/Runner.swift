import Foundation
import Testing

/// A runner of a CI system: a clone with reports, a remote, a home of its own, and `tally` on the PATH if the image has it.
final class Runner {
  let sandbox: Sandbox
  let commit: String
  /// What the environment holds beside the system's own variables.
  var variables: [String: String] = [:]

  /// Makes a clone whose `origin` is a bare repository, with `lint.sarif` and `tests.xml` of its head.
  init() throws {
    sandbox = try Sandbox()
    try sandbox.writeShop()
    try sandbox.write("version: 1\nproject: shop\n", to: "tally.yml")
    commit = try sandbox.commit("Start the shop")
    let remote = sandbox.outside.appendingPathComponent("origin.git").path
    try sandbox.git("init", "-q", "--bare", "-b", "main", remote)
    try sandbox.git("remote", "add", "origin", remote)
    try sandbox.git("push", "-q", "origin", "main")
    try sandbox.git("fetch", "-q", "origin")
    try sandbox.lint()
    try sandbox.write(
      "<testsuites><testsuite name=\"t\"><testcase classname=\"a\" name=\"b\"/></testsuite></testsuites>\n",
      to: "tests.xml"
    )
    // The image's programs, without whatever tally this machine has.
    let script = "mkdir ../bin && ln -s \"$TALLY\" ../bin/tally && mkdir ../home ../temp"
    #expect(try sandbox.shell(script).status == 0)
  }

  /// The folder with `tally`, to be put on the PATH.
  var programs: String { sandbox.outside.appendingPathComponent("bin").path }

  /// Runs a script as a step does.
  func run(_ script: String, shell: String, with more: [String: String]) throws -> Outcome {
    var all = variables.merging(more) { $1 }.mapValues { $0 == "SHA" ? commit : $0 }
    all["HOME"] = sandbox.outside.appendingPathComponent("home").path
    all["TALLY_ACTOR"] = ""
    sandbox.environment = all
    defer { sandbox.environment = [:] }
    try sandbox.write(Self.runnable(script), to: "../temp/step.sh")
    return try sandbox.shell("exec \(shell) ../temp/step.sh")
  }

  /// PATH with the image's `tally`.
  var path: String {
    programs + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
  }

  /// Whether the program has a command, or a command an option.
  static func knows(_ command: String, option: String? = nil) throws -> Bool {
    let dump = try Sandbox(git: false).ok("--experimental-dump-help")
    let help = try JSONDecoder().decode(HelpDump.self, from: Data(dump.utf8))
    guard let found = help.command.subcommands?.first(where: { $0.commandName == command }) else {
      return false
    }
    guard let option else { return true }
    return found.arguments?.contains { $0.key == option } == true
  }

  /// The script without what this program does not have yet: the push of an ingest, and the gate.
  static func runnable(_ script: String) throws -> String {
    var text = script
    if try !knows("ingest", option: "push") {
      text = text.replacing("tally ingest --push ", with: "tally ingest ")
    }
    if try !knows("gate") {
      text = text.replacing(#/(?m)^( *)tally gate --base .*$/#) { "\($0.output.1):" }
    }
    return text
  }

  /// The lanes, commits and branches that the ledger holds, and how many violations are open.
  func recorded() throws -> String {
    let open = try sandbox.json("list")["violations"] as? [[String: Any]] ?? []
    let lanes = Set(open.compactMap { $0["lane"] as? String }).sorted()
    return "\(open.count) open in \(lanes.joined(separator: ", "))"
  }

  /// A tarball as `make dist` makes it, whose program is the one under test; gives its address and checksum.
  func archive() throws -> (address: String, checksum: String) {
    let script = """
      set -e
      cd ..
      mkdir -p tally-0.1.0-linux/bin
      printf '#!/bin/sh\\nexec "%s" "$@"\\n' "$TALLY" > tally-0.1.0-linux/bin/tally
      chmod +x tally-0.1.0-linux/bin/tally
      tar -czf archive.tar.gz tally-0.1.0-linux
      sha256sum archive.tar.gz | cut -d ' ' -f 1
      """
    let outcome = try sandbox.shell(script)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return (
      "file://" + sandbox.outside.appendingPathComponent("archive.tar.gz").path,
      outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
    )
  }
}
