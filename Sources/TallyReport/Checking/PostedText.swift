/// A posted text, freed of what the places where posts are pasted change.
///
/// Line ends, blanks at the ends of lines, empty lines at both ends, a byte order mark, a quotation of the whole and Tally's own hidden marks go.
/// `docs/checking.md` lists them.
public struct PostedText: Sendable, Hashable {
  /// The lines that are compared.
  public let lines: [String]
  /// The number of each of ``lines`` in the text as it was given, from 1.
  public let numbers: [Int]

  /// Takes a text apart.
  public init(_ text: String) {
    var rows = Self.rows(of: text)
    if Self.isQuoted(rows) {
      for index in rows.indices where !rows[index].text.isEmpty {
        let inner = rows[index].text.dropFirst()
        rows[index].text = String(inner.hasPrefix(" ") ? inner.dropFirst() : inner)
      }
    }
    rows.removeAll { Self.isMark($0.text) }
    let first = rows.firstIndex { !$0.text.isEmpty } ?? rows.endIndex
    let last = rows.lastIndex { !$0.text.isEmpty } ?? rows.startIndex - 1
    rows = first <= last ? Array(rows[first...last]) : []
    lines = rows.map(\.text)
    numbers = rows.map(\.number)
  }

  /// The lines without blanks at their ends, each with its number.
  private static func rows(of text: String) -> [(number: Int, text: String)] {
    var scalars = Substring(text).unicodeScalars
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    var rows: [(number: Int, text: String)] = []
    var line = String.UnicodeScalarView()
    func close() {
      while let last = line.last, last == " " || last == "\t" { line.removeLast() }
      rows.append((rows.count + 1, String(line)))
      line = String.UnicodeScalarView()
    }
    var previous: Unicode.Scalar?
    for scalar in scalars {
      switch scalar {
      case "\n" where previous == "\r": break
      case "\n", "\r": close()
      default: line.append(scalar)
      }
      previous = scalar
    }
    close()
    return rows
  }

  /// Says whether every line that holds something begins with `>`.
  private static func isQuoted(_ rows: [(number: Int, text: String)]) -> Bool {
    let full = rows.lazy.filter { !$0.text.isEmpty && !isMark($0.text) }
    return !full.isEmpty && full.allSatisfy { $0.text.hasPrefix(">") }
  }

  /// Says whether a line holds nothing but a comment by which a post is found again.
  private static func isMark(_ line: String) -> Bool {
    line.hasPrefix("<!-- tally") && line.hasSuffix("-->")
      && line.firstRange(of: "-->")?.upperBound == line.endIndex
  }
}

/// What two texts have in common, line by line.
public enum LineAlignment {
  /// A line of the first text, of the second, or of both; numbers are indices.
  public enum Step: Sendable, Hashable {
    case both(Int, Int)
    case first(Int)
    case second(Int)
  }

  /// How many differing lines are compared each with each; beyond, they stand beside each other in order.
  static let searchedLinesMax = 4_000

  /// The steps through both texts; where lines differ, those of the first text come first.
  public static func steps(_ first: [String], _ second: [String]) -> [Step] {
    var start = 0
    while start < min(first.count, second.count), first[start] == second[start] { start += 1 }
    var firstEnd = first.count
    var secondEnd = second.count
    while firstEnd > start, secondEnd > start, first[firstEnd - 1] == second[secondEnd - 1] {
      firstEnd -= 1
      secondEnd -= 1
    }
    var steps = (0..<start).map { Step.both($0, $0) }
    steps += middle(first, start..<firstEnd, second, start..<secondEnd)
    steps += zip(firstEnd..<first.count, secondEnd..<second.count).map { Step.both($0, $1) }
    return steps
  }

  private static func middle(
    _ first: [String],
    _ firstRange: Range<Int>,
    _ second: [String],
    _ secondRange: Range<Int>
  ) -> [Step] {
    var gone = Set(firstRange)
    var came = Set(secondRange)
    if firstRange.count + secondRange.count <= searchedLinesMax {
      let changes = Array(second[secondRange]).difference(from: Array(first[firstRange]))
      gone = Set(changes.removals.map { $0.place + firstRange.lowerBound })
      came = Set(changes.insertions.map { $0.place + secondRange.lowerBound })
    }
    var steps: [Step] = []
    var (left, right) = (firstRange.lowerBound, secondRange.lowerBound)
    while left < firstRange.upperBound || right < secondRange.upperBound {
      if left < firstRange.upperBound, gone.contains(left) {
        steps.append(.first(left))
        left += 1
      } else if right < secondRange.upperBound, came.contains(right) {
        steps.append(.second(right))
        right += 1
      } else {
        steps.append(.both(left, right))
        left += 1
        right += 1
      }
    }
    return steps
  }
}

extension CollectionDifference.Change {
  fileprivate var place: Int {
    switch self {
    case .insert(let offset, _, _), .remove(let offset, _, _): offset
    }
  }
}
