import Foundation
public import TallyModel
import TallyReport

/// What an ingest is told; everything that is nil or empty comes from git, the CI system or the file itself.
public struct IngestRequest: Sendable, Hashable {
  /// Paths of reports, `-` for standard input.
  public var files: [String]
  /// A format's name; nil to find out.
  public var format: String?
  /// The scanned commit: a name git knows, or all 40 (64) digits where there is no repository.
  public var commit: String?
  /// The branch's short name.
  public var branch: String?
  /// Keeps scans of one tool with different settings apart.
  public var category: String?
  /// Globs that were scanned; empty for everything.
  public var scope: [String]
  /// A commit from which the branch came: only files that changed since were scanned; nil where that is not so.
  public var changedSince: String?
  /// Prefixes to strip from the report's paths.
  public var roots: [String]
  /// Configuration files of the tool, whose bytes are part of the claim.
  public var toolConfiguration: [String]
  /// Orders scans of commits with equal times.
  public var sequence: Int?
  /// True when CI says that the tool did not finish.
  public var failed: Bool

  /// Creates a request.
  public init(
    files: [String],
    format: String? = nil,
    commit: String? = nil,
    branch: String? = nil,
    category: String? = nil,
    scope: [String] = [],
    changedSince: String? = nil,
    roots: [String] = [],
    toolConfiguration: [String] = [],
    sequence: Int? = nil,
    failed: Bool = false
  ) {
    self.files = files
    self.format = format
    self.commit = commit
    self.branch = branch
    self.category = category
    self.scope = scope
    self.changedSince = changedSince
    self.roots = roots
    self.toolConfiguration = toolConfiguration
    self.sequence = sequence
    self.failed = failed
  }
}

/// Why an ingest was refused.
///
/// Nothing has been written when this is thrown.
public enum IngestError: UserFacingError, Hashable {
  /// Neither git nor the CI system names the commit.
  case noCommit
  /// A short name of a commit was typed where there is no repository.
  case commitNeedsGit(String)
  /// No importer has the name after `--format`.
  case unknownFormat(String, known: [String])
  /// The file is of a known format, and holds no run.
  case noRuns(source: String)
  /// `-` is named more than once.
  case standardInputTwice
  /// What was typed after `--scope` is no pattern over paths of the repository.
  case badScope(String, reason: String)
  /// A file after `--tool-config` cannot be read.
  case toolConfiguration(path: String)
  /// `--changed-since` was typed where there is no repository.
  case changedSinceNeedsGit
  /// No commit of the clone has the name after `--changed-since`.
  case unknownBase(String, isShallow: Bool)
  /// The clone does not hold the commit where the base and the scanned commit part.
  case noCommonCommit(String, commit: String, isShallow: Bool)
  /// More files changed than the scope of one scan names.
  case tooManyChanges(Int, limit: Int)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .noCommit: "ingest.no-commit"
    case .commitNeedsGit: "ingest.commit-needs-git"
    case .unknownFormat: "ingest.unknown-format"
    case .noRuns: "ingest.no-runs"
    case .standardInputTwice: "ingest.standard-input"
    case .badScope: "ingest.scope"
    case .toolConfiguration: "ingest.tool-config"
    case .changedSinceNeedsGit: "ingest.changed-since-needs-git"
    case .unknownBase: "ingest.unknown-base"
    case .noCommonCommit: "ingest.no-common-commit"
    case .tooManyChanges: "ingest.too-many-changes"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .noCommit: "the scanned commit is not known: this is no git repository and no CI job"
    case .commitNeedsGit(let text):
      "the commit '\(text)' cannot be looked up, because this is no git repository"
    case .unknownFormat(let name, _): "there is no format '\(name)'"
    case .noRuns(let source): "\(source) holds no run"
    case .standardInputTwice: "standard input can be read once only"
    case .badScope(let text, let reason): "'\(text)' is not a scope: \(reason)"
    case .toolConfiguration(let path): "the tool's configuration file '\(path)' cannot be read"
    case .changedSinceNeedsGit:
      "what changed cannot be looked up, because this is no git repository"
    case .unknownBase(let name, let isShallow):
      "the commit '\(name)' after --changed-since is not in this "
        + (isShallow ? "clone, which is shallow" : "clone")
    case .noCommonCommit(let name, let commit, let isShallow):
      "this clone does not hold the commit where \(commit) and '\(name)' part"
        + (isShallow ? ": it is shallow" : "")
    case .tooManyChanges(let count, let limit):
      "\(count) files changed, and the scope of a scan names at most \(limit)"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .noCommit: "name it: --commit with all digits of the commit"
    case .commitNeedsGit: "give all 40 digits, or run inside the repository"
    case .unknownFormat(_, let known): "the formats are: \(known.joined(separator: ", "))"
    case .noRuns: "check that the tool wrote its results into this file"
    case .standardInputTwice: "name - once"
    case .badScope:
      "write it from the top of the repository, as src/** or 'src/**/*.py' in quotes"
    case .toolConfiguration: "check the path after --tool-config"
    case .changedSinceNeedsGit: "name what was scanned with --scope, or run inside the repository"
    case .unknownBase(_, true):
      "fetch it with its history: git fetch --unshallow, then git fetch origin BRANCH:refs/remotes/origin/BRANCH; "
        + "in CI, check out with full depth"
    case .unknownBase: "check the spelling, or fetch it: git fetch origin"
    case .noCommonCommit(_, _, true):
      "fetch the history: git fetch --unshallow; in CI, check out with full depth"
    case .noCommonCommit: "name a base that shares a past with the scanned commit"
    case .tooManyChanges: "scan everything and leave --changed-since out, or narrow it with --scope"
    }
  }
}

