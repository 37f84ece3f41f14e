/// A suppression comment of a content, with the tokens it silences: what is needed to find old findings under it without the old text.
public struct Silence: Sendable, Hashable {
  /// Tokens that belong to suppression comments: a finding that stood there before a comment came has none of it in its window.
  public struct Aside: Sendable, Hashable {
    /// The first of them in ``Silence/tokens``, from 0.
    public let start: Int
    /// How many.
    public let count: Int
    /// True for the comment itself, false for another one near it.
    public let isOwn: Bool

    /// Creates an aside.
    public init(start: Int, count: Int, isOwn: Bool) {
      self.start = start
      self.count = count
      self.isOwn = isOwn
    }
  }

  /// The comment; its lines are those of the content.
  public let comment: SuppressionComment
  /// The hashes of the tokens on the silenced lines, with those around them that windows hold; empty where the lines alone decide.
  public let tokens: [UInt16]
  /// Where in ``tokens`` those of the silenced lines begin, from 0.
  public let first: Int
  /// How many those of the silenced lines are.
  public let count: Int
  /// Ascending, not overlapping.
  public let asides: [Aside]

  /// Creates a silence; without tokens the lines of the comment decide.
  public init(
    comment: SuppressionComment,
    tokens: [UInt16] = [],
    first: Int = 0,
    count: Int = 0,
    asides: [Aside] = []
  ) {
    self.comment = comment
    self.tokens = tokens
    self.first = first
    self.count = count
    self.asides = asides
  }
}

/// The suppression comments of one content.
public struct SilencedText: Sendable, Hashable {
  /// The content.
  public let blob: BlobID
  /// The lexer that made the hashes.
  public let lexerVersion: Int
  /// In the order of their lines; at least one.
  public let silences: [Silence]

  /// Creates a record of one content.
  public init(blob: BlobID, lexerVersion: Int, silences: [Silence]) {
    self.blob = blob
    self.lexerVersion = lexerVersion
    self.silences = silences
  }
}
