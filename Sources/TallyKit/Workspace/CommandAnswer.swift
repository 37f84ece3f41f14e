/// What a use case answers: data for scripts, sentences for people.
///
/// The encoded form is versioned and documented in `docs/cli.md`; the text is not meant to be parsed.
public protocol CommandAnswer: Encodable, Sendable {
  /// Things worth a person's attention, printed beside the answer; one sentence each.
  var warnings: [String] { get }
  /// For people, ending in a newline.
  func text(_ style: TextStyle) -> String
}

extension CommandAnswer {
  /// None.
  public var warnings: [String] { [] }
}

/// How text goes to a person.
public struct TextStyle: Sendable, Hashable {
  /// How wide the terminal is; nil where output does not go to one.
  public let columns: Int?
  /// True when colour may be used.
  public let colour: Bool

  /// Creates a style.
  public init(columns: Int?, colour: Bool) {
    self.columns = columns
    self.colour = colour
  }
}