extension IngestRequest {
  /// A pattern as it was typed after `--scope`, in the spelling that is stored: no `./` before it, Unicode form C as in paths.
  ///
  /// - Throws: ``IngestError/badScope(_:reason:)``.
  static func scopePattern(_ typed: String) throws(IngestError) -> String {
    var pattern = typed.precomposedStringWithCanonicalMapping
    while pattern.hasPrefix("./"), pattern.utf8.count > 2 { pattern.removeFirst(2) }
    if pattern.hasPrefix("/") || pattern == ".." || pattern.hasPrefix("../") {
      throw .badScope(typed, reason: "no path of the repository begins like that")
    }
    do {
      _ = try Glob(pattern)
    } catch {
      throw .badScope(typed, reason: error.reason)
    }
    return pattern
  }
}

/// What an ingest did.
public struct IngestResult: CommandAnswer {
  /// The form of this answer.
  public var version = 1
  /// One element a run of a file, in the order of the files.
  public var runs: [IngestedRun] = []
  /// How many entries the journal holds now.
  public var size = 0
  /// The root of the journal's log, 64 hexadecimal digits.
  public var root = ""
  /// What came from the shared ref before, with `--push`.
  public var pull: PullAnswer?
  /// What went to the shared ref afterwards, with `--push`.
  public var push: PushAnswer?
  /// Sentences worth a person's attention.
  public var warnings: [String] = []

  /// One line a run, and the journal's size and root at the end of the last.
  public func text(_ style: TextStyle) -> String {
    var tail = "root \(size):\(root.prefix(12))"
    if let push {
      let said = push.sentences.map { VisibleText.line($0) }.joined(separator: "  ")
      tail = push.pushed > 0 ? said : "\(said)  \(tail)"
    }
    var lines = runs.map(\.line)
    if lines.isEmpty { return tail + "\n" }
    lines[lines.count - 1] += "  \(tail)"
    return lines.joined(separator: "\n") + "\n"
  }
}

/// What one run of a file did to the books.
public struct IngestedRun: Codable, Sendable, Hashable {
  /// The file as it was named.
  public var source: String
  /// Its lane, such as `ruff/ssot@main`.
  public var lane = ""
  /// The commit, all digits.
  public var commit = ""
  /// The entry, 64 hexadecimal digits.
  public var entry = ""
  /// `scan` or `tests`.
  public var kind = ""
  /// False when the journal held this entry already.
  public var isNew = true
  /// True when the scan came after a later commit's.
  public var isLate = false
  /// True when the run did not finish.
  public var failed = false
  /// Findings of the scan, or cases of the test run.
  public var count = 0
  /// Open violations of the lane before; nil for tests, for a new lane and for a file that was recorded before.
  public var openBefore: Int?
  /// Open violations of the lane after, waivers aside; nil for tests.
  public var openAfter: Int?
  /// Findings that were open, were looked for and not seen, though nobody edited their files: they stay open.
  public var suspect = 0
  /// Scans of the same lane and commit that do not count, because a later run replaced them.
  public var superseded = 0
  /// Postings of the scan by cause.
  public var postings: [String: Int] = [:]
  /// Outcomes of the test run by name.
  public var outcomes: [String: Int] = [:]
  /// What was dropped, by reason.
  public var skipped: [String: Int] = [:]
  /// What was taken with something put right, by reason.
  public var adjusted: [String: Int] = [:]
  /// Properties and elements of the format that were met and not kept, as `object.property`.
  public var ignored: [String: Int] = [:]
  /// Properties that the format does not have, as `object.property`.
  public var unknown: [String: Int] = [:]

  /// `+2 introduced  -3 fixed  34 open (was 35)`.
  var line: String {
    var parts: [String] = []
    if kind == "tests" {
      for name in ["passed", "failed", "error", "skipped", "flaky"] {
        if let count = outcomes[name], count > 0 { parts.append("\(count) \(name)") }
      }
      if parts.isEmpty { parts = ["no test cases"] }
    } else {
      for kind in PostingKind.allCases where (postings[kind.name] ?? 0) > 0 {
        parts.append("\(kind.sign > 0 ? "+" : "-")\(postings[kind.name] ?? 0) \(kind.name)")
      }
      let open = openAfter ?? 0
      if let before = openBefore, before != open {
        parts.append("\(open) open (was \(before))")
      } else {
        parts.append("\(open) open")
      }
    }
    if suspect > 0 { parts.append("\(suspect) not seen") }
    if superseded > 0 { parts.append("\(superseded) superseded") }
    for (reason, count) in skipped.sorted(by: { $0.key < $1.key }) {
      parts.append("\(count) skipped (\(VisibleText.line(reason)))")
    }
    for (reason, count) in adjusted.sorted(by: { $0.key < $1.key }) {
      parts.append("\(count) put right (\(VisibleText.line(reason)))")
    }
    if !isNew { parts.append("recorded before, nothing changed") }
    if isLate { parts.append("late") }
    if failed {
      parts.append(
        kind == "tests"
          ? "did not finish: removes nothing" : "did not finish: closes nothing"
      )
    }
    return "\(VisibleText.line(lane))  " + parts.joined(separator: "  ")
  }
}
