public import TallyModel

/// Takes from a text what its suppression comments silence, for books that are made where the text before is not at hand.
public enum SilenceScanner {
  /// The most silenced tokens of a comment that are kept; beyond them its lines decide.
  public static let mostPlaces = 256
  /// The most comments of one text that are kept.
  public static let mostComments = 1_000
  /// The most tokens that are kept on one side of the silenced ones, comments included.
  static let mostAround = 128

  /// Returns the suppression comments of a text with what they silence; nil where there are none.
  ///
  /// Nil as well for a text with a NUL byte or a line of more than 1 MiB. A comment over the whole file, over more than 256 tokens, or
  /// over a secret has no tokens.
  ///
  /// - Parameters:
  ///   - text: The bytes of the file; a byte order mark is skipped.
  ///   - blob: Its name.
  ///   - secretLines: Lines, from 1, that hold a secret: no hash of a token there is kept.
  ///   - isSecretRule: Says whether a rule named in a comment is about secrets; so are the lines it silences then.
  /// - Returns: The record of the content.
  public static func scan(
    _ text: [UInt8],
    blob: BlobID,
    secretLines: Set<Int> = [],
    isSecretRule: (String) -> Bool = { _ in false }
  ) -> SilencedText? {
    text.withUnsafeBytes { text in
      guard let lines = LineTable(text) else { return nil }
      let directives = SuppressionScanner.directives(text, lines: lines)
      if directives.isEmpty { return nil }
      var resolver = ScopeResolver(text: text, lines: lines)
      let comments = resolver.resolve(directives).sorted(by: SuppressionComment.precedes)
      if comments.isEmpty { return nil }
      let secret = comments.map { comment in
        let marker = SuppressionMarker.byName[comment.marker]
        return marker?.isAboutSecrets == true || comment.rules.contains(where: isSecretRule)
      }
      var hidden = [Bool](repeating: false, count: lines.count)
      for line in secretLines where (1...lines.count).contains(line) { hidden[line - 1] = true }
      var last = 0
      for (comment, isSecret) in zip(comments, secret) where isSecret {
        // By line and thus nearly by first line: each line is marked about once.
        let from = max(comment.firstLine, comment.firstLine <= last ? last : 1)
        let end = min(comment.lastLine, lines.count)
        if from <= end { for line in from...end { hidden[line - 1] = true } }
        last = max(last, end)
      }
      let tokens = SilenceTokens(text, lines: lines, directives: directives, hidden: hidden)
      let silences = zip(comments, secret).prefix(mostComments).compactMap {
        tokens.silence($0, isSecret: $1)
      }
      if silences.isEmpty { return nil }
      return SilencedText(blob: blob, lexerVersion: Lexer.version, silences: silences)
    }
  }
}

/// The tokens of a text by line, and which of them belong to suppression comments.
private struct SilenceTokens {
  private var hashes: [UInt16] = []
  /// For each token the segment it belongs to; -1 for none.
  private var segmentOf: [Int] = []
  /// For each line the first of its tokens, and one more for the end.
  private var firstOfLine: [Int] = []
  /// For each token, and the end, how many before it belong to no comment.
  private var plainBefore: [Int] = [0]
  private let segments: [SuppressionScanner.Segment]
  private let hidden: [Bool]

  init(
    _ text: UnsafeRawBufferPointer,
    lines: LineTable,
    directives: [SuppressionScanner.Directive],
    hidden: [Bool]
  ) {
    self.hidden = hidden
    segments = SuppressionScanner.segments(of: directives, text, lines: lines)
    firstOfLine.reserveCapacity(lines.count + 1)
    var found: [Token] = []
    var next = 0
    for line in 0..<lines.count {
      firstOfLine.append(hashes.count)
      while next < segments.count && segments[next].line <= line { next += 1 }
      if hidden[line] { continue }
      found.removeAll(keepingCapacity: true)
      Lexer.scan(text, from: lines.starts[line], to: lines.ends[line], into: &found)
      let own = segments[next...].prefix { $0.line == line + 1 }
      for token in found {
        let segment = own.firstIndex { $0.range.contains(token.start) } ?? -1
        hashes.append(token.hash)
        segmentOf.append(segment)
        plainBefore.append(plainBefore[plainBefore.count - 1] + (segment < 0 ? 1 : 0))
      }
    }
    firstOfLine.append(hashes.count)
  }

  /// What a comment silences; nil where there is nothing on its lines.
  func silence(_ comment: SuppressionComment, isSecret: Bool) -> Silence? {
    let lines = firstOfLine.count - 1
    guard comment.firstLine <= lines else { return nil }
    let last = min(comment.lastLine, lines)
    let isWhole = comment.firstLine == 1 && comment.lastLine == Int(Int32.max)
    let low = firstOfLine[comment.firstLine - 1]
    let high = firstOfLine[last]
    let count = plainBefore[high] - plainBefore[low]
    let isLong = count > SilenceScanner.mostPlaces || high - low > 2 * SilenceScanner.mostPlaces
    if isSecret || isWhole || isLong {
      return Silence(comment: comment)
    }
    if count == 0 {
      let hidesAny = hidden[comment.firstLine - 1..<last].contains(true)
      return hidesAny ? Silence(comment: comment) : nil
    }
    let start = edge(from: low, by: -1)
    let end = edge(from: high, by: 1)
    var asides: [Silence.Aside] = []
    var place = start
    while place < end {
      let segment = segmentOf[place]
      var next = place + 1
      while next < end && segmentOf[next] == segment { next += 1 }
      if segment >= 0 {
        let isOwn = holds(segment, comment)
        asides.append(Silence.Aside(start: place - start, count: next - place, isOwn: isOwn))
      }
      place = next
    }
    return Silence(
      comment: comment,
      tokens: Array(hashes[start..<end]),
      first: low - start,
      count: high - low,
      asides: asides
    )
  }

