/// A name of the context with its places in lists: `campaigns[2].priorities[1].count`.
public struct ContextName: Sendable, Hashable, CustomStringConvertible {
  /// A step into the document.
  enum Step: Sendable, Hashable {
    case key(String)
    case item(Int)
  }

  let steps: [Step]

  /// Reads a name; places in lists count from 0.
  public init(_ text: String) {
    steps = text.split(separator: ".").flatMap { part -> [Step] in
      // Every item of a list, in the tables of numbers.
      if part.hasSuffix("[]") { return [.key(String(part))] }
      let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
      let items = pieces.dropFirst().compactMap { Int($0.dropLast()).map(Step.item) }
      return (pieces.first.map { [.key(String($0))] } ?? []) + items
    }
  }

  init(steps: [Step]) { self.steps = steps }

  /// The name as it is written.
  public var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .key(let key): text += text.isEmpty ? key : ".\(key)"
      case .item(let index): text += "[\(index)]"
      }
    }
    return text
  }

  /// Which campaign of a post about several it belongs to, from 0; nil for a post about one, and for what they share.
  public var campaign: Int? {
    guard steps.count > 1, steps[0] == .key("campaigns"), case .item(let index) = steps[1] else {
      return nil
    }
    return index
  }

  /// The name inside of its campaign, without places in lists: `priorities[].count`.
  public var pattern: String {
    var text = ""
    for step in local {
      switch step {
      case .key(let key): text += text.isEmpty ? key : ".\(key)"
      case .item: text += "[]"
      }
    }
    return text
  }

  /// The places in lists, inside of its campaign.
  public var places: [Int] {
    local.compactMap { if case .item(let index) = $0 { index } else { nil } }
  }

  private var local: ArraySlice<Step> { campaign == nil ? steps[...] : steps.dropFirst(2) }

  /// The same place under another name: one beside it, or with `/` in front one of its campaign.
  func beside(_ name: String) -> ContextName {
    if name.hasPrefix("/") {
      let start = campaign == nil ? [] : Array(steps.prefix(2))
      return ContextName(steps: start + ContextName(String(name.dropFirst())).steps)
    }
    return ContextName(steps: steps.dropLast() + ContextName(name).steps)
  }

  /// What the document holds there; nil where it holds nothing.
  public func value(in document: JSONValue) -> JSONValue? {
    var value = document
    for step in steps {
      switch (step, value) {
      case (.key(let key), .object(let members)):
        guard let member = members[key] else { return nil }
        value = member
      case (.item(let index), .array(let items)) where items.indices.contains(index):
        value = items[index]
      default: return nil
      }
    }
    return value
  }

  /// The whole number that the document holds there, also where it is written as text.
  public func number(in document: JSONValue) -> Int? {
    switch value(in: document) {
    case .number(let text), .string(let text): Int(text)
    default: nil
    }
  }

  /// How many items the document holds there; 0 where it holds no list.
  func count(in document: JSONValue) -> Int {
    if case .array(let items) = value(in: document) { items.count } else { 0 }
  }
}
