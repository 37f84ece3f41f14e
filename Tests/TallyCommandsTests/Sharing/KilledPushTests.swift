import Foundation
import Testing

/// Pushes that are killed between any two of their steps: the next plain run finishes them.
///
/// Method: the real program with a ``DeadlyGit`` that kills it at each call of git that an undisturbed run makes, so before and after
/// everything it writes: the repository for the objects, what was fetched, the entries, the ref, what is remembered. Then the same command runs
/// plainly. Remote and ledger have to be those of an undisturbed run, to the bundle and to the root.
@Suite struct KilledPushTests {
  /// A job that is about to push, and its remote; both can be set back to that.
  private struct Scene {
    let sandbox: Sandbox
    let remote: Remote
    let job: Job
    let git: DeadlyGit

    init() throws {
      sandbox = try Sandbox()
      remote = try Remote(sandbox)
      job = try remote.job("job")
      git = try DeadlyGit(sandbox)
    }

    private func copy(_ script: String) throws {
      let outcome = try sandbox.shell("set -e; cd '\(sandbox.outside.path)'; \(script)")
      #expect(outcome.status == 0, "\(outcome.errors)")
    }

    func freeze() throws { try copy("mkdir frozen; cp -a job shop.git frozen") }

    func restore() throws { try copy("rm -rf job shop.git; cp -a frozen/job frozen/shop.git .") }

    /// What a run leaves: the files on the ref, the queue, what the ledger holds, and files that could be in somebody's way.
    ///
    /// A run begins by learning what its last push made of the log, which nobody told one that was killed: so both pull first.
    func end() throws -> [String] {
      try job.ok("pull")
      let found = try sandbox.shell(
        """
        cd '\(remote.folder.path)' && git rev-parse \(Remote.ref)^{tree}
        git for-each-ref '--format=%(refname)'
        cd '\(job.folder.path)' && find . -name '*.lock' -o -name 'tmp_*' -o -name '*-journal' | sort
        """
      )
      let answer = try job.json("verify")
      let ledger = ["stateDigest", "booksDigest", "size", "root", "findings"].map { key in
        "\(key): \(answer[key] ?? "none")"
      }
      return found.output.components(separatedBy: "\n") + ledger
    }
  }

  /// Kills a command at each of its calls of git, runs it again, and compares.
  private func dieEverywhere(_ scene: Scene, _ call: [String], atLeast: Int) throws {
    try scene.freeze()
    let whole = try scene.git.run(call, in: scene.job)
    #expect(whole.status == 0, "\(whole.errors)")
    let calls = try scene.git.calls()
    #expect(calls.count >= atLeast && calls.contains("push"), "\(calls)")
    let expected = try scene.end()
    #expect(expected.contains("findings: []"), "\(expected)")
    for (index, name) in calls.enumerated() {
      for moment in DeadlyGit.moments(of: name, isLast: index + 1 == calls.count) {
        let title = Comment(rawValue: "\(moment) call \(index + 1), git \(name)")
        try scene.restore()
        let killed = try scene.git.run(call, in: scene.job, dying: (index + 1, moment))
        // A conversation with git may end with the program: then nobody was there to be killed.
        let mayHaveEnded = name == "cat-file" && moment == .after
        #expect(killed.status == 128 + 9 || (mayHaveEnded && killed.status == 0), title)
        let next = try scene.sandbox.run(call, in: scene.job.folder)
        #expect(next.status == 0, "\(title): \(next.errors)")
        // Where all had arrived, the next run may add a merge entry to the ref, which claims nothing: the ref's files come first.
        let first = name == "push" && moment == .after ? 1 : 0
        let difference = try scene.end().dropFirst(first).difference(
          from: expected.dropFirst(first)
        )
        #expect(difference.isEmpty, "\(title): \(next.output)\(difference)")
      }
    }
    // What one ledger holds, a fresh runner finds.
    let last = try scene.remote.job("last")
    try last.ok("pull")
    #expect(try last.digests().state == scene.job.digests().state)
    #expect(try last.digests().books == scene.job.digests().books)
  }

