internal import TallyModel

/// Finds which lines a marker silences.
struct ScopeResolver {
  let text: UnsafeRawBufferPointer
  let lines: LineTable

  /// How many lines are read in search of the ends of blocks, over all comments of a text.
  private var budget_lines = 200_000
  private static let endOfFile = Int(Int32.max)

  init(text: UnsafeRawBufferPointer, lines: LineTable) {
    self.text = text
    self.lines = lines
  }

  /// Turns what was written into the lines it silences; what silences none is left out.
  mutating func resolve(_ directives: [SuppressionScanner.Directive]) -> [SuppressionComment] {
    var result: [SuppressionComment] = []
    // What switches a marker on again, seen from the end of the file: for all rules, and for each.
    var nextEnd: [String: Int] = [:]
    var nextEndOfRule: [String: [String: Int]] = [:]
    for directive in directives.reversed() {
      let name = directive.marker.marker
      if directive.isEnd {
        for rule in directive.rules {
          nextEndOfRule[name, default: [:]][rule] = directive.line
        }
        if directive.rules.isEmpty {
          nextEnd[name] = directive.line
          nextEndOfRule[name] = nil
        }
        continue
      }
      if isBlock(directive) {
        var byEnd: [Int: [String]] = [:]
        for rule in directive.rules {
          let end = nextEndOfRule[name]?[rule] ?? nextEnd[name] ?? Self.endOfFile
          byEnd[end, default: []].append(rule)
        }
        if directive.rules.isEmpty { byEnd[nextEnd[name] ?? Self.endOfFile] = [] }
        for (end, rules) in byEnd.sorted(by: { $0.key < $1.key }) {
          let last = min(end, blockEnd(directive))
          result.append(comment(directive, directive.line...max(directive.line, last), rules))
        }
      } else if let range = range(directive) {
        result.append(comment(directive, range, directive.rules))
      }
    }
    return result
  }

  private func comment(
    _ directive: SuppressionScanner.Directive,
    _ lines: ClosedRange<Int>,
    _ rules: [String]
  ) -> SuppressionComment {
    SuppressionComment(
      line: directive.line,
      firstLine: lines.lowerBound,
      lastLine: lines.upperBound,
      marker: directive.marker.marker,
      rules: rules
    )
  }

  private func isBlock(_ directive: SuppressionScanner.Directive) -> Bool {
    switch directive.marker.scope {
    case .block: true
    case .lineOrBlock, .lineOrIndented: directive.isAlone
    default: false
    }
  }

  /// Where a block ends by itself.
  private mutating func blockEnd(_ directive: SuppressionScanner.Directive) -> Int {
    guard case .lineOrIndented = directive.marker.scope else { return Self.endOfFile }
    let own = indentation(directive.line - 1) ?? 0
    if own == 0 { return Self.endOfFile }
    for line in directive.line..<max(directive.line, lines.count) {
      budget_lines -= 1
      if budget_lines < 0 { break }
      if let other = indentation(line), other < own { return line }
    }
    return Self.endOfFile
  }

  private mutating func range(_ directive: SuppressionScanner.Directive) -> ClosedRange<Int>? {
    let line = directive.line
    switch directive.marker.scope {
    case .line, .block, .lineOrBlock, .lineOrIndented: return line...line
    case .nextLine: return nextCode(after: line)
    case .previousLine: return line > 1 ? line - 1...line - 1 : nil
    case .lineOrNext: return directive.isAlone ? nextCode(after: line) : line...line
    case .file: return 1...Self.endOfFile
    case .declaration: return line...declarationEnd(from: line)
    case .lineOrDeclaration:
      return directive.isAlone ? line...declarationEnd(from: line + 1) : line...line
    case .lineOrTop:
      if !directive.isAlone { return line...line }
      return isTop(line) ? 1...Self.endOfFile : nil
    case .nextOrTop: return isTop(line) ? 1...Self.endOfFile : nextCode(after: line)
    }
  }

  /// The next line that is not empty and not only a comment.
  private func nextCode(after line: Int) -> ClosedRange<Int>? {
    for next in line..<min(lines.count, line + 200) {
      if let start = firstByte(next), !isComment(start, lines.ends[next]) {
        return next + 1...next + 1
      }
    }
    return nil
  }

  /// True when no code stands before a line.
  private func isTop(_ line: Int) -> Bool {
    for before in 0..<min(line - 1, 200) {
      if let start = firstByte(before), !isComment(start, lines.ends[before]) { return false }
    }
    return line <= 200
  }

  private func firstByte(_ line: Int) -> Int? {
    (lines.starts[line]..<lines.ends[line]).first { !ByteClass.isSpace(text[$0]) }
  }

  private func indentation(_ line: Int) -> Int? {
    firstByte(line).map { $0 - lines.starts[line] }
  }

  private func isComment(_ start: Int, _ end: Int) -> Bool {
    let next = start + 1 < end ? text[start + 1] : 0
    switch text[start] {
    case UInt8(ascii: "#"): return true
    case UInt8(ascii: "/"): return next == UInt8(ascii: "/") || next == UInt8(ascii: "*")
    case UInt8(ascii: "-"): return next == UInt8(ascii: "-")
    case UInt8(ascii: "<"): return next == UInt8(ascii: "!")
    case UInt8(ascii: "*"): return next == UInt8(ascii: "/") || ByteClass.isSpace(next)
    default: return false
    }
  }

  /// The line of the brace that closes the first one from a line on; a `;` before it ends the declaration.
  private mutating func declarationEnd(from line: Int) -> Int {
    var depth = 0
    var parentheses = 0
    for index in min(line - 1, lines.count)..<lines.count {
      budget_lines -= 1
      if budget_lines < 0 { break }
      for offset in lines.starts[index]..<lines.ends[index] {
        switch text[offset] {
        case UInt8(ascii: "("): parentheses += 1
        case UInt8(ascii: ")"): parentheses -= 1
        case UInt8(ascii: "{") where parentheses <= 0: depth += 1
        case UInt8(ascii: "}") where parentheses <= 0:
          depth -= 1
          if depth <= 0 { return index + 1 }
        case UInt8(ascii: ";") where depth == 0 && parentheses <= 0: return index + 1
        default: break
        }
      }
    }
    return line
  }
}
