/// The marks inside a line of Markdown as HTML.
struct MarkdownInline {
  private let characters: [Character]
  private var position = 0

  static func html(_ text: Substring) -> String {
    var inline = MarkdownInline(characters: Array(text))
    return inline.html(until: nil)
  }

  private init(characters: [Character]) { self.characters = characters }

  private static let punctuation = "\\`*_{}[]()#+-.!|~<>$&:"

  private func character(at index: Int) -> Character? {
    characters.indices.contains(index) ? characters[index] : nil
  }

  private func stands(_ text: String, at index: Int) -> Bool {
    var at = index
    for wanted in text {
      guard character(at: at) == wanted else { return false }
      at += 1
    }
    return true
  }

  /// The HTML up to a closing mark, which is read too.
  private mutating func html(until mark: String?) -> String {
    var output = ""
    while let next = character(at: position) {
      if let mark, stands(mark, at: position), position > 0, characters[position - 1] != " " {
        position += mark.count
        return output
      }
      switch next {
      case "\\":
        if let escaped = character(at: position + 1), Self.punctuation.contains(escaped) {
          output += HTMLEscaping.text(String(escaped))
          position += 2
          continue
        }
        output += "\\"
        position += 1
      case "`": output += code()
      case "*", "_", "~": output += emphasis(next)
      case "[": output += link()
      case "&", "<": output += raw(next)
      case ">", "\"", "'":
        output += HTMLEscaping.text(String(next))
        position += 1
      default:
        output += VisibleText.block(String(next))
        position += 1
      }
    }
    return output
  }

  private mutating func code() -> String {
    var ticks = 0
    while character(at: position + ticks) == "`" { ticks += 1 }
    let fence = String(repeating: "`", count: ticks)
    var end = position + ticks
    while end < characters.count, !stands(fence, at: end) { end += 1 }
    guard end < characters.count else {
      position += ticks
      return fence
    }
    let text = String(characters[(position + ticks)..<end])
    position = end + ticks
    return "<code>\(HTMLEscaping.text(text))</code>"
  }

  /// True where a mark is closed later in the text, so that it opens something.
  private func closes(_ mark: String, from start: Int) -> Bool {
    guard let first = character(at: start), first != " " else { return false }
    var at = start + 1
    while at < characters.count {
      if characters[at] == "\\" {
        at += 2
        continue
      }
      if stands(mark, at: at), characters[at - 1] != " " { return true }
      at += 1
    }
    return false
  }

  private mutating func emphasis(_ mark: Character) -> String {
    let double = String([mark, mark])
    let before = character(at: position - 1)
    let isInside = mark == "_" && before.map { $0.isLetter || $0.isNumber } ?? false
    if !isInside, stands(double, at: position), closes(double, from: position + 2) {
      position += 2
      let tag = mark == "~" ? "del" : "strong"
      return "<\(tag)>\(html(until: double))</\(tag)>"
    }
    if !isInside, mark != "~", closes(String(mark), from: position + 1) {
      position += 1
      return "<em>\(html(until: String(mark)))</em>"
    }
    position += 1
    return String(mark)
  }

  private mutating func link() -> String {
    var depth = 0
    var end = position
    while end < characters.count {
      if characters[end] == "\\" {
        end += 2
        continue
      }
      if characters[end] == "[" { depth += 1 }
      if characters[end] == "]" { depth -= 1 }
      if depth == 0 { break }
      end += 1
    }
    guard end < characters.count, character(at: end + 1) == "(",
      let close = characters[(end + 2)...].firstIndex(of: ")")
    else {
      position += 1
      return "["
    }
    let address = String(characters[(end + 2)..<close])
    let text = Self.html(String(characters[(position + 1)..<end])[...])
    position = close + 1
    guard let target = Self.target(address) else { return text }
    return "<a href=\"\(HTMLEscaping.text(target))\">\(text)</a>"
  }

  /// The address where it may be followed: `http`, `https`, `mailto`, or relative.
  private static func target(_ address: String) -> String? {
    let plain = address.prefix { $0 != " " }
    if plain.isEmpty || plain.contains(where: { $0.isNewline || $0 == "<" }) { return nil }
    guard let colon = plain.firstIndex(of: ":") else { return String(plain) }
    let scheme = plain[..<colon].lowercased()
    if ["http", "https", "mailto"].contains(scheme) { return String(plain) }
    return scheme.contains(where: { "/?#".contains($0) }) ? String(plain) : nil
  }

  /// An entity or the beginning of raw HTML as it is; else the sign as text.
  private mutating func raw(_ sign: Character) -> String {
    let rest = characters[(position + 1)...]
    position += 1
    if sign == "&" {
      let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "#" }
      return !name.isEmpty && character(at: position + name.count) == ";" ? "&" : "&amp;"
    }
    guard let first = rest.first, first.isLetter || first == "/" || first == "!" else {
      return "&lt;"
    }
    guard let end = rest.firstIndex(of: ">") else { return "&lt;" }
    let tag = String(characters[position..<end])
    position = end + 1
    return "<\(tag)>"
  }
}
