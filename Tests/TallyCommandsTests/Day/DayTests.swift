import Foundation
import Testing

/// A day of CI: 6 repositories, 5 tools, 8 commits each, jobs at once in random order, and everything that happens on such a day.
///
/// Method: every job is a process on a clone of depth 1 that is thrown away; the ledger lives on the ref alone. A simulator knows what each
/// commit did; the books that a fresh runner pulls must say the same for every step and tool. `docs/ci.md` tells the day.
@Suite struct DayTests {
  private static let seed: UInt64 = {
    let chosen = ProcessInfo.processInfo.environment["TALLY_DAY_SEED"].flatMap(UInt64.init)
    return chosen ?? 20_261_125
  }()

  /// Two runners pull the same books, and these are those of a rebuild.
  private func settle(_ project: DayProject, scans: Int) throws -> Job {
    let first = try project.clone("first", depth: "--depth=1")
    let second = try project.clone("second")
    let (one, other) = (try first.digests(), try second.digests())
    #expect(one.state == other.state && one.books == other.books, "\(project.name)")
    let rebuilt = try second.json("rebuild")
    #expect(rebuilt["after"] as? String == one.books, "\(project.name)")
    #expect(Set(try first.scans()).count == scans, "\(project.name)")
    #expect(try first.scans().count == scans, "\(project.name)")
    return second
  }

  @Test("matrix shards: two jobs scan half of the tree each")
  func shards() throws {
    let project = try DayProject("shards", seed: Self.seed)
    for number in 1...8 {
      if number > 1 { project.world.work() }
      let commit = try project.commit("Work \(number)")
      try project.scan(commit, tools: [1, 2, 3, 4])
      for folder in ["a", "b"] {
        let report = try project.report(0, commit, only: ["src/\(folder)"], folder)
        project.job(commit, "'\(report.path)' --scope 'src/\(folder)/**'")
      }
    }
    try project.runJobs()
    let books = try settle(project, scans: 8 * 6)
    try project.compare(books)
  }

  @Test("a fork's pull request comes as data, and the gate decides about it")
  func fork() throws {
    let project = try DayProject("fork", seed: Self.seed + 1)
    for number in 1...8 {
      if number > 1 { project.world.work() }
      try project.scan(try project.commit("Work \(number)"))
    }
    try project.runJobs()
    let base = project.world
    var decisions: [Int32] = []
    for (number, message) in ["Run faster", "Run nothing"].enumerated() {
      if number == 0 {
        try project.sandbox.git("checkout", "-q", "-b", "faster")
        project.world.addFile("src/a/fast.py", rule: "no-eval", count: 2)
      } else {
        project.world.settle("src/a/fast.py")
      }
      try project.world.write(to: project.sandbox.folder)
      let commit = try project.sandbox.commit(message)
      // The fork's own job has nowhere to push to: it writes what it would push.
      let reports = try (0..<5).map { try project.report($0, commit).path }
      let bundle = project.sandbox.outside.appendingPathComponent("\(commit).bundle").path
      let ledger = project.sandbox.outside.appendingPathComponent("fork-\(number).db").path
      let ingested = try project.sandbox.run(
        ["ingest", "--ledger", ledger, "--branch", "eve:faster"] + reports
      )
      #expect(ingested.status == 0, "\(ingested.errors)")
      try project.sandbox.ok("bundle", "-o", bundle, "--ledger", ledger)
      // The trusted job never checks the fork's code out; it may fetch the commit to read it.
      let trusted = try project.clone("trusted-\(number)")
      _ = try trusted.git("fetch", "-q", project.sandbox.folder.path, "faster")
      try trusted.ok("ingest", "--push", "--bundle", bundle, "--commit", commit)
      let gate = try trusted.tally(
        "gate",
        "--base",
        "main",
        "--commit",
        commit,
        "--branch",
        "eve:faster"
      )
      decisions.append(gate.status)
      if number == 0 {
        #expect(gate.output.contains("src/a/fast.py:3"), "\(gate.output)\(gate.errors)")
      } else {
        #expect(gate.output.contains("\ngate: pass  eve:faster "), "\(gate.output)\(gate.errors)")
      }
    }
    #expect(decisions == [1, 0])
    // Main's books know nothing of it.
    let books = try settle(project, scans: 10 * 5)
    try project.compare(books)
    #expect(base.open(of: ["no-eval"]) == project.main.last?.world.open(of: ["no-eval"]))
  }

