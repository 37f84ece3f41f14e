public import TallyModel

/// Waivers laid over the open times of violations.
///
/// A waiver counts from its start to its end, the end excluded, and only while the violation is open otherwise. Waivers that overlap count once. Waived is not
/// fixed: what leaves while it is waived is first unwaived, so that the account stays balanced.
public struct WaiverBook: Sendable {
  /// A sighting that a waiver names and that is not in the books.
  public struct Unresolved: Sendable, Hashable {
    /// The waiver.
    public let waiver: EntryID
    /// What it names.
    public let sighting: Sighting
  }

  /// Some time without an end of its own: from, until (exclusive), and the waivers that begin and end it.
  private struct Span: Sendable {
    let from: Timestamp
    var until: Timestamp
    let first: EntryID
    var last: EntryID
  }

  private var spans: [ViolationID: [Span]] = [:]
  /// Waived sightings that were not found, sorted by waiver, then as the waiver lists them.
  public let unresolved: [Unresolved]

  /// Resolves waivers to violations.
  ///
  /// - Parameters:
  ///   - waivers: every waiver, sorted by entry id.
  ///   - resolve: the violations that a sighting belongs to: any sighting of its life, not just the first or last. More than one where
  ///     a correction holds the row for something else now.
  public init(
    waivers: [(id: EntryID, record: WaiverRecord)],
    resolve: (Sighting) throws -> [ViolationID]
  ) rethrows {
    var unresolved: [Unresolved] = []
    var found: [ViolationID: [(id: EntryID, record: WaiverRecord)]] = [:]
    for waiver in waivers where waiver.record.from < waiver.record.until {
      var named: Set<ViolationID> = []
      for sighting in waiver.record.sightings {
        let violations = try resolve(sighting)
        if violations.isEmpty {
          unresolved.append(Unresolved(waiver: waiver.id, sighting: sighting))
        }
        for violation in violations where named.insert(violation).inserted {
          found[violation, default: []].append(waiver)
        }
      }
    }
    self.unresolved = unresolved
    for (violation, own) in found {
      let sorted = own.sorted {
        ($0.record.from, $0.record.until, $0.id) < ($1.record.from, $1.record.until, $1.id)
      }
      var merged: [Span] = []
      for (id, record) in sorted {
        if let last = merged.indices.last, record.from <= merged[last].until {
          if record.until > merged[last].until {
            merged[last].until = record.until
            merged[last].last = id
          }
        } else {
          merged.append(Span(from: record.from, until: record.until, first: id, last: id))
        }
      }
      spans[violation] = merged
    }
  }

  /// The violations that have a waiver, sorted.
  public var violations: [ViolationID] { spans.keys.sorted() }

  /// Says whether a violation has a waiver, at whatever time.
  public func hasWaiver(_ violation: ViolationID) -> Bool { spans[violation] != nil }

  /// The waiver that holds for a violation at a time, with its end, whether or not the violation is open; nil when none does.
  public func waiver(
    of violation: ViolationID,
    at time: Timestamp
  ) -> (first: EntryID, until: Timestamp)? {
    spans[violation]?.first { $0.from <= time && time < $0.until }.map { ($0.first, $0.until) }
  }

  /// The postings of one violation with `waived` and `unwaived` put in.
  ///
  /// What follows the clock has no position; what goes with a posting of a scan has that posting's. Ends in the future are posted at their time:
  /// a statement as of an earlier point leaves them out.
  ///
  /// - Parameters:
  ///   - postings: all of one violation, in order, without waivers.
  ///   - moves: its changes of path, by position.
  /// - Returns: all of its postings, in order.
  public func overlay(
    _ postings: [Posting],
    moves: [ViolationAccount.PathChange] = []
  ) -> [Posting] {
    guard let violation = postings.first?.violation, let spans = spans[violation] else {
      return postings
    }
    var result: [Posting] = []
    var index = 0
    while index < postings.count {
      let entry = postings[index]
      if entry.kind.sign < 0 {
        // Not preceded by an entry: damaged books. Left as it is, for the statement to refuse.
        result.append(entry)
        index += 1
        continue
      }
      let exit = index + 1 < postings.count ? postings[index + 1] : nil
      result.append(entry)
      for span in spans {
        let start = max(span.from, entry.time)
        if start >= span.until || exit.map({ start >= $0.time }) == true { continue }
        let begins = start == entry.time ? entry : nil
        result.append(
          posting(.waived, entry, at: start, with: begins, span.first, moves)
        )
        if let exit, exit.time < span.until {
          result.append(posting(.unwaived, entry, at: exit.time, with: exit, span.last, moves))
        } else {
          result.append(posting(.unwaived, entry, at: span.until, with: nil, span.last, moves))
        }
      }
      if let exit { result.append(exit) }
      index += exit == nil ? 1 : 2
    }
    return result
  }

  private func posting(
    _ kind: PostingKind,
    _ entry: Posting,
    at time: Timestamp,
    with base: Posting?,
    _ waiver: EntryID,
    _ moves: [ViolationAccount.PathChange]
  ) -> Posting {
    let moved = moves.last { change in
      if let position = entry.position, change.position <= position { return false }
      return change.time <= time && (base?.position).map { change.position < $0 } ?? true
    }
    return Posting(
      violation: entry.violation,
      time: time,
      position: base?.position,
      lane: entry.lane,
      kind: kind,
      basis: .direct,
      path: moved?.path ?? entry.path,
      commit: nil,
      isExactCommit: false,
      link: nil,
      source: waiver
    )
  }
}
