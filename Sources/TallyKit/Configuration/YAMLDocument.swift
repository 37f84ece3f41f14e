import Yams

/// Collects what is wrong, in any order; places are those of the YAML.
final class MistakeList {
  /// How many values are looked at before the rest is refused: aliases can stand for more than any file could hold.
  static let valueLimit = 100_000
  /// More mistakes than these are not listed.
  static let mistakeLimit = 100

  private(set) var mistakes: [ConfigurationError.Mistake] = []
  private var valueCount = 0

  func add(_ mark: Mark?, _ sentence: String, _ hint: String? = nil) {
    add(line: mark?.line ?? 0, column: mark?.column ?? 0, sentence, hint)
  }

  func add(line: Int, column: Int, _ sentence: String, _ hint: String? = nil) {
    if mistakes.count >= Self.mistakeLimit { return }
    let mistake = ConfigurationError.Mistake(
      line: line,
      column: column,
      sentence: sentence,
      hint: hint
    )
    // An alias is looked at in every place that uses it.
    if !mistakes.contains(mistake) { mistakes.append(mistake) }
  }

  /// Counts a value; false when there were too many.
  func count(_ mark: Mark?) -> Bool {
    valueCount += 1
    if valueCount == Self.valueLimit {
      add(mark, "the file holds more than \(Self.valueLimit) values", "use fewer aliases")
    }
    return valueCount < Self.valueLimit
  }

  var sorted: [ConfigurationError.Mistake] {
    mistakes.enumerated().sorted {
      ($0.element.line, $0.element.column, $0.offset)
        < ($1.element.line, $1.element.column, $1.offset)
    }.map(\.element)
  }
}

/// Reads YAML into nodes, and its errors into sentences.
enum YAMLDocument {
  /// The longest file, in bytes.
  static let sizeLimit = 1 << 20

  /// The document's root; nil for an empty file and where a mistake was added.
  static func root(of text: String, mistakes: MistakeList) -> Node? {
    if text.utf8.count > sizeLimit {
      mistakes.add(
        nil,
        "the file is longer than \(sizeLimit) bytes",
        "split it, or leave lists out"
      )
      return nil
    }
    if let line = lineOfCompoundKey(text) {
      mistakes.add(
        line: line,
        column: 1,
        "a key must be a text where anchors are used",
        "write the key itself"
      )
      return nil
    }
    do {
      // No resolver: every value stays the text it was written as. The encoding is named so that no environment is asked.
      let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
      return try parser.singleRoot()
    } catch let error as YamlError {
      add(error, of: text, to: mistakes)
      return nil
    } catch {
      mistakes.add(nil, "the file is not valid YAML: \(error)")
      return nil
    }
  }

  /// The line of a key that is not a plain text, if the text has anchors.
  ///
  /// Keys are compared as they are read: a key that holds aliases of aliases would never be done.
  private static func lineOfCompoundKey(_ text: String) -> Int? {
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var hasAnchor = false
    var suspect: Int?
    for (number, line) in lines.enumerated() {
      var previous = UInt8(ascii: " ")
      var word = false
      var closes = false
      let bytes = Array(line)
      for (index, byte) in bytes.enumerated() {
        let isStart = [0x20, 0x09, 0x5B, 0x7B, 0x2C, 0x3A, 0x2D].contains(previous)
        let next = index + 1 < bytes.count ? bytes[index + 1] : UInt8(ascii: " ")
        if isStart, byte == UInt8(ascii: "&"), next > 0x20 { hasAnchor = true }
        if isStart, byte == UInt8(ascii: "*"), next > 0x20 { word = true }
        let isExplicit = isStart && byte == UInt8(ascii: "?") && next <= 0x20
        let isAfterKey = byte == UInt8(ascii: ":") && (word || closes)
        if (isExplicit || isAfterKey) && suspect == nil { suspect = number + 1 }
        if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
          closes = true
        } else if byte > 0x20 {
          closes = false
        }
        if byte == UInt8(ascii: ",") { word = false }
        previous = byte
      }
    }
    return hasAnchor ? suspect : nil
  }

  private static func add(_ error: YamlError, of text: String, to mistakes: MistakeList) {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let scene = context.map { "\($0.text), " } ?? ""
      mistakes.add(
        mark,
        "this is not valid YAML: \(scene)\(problem)",
        hint(problem, at: mark, in: text)
      )
    case .reader(let problem, let offset, _, _):
      let lines = text.prefix(offset ?? 0).split(separator: "\n", omittingEmptySubsequences: false)
      mistakes.add(
        line: max(1, lines.count),
        column: (lines.last?.unicodeScalars.count ?? 0) + 1,
        "this is not valid YAML: \(problem)",
        "remove the control character"
      )
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.sorted().map { "'\($0)'" }.joined(separator: ", ")
      mistakes.add(
        context.mark,
        duplicates.count == 1
          ? "the key \(keys) is there twice" : "the keys \(keys) are there twice",
        "keep one of them"
      )
    default:
      mistakes.add(nil, "the file is not valid YAML: \(error)")
    }
  }

  private static func hint(_ problem: String, at mark: Mark, in text: String) -> String? {
    if problem.contains("undefined alias") || problem.contains("while scanning an alias")
      || problem.contains("did not find expected alphabetic or numeric character")
    {
      return "put quotes around a text that begins with * or &"
    }
    if problem.contains("another document") { return "a tally.yml is one document: remove the ---" }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if mark.line <= lines.count, mark.line > 0 {
      let line = lines[mark.line - 1]
      if line.prefix(while: { $0 == " " || $0 == "\t" }).contains("\t") {
        return "indent with blanks, not with tabs"
      }
    }
    if problem.contains("mapping values are not allowed") {
      return "check the indentation, and put quotes around a text that holds ': '"
    }
    if problem.contains("cannot start any token") {
      return "put quotes around a text that begins with a special character"
    }
    return "check indentation, brackets and quotes on this line and the one before"
  }
}
