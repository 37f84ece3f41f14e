import Mustache

/// What swift-mustache needs: our content types, texts with their content type in front, and values it can walk.
enum MustacheBridge {
  /// How a value is escaped inside a code span.
  private enum Code: MustacheContentType {
    case markdown
    /// A code span in a table of Markdown.
    case cell
    case slack

    func escapeText(_ text: String) -> String {
      switch self {
      case .markdown: MarkdownEscaping.code(text, inTable: false)
      case .cell: MarkdownEscaping.code(text, inTable: true)
      case .slack: SlackEscaping.code(text)
      }
    }
  }

  private struct Escape: MustacheContentType {
    let type: ContentType
    func escapeText(_ text: String) -> String { type.escape(text) }
  }

  /// Escapes what stands between the marks of a traced value.
  private struct Traced: MustacheContentType {
    let inner: any MustacheContentType
    func escapeText(_ text: String) -> String { TraceMarks.escaping(text, inner.escapeText) }
  }

  private static let codeName = "TALLY.CODE"
  private static let cellName = "TALLY.CELL"
  private static let slackName = "TALLY.SLACK.CODE"
  /// What the names of content types begin with whose values are marked.
  private static let tracedPrefix = "TRACED."

  /// Registers the content types once a process; swift-mustache keeps them in one table behind a lock.
  private static let registered: Void = {
    for type in ContentType.allCases {
      MustacheContentTypes.register(Escape(type: type), named: name(of: type))
    }
    MustacheContentTypes.register(Code.markdown, named: codeName)
    MustacheContentTypes.register(Code.cell, named: cellName)
    MustacheContentTypes.register(Code.slack, named: slackName)
  }()

  /// The same content types for values with marks; a post that nobody asks about never needs them.
  private static let registeredTraced: Void = {
    for type in ContentType.allCases {
      let traced = Traced(inner: Escape(type: type))
      MustacheContentTypes.register(traced, named: tracedPrefix + name(of: type))
    }
    for (code, name) in [(Code.markdown, codeName), (.cell, cellName), (.slack, slackName)] {
      MustacheContentTypes.register(Traced(inner: code), named: tracedPrefix + name)
    }
  }()

  private static func name(of type: ContentType) -> String { "TALLY." + type.rawValue }

  /// The text as it is registered: the content type first, because a partial doesn't inherit it, and values in code spans marked as such.
  static func prepared(_ template: TemplateSet.Template) -> String {
    _ = registered
    let type = ContentType(fileName: template.name)
    let hasCode = type == .markdown || type == .slack
    let text = hasCode ? markingCode(template.text, type) : template.text
    return "{{%CONTENT_TYPE:\(name(of: type))}}\n" + text
  }

  /// Puts the code content type around each value that stands between backticks on its line or in a fenced block.
  private static func markingCode(_ text: String, _ type: ContentType) -> String {
    var isFenced = false
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let isFence = line.utf8.drop { $0 == UInt8(ascii: " ") }.starts(with: "```".utf8)
      if isFence { isFenced.toggle() }
      let mayHaveCode = isFenced || line.utf8.contains(UInt8(ascii: "`"))
      lines.append(mayHaveCode ? marked(line, isFenced, type) : String(line))
    }
    return lines.joined(separator: "\n")
  }

  private static func marked(
    _ line: Substring,
    _ isFenced: Bool,
    _ type: ContentType
  ) -> String {
    var result = ""
    var ticks = 0
    // What the line begins with, tags left out.
    var literalStart: UInt8?
    var rest = line
    while let start = rest.firstRange(of: "{{")?.lowerBound, let end = rest[start...].endOfTag {
      let tag = rest[start..<end]
      let literal = rest[..<start]
      ticks += literal.utf8.count { $0 == UInt8(ascii: "`") }
      literalStart = literalStart ?? literal.utf8.first { $0 != UInt8(ascii: " ") }
      result += literal
      rest = rest[end...]
      let prints = tag.dropFirst(2).utf8.first.map { !"#^/>&!{".utf8.contains($0) } ?? false
      if prints, isFenced || ticks % 2 == 1 {
        let isCell = literalStart == UInt8(ascii: "|")
        let code = type == .slack ? slackName : isCell ? cellName : codeName
        result += "{{%CONTENT_TYPE:\(code)}}\(tag){{%CONTENT_TYPE:\(name(of: type))}}"
      } else {
        result += tag
      }
    }
    return result + rest
  }

  /// A library of a template and the partials it reaches, each under the name its tag uses.
  static func library(
    for root: TemplateSet.Template,
    in set: TemplateSet,
    isTraced: Bool = false
  ) throws -> MustacheLibrary {
    func text(_ template: TemplateSet.Template) -> String {
      let text = prepared(template)
      if !isTraced { return text }
      _ = registeredTraced
      return text.replacing("{{%CONTENT_TYPE:", with: "{{%CONTENT_TYPE:" + tracedPrefix)
    }
    var library = MustacheLibrary()
    try library.register(text(root), named: root.name)
    var waiting = [root]
    var seen: Set<String> = []
    while let template = waiting.popLast() {
      for name in partialNames(TemplateScanner.scan(template.text, file: template.file).pieces)
      where seen.insert(name).inserted {
        guard let partial = set.partial(name, from: template.name) else { continue }
        try library.register(text(partial), named: name)
        waiting.append(partial)
      }
    }
    return library
  }

  private static func partialNames(_ pieces: [ScannedTemplate.Piece]) -> [String] {
    pieces.flatMap { piece -> [String] in
      guard case .tag(let tag, _) = piece else { return [] }
      switch tag {
      case .partial(let name): return [name]
      case .section(_, _, let body): return partialNames(body)
      case .variable, .unescaped: return []
      }
    }
  }

  /// The value as swift-mustache walks it; the members of an object are turned as they are asked for.
  static func value(_ json: JSONValue) -> Any {
    switch json {
    case .null: ""
    case .bool(let flag): flag
    case .number(let text), .string(let text): text
    case .array(let items): items.map(value)
    case .object(let members): Members(values: members)
    }
  }

  /// The same with marks around every text that holds a digit; adds the name of each to a list.
  static func tracedValue(_ json: JSONValue, name: String, _ names: inout [String]) -> Any {
    switch json {
    case .null, .bool: return value(json)
    case .number(let text), .string(let text):
      guard text.utf8.contains(where: { (0x30...0x39).contains($0) }) else { return text }
      names.append(name)
      return TraceMarks.around(text, name: names.count - 1)
    case .array(let items):
      var result: [Any] = []
      for (index, item) in items.enumerated() {
        result.append(tracedValue(item, name: "\(name)[\(index)]", &names))
      }
      return result
    case .object(let members):
      var result: [String: Any] = [:]
      for (key, member) in members.sorted(by: { $0.key < $1.key }) {
        result[key] = tracedValue(member, name: name.isEmpty ? key : "\(name).\(key)", &names)
      }
      return TracedMembers(values: result)
    }
  }

  private struct TracedMembers: MustacheParent {
    let values: [String: Any]
    func child(named name: String) -> Any? { values[name] }
  }

  private struct Members: MustacheParent {
    let values: [String: JSONValue]
    func child(named name: String) -> Any? { values[name].map(MustacheBridge.value) }
  }
}

extension Substring {
  /// The index behind the tag that begins here; nil where it isn't closed.
  fileprivate var endOfTag: Index? {
    firstRange(of: "}}").map { found in
      // A triple tag ends with one more brace.
      let next = found.upperBound
      return hasPrefix("{{{") && next < endIndex && self[next] == "}" ? index(after: next) : next
    }
  }
}