  @Test("every job runs twice, some of them at the same time")
  func reruns() throws {
    let project = try DayProject("reruns", seed: Self.seed + 2)
    for number in 1...8 {
      if number > 1 { project.world.work() }
      let commit = try project.commit("Work \(number)")
      try project.scan(commit)
      try project.scan(commit)
    }
    try project.runJobs()
    let books = try settle(project, scans: 8 * 5)
    try project.compare(books)
  }

  @Test("a force-push takes two scanned commits out of the trend")
  func forcePush() throws {
    let project = try DayProject("forced", seed: Self.seed + 3)
    for number in 1...5 {
      if number > 1 { project.world.work() }
      try project.scan(try project.commit("Work \(number)"))
    }
    var lost: [String] = []
    for number in 1...2 {
      project.world.work()
      let commit = try project.commit("Lost work \(number)")
      try project.scan(commit)
      lost.append(commit)
    }
    try project.runJobs()
    try project.takeBack(2)
    for number in 6...8 {
      project.world.work()
      let commit = try project.commit("Other work \(number)", force: number == 6)
      try project.scan(commit)
    }
    try project.runJobs()
    let books = try settle(project, scans: 10 * 5)
    try project.compare(books)
    let trend = try books.json("trend", "--every", "scan")
    let names = (trend["periods"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
    #expect(names.count == 8 && names.allSatisfy { name in !lost.contains { $0.hasPrefix(name) } })
  }

  @Test("a squash-merge brings a branch's work to main in one commit")
  func squash() throws {
    let project = try DayProject("squashed", seed: Self.seed + 4)
    for number in 1...5 {
      if number > 1 { project.world.work() }
      try project.scan(try project.commit("Work \(number)"))
    }
    let fork = project.world
    try project.sandbox.git("checkout", "-q", "-b", "feature")
    for number in 1...2 {
      project.world.work()
      try project.scan(
        try project.commit("Feature \(number)", to: "feature"),
        branch: "feature"
      )
    }
    let feature = project.world
    try project.sandbox.git("checkout", "-q", "main")
    project.world = feature
    try project.scan(try project.commit("Take the feature in (#12)"))
    for number in 7...8 {
      project.world.work()
      try project.scan(try project.commit("Work \(number)"))
    }
    try project.runJobs()
    let books = try settle(project, scans: 10 * 5)
    try project.compare(books)
    let side = try books.json("statement", "..", "--branch", "feature")
    let total = side["total"] as? [String: Any]
    #expect(total?["closing"] as? Int == feature.open(of: DayProject.rules))
    #expect(total?["opening"] as? Int == 0)
    #expect(fork.open(of: DayProject.rules) != feature.open(of: DayProject.rules))
  }

  @Test("a category gets another name, and its lane goes on with all ids")
  func category() throws {
    let project = try DayProject("renamed", seed: Self.seed + 5)
    for number in 1...8 {
      if number > 1 { project.world.work() }
      let commit = try project.commit("Work \(number)")
      try project.scan(commit, tools: [1, 2, 3, 4])
      let category = number < 5 ? "web" : "frontend"
      let report = try project.report(0, commit)
      project.job(commit, "'\(report.path)' --category \(category)")
      if number == 4 { try project.runJobs() }
    }
    let person = try project.clone("person")
    let before = try person.json("list", "--rule", "no-eval")
    try person.ok("lane", "rename", "lintel/web@main", "lintel/frontend@main", "--why", "One name")
    try person.ok("push")
    try project.runJobs()
    let books = try settle(project, scans: 8 * 5)
    try project.compare(books)
    for violation in before["violations"] as? [[String: Any]] ?? [] {
      let id = try #require(violation["id"] as? String)
      let life = try books.json("show", id)["violation"] as? [String: Any]
      #expect((life?["lane"] as? String ?? "").contains("frontend"), "\(id)")
    }
  }
}
