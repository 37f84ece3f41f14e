/// Where a number of a post comes from.
public struct NumberSource: Sendable, Hashable {
  /// What kind of thing it is.
  public enum Kind: String, Codable, Sendable, Hashable {
    /// A number of the context: a count of rows, or one that follows from others.
    case number
    /// The difference of two numbers of the context, or the length of one of its lists.
    case derived
    /// A number inside a sentence, made together with it.
    case sentence
    /// A number that is always the same.
    case fixed
    /// A date or time.
    case date
    /// The name of a commit or entry, or a digest.
    case digest
    /// The id of a violation.
    case violation
    /// Part of what people, tools or git called something.
    case data
    /// What `tally.yml` says.
    case configuration
    /// A measured value.
    case measured
    /// Part of a picture.
    case picture
    /// What the lead wrote.
    case lead
    /// What the template says by itself.
    case template
  }

  /// What kind of thing it is.
  public let kind: Kind
  /// The name whose text it stands in; nil for what the template says by itself.
  public let name: ContextName?
  /// The numbers of the context it goes back to.
  public let operands: [ContextName]
  /// How it follows from them, or what it is, in words; empty where the name says it all.
  public let words: String

  init(
    _ kind: Kind,
    _ name: ContextName?,
    _ operands: [ContextName] = [],
    words: String = ""
  ) {
    self.kind = kind
    self.name = name
    self.operands = operands
    self.words = words
  }
}

extension TracedText {
  /// Where each of some words of this text comes from.
  ///
  /// - Parameters:
  ///   - tokens: ``PostToken/all(in:form:)`` of this text.
  ///   - document: the context that was rendered.
  /// - Returns: a source for each word, in the same order; nil for a number of a sentence that nobody has put into the table.
  public func sources(of tokens: [PostToken], in document: JSONValue) -> [NumberSource?] {
    var result: [NumberSource?] = []
    var phrase: (span: Span, place: Int)?
    var next = 0
    var open: [Span] = []
    for token in tokens {
      // Both are in order, so each part is looked at once.
      while next < spans.count, spans[next].range.lowerBound <= token.range.lowerBound {
        open.append(spans[next])
        next += 1
      }
      open.removeAll { $0.range.upperBound <= token.range.lowerBound }
      guard let span = open.last else {
        result.append(NumberSource(.template, nil, words: "the template says it by itself"))
        continue
      }
      if phrase?.span != span { phrase = (span, 0) }
      let name = ContextName(span.name)
      if case .number? = name.value(in: document) {
        result.append(NumberSource(.number, name, [name]))
        continue
      }
      guard let form = NumberForms.form(of: name.pattern) else {
        result.append(nil)
        continue
      }
      if case .phrase(let parts) = form, token.kind == .number {
        let start = phrase?.place ?? 0
        let found = part(of: token, parts, from: start, name, document)
        if let next = found?.next { phrase?.place = next }
        result.append(found?.source)
      } else {
        result.append(Self.source(of: token, form, name, document))
      }
    }
    return result
  }

  /// What a word is that is no number of a phrase.
  private static func source(
    of token: PostToken,
    _ form: NumberForms.Form,
    _ name: ContextName,
    _ document: JSONValue
  ) -> NumberSource {
    if token.kind == .date, form != .lead {
      return NumberSource(.date, name, words: "a date")
    }
    switch form {
    case .date: return NumberSource(.date, name, words: "a date")
    case .digest: return NumberSource(.digest, name, words: "part of a digest or name")
    case .violation: return NumberSource(.violation, name, words: "the id of a violation")
    case .data(let words): return NumberSource(.data, name, words: "part of \(words)")
    case .configuration(let words): return NumberSource(.configuration, name, words: words)
    case .measured(let words): return NumberSource(.measured, name, words: words)
    case .picture(let words):
      return NumberSource(.picture, name, words: "part of a picture: \(words)")
    case .lead: return NumberSource(.lead, name, words: "the lead wrote it")
    case .phrase: return NumberSource(.data, name, words: "part of a sentence")
    }
  }

