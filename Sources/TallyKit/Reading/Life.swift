import TallyBooks
import TallyLedger
import TallyModel

/// Tells what happened to one violation, event by event.
struct Life {
  private let violation: Violation
  private let view: BooksView
  private let positions: [LanePosition]
  /// The positions at which it came back: a move there is told with it.
  let returns: Set<Int>
  /// What people said of its rows, by the position of the later one.
  private let corrections: [Int: CorrectionFact]

  init(of violation: Violation, with postings: [Posting], in view: BooksView) throws {
    returns = Set(postings.filter { $0.link != nil && $0.kind.sign > 0 }.compactMap(\.position))
    self.violation = violation
    self.view = view
    positions = view.lanes.first { $0.lane == violation.lane }?.positions ?? []
    var corrections: [Int: CorrectionFact] = [:]
    for correction in try view.reader.corrections(of: violation.lane)
    where !correction.isRetracted && correction.record.verdict == .same {
      let places = try [correction.record.first, correction.record.second].compactMap {
        try view.reader.place(of: $0.scan)?.position
      }
      guard try view.reader.violation(at: correction.record.second) == violation.id,
        let place = places.max()
      else { continue }
      corrections[place] = correction
    }
    self.corrections = corrections
  }

  func event(_ posting: Posting) throws -> ShowAnswer.Event {
    let move = try view.moves(of: violation).first {
      $0.move.position == posting.position
    }?.move
    let from = posting.kind.sign > 0 && move?.from != move?.to ? move?.from.text : nil
    return ShowAnswer.Event(
      time: posting.time.iso8601,
      what: posting.kind.name,
      basis: posting.basis.name,
      path: posting.path.text,
      line: posting.kind.sign < 0
        ? nil : try posting.position.flatMap { try line(in: posting.path, at: $0) },
      from: from,
      commit: posting.commit?.description,
      isExactCommit: posting.isExactCommit,
      subject: try posting.commit.flatMap { try view.subject(of: $0) },
      stage: posting.link?.stage.name,
      score: posting.link.flatMap { $0.stage == .correction ? nil : $0.score },
      margin: posting.link?.margin,
      isAmbiguous: posting.basis == .ambiguous
        || posting.kind.sign > 0 && posting.link != nil && move?.isAmbiguous == true,
      note: try posting.source.flatMap { try note(of: $0, posting.kind) },
      entry: posting.source?.description
    )
  }

  /// The event of a move; nil where its position is not to be seen.
  func event(_ move: ViolationMove) throws -> (time: Timestamp, event: ShowAnswer.Event)? {
    guard let position = positions.first(where: { $0.index == move.position }) else { return nil }
    let isCorrected = move.evidence.stage == .correction
    let source = isCorrected ? corrections[move.position]?.id : nil
    let event = ShowAnswer.Event(
      time: position.time.iso8601,
      what: move.from == move.to ? "recognised" : "moved",
      basis: nil,
      path: move.to.text,
      line: try line(in: move.to, at: move.position),
      from: move.from == move.to ? nil : move.from.text,
      commit: position.commit.description,
      isExactCommit: false,
      subject: nil,
      stage: move.evidence.stage.name,
      score: isCorrected ? nil : move.evidence.score,
      margin: move.evidence.margin,
      isAmbiguous: move.isAmbiguous,
      note: try source.flatMap { try note(of: $0, nil) },
      entry: source?.description
    )
    return (position.time, event)
  }

  /// The line of the violation in a file at a position; nil where that is not known, as in books of another day.
  private func line(in path: RepoPath, at index: Int) throws -> Int? {
    let list = try view.reader.violations(in: path, of: violation.lane, atOrBefore: index)
    guard let ordinal = list.firstIndex(of: violation.id),
      let position = positions.first(where: { $0.index == index })
    else { return nil }
    for scan in position.scans {
      let row = try view.reader.row(Sighting(scan: scan, path: path, ordinal: ordinal))
      if let row { return row.finding.region?.startLine }
    }
    return nil
  }

  /// What a correction did, with the id of the other violation.
  private func verb(_ correction: CorrectionRecord) throws -> String {
    if correction.verdict == .same {
      let joined = Mint().mint(correction.second)
      return joined == violation.id ? "joined" : "joined with \(joined.short())"
    }
    let ends = try [correction.first, correction.second].compactMap {
      try view.reader.violation(at: $0)
    }
    guard ends.count == 2, ends[0] != ends[1] else { return "split" }
    return ends[0] == violation.id
      ? "split into \(try view.shortID(ends[1]))" : "split from \(try view.shortID(ends[0]))"
  }

  /// Who said what an event goes back to, and why.
  private func note(of source: EntryID, _ kind: PostingKind?) throws -> String? {
    guard let entry = try view.reader.entry(source) else { return nil }
    func text(_ id: TextID) throws -> String { try view.reader.text(id) ?? "(redacted)" }
    switch entry.body {
    case .waiver(let waiver):
      var note = "\(waiver.owner): \(try text(waiver.reason))"
      if kind == .waived, let late = entry.lateness(since: waiver.from) { note += " (\(late))" }
      return note
    case .correction(let correction):
      let day = entry.receipt.arrived.dateText
      return
        "\(try verb(correction)) by \(entry.receipt.actor) on \(day): "
        + (try text(correction.reason))
    case .confirmation(let confirmation):
      return "scan confirmed by \(entry.receipt.actor) on \(entry.receipt.arrived.dateText): "
        + (try text(confirmation.reason))
    default: return nil
    }
  }
}
