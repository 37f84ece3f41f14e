public import TallyModel

/// Everything that is wrong with a `tally.yml`, found in one go.
public struct ConfigurationError: UserFacingError, Hashable {
  /// One thing that is wrong.
  public struct Mistake: Sendable, Hashable {
    /// The line, from 1; 0 for the file as a whole.
    public let line: Int
    /// The column in Unicode scalars, from 1; 0 for the file as a whole.
    public let column: Int
    /// One sentence, without a trailing period.
    public let sentence: String
    /// What to do about it.
    public let hint: String?

    /// Creates a mistake.
    public init(line: Int, column: Int, sentence: String, hint: String?) {
      self.line = line
      self.column = column
      self.sentence = sentence
      self.hint = hint
    }
  }

  /// The file's name as it is shown.
  public let file: String
  /// At least one; sorted by place.
  public let mistakes: [Mistake]

  /// Creates an error.
  public init(file: String, mistakes: [Mistake]) {
    self.file = file
    self.mistakes = mistakes
  }

  /// What scripts match on.
  public var code: String { "config.invalid" }

  /// `file:line:column: sentence`, a line for each mistake, with its hint in brackets where there are several.
  public var description: String {
    let isOne = mistakes.count == 1
    let lines = mistakes.map { mistake in
      let place = mistake.line > 0 ? "\(file):\(mistake.line):\(mistake.column)" : file
      let advice = isOne ? "" : mistake.hint.map { " (\($0))" } ?? ""
      return "\(place): \(mistake.sentence)\(advice)"
    }
    if isOne { return lines[0] }
    return "\(file) has \(mistakes.count) mistakes\n" + lines.joined(separator: "\n")
  }

  /// The only mistake's hint; else where the keys are explained.
  public var hint: String? {
    (mistakes.count == 1 ? mistakes[0].hint : nil) ?? "every key is explained in docs/tally-yml.md"
  }
}
