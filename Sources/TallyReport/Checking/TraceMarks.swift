/// Marks around values while a post is traced: which name of the context each part of the text came from.
///
/// The marks are those of interlinear annotations, which no data brings into a post: ``VisibleText`` shows them by their numbers.
enum TraceMarks {
  private static let opening: Unicode.Scalar = "\u{FFF9}"
  private static let middle: Unicode.Scalar = "\u{FFFA}"
  private static let closing: Unicode.Scalar = "\u{FFFB}"

  /// A value with the number of its name.
  static func around(_ text: String, name number: Int) -> String {
    "\u{FFF9}\(number)\u{FFFA}\(text)\u{FFFB}"
  }

  /// Escapes what stands between the marks; a text without marks as a whole.
  static func escaping(_ text: String, _ escape: (String) -> String) -> String {
    let scalars = text.unicodeScalars
    guard scalars.first == opening, scalars.last == closing,
      let start = scalars.firstIndex(of: middle)
    else { return escape(text) }
    let inner = scalars[scalars.index(after: start)..<scalars.index(before: scalars.endIndex)]
    return String(scalars[...start]) + escape(String(inner)) + String(closing)
  }

  /// What is made of a text with marks by something that shows them by their numbers, with the marks still there.
  ///
  /// A text that holds what stands for them in between keeps none.
  static func keeping(_ text: String, _ make: (String) -> String) -> String {
    let others: [Unicode.Scalar] = ["\u{100000}", "\u{100001}", "\u{100002}"]
    let marks = [opening, middle, closing]
    func exchange(_ text: String, _ from: [Unicode.Scalar], _ to: [Unicode.Scalar]) -> String {
      var result = String.UnicodeScalarView()
      for scalar in text.unicodeScalars {
        result.append(from.firstIndex(of: scalar).map { to[$0] } ?? scalar)
      }
      return String(result)
    }
    if text.unicodeScalars.contains(where: others.contains) {
      return make(text.filter { !marks.contains($0.unicodeScalars.first ?? " ") })
    }
    return exchange(make(exchange(text, marks, others)), others, marks)
  }

  /// The text without marks, and which part of it came from which name.
  static func read(_ text: String, names: [String]) -> TracedText {
    var plain: [UInt8] = []
    var spans: [TracedText.Span] = []
    var open: [(name: Int, start: Int)] = []
    var rest = Substring(text).unicodeScalars
    while let scalar = rest.popFirst() {
      switch scalar {
      case opening:
        let digits = rest.prefix { ("0"..."9").contains($0) }
        guard let number = Int(String(digits)), names.indices.contains(number),
          rest.dropFirst(digits.count).first == middle
        else { continue }
        rest.removeFirst(digits.count + 1)
        open.append((number, plain.count))
      case closing:
        guard let (name, start) = open.popLast() else { continue }
        spans.append(TracedText.Span(range: start..<plain.count, name: names[name]))
      default: plain += Array(String(scalar).utf8)
      }
    }
    return TracedText(text: String(decoding: plain, as: UTF8.self), spans: spans)
  }
}
