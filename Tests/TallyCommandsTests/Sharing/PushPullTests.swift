import Foundation
import Testing

/// Ledgers on a git ref: real clones of depth 1, a real bare remote whose branches are protected.
@Suite struct PushPullTests {
  @Test("jobs on fresh runners share one ledger, and the clones stay as they were")
  func twoJobs() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let first = try remote.job("first")
    try first.lint()
    #expect(
      try first.ok("ingest", "--push", "lint.sarif").contains(
        "6 open  pushed 5 entries to refs/tally/ledger on origin  root 5:"
      )
    )
    // The next commit, on another runner; it knows what was open before.
    try remote.hook("")
    try sandbox.edit("src/app.py", "exec(script)", "return script")
    try sandbox.commit("Run nothing")
    try sandbox.git("push", "-q", "origin", "main")
    let second = try remote.job("second")
    let refs = try second.git("for-each-ref")
    try second.lint()
    #expect(
      try second.ok("ingest", "--push", "lint.sarif").hasPrefix(
        "lintel@main  -1 fixed  5 open (was 6)  pushed "
      )
    )
    #expect(try second.git("for-each-ref") == refs)
    #expect(try second.git("status", "--porcelain") == "?? ledger.db\n?? lint.sarif")
    // Nothing is new for who pushed last; the other takes it.
    #expect(try second.ok("pull").hasPrefix("nothing new on refs/tally/ledger on origin  root "))
    #expect(
      try second.ok("push") == "nothing to push: refs/tally/ledger on origin holds everything\n"
    )
    #expect(try first.ok("pull").contains("(1 scan) from refs/tally/ledger on origin"))
    let third = try remote.job("third")
    #expect(try third.ok("pull").contains("(2 scans) from refs/tally/ledger on origin"))
    let digests = try [first, second, third].map { try $0.digests() }
    for found in digests {
      #expect(found == digests[0])
    }
    // The three journals are one log: any root that was printed is a root of each.
    let roots = try [first, second, third].map { try $0.json("pull")["root"] as? String }
    #expect(Set(roots).count == 1)
    // A rebuilt cache is the same cache.
    try FileManager.default.removeItem(at: third.folder.appendingPathComponent("ledger.db"))
    try third.ok("pull")
    #expect(try third.digests() == digests[0])
  }

  /// Until layout 3 a confirmation was taken for a newer tally's: after the pull there were no books, and the next ingest began anew.
  @Test("whatever is recorded on one runner counts on the next")
  func everyKind() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let first = try remote.job("first")
    try first.lint()
    try first.ok("ingest", "lint.sarif")
    try remote.hook("")
    try sandbox.write("Nothing new", to: "docs/news.md")
    try sandbox.commit("Tell the news")
    try sandbox.git("push", "-q", "origin", "main")
    _ = try first.git("pull", "-q")
    try first.lint(Linter(muted: ["no-eval"]))
    let missing = try first.tally("ingest", "lint.sarif").errors
    let scan = try #require(missing.firstMatch(of: /tally confirm ([0-9a-f]+)/)?.output.1)
    try first.ok(
      "confirm",
      String(scan),
      "--why",
      "no-eval was switched off by hand",
      "--by",
      "Ada"
    )
    try first.ok("measure", "rss_mb=412")
    try first.ok("attest", "on-call", "--why", "asked", "--until", "90d", "--by", "Ada")
    try first.ok("push")
    let second = try remote.job("second")
    #expect(!(try second.ok("pull").contains("warning")))
    #expect(try second.digests() == first.digests())
    #expect(try second.ok("list") == first.ok("list"))
    try second.lint(Linter(muted: ["no-eval"]))
    let again = try second.json("ingest", "lint.sarif")["runs"] as? [[String: Any]]
    #expect(again?.map { $0["isNew"] as? Bool } == [false])
  }

  @Test("ledgers that went on apart come to one state and one set of books")
  func apart() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let first = try remote.job("first")
    let second = try remote.job("second")
    for (job, tool) in [(first, "lintel"), (second, "flintel")] {
      try job.lint(Linter(tool: tool))
      try job.ok("ingest", "lint.sarif")
      try job.ok("measure", tool == "lintel" ? "rss_mb=412" : "rss_mb=400")
    }
    let before = try second.json("verify")
    try first.ok("push")
    #expect(try second.ok("push").contains("pushed "))
    for job in [first, second] { try job.ok("pull") }
    let third = try remote.job("third")
    try third.ok("pull")
    let digests = try [first, second, third].map { try $0.digests() }
    for found in digests {
      #expect(found.state == digests[0].state)
      #expect(found.books == digests[0].books)
    }
    // The root that the second printed before can be told from the shared ledger: a merge entry records it.
    let root = try #require(before["root"] as? String)
    let size = try #require(before["size"] as? Int)
    #expect(try third.ok("textconv", "ledger.db").contains("merge of \(size):\(root.prefix(12))"))
    // Nothing goes round in circles.
    for _ in 0..<3 {
      for job in [first, second, third] {
        try job.ok("pull")
        try job.ok("push")
      }
    }
    let end = try remote.git("rev-parse", Remote.ref)
    for job in [first, second, third] {
      try job.ok("pull")
      try job.ok("push")
    }
    #expect(try remote.git("rev-parse", Remote.ref) == end)
    #expect(try third.digests().state == digests[0].state)
  }

  /// Method: jobs that push at once, each scan a push of its own; then a fresh clone has each scan once.
  @Test("pushers at once lose nothing and repeat nothing")
  func atOnce() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let jobs = try (0..<6).map { try remote.job("job\($0)") }
    for (number, job) in jobs.enumerated() {
      for scan in 0..<4 {
        let linter = Linter(tool: "lintel\(number)", category: "part\(scan)")
        try job.lint(linter, to: "lint\(scan).sarif")
      }
    }
    let outcome = try sandbox.shell(
      """
      pids=
      for job in \(jobs.map { "'\($0.folder.path)'" }.joined(separator: " ")); do
        ( cd "$job" || exit 9
          for scan in 0 1 2 3; do "$TALLY" ingest --push lint$scan.sarif || exit 8; done ) &
        pids="$pids $!"
      done
      for pid in $pids; do wait $pid || exit 7; done
      """
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    let last = try remote.job("last")
    try last.ok("pull")
    let scans = try last.scans()
    #expect(scans.count == 24)
    #expect(Set(scans).count == 24)
    let digests = try last.digests()
    for job in jobs {
      try job.ok("pull")
      let found = try job.digests()
      #expect(found.state == digests.state && found.books == digests.books)
    }
    #expect(try remote.git("fsck", "--strict").contains("error") == false)
  }

  @Test("many pushes leave few files on the ref")
  func files() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let job = try remote.job("job")
    try job.lint()
    try job.ok("ingest", "--push", "lint.sarif")
    for round in 0..<24 {
      try job.ok("measure", "rss_mb=\(400 + round)")
      try job.ok("push")
    }
    #expect(try remote.files().count <= 9)
    let last = try remote.job("last")
    try last.ok("pull")
    #expect(try last.digests() == job.digests())
    #expect(try remote.git("rev-list", "--count", Remote.ref) == "25")
  }

  /// Method: a hook that says what a server says to who comes second; then the pusher has lost each race.
  @Test("who loses each race waits in a queue, where everybody sees it and the next push joins it")
  func queue() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let first = try remote.job("first")
    try first.lint()
    try first.ok("ingest", "--push", "lint.sarif")
    let second = try remote.job("second")
    try second.lint(Linter(tool: "flintel"))
    try remote.hook(
      """
      while read old new ref; do
        case "$ref" in refs/tally/ledger) echo "cannot lock ref" >&2; exit 1;; esac
      done
      """
    )
    let text = try second.ok("ingest", "--push", "lint.sarif")
    #expect(text.contains("put 3 entries in the queue of refs/tally/ledger on origin"), "\(text)")
    #expect(try remote.git("for-each-ref", "refs/tally/ledger-queue/").isEmpty == false)
    // Once more changes nothing: it waits already.
    try second.ok("push")
    try remote.hook("")
    let reader = try remote.job("reader")
    #expect(try reader.ok("pull").contains("(2 scans)"))
    #expect(try reader.digests().state == second.digests().state)
    try first.ok("measure", "rss_mb=412")
    try first.ok("push")
    #expect(try remote.git("for-each-ref", "refs/tally/ledger-queue/") == "")
    #expect(try remote.files().count == 3)
    for job in [first, second, reader] {
      try job.ok("pull")
      try job.ok("push")
    }
    for job in [first, second, reader] { try job.ok("pull") }
    let last = try remote.job("last")
    try last.ok("pull")
    let digests = try last.digests()
    for job in [first, second, reader] {
      let found = try job.digests()
      #expect(found.state == digests.state && found.books == digests.books)
    }
    #expect(Set(try last.scans()).count == 2)
    #expect(try last.scans().count == 2)
  }

  @Test("a queue that nobody may clear is joined once, and stays without harm")
  func queueStays() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let first = try remote.job("first")
    try first.lint()
    try first.ok("ingest", "--push", "lint.sarif")
    let second = try remote.job("second")
    try second.lint(Linter(tool: "flintel"))
    try remote.hook("grep -q 'refs/tally/ledger$' && { echo cannot lock ref >&2; exit 1; }; exit 0")
    try second.ok("ingest", "--push", "lint.sarif")
    try remote.hook(
      """
      while read old new ref; do
        case "$new" in 0000*) echo "$ref may not go" >&2; exit 1;; esac
      done
      """
    )
    for round in 0..<3 {
      try first.ok("measure", "rss_mb=\(400 + round)")
      try first.ok("push")
    }
    #expect(try remote.git("for-each-ref", "refs/tally/ledger-queue/") != "")
    let last = try remote.job("last")
    try last.ok("pull")
    #expect(try last.scans().count == 2)
    try second.ok("pull")
    try second.ok("push")
    try last.ok("pull")
    #expect(try last.digests().state == second.digests().state)
  }

  // MARK: What goes wrong

  @Test("a ref that was set back is united with, said, and mended by the next push")
  func rewritten() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let job = try remote.job("job")
    try job.lint()
    try job.ok("ingest", "--push", "lint.sarif")
    let old = try remote.git("rev-parse", Remote.ref)
    try job.ok("measure", "rss_mb=412")
    try job.ok("push")
    let full = try job.digests()
    try remote.git("update-ref", Remote.ref, old)
    let other = try remote.job("other")
    try other.ok("pull")
    try other.ok("measure", "p95_ms=18")
    try other.ok("push")
    let outcome = try job.tally("pull")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("refs/tally/ledger on origin was rewritten: it lacks entries"))
    #expect(try job.digests().size > full.size)
    try job.ok("push")
    try other.ok("pull")
    #expect(try other.digests().state == job.digests().state)
    // Gone altogether.
    try remote.git("update-ref", "-d", Remote.ref)
    #expect(try job.tally("pull").errors.contains("was rewritten"))
    try job.ok("push")
    let last = try remote.job("last")
    try last.ok("pull")
    #expect(try last.digests().state == job.digests().state)
    #expect(try last.digests().books == job.digests().books)
  }

  @Test("a push meets a ref that was set back, and loses nothing")
  func rewrittenBeforePush() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let job = try remote.job("job")
    try job.lint()
    try job.ok("ingest", "--push", "lint.sarif")
    let old = try remote.git("rev-parse", Remote.ref)
    for round in 0..<3 {
      try job.ok("measure", "rss_mb=\(400 + round)")
      try job.ok("push")
    }
    try remote.git("update-ref", Remote.ref, old)
    try job.ok("measure", "rss_mb=500")
    let outcome = try job.tally("push")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("was rewritten"))
    let last = try remote.job("last")
    try last.ok("pull")
    #expect(try last.digests().state == job.digests().state)
  }

  @Test("a clock that is a year off is said")
  func clocks() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let job = try remote.job("job")
    let other = try remote.job("other")
    let now = sandbox.now
    sandbox.now = "2027-03-01T12:00:00Z"
    try job.lint()
    try job.ok("ingest", "--push", "lint.sarif")
    sandbox.now = now
    let ahead = try other.tally("pull")
    #expect(ahead.status == 0)
    #expect(ahead.errors.contains("365 days from now: a clock is wrong, here or there"))
    sandbox.now = "2025-03-01T12:00:00Z"
    try sandbox.commit("Another")
    try remote.hook("")
    try sandbox.git("push", "-q", "origin", "main")
    let behind = try remote.job("behind")
    sandbox.now = "2025-03-01T12:00:00Z"
    try behind.lint(Linter(tool: "flintel"))
    let early = try behind.tally("ingest", "--push", "lint.sarif")
    #expect(early.status == 0)
    #expect(
      early.errors.contains(
        " says that it was made on 2026-03-02T10:00:00Z, and it is 2025-03-01T12:00:00Z here: one of "
          + "the two clocks is wrong;"
      ),
      "\(early.errors)"
    )
    sandbox.now = "2027-03-02T12:00:00Z"
    let outcome = try job.tally("pull")
    #expect(outcome.errors.contains("1 commit that arrived more than a day before they were made"))
  }

  @Test("a hook's reason is said")
  func refused() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    try remote.hook("cat >/dev/null; echo 'only releases may be pushed' >&2; exit 1")
    let job = try remote.job("job")
    try job.lint()
    let outcome = try job.tally("ingest", "--push", "lint.sarif")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("pre-receive hook declined: only releases may be pushed"))
    #expect(outcome.errors.contains("[remote.refused]"))
    // Recorded it was: the next push that is allowed brings it.
    try remote.hook("")
    #expect(try job.ok("push").hasPrefix("pushed 5 entries"))
  }

  @Test("a remote that nobody reaches loses no scan: it is recorded, and the next push brings it")
  func unreachable() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let job = try remote.job("job")
    try job.lint()
    _ = try job.git("remote", "set-url", "origin", "http://127.0.0.1:1/shop.git")
    for _ in 0..<2 {
      let outcome = try job.tally("ingest", "--push", "lint.sarif")
      #expect(outcome.status == 2 && outcome.output == "")
      #expect(outcome.errors.contains("error: '127.0.0.1:1' cannot be reached: "))
      #expect(
        outcome.errors.hasSuffix(
          "[remote.no-network]\nhint: nothing is lost: what is in the ledger goes with the next 'tally push'\n"
        ),
        "\(outcome.errors)"
      )
    }
    #expect(try job.scans().count == 1)
    _ = try job.git("remote", "set-url", "origin", remote.url)
    #expect(try job.ok("push").hasPrefix("pushed 5 entries to refs/tally/ledger on origin"))
    let other = try remote.job("other")
    try other.ok("pull")
    #expect(try other.digests() == job.digests())
  }

  @Test("a token in git's configuration is in no argument, output or ledger")
  func tokens() throws {
    let sandbox = try Sandbox()
    let remote = try Remote(sandbox)
    let job = try remote.job("job")
    try job.lint()
    // A git that notes its arguments before it is one; a shell writes it, as it does hooks.
    let shim = sandbox.outside.appendingPathComponent("shim")
    let log = sandbox.outside.appendingPathComponent("arguments.txt")
    let made = try sandbox.shell(
      """
      mkdir '\(shim.path)' && cat >'\(shim.path)/git' <<END && chmod 755 '\(shim.path)/git'
      #!/bin/sh
      echo "\\$@" >>'\(log.path)'
      exec '$(command -v git)' "\\$@"
      END
      """
    )
    #expect(made.status == 0, "\(made.errors)")
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    sandbox.environment = ["PATH": "\(shim.path):\(path)"]
    for address in [
      "https://ci:s3cr3t-t0ken@127.0.0.1:1/shop.git", "https://s3cr3t-t0ken@127.0.0.1:1/shop.git",
    ] {
      try sandbox.git("remote", "set-url", "origin", address, in: job.folder)
      let header = "http.https://127.0.0.1:1/.extraheader"
      try sandbox.git("config", header, "AUTHORIZATION: s3cr3t-t0ken", in: job.folder)
      let outcome = try job.tally("ingest", "--push", "lint.sarif")
      #expect(outcome.status == 2)
      #expect(outcome.errors.contains("[remote.no-network]"), "\(outcome.errors)")
      #expect(!(outcome.errors + outcome.output).contains("s3cr3t"))
    }
    try job.ok("ingest", "lint.sarif")
    let ledger = try Data(contentsOf: job.folder.appendingPathComponent("ledger.db"))
    #expect(ledger.range(of: Data("s3cr3t".utf8)) == nil)
    let noted = try String(contentsOf: log, encoding: .utf8)
    #expect(noted.contains("fetch"))
    #expect(!noted.contains("s3cr3t"))
  }
}
