/// Turns the lead's own Markdown into HTML, for pages and e-mail.
///
/// What people write in a status post: headings, paragraphs, lists, tables, quotations, code, rules, emphasis, links. Raw HTML is
/// taken as it is, as in Markdown: the text is trusted. Links lead to `http`, `https`, `mailto` and relative addresses only.
enum MarkdownPage {
  /// The HTML, with a line break after each block; empty for no text.
  static func html(_ text: String) -> String {
    var blocks = Blocks(lines: text.split(separator: "\n", omittingEmptySubsequences: false)[...])
    return CommandMarks.html(blocks.html(upTo: 6))
  }

  /// Reads blocks from lines.
  private struct Blocks {
    var lines: ArraySlice<Substring>

    /// The HTML of all lines; lists and quotations nest to a depth.
    mutating func html(upTo depth: Int) -> String {
      var output = ""
      while let line = lines.first {
        let text = line.trimmed
        if text.isEmpty {
          lines.removeFirst()
        } else if text.hasPrefix("```") {
          output += fence()
        } else if let heading = Self.heading(text) {
          lines.removeFirst()
          // The page has the first two levels.
          let level = min(6, heading.level + 2)
          output += "<h\(level)>\(MarkdownInline.html(heading.text))</h\(level)>\n"
        } else if Self.isRule(text) {
          lines.removeFirst()
          output += "<hr>\n"
        } else if text.hasPrefix(">"), depth > 0 {
          output += quotation(depth)
        } else if Self.marker(line) != nil, depth > 0 {
          output += list(depth)
        } else if let table = table() {
          output += table
        } else {
          output += paragraph()
        }
      }
      return output
    }

    private static func heading(_ text: Substring) -> (level: Int, text: Substring)? {
      let level = text.prefix { $0 == "#" }.count
      guard (1...6).contains(level), text.dropFirst(level).first == " " else { return nil }
      return (level, text.dropFirst(level).trimmed)
    }

    private static func isRule(_ text: Substring) -> Bool {
      guard let first = text.first, "-*_".contains(first) else { return false }
      return text.count >= 3 && text.allSatisfy { $0 == first }
    }

    /// A list item's indentation, whether it is numbered, and where its text begins; nil for any other line.
    private static func marker(_ line: Substring) -> (indent: Int, numbered: Bool, width: Int)? {
      let indent = line.prefix { $0 == " " }.count
      let rest = line.dropFirst(indent)
      if let first = rest.first, "-*+".contains(first), rest.dropFirst().first == " " {
        return (indent, false, indent + 2)
      }
      let digits = rest.prefix { $0.isASCII && $0.isNumber }.count
      let mark = rest.dropFirst(digits)
      if (1...9).contains(digits), mark.first == "." || mark.first == ")",
        mark.dropFirst().first == " "
      {
        return (indent, true, indent + digits + 2)
      }
      return nil
    }

    private mutating func fence() -> String {
      lines.removeFirst()
      var code: [Substring] = []
      while let line = lines.popFirst(), !line.trimmed.hasPrefix("```") { code.append(line) }
      let text = code.map { HTMLEscaping.text(String($0)) }.joined(separator: "\n")
      return "<pre><code>\(text)</code></pre>\n"
    }

    private mutating func quotation(_ depth: Int) -> String {
      var inner: [Substring] = []
      while let line = lines.first?.trimmed, line.hasPrefix(">") {
        lines.removeFirst()
        inner.append(line.dropFirst().first == " " ? line.dropFirst(2) : line.dropFirst())
      }
      var blocks = Blocks(lines: inner[...])
      return "<blockquote>\n\(blocks.html(upTo: depth - 1))</blockquote>\n"
    }

