internal import TallyModel

/// Recognises violations that come back where something else changed around them while they were away.
///
/// Looks at what the matcher's equal windows left over: in the same file, of equal rule, message template and line, where the tokens next
/// to the position agree on both sides together as far as ``leastTokens``. The best pairs come first; equal ones by place.
struct Returning {
  /// How many tokens next to the position have to agree, the line's own included.
  static let leastTokens = 14
  /// Of how many absent ones and rows all pairs are looked at.
  static let most = 256

  private let absent: [TrackedFinding]
  private let rows: [TrackedFinding]
  private let freeAbsent: [Int]
  private let freeRows: [Int]

  private struct Pair {
    let absent: Int
    let row: Int
    let score: Int
  }

  init(absent: [TrackedFinding], rows: [TrackedFinding], links: [MatchLink]) {
    self.absent = absent
    self.rows = rows
    let linked = (Set(links.map(\.previous)), Set(links.map(\.current)))
    freeAbsent = Array(absent.indices.filter { !linked.0.contains($0) }.prefix(Self.most))
    freeRows = Array(rows.indices.filter { !linked.1.contains($0) }.prefix(Self.most))
  }

  /// The pairs, sorted by the place in the absent ones.
  func links() -> [MatchLink] {
    var pairs: [Pair] = []
    for old in freeAbsent {
      for new in freeRows {
        if let score = score(absent[old], rows[new]) {
          pairs.append(Pair(absent: old, row: new, score: score))
        }
      }
    }
    pairs.sort { ($1.score, $0.absent, $0.row) < ($0.score, $1.absent, $1.row) }
    var result: [MatchLink] = []
    var taken: (absent: Set<Int>, rows: Set<Int>) = ([], [])
    for pair in pairs where !taken.absent.contains(pair.absent) && !taken.rows.contains(pair.row) {
      taken.absent.insert(pair.absent)
      taken.rows.insert(pair.row)
      let other = pairs.first {
        ($0.absent == pair.absent) != ($0.row == pair.row)
          && !(taken.absent.contains($0.absent) && $0.absent != pair.absent)
          && !(taken.rows.contains($0.row) && $0.row != pair.row)
      }
      let margin = other.map { pair.score - $0.score }
      result.append(
        MatchLink(
          previous: pair.absent,
          current: pair.row,
          evidence: LinkEvidence(stage: .window, score: pair.score, margin: margin),
          isAmbiguous: margin == 0
        )
      )
    }
    return result.sorted { $0.previous < $1.previous }
  }

  /// How many tokens agree; nil where the two are not the same for certain.
  private func score(_ old: TrackedFinding, _ new: TrackedFinding) -> Int? {
    guard old.path == new.path, old.finding.rule == new.finding.rule,
      old.finding.template == new.finding.template, old.lexerVersion == new.lexerVersion,
      let before = old.window, let after = new.window, before.line != 0, before.line == after.line
    else { return nil }
    let left = zip(before.left.reversed(), after.left.reversed()).prefix { $0 == $1 }.count
    let right = zip(before.right, after.right).prefix { $0 == $1 }.count
    return left + right >= Self.leastTokens ? left + right : nil
  }
}
