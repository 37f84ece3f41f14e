import Foundation
import Testing

/// One repository of the day: a bare remote with a protected main, the commits of a simulated team, and jobs on runners that are thrown away.
final class DayProject {
  /// A tool of the day and what it looks for.
  static let tools: [(name: String, rule: String)] = [
    ("lintel", "no-eval"), ("guard", "no-exec"), ("stylo", "no-print"), ("seclint", "no-open"),
    ("typer", "no-cast"),
  ]
  static var rules: [String] { tools.map(\.rule) }

  let name: String
  let sandbox: Sandbox
  let remote: URL
  /// The state that the next commit starts from.
  var world: DayWorld
  /// The commits of `main`, in order, with what each held.
  private(set) var main: [(commit: String, world: DayWorld)] = []
  private var jobs: [String] = []
  private var dice: Dice

  init(_ name: String, seed: UInt64, folders: [String] = ["src/a", "src/b"]) throws {
    self.name = name
    sandbox = try Sandbox(project: name)
    remote = sandbox.outside.appendingPathComponent("\(name).git")
    dice = Dice(seed: seed &* 31)
    world = DayWorld(seed: seed, rules: Self.rules, folders: folders)
    try sandbox.git("init", "-q", "--bare", "-b", "main", remote.path)
    try sandbox.git("config", "uploadpack.allowAnySHA1InWant", "true", in: remote)
    try sandbox.git("remote", "add", "origin", "file://\(remote.path)")
    try sandbox.write("version: 1\nproject: \(name)\n", to: "tally.yml")
    let hook = """
      #!/bin/sh
      [ -n "$MAINTAINER" ] && exit 0
      while read old new ref; do
        case "$ref" in refs/heads/*) echo "$ref is protected" >&2; exit 1;; esac
      done
      """
    _ = try sandbox.shell("cat > '\(remote.path)/hooks/pre-receive'", input: Data(hook.utf8))
    _ = try sandbox.shell("chmod 755 '\(remote.path)/hooks/pre-receive'")
  }

  // MARK: The team

  /// Commits the state of the world to the branch that is checked out, and pushes it as a maintainer may.
  @discardableResult
  func commit(_ message: String, to branch: String = "main", force: Bool = false) throws -> String {
    try world.write(to: sandbox.folder)
    let commit = try sandbox.commit(message)
    let outcome = try sandbox.shell(
      "MAINTAINER=1 git push -q \(force ? "--force " : "")origin HEAD:refs/heads/\(branch)"
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    if branch == "main" { main.append((commit, world)) }
    return commit
  }

  /// Takes the last commits of `main` back, as somebody does who will force-push.
  func takeBack(_ count: Int) throws {
    main.removeLast(count)
    let last = try #require(main.last)
    world = last.world
    try sandbox.git("reset", "-q", "--hard", last.commit)
  }

  // MARK: Jobs

  /// What a tool says of the world as it is, in a file outside of every checkout.
  func report(_ tool: Int, _ commit: String, only: [String] = [], _ more: String = "") throws -> URL
  {
    let (name, rule) = Self.tools[tool]
    let linter = Linter(tool: name, rules: [rule], only: only)
    let file = sandbox.outside.appendingPathComponent("\(commit)-\(name)\(more).sarif")
    try Data(linter.sarif(of: sandbox.folder).utf8).write(to: file)
    return file
  }

  /// A job that will run on a clone of depth 1 of a commit, with the variables of a CI system.
  func job(_ commit: String, branch: String = "main", _ arguments: String) {
    jobs.append("\(commit) \(branch) \(arguments)")
  }

  /// One job for each tool, as most pipelines have them.
  func scan(_ commit: String, branch: String = "main", tools: [Int] = [0, 1, 2, 3, 4]) throws {
    for tool in tools {
      job(commit, branch: branch, "'\(try report(tool, commit).path)'")
    }
  }

  /// Runs the jobs that were planned, in random order, some at once; none may say anything on standard error.
  func runJobs(at once: Int = 6) throws {
    let shuffled = jobs.shuffled(using: &dice)
    jobs = []
    var lines = "set -u\n"
    for (index, line) in shuffled.enumerated() {
      let words = line.split(separator: " ", maxSplits: 2)
      lines += "job \(index) \(words[0]) \(words[1]) \(words[2]) &\n"
      if index % once == once - 1 { lines += "wait\n" }
    }
    let script = """
      job() {
        number=$1 commit=$2 branch=$3; shift 3
        place=$(mktemp -d -p '\(sandbox.outside.path)')
        { git init -q "$place/\(name)" && cd "$place/\(name)" &&
          git remote add origin 'file://\(remote.path)' &&
          git fetch -q --depth=1 origin $commit && git checkout -q FETCH_HEAD &&
          GITHUB_ACTIONS=true CI=true GITHUB_SHA=$commit GITHUB_REF=refs/heads/$branch \\
          GITHUB_REF_NAME=$branch GITHUB_REF_TYPE=branch GITHUB_EVENT_NAME=push \\
          GITHUB_REPOSITORY=org/\(name) GITHUB_SERVER_URL=https://code.example \\
          GITHUB_RUN_ID=$number "$TALLY" ingest --push "$@"
        } > "$place.log" 2>&1 || { echo "job $number $*:"; cat "$place.log"; } >&2
        cd / && rm -rf "$place"
      }
      \(lines)
      wait
      """
    let outcome = try sandbox.shell(script)
    #expect(outcome.status == 0 && outcome.errors == "", "\(name): \(outcome.errors)")
  }

  // MARK: What the books say

  /// A runner that pulled everything.
  func clone(_ place: String, depth: String = "") throws -> Job {
    let folder = sandbox.outside.appendingPathComponent("\(place)/\(name)")
    let outcome = try sandbox.shell(
      "git clone -q \(depth) 'file://\(remote.path)' '\(folder.path)'"
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    let job = Job(sandbox: sandbox, folder: folder)
    try job.ok("pull")
    return job
  }

  /// Compares each step of `main` with what the simulator did, for every tool.
  func compare(_ job: Job, steps: [(String, DayWorld)]? = nil) throws {
    let steps = steps ?? main.map { ($0.commit, $0.world) }
    for (old, new) in zip(steps, steps.dropFirst()) {
      let answer = try job.json("statement", "\(old.0)..\(new.0)", "--by", "tool")
      #expect(answer["balances"] as? Bool == true)
      var rows: [String: [String: Any]] = [:]
      for row in answer["rows"] as? [[String: Any]] ?? [] {
        // A category follows the tool's name.
        rows[String((row["key"] as? String ?? "").prefix { $0 != "/" })] = row
      }
      for (tool, rule) in Self.tools {
        let place = "\(name) \(tool) \(old.0.prefix(7))..\(new.0.prefix(7))"
        let wanted = new.1.causes(since: old.1, of: [rule])
        #expect(Self.counts(rows[tool], "entered") == wanted.in, "\(place)")
        #expect(Self.counts(rows[tool], "left") == wanted.out, "\(place)")
        #expect(rows[tool]?["opening"] as? Int ?? 0 == old.1.open(of: [rule]), "\(place)")
        #expect(rows[tool]?["closing"] as? Int ?? 0 == new.1.open(of: [rule]), "\(place)")
      }
    }
  }

  private static func counts(_ row: [String: Any]?, _ side: String) -> [String: Int] {
    (row?[side] as? [String: [String: Any]] ?? [:]).compactMapValues { $0["count"] as? Int }
  }
}