  /// Finds the part of a phrase that a number is: behind the one before it if possible, else anywhere, else what stands for any.
  private func part(
    of token: PostToken,
    _ parts: [NumberForms.Part],
    from start: Int,
    _ name: ContextName,
    _ document: JSONValue
  ) -> (source: NumberSource, next: Int)? {
    guard let value = Int(token.digits) else {
      return (NumberSource(.data, name, words: "part of a sentence"), start)
    }
    var place = 0
    var early: NumberSource?
    var rest: String?
    for part in parts {
      for candidate in Self.candidates(part, name, document) {
        defer { place += 1 }
        guard candidate.value.magnitude == value.magnitude else { continue }
        // What the words behind it say needs no order.
        if let words = candidate.words {
          if stands(token, before: words) { return (candidate.source, start) }
          continue
        }
        if place >= start { return (candidate.source, place + 1) }
        if early == nil { early = candidate.source }
      }
      if case .any(let words) = part, rest == nil { rest = words }
    }
    if let rest { return (NumberSource(.sentence, name, words: rest), start) }
    return early.map { ($0, start) }
  }

  /// Says whether a number stands right before one of some words.
  private func stands(_ token: PostToken, before words: [String]) -> Bool {
    let rest = Array(text.utf8.dropFirst(token.range.upperBound).prefix(40))
      .drop { $0 == 0x20 }
    return words.contains { rest.starts(with: $0.utf8) }
  }

  /// The numbers that a part can be, each with the words of which one has to stand behind it; nil for any.
  private static func candidates(
    _ part: NumberForms.Part,
    _ name: ContextName,
    _ document: JSONValue
  ) -> [(value: Int, source: NumberSource, words: [String]?)] {
    func numbers(_ text: String, _ words: [String]?) -> [(Int, NumberSource, [String]?)] {
      name.beside(text).all(in: document).compactMap { operand in
        operand.number(in: document).map { ($0, NumberSource(.number, name, [operand]), words) }
      }
    }
    switch part {
    case .number(let text): return numbers(text, nil)
    case .before(let words, let text): return numbers(text, words)
    case .caused(let list):
      return numbers("\(list)[].count", nil).map { value, source, _ in
        let cause = source.operands[0].beside("cause").value(in: document)?.text
        return (value, source, cause.map { [$0] } ?? [])
      }
    case .difference(let first, let second):
      let operands = [name.beside(first), name.beside(second)]
      let values = operands.compactMap { $0.number(in: document) }
      guard values.count == 2 else { return [] }
      let words = "\(operands[0]) minus \(operands[1])"
      return [
        (values[0] - values[1], NumberSource(.derived, name, operands, words: words), nil)
      ]
    case .length(let list):
      let operand = name.beside(list)
      let count = operand.count(in: document)
      return [(count, NumberSource(.derived, name, words: "how many items \(operand) has"), nil)]
    case .fixed(let value, let words):
      return [(value, NumberSource(.fixed, name, words: words), nil)]
    case .any: return []
    }
  }
}

extension ContextName {
  /// This name, or where it has `[]` in it one for every item.
  func all(in document: JSONValue) -> [ContextName] {
    guard let open = steps.firstIndex(where: \.isEvery), case .key(let key) = steps[open] else {
      return [self]
    }
    let list = ContextName(steps: steps[..<open] + [.key(String(key.dropLast(2)))])
    return (0..<list.count(in: document)).flatMap { index in
      ContextName(steps: list.steps + [.item(index)] + steps[(open + 1)...]).all(in: document)
    }
  }

  /// How this number follows from others: their names, and in words; nil for a count of rows and for what is a fact by itself.
  public func derivation(in document: JSONValue) -> (operands: [ContextName], words: String)? {
    guard let found = NumberDerivations.derivation(of: pattern) else { return nil }
    var operands = found.operands.flatMap { beside($0).all(in: document) }
    if pattern == "next_steps[].running_open", let own = places.last {
      operands = operands.filter { $0.pattern != "next_steps[].count" || $0.places[0] <= own }
    }
    return (operands, found.words)
  }
}

extension ContextName.Step {
  /// True for a list of which every item is meant.
  fileprivate var isEvery: Bool {
    if case .key(let key) = self { key.hasSuffix("[]") } else { false }
  }
}
