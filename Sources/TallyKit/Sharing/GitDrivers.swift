import Foundation
import TallyGit
import TallyLedger
import TallyModel
import TallyReport

/// What git was told about a committed ledger.
public struct DriversAnswer: CommandAnswer {
  /// The form of this answer.
  public var version = 1
  /// The ledger's path from the top of the repository.
  public var ledger: String
  /// True when `.gitattributes` got a line; false when it was there.
  public var changed: Bool

  /// Two sentences.
  public func text(_ style: TextStyle) -> String {
    let path = VisibleText.line(ledger)
    return changed
      ? "git merges and shows \(path) with tally now\n"
        + "commit .gitattributes; every clone runs 'tally install-git-drivers' once\n"
      : "git merges and shows \(path) with tally in this clone\n"
  }
}

/// What a merge driver did.
public struct MergeDriverAnswer: CommandAnswer {
  /// The form of this answer.
  public var version = 1
  /// Entries that came from the other branch.
  public var taken: Int
  /// Sentences worth a person's attention.
  public var warnings: [String]

  /// One sentence.
  public func text(_ style: TextStyle) -> String {
    "united the ledgers: \(taken) \(taken == 1 ? "entry" : "entries") taken\n"
  }
}

extension Workspace {
  /// Tells git how to merge and to show a ledger that is committed in the tree.
  ///
  /// - Parameter program: How git finds tally.
  /// - Returns: Whether something was changed.
  /// - Throws: ``ShareError``, `GitError`.
  public func installGitDrivers(program: String) async throws -> DriversAnswer {
    guard let repository, let root = repository.root else { throw ShareError.noClone }
    let path = Self.relative(ledgerPath, to: root)
    guard !path.hasPrefix("../"), !path.hasPrefix("/") else { throw ShareError.noClone }
    try await repository.configure([
      ("merge.tally-ledger.name", "unite two ledgers"),
      ("merge.tally-ledger.driver", "\(program) merge-driver %O %A %B"),
      ("diff.tally-ledger.textconv", "\(program) textconv"),
      ("diff.tally-ledger.binary", "true"),
    ])
    let file = "\(root)/.gitattributes"
    let line = "\(Self.pattern(path)) merge=tally-ledger diff=tally-ledger -text"
    let before = FileManager.default.contents(atPath: file).map { [UInt8]($0) } ?? []
    let text = String(decoding: before, as: UTF8.self)
    if text.split(whereSeparator: \.isNewline).contains(where: { $0 == line }) {
      return DriversAnswer(ledger: path, changed: false)
    }
    let gap = before.isEmpty || before.last == 0x0A ? "" : "\n"
    do {
      try Data(before + Array("\(gap)\(line)\n".utf8))
        .write(to: URL(fileURLWithPath: file), options: .atomic)
    } catch {
      throw ShareError.unwritable(path: ".gitattributes")
    }
    return DriversAnswer(ledger: path, changed: true)
  }

  /// A path as a pattern of `.gitattributes` that stands for nothing else.
  private static func pattern(_ path: String) -> String {
    var text = "/"
    var isPlain = true
    for character in path {
      if "*?[\\".contains(character) { text += "\\" }
      if character.isWhitespace || character == "\"" || character == "\\" { isPlain = false }
      text.append(character)
    }
    if isPlain { return text }
    return "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }

  /// Unites the ledger of the other branch into that of ours, for `git merge`.
  ///
  /// - Parameters:
  ///   - ours: The file that git takes as the result.
  ///   - theirs: The other branch's.
  /// - Returns: What was taken.
  /// - Throws: `LedgerError`, `BundleError`: git then leaves a conflict.
  public func mergeDriver(ours: String, theirs: String) throws -> MergeDriverAnswer {
    let other = try Ledger.open(
      absolute(theirs),
      name: "the other branch's ledger",
      mode: .readOnly
    )
    let ledger = try Ledger.open(absolute(ours), name: "this branch's ledger", mode: .readWrite)
    let (taken, warnings) = try LedgerUnion.unite(
      other,
      into: ledger,
      source: "the other branch's ledger",
      receipt: receipt(importer: "merge/1")
    )
    return MergeDriverAnswer(taken: taken.appended.count, warnings: warnings)
  }

  /// A ledger as text that git can compare line by line: balances, then entries.
  ///
  /// - Throws: `LedgerError`.
  public func textconv(_ path: String) throws -> String {
    if readFile(path)?.isEmpty ?? false { return "" }
    let ledger = try Ledger.open(absolute(path), name: path, mode: .readOnly)
    return try ledger.read { reader in
      var lines = ["root \(try reader.size()):\(try reader.root())", "", "balances"]
      for lane in try reader.lanes() {
        lines.append("\(lane.project) \(lane) \(try reader.openCount(of: lane)) open")
      }
      lines += ["", "entries"]
      var next = 1
      while next <= (try reader.size()) {
        let heads = try reader.entryHeads(from: next)
        for head in heads {
          let words = try reader.entry(at: head.sequence).map { Self.words($0.body) } ?? ""
          lines.append(
            "\(head.id.description.prefix(12)) \(head.receipt.arrived) "
              + "\(head.kind?.name ?? "unknown")\(words)"
          )
        }
        next += max(1, heads.count)
      }
      return lines.map { VisibleText.line($0) + "\n" }.joined()
    }
  }

  /// What an entry is about, after its kind.
  private static func words(_ body: EntryBody) -> String {
    switch body {
    case .scan(let record):
      " \(record.lane) at \(record.commit.short): \(record.findingCount) findings"
        + (record.succeeded ? "" : ", did not finish")
    case .tests(let record):
      " \(record.lane) at \(record.commit.short): \(record.cases.count) cases"
    case .measurements(let record):
      " at \(record.commit.short): "
        + record.samples.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    case .commit(let record): " \(record.commit.short)"
    case .waiver(let record):
      " of \(record.sightings.count) by \(record.owner) until \(record.until.dateText)"
    case .attestation(let record):
      " \(record.criterion) by \(record.owner) until \(record.until.dateText)"
    case .confirmation(let record): " of \(record.scan.description.prefix(12))"
    case .retraction(let record): " of \(record.target.description.prefix(12))"
    case .reportIssued(let record): " \(record.template) for \(record.campaign)"
    case .laneRename(let record):
      record.projects.map { " of the project \($0.from) to \($0.to)" }
        ?? " from \(record.from) to \(record.to)"
    case .merge(let record): " of \(record.size):\(record.root.description.prefix(12))"
    case .correction(let record):
      (record.verdict == .same ? " one: " : " two: ")
        + [record.first, record.second].map {
          "\($0.scan.brief):\($0.path):\($0.ordinal)"
        }.joined(separator: ", ")
    case .config, .evidence, .redaction, .unknown: ""
    }
  }
}