  /// Says whether a comment is what stands in a segment, where several markers may.
  private func holds(_ segment: Int, _ comment: SuppressionComment) -> Bool {
    let range = segments[segment].range
    return segments[segment...].prefix { $0.line == comment.line && $0.range == range }
      .contains { $0.marker == comment.marker }
  }

  /// Goes on until a window's tokens are there, those of comments not counted.
  private func edge(from start: Int, by step: Int) -> Int {
    var place = start
    var found = 0
    while found < TextCapture.windowTokens, abs(place - start) < SilenceScanner.mostAround {
      let next = step < 0 ? place - 1 : place
      guard hashes.indices.contains(next) else { break }
      if segmentOf[next] < 0 { found += 1 }
      place += step
    }
    return place
  }
}

extension SuppressionScanner {
  /// The bytes of a text that belong to one suppression comment.
  struct Segment {
    /// From 1.
    let line: Int
    let marker: String
    /// Offsets in the text.
    let range: Range<Int>
  }

  /// Where the comments stand that hold markers, in text order.
  ///
  /// A comment goes from what opens it to the next one with a marker, to what closes it, or to the end of its line.
  static func segments(
    of directives: [Directive],
    _ text: UnsafeRawBufferPointer,
    lines: LineTable
  ) -> [Segment] {
    let sorted = directives.sorted {
      ($0.line, $0.place.lowerBound) < ($1.line, $1.place.lowerBound)
    }
    var result: [Segment] = []
    for directive in sorted {
      let first = lines.starts[directive.line - 1]
      let last = lines.ends[directive.line - 1]
      var floor = first
      if let before = result.last, before.line == directive.line { floor = before.range.lowerBound }
      let start = opener(
        before: first + directive.place.lowerBound,
        from: floor,
        text,
        isCode: directive.marker.isCode
      )
      if let before = result.last, before.line == directive.line {
        if start <= before.range.lowerBound {
          // Two markers in one comment: it is left out as a whole for each.
          result.append(
            Segment(
              line: directive.line,
              marker: directive.marker.marker,
              range: before.range
            )
          )
          continue
        }
        if before.range.upperBound > start {
          result[result.count - 1] = Segment(
            line: before.line,
            marker: before.marker,
            range: before.range.lowerBound..<start
          )
        }
      }
      let end = closer(directive, start, first + directive.place.upperBound, last, text)
      result.append(
        Segment(line: directive.line, marker: directive.marker.marker, range: start..<end)
      )
    }
    return result
  }

  private static func opener(
    before marker: Int,
    from first: Int,
    _ text: UnsafeRawBufferPointer,
    isCode: Bool
  ) -> Int {
    if isCode { return marker }
    var offset = marker
    while offset > first {
      offset -= 1
      let next = offset + 1 < marker ? text[offset + 1] : 0
      switch text[offset] {
      case UInt8(ascii: "#"): return run(to: offset, from: first, text)
      case UInt8(ascii: "/") where next == UInt8(ascii: "/") || next == UInt8(ascii: "*"):
        return run(to: offset, from: first, text)
      case UInt8(ascii: "-") where next == UInt8(ascii: "-"):
        let isMarkup = offset >= first + 2 && text[offset - 2] == UInt8(ascii: "<")
        return isMarkup ? offset - 2 : offset
      default: break
      }
    }
    return first
  }

  /// The first of the same bytes that end at an offset: `###` opens a comment as `#` does.
  private static func run(
    to last: Int,
    from first: Int,
    _ text: UnsafeRawBufferPointer
  ) -> Int {
    var offset = last
    while offset > first && text[offset - 1] == text[last] { offset -= 1 }
    return offset
  }

  private static func closer(
    _ directive: Directive,
    _ start: Int,
    _ marker: Int,
    _ last: Int,
    _ text: UnsafeRawBufferPointer
  ) -> Int {
    func find(_ bytes: [UInt8]) -> Int {
      var offset = marker
      while offset + bytes.count <= last {
        if text[offset..<offset + bytes.count].elementsEqual(bytes) { return offset + bytes.count }
        offset += 1
      }
      return last
    }
    if directive.marker.isCode {
      return marker < last && text[marker] == UInt8(ascii: "(") ? find([0x29]) : marker
    }
    switch text[start] {
    case UInt8(ascii: "/") where start + 1 < last && text[start + 1] == UInt8(ascii: "*"):
      return find(Array("*/".utf8))
    case UInt8(ascii: "<"): return find(Array("-->".utf8))
    default: return last
    }
  }
}
