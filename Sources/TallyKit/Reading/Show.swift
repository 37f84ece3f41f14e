import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

/// A violation's life.
public struct ShowAnswer: CommandAnswer {
  /// One thing that happened.
  public struct Event: Codable, Sendable, Hashable {
    /// When, in UTC.
    public var time: String
    /// A cause, or `moved` or `recognised`.
    public var what: String
    /// How that is known: a basis; nil for moves.
    public var basis: String?
    /// The file, after the event; before it where the violation left.
    public var path: String
    /// The line there, from 1; nil where the violation left, and where it is not known any more.
    public var line: Int?
    /// The file before, where the violation moved to another one.
    public var from: String?
    /// The commit, all digits; nil where none is known.
    public var commit: String?
    /// True when ``commit`` is the one commit that did it.
    public var isExactCommit: Bool
    /// The first line of the commit's message.
    public var subject: String?
    /// Which stage of tracking recognised it: for moves and reopenings; `correction` where a person said so.
    public var stage: String?
    /// The score within the stage, where more is better; nil where a person said so.
    public var score: Int?
    /// By how much it beat the next candidate; nil when there was none.
    public var margin: Int?
    /// True when the margin was below the threshold.
    public var isAmbiguous: Bool
    /// Who waived or corrected, and why.
    public var note: String?
    /// The entry that it goes back to, 64 hexadecimal digits: a waiver, a correction.
    public var entry: String?
  }

  /// The form of this answer.
  public var version = 1
  /// The violation as it stands.
  public var violation: ListAnswer.Item
  /// Its id in all digits.
  public var fullID: String
  /// Other ids that it was shown under, all digits, sorted.
  public var otherIDs: [String]
  /// In the order in which it happened.
  public var events: [Event]

  /// A list of fields, then the life line by line.
  public func text(_ style: TextStyle) -> String {
    var fields = FieldList()
    fields.add("id", "\(violation.id)  (\(fullID))")
    if !otherIDs.isEmpty {
      let shown = otherIDs.prefix(6).map { String($0.prefix(8)) }
      let rest = otherIDs.count > 6 ? " and \(otherIDs.count - 6) more" : ""
      fields.add("also", shown.joined(separator: ", ") + rest)
    }
    fields.add("state", violation.state)
    if let commit = violation.notSeenSince {
      fields.add("seen", "not since \(commit.prefix(9)), though nobody edited its file")
    }
    fields.add("rule", "\(violation.rule) (\(violation.level))")
    let place = PlaceText.of(violation.path, line: violation.line)
    fields.add("place", violation.column.map { "\(place):\($0)" } ?? place)
    fields.add("message", violation.message ?? "(redacted)")
    fields.add("lane", violation.lane)
    var table = TextTable(columns: [
      .init("When"), .init("What"), .init("Where", minimum: 20, cut: .start), .init("Commit"),
      .init("How it is known", minimum: 20),
    ])
    for event in events {
      let commit = event.commit.map { String($0.prefix(9)) } ?? ""
      table.add([
        .init(String(event.time.prefix(10))), .init(event.what, .bold),
        // A waiver has no place of its own.
        .init(
          event.path.isEmpty && !violation.path.isEmpty
            ? "" : PlaceText.of(event.path, line: event.line)
        ),
        .init(event.isExactCommit || commit.isEmpty ? commit : "..\(commit)"),
        .init(event.evidence, .dim),
      ])
    }
    return fields.rendered(width: style.columns, colour: style.colour) + "\n"
      + table.rendered(width: style.columns, colour: style.colour)
  }
}

extension ShowAnswer.Event {
  /// Stage, score and margin, or the basis, in a few words.
  var evidence: String {
    var parts: [String] = []
    if isAmbiguous { parts.append("ambiguous") }
    if let from { parts.append("from \(from)") }
    let isCorrected = stage == MatchStage.correction.name
    if isCorrected, let note { parts.append(note) }
    if let stage, !isCorrected || note == nil {
      var words = stage
      if let score { words += ", score \(score)" }
      if let margin { words += ", margin \(margin)" }
      parts.append(words)
    }
    if let basis, basis != Basis.ambiguous.name { parts.append(basis) }
    if !isCorrected, let note { parts.append(note) }
    if let subject { parts.append(subject) }
    return parts.joined(separator: "; ")
  }
}

extension Workspace {
  /// Tells the life of a violation.
  ///
  /// - Throws: ``RecordingError``, `LedgerError`.
  public func show(
    _ written: String,
    time: TimeRequest = TimeRequest()
  ) async throws -> ShowAnswer {
    try await read(time) { view, _ in
      let named = try view.violation(named: written)
      guard let violation = try view.violation(named.id) else {
        throw RecordingError.unknownViolation(written)
      }
      let account = try view.account(of: violation.id)
      let life = try Life(of: violation, with: account?.postings ?? [], in: view)
      // Commits of one second are told apart by their positions; a waiver of that second ends behind them.
      var events: [(order: (Timestamp, Int, Int), event: ShowAnswer.Event)] = []
      for posting in account?.postings ?? [] where posting.time <= view.asOf {
        let place = posting.position ?? .max
        events.append(
          ((posting.time, place, posting.kind.sign > 0 ? 2 : 0), try life.event(posting))
        )
      }
      for (_, move) in try view.moves(of: violation) {
        if life.returns.contains(move.position) { continue }
        guard let event = try life.event(move) else { continue }
        events.append(((event.time, move.position, 1), event.event))
      }
      let silent: AccountState? =
        account == nil && violation.state == .suppressed ? .suppressed : nil
      guard let state = account?.state(at: view.now) ?? silent else {
        throw RecordingError.unknownViolation(written)
      }
      let path = account?.path(at: view.now) ?? violation.last.path
      let lane = view.lanes.first { $0.lane == violation.lane }
      return ShowAnswer(
        violation: try view.item(
          violation,
          path: path,
          state: state,
          priority: "",
          rows: SightedRows(view),
          unseen: lane.flatMap { try view.unseen(in: $0)[violation.id] }
        ),
        fullID: violation.id.description,
        otherIDs: try view.reader.otherIDs(of: violation.id).map(\.description),
        events: events.enumerated().sorted {
          let (left, right) = ($0.element.order, $1.element.order)
          return (left.0, left.1, left.2, $0.offset) < (right.0, right.1, right.2, $1.offset)
        }.map(\.element.event)
      )
    }
  }
}

extension Entry {
  /// How long after its beginning something was recorded, such as `recorded 8 days later`; nil for less than a day, and for a
  /// waiver that was recorded again because it ends early.
  func lateness(since from: Timestamp) -> String? {
    if receipt.importer == WaiverDesk.importerOfEnds { return nil }
    let days = receipt.arrived.days(since: from)
    return days < 1 ? nil : "recorded \(days) \(days == 1 ? "day" : "days") later"
  }
}

extension BooksView {
  /// The first line of a commit's message; nil where it is not known.
  func subject(of commit: CommitID) throws -> String? {
    guard let record = try reader.commit(commit), let message = try reader.text(record.message)
    else { return nil }
    return String(message.prefix { !$0.isNewline })
  }
}
