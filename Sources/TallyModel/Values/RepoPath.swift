/// The path of a file inside its repository, in the one spelling Tally stores.
///
/// Relative, `/` between components, no `.` or empty component, Unicode normalization form C, case kept. Compared and ordered
/// bytewise by its UTF-8. A path that leaves the repository (`../x`, `/usr/x`) is kept as it is reported: such a file is
/// outside every manifest.
public struct RepoPath: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The normalized text.
  public let text: String

  /// Creates a path from text that is already in the stored spelling, as read back from the ledger or from git.
  public init(normalized text: String) { self.text = text }

  /// The text.
  public var description: String { text }

  /// The folder, without a trailing slash; empty for a file at the top.
  public var folder: String {
    guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(text[..<slash])
  }

  /// Everything after the last slash.
  public var name: String {
    guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { return text }
    return String(text[text.utf8.index(after: slash)...])
  }

  /// Says whether the left path comes first, bytewise.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    lhs.text.utf8.lexicographicallyPrecedes(rhs.text.utf8)
  }

  /// Says whether both have the same bytes; never canonical equivalence.
  public static func == (lhs: Self, rhs: Self) -> Bool {
    lhs.text.utf8.elementsEqual(rhs.text.utf8)
  }

  /// Hashes the bytes that `==` compares.
  public func hash(into hasher: inout Hasher) {
    var copy = text
    copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
