internal import TallyModel

/// How alike two windows are, as whole numbers.
enum WindowSimilarity {
  private static let quote = Lexer.hash([UInt8(ascii: "\"")])
  private static let apostrophe = Lexer.hash([UInt8(ascii: "'")])

  /// How alike two windows are as a whole, 0 to 100, and how many tokens around the position are equal without a gap.
  struct Result {
    let whole: Int
    let run: Int
  }

  /// Compares two windows.
  ///
  /// The order of tokens counts on each side (longest common subsequence); tokens next to the position count twice. Both kinds
  /// of quotes are equal here, as formatters exchange them.
  static func compare(_ one: TokenWindow, _ two: TokenWindow) -> Result {
    let right = side(one.right, two.right, isReversed: false)
    let left = side(one.left, two.left, isReversed: true)
    let run = (left?.run ?? 0) + (right?.run ?? 0)
    guard let right else { return Result(whole: left?.whole ?? 0, run: run) }
    guard let left else { return Result(whole: (right.whole * 3 + right.near) / 4, run: run) }
    let whole = (right.whole * 4 + right.near * 2 + left.whole * 3 + left.near) / 10
    return Result(whole: whole, run: run)
  }

  /// The share of common tokens, and of those next to the position that are equal, both 0 to 100; nil where both are empty.
  private static func side(
    _ one: [UInt16],
    _ two: [UInt16],
    isReversed: Bool
  ) -> (whole: Int, near: Int, run: Int)? {
    let total = one.count + two.count
    if total == 0 { return nil }
    let near = max(1, min(8, max(one.count, two.count)))
    var run = 0
    while run < one.count && run < two.count {
      let left = isReversed ? one[one.count - 1 - run] : one[run]
      let right = isReversed ? two[two.count - 1 - run] : two[run]
      if plain(left) != plain(right) { break }
      run += 1
    }
    return (200 * common(one, two) / total, 100 * min(run, near) / near, run)
  }

  @inline(__always)
  private static func plain(_ token: UInt16) -> UInt16 { token == apostrophe ? quote : token }

  /// The length of the longest common subsequence of at most 64 tokens, 64 at a time.
  private static func common(_ one: [UInt16], _ two: [UInt16]) -> Int {
    let count = min(one.count, 64)
    if count == 0 { return 0 }
    return one.withUnsafeBufferPointer { one in
      var open = ~UInt64(0)
      for token in two {
        let wanted = plain(token)
        var match: UInt64 = 0
        for index in 0..<count where plain(one[index]) == wanted { match |= 1 << UInt64(index) }
        let taken = open & match
        open = (open &+ taken) | (open &- taken)
      }
      let used = count == 64 ? ~UInt64(0) : (1 << UInt64(count)) - 1
      return (~open & used).nonzeroBitCount
    }
  }
}
