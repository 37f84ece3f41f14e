/// A template's tags and text, with the place of each, as read by our own scan: swift-mustache says neither where nor what is unknown.
struct ScannedTemplate {
  /// What a tag does.
  enum Tag: Hashable {
    case variable(String)
    case unescaped(String)
    case partial(String)
    case section(String, inverted: Bool, body: [Piece])
  }
  /// A tag or the text between tags.
  enum Piece: Hashable {
    case text(String)
    case tag(Tag, Place)
  }
  /// Where a tag begins.
  struct Place: Hashable {
    let line: Int
    let column: Int
  }
  var pieces: [Piece] = []
  var problems: [TemplateProblem] = []
}

/// Reads a template into pieces.
///
/// Standard Mustache without lambdas, set delimiters and inheritance.
struct TemplateScanner {
  private let file: String
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  /// In Unicode scalars.
  private var column = 1
  private var problems: [TemplateProblem] = []

  /// A section whose end has not been read.
  private struct Open {
    let name: String
    let inverted: Bool
    let place: ScannedTemplate.Place
    var pieces: [ScannedTemplate.Piece]
  }

  static func scan(_ text: String, file: String) -> ScannedTemplate {
    var scanner = TemplateScanner(text: text, file: file)
    return scanner.scanned()
  }

  private init(text: String, file: String) {
    self.file = file
    bytes = Array(text.utf8)
  }

  private var place: ScannedTemplate.Place { .init(line: line, column: column) }

  private mutating func report(
    _ kind: TemplateProblem.Kind,
    _ place: ScannedTemplate.Place,
    _ reason: String,
    suggestion: String? = nil
  ) {
    problems.append(
      TemplateProblem(
        kind: kind,
        file: file,
        line: place.line,
        column: place.column,
        reason: reason,
        suggestion: suggestion
      )
    )
  }

  private mutating func advance(to end: Int) {
    for byte in bytes[position..<end] {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    position = end
  }

  /// Where some braces in a row begin next; nil when they don't.
  private func next(_ count: Int, _ brace: Unicode.Scalar) -> Int? {
    var index = position
    while index + count <= bytes.count {
      if bytes[index..<(index + count)].allSatisfy({ $0 == UInt8(ascii: brace) }) { return index }
      index += 1
    }
    return nil
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private mutating func scanned() -> ScannedTemplate {
    var stack = [
      Open(name: "", inverted: false, place: .init(line: 1, column: 1), pieces: [])
    ]
    while position < bytes.count {
      let tag = next(2, "{")
      let end = tag ?? bytes.count
      if end > position { stack[stack.count - 1].pieces.append(.text(text(position..<end))) }
      advance(to: end)
      if tag == nil { break }
      let start = place
      guard let content = tagContent(start) else { break }
      handle(content, at: start, &stack)
    }
    while stack.count > 1 {
      let open = stack.removeLast()
      report(.syntax, open.place, "section '\(open.name)' is never closed")
      stack[stack.count - 1].pieces += open.pieces
    }
    return ScannedTemplate(pieces: stack[0].pieces, problems: problems)
  }

  /// The inside of the tag that begins here, read to behind its end; nil when it isn't closed.
  private mutating func tagContent(_ start: ScannedTemplate.Place) -> String? {
    let isTriple = position + 2 < bytes.count && bytes[position + 2] == UInt8(ascii: "{")
    let braces = isTriple ? 3 : 2
    advance(to: position + braces)
    guard let end = next(braces, "}") else {
      report(.syntax, start, "the tag is never closed")
      return nil
    }
    let content = text(position..<end)
    advance(to: end + braces)
    return isTriple ? "&" + content : content
  }

  private mutating func handle(
    _ content: String,
    at start: ScannedTemplate.Place,
    _ stack: inout [Open]
  ) {
    let sigil = content.unicodeScalars.first
    let isPlain = sigil.map { !"#^/>&!=%$<".unicodeScalars.contains($0) } ?? true
    let name = Self.trimmed(isPlain ? content : String(content.unicodeScalars.dropFirst()))
    switch sigil {
    case "!": return
    case "=":
      report(.unsupported, start, "other delimiters than {{ and }} are not supported")
      return
    case "%":
      report(.unsupported, start, "the content type follows from the file's name")
      return
    case "$", "<":
      report(.unsupported, start, "template inheritance is not supported; use a partial")
      return
    default: break
    }
    guard check(name, isPartial: sigil == ">", start) else { return }
    let last = stack.count - 1
    switch sigil {
    case "#", "^":
      stack.append(Open(name: name, inverted: sigil == "^", place: start, pieces: []))
    case "/": close(name, at: start, &stack)
    case ">": stack[last].pieces.append(.tag(.partial(name), start))
    case "&": stack[last].pieces.append(.tag(.unescaped(name), start))
    default: stack[last].pieces.append(.tag(.variable(name), start))
    }
  }

  private mutating func close(
    _ name: String,
    at start: ScannedTemplate.Place,
    _ stack: inout [Open]
  ) {
    guard stack.count > 1 else {
      report(.syntax, start, "nothing named '\(name)' is open here")
      return
    }
    let open = stack.removeLast()
    if open.name != name {
      report(
        .syntax,
        start,
        "'\(name)' is closed, but '\(open.name)' of line \(open.place.line) is open",
        suggestion: open.name
      )
    }
    let tag = ScannedTemplate.Tag.section(open.name, inverted: open.inverted, body: open.pieces)
    stack[stack.count - 1].pieces.append(.tag(tag, open.place))
  }

  private mutating func check(
    _ name: String,
    isPartial: Bool,
    _ start: ScannedTemplate.Place
  ) -> Bool {
    if name.isEmpty {
      report(.syntax, start, "the tag has no name")
      return false
    }
    if isPartial, name.hasPrefix("*") {
      report(.unsupported, start, "the name of a partial can't come from the context")
      return false
    }
    if !isPartial, name.utf8.contains(UInt8(ascii: "(")) {
      report(.unsupported, start, "transforms like '\(name)' are not standard Mustache")
      return false
    }
    let isWord = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"):
        true
      case UInt8(ascii: "/"), UInt8(ascii: "-"): isPartial
      default: false
      }
    }
    let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    if !isWord || !isPartial && name != "." && parts.contains(where: \.isEmpty) {
      report(.syntax, start, "'\(VisibleText.line(name))' is not a name")
      return false
    }
    return true
  }

  private static func trimmed(_ text: String) -> String {
    func isBlank(_ byte: UInt8) -> Bool {
      byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
    let rest = text.utf8.drop(while: isBlank)
    guard let end = rest.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(Substring(rest[...end]))
  }
}
