/// One pattern without braces.
struct GlobProgram: Sendable, Hashable {
  enum Step: Sendable, Hashable {
    case byte(UInt8)
    /// `?`
    case one(crossesSlash: Bool)
    /// `[…]`: ranges of Unicode scalars.
    case oneOf([ClosedRange<UInt32>], isNegated: Bool, crossesSlash: Bool)
    /// `*`, or `**` when it crosses.
    case run(crossesSlash: Bool)
    /// `**/`
    case folders
  }

  /// What every match begins with, letter for letter.
  let prefix: [UInt8]
  /// What follows; empty for a pattern without wildcards.
  let steps: [Step]

  /// A text that stands for itself, and with `below` for everything in the folder of that name instead.
  init(literal bytes: [UInt8], below: Bool = false) {
    prefix = below ? bytes + [UInt8(ascii: "/")] : bytes
    steps = below ? [.run(crossesSlash: true)] : []
  }

  init(_ pattern: [UInt8], dialect: Glob.Dialect) throws(Glob.Malformed) {
    var steps: [Step] = []
    var index = 0
    var crosses = dialect == .name
    while index < pattern.count {
      let byte = pattern[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\\"):
        if index == pattern.count { throw Glob.Malformed(reason: "it ends in a backslash") }
        steps.append(.byte(pattern[index]))
        index += 1
      case UInt8(ascii: "?"): steps.append(.one(crossesSlash: crosses))
      case UInt8(ascii: "["):
        let (ranges, isNegated) = try Self.scanClass(pattern, &index)
        steps.append(.oneOf(ranges, isNegated: isNegated, crossesSlash: crosses))
      case UInt8(ascii: "*"):
        var stars = 1
        while index < pattern.count, pattern[index] == UInt8(ascii: "*") {
          stars += 1
          index += 1
        }
        let start = index - stars
        let isWholeFolder =
          stars == 2 && (start == 0 || pattern[start - 1] == UInt8(ascii: "/"))
          && index < pattern.count && pattern[index] == UInt8(ascii: "/")
        if isWholeFolder {
          index += 1
          steps.append(.folders)
        } else {
          steps.append(.run(crossesSlash: stars > 1 || crosses))
        }
      default:
        steps.append(.byte(byte))
        if dialect == .testID, byte == UInt8(ascii: ":"), index >= 2,
          pattern[index - 2] == UInt8(ascii: ":")
        {
          crosses = true
        }
      }
    }
    var prefix: [UInt8] = []
    for case .byte(let byte) in steps.prefix(while: { if case .byte = $0 { true } else { false } })
    {
      prefix.append(byte)
    }
    self.prefix = prefix
    self.steps = Array(steps.dropFirst(prefix.count))
  }

  private static func scanClass(
    _ pattern: [UInt8],
    _ index: inout Int
  ) throws(Glob.Malformed) -> ([ClosedRange<UInt32>], Bool) {
    var isNegated = false
    if index < pattern.count, [0x21, 0x5E].contains(pattern[index]) {
      isNegated = true
      index += 1
    }
    // The first character may be a closing bracket.
    guard index < pattern.count,
      let close = pattern[(index + 1)...].firstIndex(of: UInt8(ascii: "]"))
    else { throw Glob.Malformed(reason: "a bracket '[' is not closed") }
    let text = String(decoding: pattern[index..<close], as: UTF8.self)
    index = close + 1
    let scalars = Array(text.unicodeScalars).map(\.value)
    var ranges: [ClosedRange<UInt32>] = []
    var position = 0
    while position < scalars.count {
      let first = scalars[position]
      if position + 2 < scalars.count, scalars[position + 1] == 0x2D {
        let last = scalars[position + 2]
        if last < first { throw Glob.Malformed(reason: "a range in brackets runs backwards") }
        ranges.append(first...last)
        position += 3
      } else {
        ranges.append(first...first)
        position += 1
      }
    }
    return (ranges, isNegated)
  }

  /// Walks both; on a mismatch the last `*` takes one character more, else the last `**`.
  ///
  /// Later runs can always take what an earlier `**` would have taken, so only the last one of each kind is remembered.
  func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count >= prefix.count else { return false }
    for (index, byte) in prefix.enumerated() where text[index] != byte { return false }
    var step = 0
    var place = prefix.count
    var star: (step: Int, place: Int)?
    var wide: (step: Int, place: Int, isFolders: Bool)?
    while true {
      if step == steps.count, place == text.count { return true }
      if step < steps.count {
        switch steps[step] {
        case .run(let crosses):
          step += 1
          // Nothing can stop a last run that crosses.
          if crosses, step == steps.count { return true }
          if crosses {
            wide = (step, place, false)
            star = nil
          } else {
            star = (step, place)
          }
          continue
        case .folders:
          step += 1
          wide = (step, place, true)
          star = nil
          continue
        default:
          let length = width(of: steps[step], at: place, in: text)
          if length > 0 {
            step += 1
            place += length
            continue
          }
        }
      }
      if let last = star, last.place < text.count, text[last.place] != UInt8(ascii: "/") {
        star = (last.step, last.place + 1)
        (step, place) = (last.step, last.place + 1)
        continue
      }
      guard let last = wide else { return false }
      var next = last.place
      if last.isFolders {
        while next < text.count, text[next] != UInt8(ascii: "/") { next += 1 }
      }
      if next >= text.count { return false }
      wide = (last.step, next + 1, last.isFolders)
      star = nil
      (step, place) = (last.step, next + 1)
    }
  }

  /// How many bytes a step takes at a place; 0 when it does not match.
  private func width(
    of step: Step,
    at place: Int,
    in text: UnsafeBufferPointer<UInt8>
  ) -> Int {
    guard place < text.count else { return 0 }
    switch step {
    case .byte(let byte): return text[place] == byte ? 1 : 0
    case .one(let crosses):
      if !crosses && text[place] == UInt8(ascii: "/") { return 0 }
      return Self.scalar(at: place, in: text)?.length ?? 0
    case .oneOf(let ranges, let isNegated, let crosses):
      if !crosses && text[place] == UInt8(ascii: "/") { return 0 }
      guard let (value, length) = Self.scalar(at: place, in: text) else { return 0 }
      return ranges.contains { $0.contains(value) } != isNegated ? length : 0
    case .run, .folders: return 0
    }
  }

  /// The scalar that begins at a place; nil inside one.
  private static func scalar(
    at place: Int,
    in text: UnsafeBufferPointer<UInt8>
  ) -> (value: UInt32, length: Int)? {
    let first = text[place]
    let length: Int
    var value: UInt32
    switch first {
    case 0..<0x80: return (UInt32(first), 1)
    case 0xC0..<0xE0: (length, value) = (2, UInt32(first & 0x1F))
    case 0xE0..<0xF0: (length, value) = (3, UInt32(first & 0x0F))
    case 0xF0..<0xF8: (length, value) = (4, UInt32(first & 0x07))
    default: return nil
    }
    guard place + length <= text.count else { return nil }
    for index in 1..<length { value = value << 6 | UInt32(text[place + index] & 0x3F) }
    return (value, length)
  }
}
