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
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var line = 1
  private var lineStart = 0
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
    scalars = Array(text.unicodeScalars)
  }

  private var place: ScannedTemplate.Place { .init(line: line, column: position - lineStart + 1) }

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

  private mutating func advance(_ count: Int) {
    for _ in 0..<count where position < scalars.count {
      if scalars[position] == "\n" {
        line += 1
        lineStart = position + 1
      }
      position += 1
    }
  }

  private func stands(_ text: String) -> Bool {
    let wanted = text.unicodeScalars
    return position + wanted.count <= scalars.count
      && zip(scalars[position...], wanted).allSatisfy { $0 == $1 }
  }

  private mutating func scanned() -> ScannedTemplate {
    var stack = [
      Open(name: "", inverted: false, place: .init(line: 1, column: 1), pieces: [])
    ]
    var text = String.UnicodeScalarView()
    while position < scalars.count {
      if scalars[position] != "{" || !stands("{{") {
        text.append(scalars[position])
        advance(1)
        continue
      }
      if !text.isEmpty { stack[stack.count - 1].pieces.append(.text(String(text))) }
      text = String.UnicodeScalarView()
      let start = place
      guard let content = tagContent(start) else { break }
      handle(content, at: start, &stack)
    }
    if !text.isEmpty { stack[stack.count - 1].pieces.append(.text(String(text))) }
    while stack.count > 1 {
      let open = stack.removeLast()
      report(.syntax, open.place, "section '\(open.name)' is never closed")
      stack[stack.count - 1].pieces += open.pieces
    }
    return ScannedTemplate(pieces: stack[0].pieces, problems: problems)
  }

  /// The inside of the tag that begins here, read to behind its end; nil when it isn't closed.
  private mutating func tagContent(_ start: ScannedTemplate.Place) -> String? {
    let isTriple = stands("{{{")
    let end = isTriple ? "}}}" : "}}"
    advance(isTriple ? 3 : 2)
    var content = isTriple ? "&" : ""
    while position < scalars.count, !stands(end) {
      content.unicodeScalars.append(scalars[position])
      advance(1)
    }
    if position >= scalars.count {
      report(.syntax, start, "the tag is never closed")
      return nil
    }
    advance(end.unicodeScalars.count)
    return content
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
    let extra = isPartial ? "./-_" : "._"
    for scalar in name.unicodeScalars {
      let isWord =
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
      if !isWord && !extra.unicodeScalars.contains(scalar) {
        report(.syntax, start, "'\(VisibleText.line(name))' is not a name")
        return false
      }
    }
    if !isPartial, name != ".", name.hasPrefix(".") || name.hasSuffix(".") || name.contains("..") {
      report(.syntax, start, "'\(name)' is not a name")
      return false
    }
    return true
  }

  private static func trimmed(_ text: String) -> String {
    let blanks = " \t\n\r".unicodeScalars
    let rest = text.unicodeScalars.drop { blanks.contains($0) }
    guard let end = rest.lastIndex(where: { !blanks.contains($0) }) else { return "" }
    return String(rest[...end])
  }
}