    private mutating func list(_ depth: Int) -> String {
      guard let first = lines.first.flatMap(Self.marker) else { return "" }
      let tag = first.numbered ? "ol" : "ul"
      var output = "<\(tag)>\n"
      while let line = lines.first, let mark = Self.marker(line), mark.indent <= first.indent,
        mark.numbered == first.numbered
      {
        lines.removeFirst()
        var inner = [line.dropFirst(mark.width)]
        var isLoose = false
        // What is indented, or goes on without an empty line, belongs to the item.
        while let next = lines.first {
          if next.trimmed.isEmpty {
            let after = lines.dropFirst().first { !$0.trimmed.isEmpty }
            guard let after, after.prefix(while: { $0 == " " }).count >= mark.width else { break }
            isLoose = true
            inner.append("")
          } else {
            let indent = next.prefix { $0 == " " }.count
            let isItem = Self.marker(next) != nil
            if indent < mark.width, isItem || isLoose { break }
            inner.append(next.dropFirst(min(indent, mark.width)))
          }
          lines.removeFirst()
        }
        while lines.first?.trimmed.isEmpty == true,
          lines.dropFirst().first(where: { !$0.trimmed.isEmpty }).flatMap(Self.marker) != nil
        {
          lines.removeFirst()
        }
        var blocks = Blocks(lines: inner[...])
        var html = blocks.html(upTo: depth - 1)
        if !isLoose, html.hasPrefix("<p>"), let end = html.firstRange(of: "</p>\n") {
          html =
            html[html.index(html.startIndex, offsetBy: 3)..<end.lowerBound] + "\n"
            + html[end.upperBound...]
        }
        while html.hasSuffix("\n") { html.removeLast() }
        output += "<li>\(html)</li>\n"
      }
      return output + "</\(tag)>\n"
    }

    /// The table that begins here; nil where none does.
    private mutating func table() -> String? {
      guard lines.count > 1, let head = lines.first, head.contains("|"),
        let rule = lines.dropFirst().first?.trimmed, rule.contains("-"), rule.contains("|"),
        rule.allSatisfy({ "-:| ".contains($0) })
      else { return nil }
      let sides = Self.cells(rule).map { cell -> String in
        cell.hasSuffix(":") ? (cell.hasPrefix(":") ? "center" : "right") : ""
      }
      func row(_ line: Substring, _ tag: String) -> String {
        let cells = Self.cells(line).enumerated().map { index, cell -> String in
          let side = index < sides.count ? sides[index] : ""
          let style = side.isEmpty ? "" : " style=\"text-align: \(side)\""
          // A bar is escaped for the table, also inside code.
          let text = cell.replacing("\\|", with: "|")
          return "<\(tag)\(style)>\(MarkdownInline.html(text[...]))</\(tag)>"
        }
        return "<tr>\(cells.joined())</tr>\n"
      }
      var output = "<table>\n<thead>\n\(row(head, "th"))</thead>\n<tbody>\n"
      lines.removeFirst(2)
      while let line = lines.first, line.contains("|"), !line.trimmed.isEmpty {
        lines.removeFirst()
        output += row(line, "td")
      }
      return output + "</tbody>\n</table>\n"
    }

    /// The cells of a row; a bar behind a backslash is text.
    private static func cells(_ line: Substring) -> [Substring] {
      var text = line.trimmed
      if text.hasPrefix("|") { text.removeFirst() }
      if text.hasSuffix("|"), !text.hasSuffix("\\|") { text.removeLast() }
      var result: [Substring] = []
      var start = text.startIndex
      var isEscaped = false
      for index in text.indices {
        if text[index] == "|", !isEscaped {
          result.append(text[start..<index].trimmed)
          start = text.index(after: index)
        }
        isEscaped = text[index] == "\\" && !isEscaped
      }
      return result + [text[start...].trimmed]
    }

    private mutating func paragraph() -> String {
      var parts: [Substring] = []
      while let line = lines.first, !line.trimmed.isEmpty {
        let text = line.trimmed
        if !parts.isEmpty,
          text.hasPrefix("```") || text.hasPrefix(">") || Self.heading(text) != nil
            || Self.marker(line).map({ !$0.numbered || text.hasPrefix("1") }) == true
        {
          break
        }
        lines.removeFirst()
        parts.append(text)
      }
      let text = parts.joined(separator: "\n")
      // Raw HTML that makes a block of its own.
      let second = text.dropFirst().first
      if text.hasPrefix("<"), second.map({ $0.isLetter || "/!".contains($0) }) ?? false {
        return text + "\n"
      }
      return "<p>\(MarkdownInline.html(text[...]))</p>\n"
    }
  }
}

extension Substring {
  /// Without blanks at both ends.
  fileprivate var trimmed: Substring {
    var text = drop { $0 == " " || $0 == "\t" || $0 == "\r" }
    while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
    return text
  }
}
