import TallyBooks
import TallyLedger
import TallyModel

/// Says when a campaign's definition was another one in the past that it is applied to.
struct Redefinitions {
  /// Parts of a definition.
  struct Parts: OptionSet {
    let rawValue: Int

    static let selection = Parts(rawValue: 1)
    static let priorities = Parts(rawValue: 2)
    static let baseline = Parts(rawValue: 4)
    static let all: Parts = [.selection, .priorities, .baseline]
  }

  let view: BooksView
  let project: String
  /// What is applied.
  let configuration: LoadedConfiguration

  private var reader: LedgerReader { view.reader }

  /// One change of a definition.
  struct Change {
    let before: Campaign
    let after: Campaign
    /// The parts that differ, in words.
    let what: String
    let effective: Timestamp
    /// The commit in brackets behind a blank; empty where it is not known.
    let place: String
  }

  /// Every change of a campaign's definition after a moment, and what counted at the end.
  private func history(
    of campaign: Campaign,
    since start: Timestamp,
    until end: Timestamp,
    comparing parts: Parts
  ) throws -> (changes: [Change], last: (definition: Campaign, effective: Timestamp)?) {
    var result: [Change] = []
    var last: (definition: Campaign, effective: Timestamp)?
    var lastCommit: CommitID?
    var lastText: TextID?
    let history = try reader.configurationHistory(project: project, besides: view.strangeCommits)
    for fact in history {
      guard fact.effective <= end else { break }
      guard let file = fact.record.files.first(where: { $0.path == "tally.yml" }) else { continue }
      if file.text == lastText {
        lastCommit = fact.record.commit
        continue
      }
      guard let definition = try view.configuration(file.text)?.campaign(campaign.id) else {
        continue
      }
      let (before, previous) = (last, lastCommit)
      (last, lastCommit, lastText) = (
        (definition, fact.effective), fact.record.commit, file.text
      )
      guard let before, fact.effective > start else { continue }
      let what = Self.differences(before.definition, definition, parts)
      if what.isEmpty { continue }
      let place =
        try fact.record.commit.map { commit in
          " (\(try editor(of: "tally.yml", between: previous, and: commit).short))"
        } ?? ""
      result.append(
        Change(
          before: before.definition,
          after: definition,
          what: Self.list(what),
          effective: fact.effective,
          place: place
        )
      )
    }
    return (result, last)
  }

  /// Changes of what a campaign selects and of its priorities after a moment.
  func changes(
    of campaign: Campaign,
    since start: Timestamp,
    until end: Timestamp
  ) throws -> [Change] {
    try history(of: campaign, since: start, until: end, comparing: [.selection, .priorities])
      .changes
  }

  /// One sentence a change after the first moment, and one where what is applied is not what counted at the last.
  func sentences(
    of campaign: Campaign,
    since start: Timestamp,
    until end: Timestamp,
    comparing parts: Parts = .all
  ) throws -> [String] {
    let (changes, last) = try history(of: campaign, since: start, until: end, comparing: parts)
    var result = changes.map { change in
      "\(change.what) changed on \(change.effective.dateText)\(change.place); \(applied)"
    }
    if let last {
      let what = Self.differences(last.definition, campaign, parts)
      if !what.isEmpty {
        let verb = what == ["the priorities"] || what.count > 1 ? "differ" : "differs"
        result.append(
          "\(Self.list(what)) \(verb) from the definition of \(last.effective.dateText); \(applied)"
        )
      }
    }
    return result
  }

  private var applied: String {
    if let day = configuration.chosenFor { return "that of \(day.dateText) is applied throughout" }
    return "today's definition is applied to the past"
  }

  private static func list(_ what: [String]) -> String {
    what.count < 3
      ? what.joined(separator: " and ")
      : what.dropLast().joined(separator: ", ") + " and " + (what.last ?? "")
  }

  private static func differences(
    _ left: Campaign,
    _ right: Campaign,
    _ parts: Parts
  ) -> [String] {
    [
      parts.contains(.selection) && left.select != right.select ? "what the campaign selects" : nil,
      parts.contains(.priorities) && left.priorities != right.priorities ? "the priorities" : nil,
      parts.contains(.baseline) && left.baseline != right.baseline ? "the baseline" : nil,
    ].compactMap { $0 }
  }

  /// The one commit between two that touched a file, else the later one.
  private func editor(
    of file: String,
    between old: CommitID?,
    and new: CommitID
  ) throws -> CommitID {
    guard let old, let steps = try reader.difference(from: old, to: new)?.steps else { return new }
    let editors = steps.filter { $0.paths.contains { $0.name == file } }
    return editors.count == 1 ? editors[0].commit : new
  }
}

extension LedgerReader {
  /// Every configuration of a project, in the order in which they count, without those of some commits.
  func configurationHistory(
    project: String,
    besides strange: Set<CommitID> = []
  ) throws -> [ConfigFact] {
    try configs(project: project)
      .filter { fact in fact.record.commit.map { !strange.contains($0) } ?? true }
      .sorted { ($0.effective, $0.sequence) < ($1.effective, $1.sequence) }
  }
}

extension BooksView {
  /// The commits that were scanned on other branches only: what `tally.yml` says there does not count yet.
  var strangeCommits: Set<CommitID> {
    guard let trunk, lanes.contains(where: { $0.lane.branch != trunk }) else { return [] }
    var own: Set<CommitID> = []
    var others: Set<CommitID> = []
    for lane in lanes {
      let commits = lane.positions.map(\.commit)
      if lane.lane.branch == trunk { own.formUnion(commits) } else { others.formUnion(commits) }
    }
    return others.subtracting(own)
  }
}
