public import TallyModel

/// Why books were not made with a matcher.
public enum MatcherError: UserFacingError, Hashable {
  /// This program has no matcher of that version.
  case unknown(Int, known: [Int])
  /// The journal says that its books are made with a version that only a newer program has.
  case newer(Int)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .unknown: "matcher.unknown"
    case .newer: "matcher.newer"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .unknown(let version, _): "there is no matcher \(version)"
    case .newer(let version):
      "the books of this ledger are made with matcher \(version), which this tally does not have"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .unknown(_, let known):
      "the versions are \(known.map(String.init).joined(separator: " and "))"
    case .newer: "use a newer tally"
    }
  }
}
