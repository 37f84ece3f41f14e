public import TallyModel

/// Why a bundle was refused.
///
/// Nothing has been written when this is thrown.
public enum BundleError: UserFacingError, Hashable {
  /// The file is something else.
  case notABundle(source: String)
  /// A newer tally made it.
  case newerVersion(source: String, found: Int)
  /// Its bytes are not in the form they should have.
  case damaged(source: String, reason: String)
  /// Its content is not what its name, or the root it states, says: something was changed after it was made.
  case forged(source: String, what: String)
  /// It names something that neither it nor the ledger holds.
  case incomplete(source: String, what: String)
  /// It is larger than bundles may be.
  case tooLarge(source: String, what: String, found: Int, limit: Int)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .notABundle: "bundle.not-a-bundle"
    case .newerVersion: "bundle.newer-version"
    case .damaged: "bundle.damaged"
    case .forged: "bundle.forged"
    case .incomplete: "bundle.incomplete"
    case .tooLarge: "bundle.too-large"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .notABundle(let source): "\(source) is not a bundle"
    case .newerVersion(let source, let found):
      "\(source) has version \(found), and this tally knows version 1"
    case .damaged(let source, let reason): "\(source) is damaged: \(reason)"
    case .forged(let source, let what): "\(source) was altered: \(what)"
    case .incomplete(let source, let what): "\(source) is not complete: \(what)"
    case .tooLarge(let source, let what, let found, let limit):
      "\(source) is too large: \(what) are \(found), and \(limit) are taken at most"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .notABundle: "name a file that 'tally bundle -o FILE' wrote"
    case .newerVersion: "update tally"
    case .damaged: "get the file once more; a transfer may have cut it"
    case .forged:
      "do not use it; ask where it comes from, and make it once more with 'tally bundle'"
    case .incomplete: "make it once more, with 'tally bundle' from the whole ledger"
    case .tooLarge: "push more often, or split the reports"
    }
  }

  /// Runs a decoder, whose complaints are about a bundle.
  static func reading<Value>(
    _ source: String,
    _ decode: () throws(FormatError) -> Value
  ) throws(BundleError) -> Value {
    do {
      return try decode()
    } catch {
      if case .limit(let what, let found, let limit) = error {
        throw .tooLarge(source: source, what: "the bytes of \(what)", found: found, limit: limit)
      }
      throw .damaged(source: source, reason: "\(error)")
    }
  }
}

/// The bounds of a bundle.
public enum BundleLimits {
  /// Of a file, in bytes.
  public static let fileBytes = 64 << 20
  /// Of what it holds once decompressed, in bytes.
  public static let plainBytes = 256 << 20
  /// Of the entries and objects it stands for, differences undone, in bytes.
  public static let expandedBytes = 1 << 30
  /// Of its entries.
  public static let entries = 1 << 16
}