  @Test("a fresh runner that is the first to record")
  func fresh() throws {
    let scene = try Scene()
    try scene.job.lint()
    try dieEverywhere(scene, ["ingest", "--push", "lint.sarif"], atLeast: 12)
  }

  @Test("a runner behind others, one of whom waits in the queue")
  func behind() throws {
    let scene = try Scene()
    try scene.job.lint()
    try scene.job.ok("ingest", "--push", "lint.sarif")
    try scene.job.ok("measure", "rss_mb=412")
    let other = try scene.remote.job("other")
    try other.lint(Linter(tool: "flintel"))
    try other.ok("ingest", "--push", "lint.sarif")
    try scene.remote.hook(Self.alwaysLost)
    try other.ok("measure", "p95_ms=18")
    #expect(try other.ok("push").contains("in the queue of"))
    try scene.remote.hook("")
    try scene.job.lint(Linter(tool: "gauntlet"))
    try dieEverywhere(scene, ["ingest", "--push", "lint.sarif"], atLeast: 12)
  }

  @Test("a push that makes one bundle of many")
  func joining() throws {
    let scene = try Scene()
    try scene.job.lint()
    try scene.job.ok("ingest", "--push", "lint.sarif")
    for round in 1..<8 {
      try scene.job.ok("measure", "rss_mb=\(400 + round)")
      try scene.job.ok("push")
    }
    #expect(try scene.remote.files().count == 8)
    try scene.job.ok("measure", "rss_mb=500")
    try dieEverywhere(scene, ["push"], atLeast: 10)
    #expect(try scene.remote.files().count == 1)
  }

  /// What a server says to who comes second.
  private static let alwaysLost = """
    while read old new ref; do
      case "$ref" in refs/tally/ledger) echo "cannot lock ref" >&2; exit 1;; esac
    done
    """

  /// Method: as above, but the undisturbed run ends in the queue; whether the killed one came as far decides in which bundles the entries
  /// travel, so what is compared are the facts and the books.
  @Test("a push that loses each race, on its way to the queue")
  func losing() throws {
    let scene = try Scene()
    let other = try scene.remote.job("other")
    try other.lint(Linter(tool: "flintel"))
    try other.ok("ingest", "--push", "lint.sarif")
    try scene.job.lint()
    try scene.job.ok("ingest", "lint.sarif")
    try scene.remote.hook(Self.alwaysLost)
    try scene.freeze()
    let whole = try scene.git.run(["push"], in: scene.job)
    #expect(whole.output.contains("in the queue of"), "\(whole.errors)")
    let calls = try scene.git.calls()
    #expect(calls.count(where: { $0 == "push" }) == 3, "\(calls)")
    let places = calls.indices.map { $0 + 1 }
    var ends: Set<[String]> = []
    for call in places {
      for moment in DeadlyGit.moments(of: calls[call - 1], isLast: call == calls.count) {
        try scene.restore()
        let killed = try scene.git.run(["push"], in: scene.job, dying: (call, moment))
        #expect(killed.status == 128 + 9, "\(moment) call \(call)")
        try scene.remote.hook("")
        try scene.job.ok("push")
        try scene.job.ok("pull")
        let refs = try scene.remote.git("for-each-ref", "refs/tally/ledger-queue/")
        #expect(refs == "", "\(moment) call \(call)")
        let reader = try scene.remote.job("reader-\(call)-\(moment)")
        try reader.ok("pull")
        let (mine, theirs) = (try scene.job.digests(), try reader.digests())
        #expect(mine.state == theirs.state && mine.books == theirs.books)
        #expect(try reader.scans().count == 2)
        ends.insert([mine.books] + (try reader.scans()).sorted())
      }
    }
    #expect(ends.count == 1)
  }

  // MARK: git is killed, too

