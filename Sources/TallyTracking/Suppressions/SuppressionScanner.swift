public import TallyModel

/// Finds the comments of a text that tell tools to be silent.
public enum SuppressionScanner {
  /// Returns every suppression comment, sorted by line; none for a text with a NUL byte or a line of more than 1 MiB.
  ///
  /// Strings are not told from comments: a marker counts where the line holds the start of a comment of any language before it.
  public static func comments(_ text: [UInt8]) -> [SuppressionComment] {
    text.withUnsafeBytes { text in
      LineTable(text).map { comments(text, lines: $0) } ?? []
    }
  }

  static func comments(_ text: UnsafeRawBufferPointer, lines: LineTable) -> [SuppressionComment] {
    let directives = directives(text, lines: lines)
    if directives.isEmpty { return [] }
    var resolver = ScopeResolver(text: text, lines: lines)
    return resolver.resolve(directives).sorted(by: SuppressionComment.precedes)
  }

  /// The markers of a text, by line.
  static func directives(_ text: UnsafeRawBufferPointer, lines: LineTable) -> [Directive] {
    var result: [Directive] = []
    for line in 0..<lines.count {
      let range = lines.starts[line]..<lines.ends[line]
      guard mayHoldMarker(text, range) else { continue }
      let parser = SuppressionLine(Array(text[range]), line: line + 1)
      result += parser.directives()
    }
    return result
  }

  /// A marker as it was written, before its scope is known.
  struct Directive {
    let marker: SuppressionMarker
    let line: Int
    /// Offsets of the marker in its line.
    let place: Range<Int>
    let rules: [String]
    /// True when nothing but the comment stands on the line.
    let isAlone: Bool
    /// True for what switches a block on again.
    let isEnd: Bool
  }

  /// Lines longer than this are not read for markers.
  private static let longestLine_bytes = 10_000

  /// The first four letters of the words of which every marker holds one.
  private static let starts: Set<UInt32> = Set(
    [
      "noqa", "nose", "noso", "noli", "disa", "enab", "igno", "skip", "allo", "supp", "expe",
      "noch",
    ]
    .map { $0.utf8.reduce(0) { $0 << 8 | UInt32($1) } }
  )

  /// Looks for those words, so that few lines are read more closely.
  private static func mayHoldMarker(_ text: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    if range.count > longestLine_bytes { return false }
    var isInWord = false
    var offset = range.lowerBound
    while offset < range.upperBound {
      let byte = text[offset]
      let isWord = ByteClass.isWord(byte)
      if isWord && !isInWord && offset + 4 <= range.upperBound {
        var start: UInt32 = 0
        for place in offset..<offset + 4 { start = start << 8 | UInt32(text[place] | 0x20) }
        if starts.contains(start) { return true }
      }
      isInWord = isWord
      offset += 1
    }
    return false
  }
}

/// One line that may hold markers.
struct SuppressionLine {
  /// More markers on one line are not looked at.
  private static let mostOnLine = 32

  private let bytes: [UInt8]
  private let line: Int
  private let comment: Int?
  private let first: Int

  init(_ bytes: [UInt8], line: Int) {
    self.bytes = bytes
    self.line = line
    first = bytes.firstIndex { !ByteClass.isSpace($0) } ?? bytes.count
    comment = Self.commentStart(bytes, first: first)
  }

  /// The markers on the line, longest first where several begin at one place.
  func directives() -> [SuppressionScanner.Directive] {
    var result: [SuppressionScanner.Directive] = []
    var taken: [Range<Int>] = []
    for marker in SuppressionMarker.all {
      for (text, isEnd) in [(marker.marker, false), (marker.end, true)] {
        guard let text, result.count < Self.mostOnLine else { continue }
        let isCaseFree = if case .codes = marker.rules { true } else { false }
        for range in ranges(of: Array(text.utf8), isCaseFree)
        where !taken.contains(where: { $0.overlaps(range) }) && result.count < Self.mostOnLine {
          if !marker.isCode && range.lowerBound < comment ?? Int.max { continue }
          taken.append(range)
          result.append(
            SuppressionScanner.Directive(
              marker: marker,
              line: line,
              place: range,
              rules: rules(marker.rules, from: range.upperBound),
              isAlone: comment == first,
              isEnd: isEnd
            )
          )
        }
      }
    }
    return result
  }

