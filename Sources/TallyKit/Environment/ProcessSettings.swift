public import TallyModel

/// Why a variable of the environment was refused: it holds something else than it should.
public enum EnvironmentError: UserFacingError, Hashable {
  /// `TALLY_NOW` is no point in time.
  case invalidNow(String)

  /// What scripts match on.
  public var code: String { "environment.invalid" }

  /// The sentence, without a trailing period.
  public var description: String {
    switch self {
    case .invalidNow(let text):
      "\(EnvironmentVariable.tallyNow.rawValue) must be a point in time, but it is '\(text)'"
    }
  }

  /// What to do about it.
  public var hint: String? { "write it as 2026-11-23T08:00:00Z, or unset it" }
}

/// What the variables say about the process itself, apart from CI.
public struct ProcessSettings: Sendable, Hashable {
  /// The time to use instead of the clock.
  public var now: Timestamp?
  /// Who appends entries, before anything a CI system says.
  public var actor: String?
  /// The width of the output in characters; nil when it is not told.
  public var columns: Int?
  /// The file that becomes the summary of a CI job; nil where the system has none.
  public var summaryFile: String?
  private let colour: Colour

  private enum Colour: Sendable, Hashable {
    case never
    case always
    case onTerminal
  }

  /// Reads the variables.
  ///
  /// - Throws: ``EnvironmentError``.
  public init(_ environment: [String: String]) throws(EnvironmentError) {
    if let text = environment[.tallyNow] {
      guard let time = Timestamp(iso8601: text) else { throw .invalidNow(text) }
      now = time
    }
    actor = environment[.tallyActor]
    summaryFile = environment[.githubStepSummary]
    columns = environment[.columns].flatMap { Int($0) }.flatMap {
      (20...10_000).contains($0) ? $0 : nil
    }
    if environment[.noColor] != nil {
      colour = .never
    } else if let force = environment[.clicolorForce], force != "0" {
      colour = .always
    } else {
      colour = environment[.term] == "dumb" ? .never : .onTerminal
    }
  }

  /// Says whether to write colour to an output.
  public func usesColour(isTerminal: Bool) -> Bool {
    switch colour {
    case .never: false
    case .always: true
    case .onTerminal: isTerminal
    }
  }
}