  /// Method: a hook of the remote kills the program and its `git push` while the server decides.
  @Test("the whole job dies while the server takes the push, or refuses it", arguments: [0, 1])
  func duringPush(status: Int) throws {
    let scene = try Scene()
    try scene.job.lint()
    try scene.job.ok("ingest", "lint.sarif")
    try scene.remote.hook("cat >/dev/null\n\(scene.git.murder)\nexit \(status)")
    let killed = try scene.git.run(["push"], in: scene.job)
    #expect(killed.status == 128 + 9)
    // The server goes on alone for a moment.
    if status == 0 {
      for _ in 0..<400 {
        if try !scene.remote.git("for-each-ref", "--", Remote.ref).isEmpty { break }
        usleep(10_000)
      }
    }
    try scene.remote.hook("")
    let next = try scene.job.ok("push")
    let holds = "nothing to push: refs/tally/ledger on origin holds everything\n"
    #expect(status == 0 ? next == holds : next.hasPrefix("pushed 5 entries"), "\(next)")
    let last = try scene.remote.job("last")
    try last.ok("pull")
    #expect(try last.digests() == scene.job.digests())
    #expect(try last.scans().count == 1)
  }

  /// Method: the server, asked for objects, waits until `git fetch` holds its lock, and kills it.
  @Test("the whole job dies in the middle of a fetch")
  func duringFetch() throws {
    let scene = try Scene()
    let other = try scene.remote.job("other")
    try other.lint(Linter(tool: "flintel"))
    try other.ok("ingest", "--push", "lint.sarif")
    try scene.job.lint()
    let lock = scene.job.folder.appendingPathComponent(".git/tally/shallow.lock").path
    let hook = scene.sandbox.outside.appendingPathComponent("pack").path
    let written = try scene.sandbox.shell(
      """
      cat >'\(hook)' && chmod 755 '\(hook)' &&
      git config --file ../gitconfig uploadpack.packObjectsHook '\(hook)'
      """,
      input: Data(
        """
        #!/bin/sh
        for _ in $(seq 500); do
          if [ -e '\(lock)' ]; then break; fi
          sleep 0.01
        done
        \(scene.git.murder)
        exit 1

        """.utf8
      )
    )
    #expect(written.status == 0, "\(written.errors)")
    let settings = scene.sandbox.outside.appendingPathComponent("gitconfig").path
    scene.sandbox.environment = ["GIT_CONFIG_GLOBAL": settings]
    let killed = try scene.git.run(["ingest", "--push", "lint.sarif"], in: scene.job)
    scene.sandbox.environment = [:]
    #expect(killed.status == 128 + 9)
    #expect(FileManager.default.fileExists(atPath: lock), "git left its lock")
    try scene.job.ok("ingest", "--push", "lint.sarif")
    #expect(!FileManager.default.fileExists(atPath: lock))
    try other.ok("pull")
    #expect(try other.digests().books == scene.job.digests().books)
  }

  /// Method: every lock that git makes in a repository, as one that was killed leaves it, at the first use and at a later one.
  @Test("no lock that a killed git left is in the way")
  func locks() throws {
    let scene = try Scene()
    try scene.job.lint()
    func leaveLocks() throws {
      let outcome = try scene.sandbox.shell(
        """
        cd '\(scene.job.folder.path)/.git' && mkdir -p tally/refs/tally/queue/0 && cd tally || exit 9
        for name in HEAD config packed-refs shallow refs/tally/seen refs/tally/queue/1 refs/tally/queue/0/2; do
          : >$name.lock
        done
        """
      )
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    try leaveLocks()
    try scene.job.ok("ingest", "--push", "lint.sarif")
    let other = try scene.remote.job("other")
    try other.ok("pull")
    try other.ok("measure", "rss_mb=412")
    try other.ok("push")
    try leaveLocks()
    try scene.job.ok("pull")
    #expect(try scene.job.digests() == other.digests())
    let left = try scene.job.git("count-objects", "-v")
    #expect(left.contains("garbage: 0"))
    #expect(
      try scene.sandbox.shell("find '\(scene.job.folder.path)/.git/tally' -name '*.lock'").output
        .components(separatedBy: "\n").filter { !$0.isEmpty }.map { $0.split(separator: "/").last }
        == ["tally.lock"]
    )
  }
}
