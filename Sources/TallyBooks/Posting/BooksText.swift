public import TallyModel

/// The canonical text of books: one line a row, so that equal books have equal bytes and a digest.
///
/// Fields are separated by tabs; a backslash, tab or line feed in a path or name is written `\\`, `\t`, `\n`; what is absent is `-`. Times are seconds
/// since the epoch, enumerations their stored numbers. Aliases and warnings are not part of it: aliases depend on arrival.
public enum BooksText {
  /// A position.
  public static func line(_ position: LanePosition) -> String {
    join([
      "position", lane(position.lane), "\(position.index)", "\(position.commit)",
      "\(position.time.seconds)", list(position.scans), list(position.superseded),
      flag(position.succeeded), flag(position.onLine), flag(position.coversAll),
    ])
  }

  /// A posting.
  public static func line(_ posting: Posting) -> String {
    join([
      "posting", "\(posting.violation)", "\(posting.time.seconds)",
      posting.position.map(String.init) ?? "-", lane(posting.lane),
      "\(posting.kind.rawValue)", "\(posting.basis.rawValue)", escape(posting.path.text),
      posting.commit?.description ?? "-", flag(posting.isExactCommit),
      posting.link.map(evidence) ?? "-", posting.source?.description ?? "-",
    ])
  }

  /// A violation.
  public static func line(_ violation: Violation) -> String {
    join([
      "violation", "\(violation.id)", lane(violation.lane), escape(violation.rule),
      "\(violation.level.rawValue)", "\(violation.message)", "\(violation.state.rawValue)",
      sighting(violation.origin), sighting(violation.last), "\(violation.firstPosition)",
      "\(violation.lastPosition)",
    ])
  }

  /// A roster.
  public static func line(_ roster: Roster, lane key: LaneKey) -> String {
    join([
      "roster", lane(key), escape(roster.path.text), roster.blob?.description ?? "-",
      "\(roster.sheet)", "\(roster.scan)", list(roster.violations),
    ])
  }

  /// A move.
  public static func line(_ move: ViolationMove) -> String {
    join([
      "move", "\(move.violation)", "\(move.position)", escape(move.from.text),
      escape(move.to.text), evidence(move.evidence), flag(move.isAmbiguous),
    ])
  }

  private static func join(_ fields: [String]) -> String { fields.joined(separator: "\t") }
  private static func flag(_ value: Bool) -> String { value ? "1" : "0" }

  private static func list(_ items: [some CustomStringConvertible]) -> String {
    items.isEmpty ? "-" : items.map(\.description).joined(separator: ",")
  }

  private static func evidence(_ link: LinkEvidence) -> String {
    "\(link.stage.rawValue)/\(link.score)/\(link.margin.map(String.init) ?? "-")"
  }

  private static func sighting(_ sighting: Sighting) -> String {
    "\(sighting.scan):\(sighting.ordinal):\(escape(sighting.path.text))"
  }

  private static func lane(_ lane: LaneKey) -> String {
    [lane.project, lane.tool, lane.category, lane.branch].map(escape).joined(separator: "\t")
  }

  private static func escape(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\t": result += "\\t"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension InMemoryBooks {
  /// The whole books of the lane: positions, postings, violations by id, rosters by path, moves; every line ends in a line feed.
  public var canonicalText: String {
    var lines = positions.map(BooksText.line)
    lines += postings.map(BooksText.line)
    lines += violations.values.sorted { $0.id < $1.id }.map(BooksText.line)
    lines += rosters.values.sorted { $0.path < $1.path }.map { BooksText.line($0, lane: lane) }
    lines += moves.map(BooksText.line)
    return lines.map { $0 + "\n" }.joined()
  }
}