  /// Where a marker stands as whole words; spaces before and after its colons are free.
  private func ranges(of marker: [UInt8], _ isCaseFree: Bool) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for start in bytes.indices where isEqual(bytes[start], marker[0], isCaseFree) {
      if start > 0 && ByteClass.isWord(bytes[start - 1]) && ByteClass.isWord(marker[0]) { continue }
      guard let end = end(of: marker, from: start, isCaseFree) else { continue }
      let isCut = end < bytes.count && (ByteClass.isWord(bytes[end]) || bytes[end] == 0x2D)
      if !isCut { result.append(start..<end) }
    }
    return result
  }

  private func end(of marker: [UInt8], from start: Int, _ isCaseFree: Bool) -> Int? {
    var offset = start
    for byte in marker {
      if byte == UInt8(ascii: " ") {
        while offset < bytes.count && ByteClass.isSpace(bytes[offset]) { offset += 1 }
        continue
      }
      if byte == UInt8(ascii: ":") {
        while offset < bytes.count && ByteClass.isSpace(bytes[offset]) { offset += 1 }
      }
      guard offset < bytes.count, isEqual(bytes[offset], byte, isCaseFree) else { return nil }
      offset += 1
    }
    return offset
  }

  private func isEqual(_ one: UInt8, _ two: UInt8, _ isCaseFree: Bool) -> Bool {
    one == two || (isCaseFree && one & 0xDF == two & 0xDF && (0x41...0x5A).contains(one & 0xDF))
  }

  /// Where a comment of some language begins.
  private static func commentStart(_ bytes: [UInt8], first: Int) -> Int? {
    for offset in bytes.indices {
      let next = offset + 1 < bytes.count ? bytes[offset + 1] : 0
      switch bytes[offset] {
      case UInt8(ascii: "#"): return offset
      case UInt8(ascii: "/") where next == UInt8(ascii: "/") || next == UInt8(ascii: "*"):
        return offset
      case UInt8(ascii: "-") where next == UInt8(ascii: "-"): return offset
      case UInt8(ascii: "<") where next == UInt8(ascii: "!"): return offset
      case UInt8(ascii: "*"), UInt8(ascii: ";"), UInt8(ascii: "%"):
        if offset == first { return offset }
      default: break
      }
    }
    return nil
  }

  /// The rules after a marker, sorted; empty for all.
  private func rules(_ syntax: SuppressionMarker.Rules, from start: Int) -> [String] {
    var offset = skipSpace(start)
    let opener = offset < bytes.count ? bytes[offset] : 0
    var names: [String] = []
    switch syntax {
    case .none: return []
    case .codes:
      if opener == UInt8(ascii: ":") { offset = skipSpace(offset + 1) }
      if let all = word(at: offset), ["disable", "enable"].contains(all.lowercased()) {
        offset = skipSpace(offset + all.utf8.count)
        if offset < bytes.count && bytes[offset] == UInt8(ascii: "=") { offset += 1 }
      }
      names = list(from: offset, spaces: true).prefix { Self.isCode($0) }.map { $0 }
    case .colon:
      if opener == UInt8(ascii: ":") { names = list(from: offset + 1, spaces: false) }
    case .equals:
      if opener == UInt8(ascii: "=") { names = list(from: offset + 1, spaces: false) }
      // `checkov:skip=CKV_AWS_1:reason`
      names = names.map { String($0.prefix { $0 != ":" }) }
    case .brackets:
      if opener == UInt8(ascii: "[") { names = list(from: offset + 1, spaces: false) }
    case .parentheses:
      if opener == UInt8(ascii: "(") {
        names = list(from: offset + 1, spaces: false)
      }
    case .words:
      if opener == UInt8(ascii: ":") { offset += 1 }
      names = list(from: offset, spaces: false)
    case .spaces:
      names = list(from: offset, spaces: true)
    }
    names = names.map { $0.hasPrefix("rule:") ? String($0.dropFirst(5)) : $0 }
    if names.contains(where: { $0.lowercased() == "all" }) { return [] }
    return Array(Set(names)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// `E501`, `B101`, `LT01`, `UP007`, or letters only.
  private static func isCode(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    let letters = bytes.prefix { (0x41...0x5A).contains($0 & 0xDF) }.count
    let digits = bytes.dropFirst(letters)
    return (1...4).contains(letters) && !digits.isEmpty
      && digits.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// Names separated by commas, or by spaces as well; ends where anything else stands.
  private func list(from start: Int, spaces: Bool) -> [String] {
    var names: [String] = []
    var offset = start
    while names.count < 1_000 {
      offset = skipSpace(offset)
      while offset < bytes.count && [0x22, 0x27, 0x7B].contains(bytes[offset]) { offset += 1 }
      guard let name = word(at: offset) else { break }
      names.append(name)
      offset += name.utf8.count
      while offset < bytes.count && [0x22, 0x27, 0x7D].contains(bytes[offset]) { offset += 1 }
      let next = skipSpace(offset)
      if next < bytes.count && bytes[next] == UInt8(ascii: ",") {
        offset = next + 1
      } else if spaces && next > offset {
        offset = next
      } else {
        break
      }
    }
    return names
  }

  /// A rule's name: word bytes, and `-`, `.`, `/`, `:`, `@`, `*` inside or after one.
  private func word(at start: Int) -> String? {
    var end = start
    while end < bytes.count {
      let byte = bytes[end]
      let isInner = [0x2D, 0x2E, 0x2F, 0x3A, 0x2A].contains(byte) && end > start
      let endsComment =
        byte == 0x2A && end + 1 < bytes.count && bytes[end + 1] == UInt8(ascii: "/")
      if endsComment || !(ByteClass.isWord(byte) || isInner || byte == 0x40) { break }
      end += 1
    }
    while end > start && [0x2E, 0x3A].contains(bytes[end - 1]) { end -= 1 }
    return end > start ? String(decoding: bytes[start..<end], as: UTF8.self) : nil
  }

  private func skipSpace(_ start: Int) -> Int {
    var offset = start
    while offset < bytes.count && ByteClass.isSpace(bytes[offset]) { offset += 1 }
    return offset
  }
}
