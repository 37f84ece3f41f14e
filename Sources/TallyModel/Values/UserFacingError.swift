/// An error that a person can act on: a code for scripts, one sentence, and a hint.
///
/// `description` is the sentence, without a trailing period. Nothing has been written to the ledger when one is thrown.
public protocol UserFacingError: Error, Sendable, CustomStringConvertible {
  /// What scripts match on: lowercase words joined by periods and hyphens, such as `import.malformed`. Never changes.
  var code: String { get }
  /// What to do about it, one sentence fragment; nil when there is nothing to advise.
  var hint: String? { get }
}
