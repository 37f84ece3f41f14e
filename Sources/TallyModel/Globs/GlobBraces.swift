/// Writes `a{b,c}` as `ab` and `ac`.
enum GlobBraces {
  static func expand(_ pattern: [UInt8]) throws(Glob.Malformed) -> [[UInt8]] {
    guard let (open, commas, close) = try firstBraces(pattern) else { return [pattern] }
    let head = Array(pattern[..<open])
    var result: [[UInt8]] = []
    let tails = try expand(Array(pattern[(close + 1)...]))
    var start = open + 1
    for end in commas + [close] {
      for middle in try expand(Array(pattern[start..<end])) {
        for tail in tails {
          result.append(head + middle + tail)
          if result.count > Glob.alternativeLimit {
            throw Glob.Malformed(
              reason: "the braces stand for more than \(Glob.alternativeLimit) patterns"
            )
          }
        }
      }
      start = end + 1
    }
    return result
  }

  private static func firstBraces(
    _ pattern: [UInt8]
  ) throws(Glob.Malformed) -> (open: Int, commas: [Int], close: Int)? {
    var open: Int?
    var commas: [Int] = []
    var depth = 0
    var index = 0
    var isInClass = false
    while index < pattern.count {
      switch pattern[index] {
      case UInt8(ascii: "\\"): index += 1
      case UInt8(ascii: "["):
        if !isInClass {
          isInClass = true
          // The first character of a class never closes it.
          if index + 1 < pattern.count, [0x21, 0x5E].contains(pattern[index + 1]) { index += 1 }
          index += 1
        }
      case UInt8(ascii: "]"): isInClass = false
      case UInt8(ascii: "{") where !isInClass:
        depth += 1
        if open == nil { open = index }
      case UInt8(ascii: ",") where !isInClass && depth == 1: commas.append(index)
      case UInt8(ascii: "}") where !isInClass && depth > 0:
        depth -= 1
        if depth == 0, let open { return (open, commas, index) }
      default: break
      }
      index += 1
    }
    if depth > 0 { throw Glob.Malformed(reason: "a brace '{' is not closed") }
    return nil
  }
}
