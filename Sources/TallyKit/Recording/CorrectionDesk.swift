import TallyBooks
import TallyLedger
import TallyModel
import TallyTracking

/// Finds the sightings that a person's word is about, and records it.
struct CorrectionDesk {
  let transaction: WriteTransaction
  let view: BooksView

  /// What a person says, in terms of sightings.
  struct Word {
    let verdict: CorrectionRecord.Verdict
    /// The violation that goes on.
    let violation: Violation
    /// The other one; nil for one that the correction makes.
    let other: Violation?
    let first: Sighting
    let second: Sighting
    /// The position of the second sighting.
    let position: LanePosition
  }

  func violation(_ written: String) throws -> Violation { try view.violation(named: written) }

  // MARK: Two that are one

  func join(_ one: Violation, _ two: Violation) throws -> Word {
    let (first, second) =
      (one.firstPosition, one.id) < (two.firstPosition, two.id) ? (one, two) : (two, one)
    let (a, b) = (try view.shortID(one.id), try view.shortID(two.id))
    guard first.lane == second.lane else {
      throw CorrectionError.otherLane(a, b, lanes: [one, two].map(\.lane.description))
    }
    guard try presentRule(first) == presentRule(second) else {
      throw CorrectionError.otherRule(a, b, rules: [one.rule, two.rule])
    }
    guard let position = try transaction.position(of: first.lane, at: second.firstPosition) else {
      throw CorrectionError.interleaved(
        try view.shortID(first.id),
        try view.shortID(second.id)
      )
    }
    if let place = try meeting(of: first, second) {
      throw CorrectionError.bothThere(a, b, commit: place.commit.short)
    }
    if first.lastPosition > second.firstPosition {
      throw CorrectionError.interleaved(
        try view.shortID(first.id),
        try view.shortID(second.id)
      )
    }
    for correction in try corrections(of: first.lane, .different) {
      let ends = try [correction.record.first, correction.record.second].compactMap {
        try transaction.violation(at: $0)
      }
      if Set(ends) == [first.id, second.id] {
        throw CorrectionError.contradicts(entry: correction.id.brief, isJoin: false)
      }
    }
    return Word(
      verdict: .same,
      violation: first,
      other: second,
      first: first.last,
      second: second.origin,
      position: position
    )
  }

  /// What the rule of a violation is called now.
  private func presentRule(_ violation: Violation) throws -> String {
    let names = RuleAliases.of(
      tool: violation.lane.tool,
      configured: try RuleNames(transaction, of: violation.lane).aliases
    )
    var rule = violation.rule
    for _ in 0..<names.count {
      guard let next = names[rule] else { break }
      rule = next
    }
    return rule
  }

  /// The first position at which both were there; nil where there is none.
  private func meeting(of first: Violation, _ second: Violation) throws -> LanePosition? {
    let positions = try transaction.positions(of: first.lane)
    for position in positions[second.firstPosition...] where position.onLine {
      if try transaction.sighting(of: first.id, atOrBefore: position.index) != nil,
        try transaction.sighting(of: second.id, atOrBefore: position.index) != nil
      {
        return position
      }
      if position.index >= max(first.lastPosition, second.lastPosition) { return nil }
    }
    return nil
  }

  // MARK: One that is two

  func split(_ violation: Violation, at commit: String?) throws -> Word {
    let id = try view.shortID(violation.id)
    let positions = try transaction.positions(of: violation.lane)
    let index =
      try commit.map { try place(of: $0, positions, violation.lane) } ?? lastLink(violation)
    guard let index else { throw CorrectionError.neverLinked(id) }
    let position = positions[index]
    guard index != violation.firstPosition else {
      throw CorrectionError.beginsThere(id, commit: position.commit.short)
    }
    guard index > violation.firstPosition, position.onLine,
      let second = try transaction.sighting(of: violation.id, atOrBefore: index),
      position.scans.contains(second.scan)
    else { throw CorrectionError.notSeen(id, commit: position.commit.short) }
    var before = index - 1
    var first = try transaction.sighting(of: violation.id, atOrBefore: before)
    while first == nil, before > violation.firstPosition {
      before -= 1
      first = try transaction.sighting(of: violation.id, atOrBefore: before)
    }
    guard let first else { throw CorrectionError.neverLinked(id) }
    for correction in try corrections(of: violation.lane, .same)
    where correction.record.first == second || correction.record.second == second {
      throw CorrectionError.contradicts(entry: correction.id.brief, isJoin: true)
    }
    return Word(
      verdict: .different,
      violation: violation,
      other: nil,
      first: first,
      second: second,
      position: position
    )
  }

  /// The position of the last link that rests on something less than the same text, else of the last link of all.
  private func lastLink(_ violation: Violation) throws -> Int? {
    let moves = try transaction.moves(of: violation.id).map(\.position)
    let returns = try transaction.postings(of: violation.id)
      .filter { $0.kind == .reopened }.compactMap(\.position)
    if let last = (moves + returns).max() { return last }
    return violation.lastPosition > violation.firstPosition ? violation.lastPosition : nil
  }

  private func place(
    of text: String,
    _ positions: [LanePosition],
    _ lane: LaneKey
  ) throws -> Int {
    let digits = text.lowercased()
    let found = positions.filter { $0.commit.description.hasPrefix(digits) }
    guard digits.count >= 4, let first = found.first else {
      throw CorrectionError.unknownCommit(text, lane: lane.description)
    }
    guard found.count == 1 else {
      throw CorrectionError.ambiguousCommit(text, count: found.count)
    }
    return first.index
  }

  private func corrections(
    of lane: LaneKey,
    _ verdict: CorrectionRecord.Verdict
  ) throws -> [CorrectionFact] {
    try transaction.corrections(of: lane).filter {
      !$0.isRetracted && $0.record.verdict == verdict
    }
  }

  // MARK: Recording

  func record(
    _ word: Word,
    reason: String,
    by owner: String,
    receipt: @escaping (String) -> Receipt
  ) throws -> CorrectionAnswer {
    let record = CorrectionRecord(
      verdict: word.verdict,
      first: word.first,
      second: word.second,
      reason: try transaction.saveText(reason)
    )
    let id = try EntryDraft(.correction(record)).id
    if let retraction = try transaction.retraction(of: id) {
      throw CorrectionError.takenBack(retraction: retraction.brief)
    }
    let recorded = try Recorder(transaction: transaction, receipt: receipt, evidence: nil)
      .record(
        .correction(record),
        importer: word.verdict == .same ? "join/1" : "split/1",
        sentence: ""
      )
    try BooksKeeper(transaction: transaction).derive(word.violation.lane)
    let now = try transaction.violation(at: word.second)
    let other = word.other?.id ?? now ?? word.violation.id
    let (kept, second) = (try view.shortID(word.violation.id), try view.shortID(other))
    let day = "\(word.position.time.dateText) (\(word.position.commit.short))"
    return CorrectionAnswer(
      entry: recorded.entry,
      isNew: recorded.isNew,
      sentence: word.verdict == .same
        ? "joined \(second) with \(kept), which goes on from \(day), by \(owner)"
        : "split \(kept): from \(day) on it is \(second), by \(owner)",
      violation: kept,
      other: second,
      commit: word.position.commit.description,
      size: try transaction.size(),
      root: try transaction.root().description
    )
  }
}

extension EntryID {
  /// The first digits, enough to type.
  var brief: String { String(description.prefix(12)) }
}
