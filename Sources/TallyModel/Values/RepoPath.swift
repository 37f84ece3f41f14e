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

  /// True for a notebook: linters count the lines of its joined cells, which are none of its text.
  public var isNotebook: Bool { text.hasSuffix(".ipynb") }

  /// Says whether the left path comes first, bytewise.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    lhs.order(beside: rhs) < 0
  }

  /// Says whether both have the same bytes; never canonical equivalence.
  public static func == (lhs: Self, rhs: Self) -> Bool {
    lhs.text.utf8.count == rhs.text.utf8.count && lhs.order(beside: rhs) == 0
  }

  /// Less than, equal to or greater than 0, as the bytes come before, are the same or come after; eight at a time, because posting a
  /// scan compares each path of it several times.
  private func order(beside other: RepoPath) -> Int {
    let order = text.utf8.withContiguousStorageIfAvailable { left in
      other.text.utf8.withContiguousStorageIfAvailable { right in
        Self.order(UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
      }
    }
    if let order, let order { return order }
    if text.utf8.elementsEqual(other.text.utf8) { return 0 }
    return text.utf8.lexicographicallyPrecedes(other.text.utf8) ? -1 : 1
  }

  private static func order(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int
  {
    let count = min(left.count, right.count)
    var index = 0
    while index + 8 <= count {
      let (a, b) = (
        left.loadUnaligned(fromByteOffset: index, as: UInt64.self),
        right.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      )
      if a != b { return a.bigEndian < b.bigEndian ? -1 : 1 }
      index += 8
    }
    while index < count {
      if left[index] != right[index] { return left[index] < right[index] ? -1 : 1 }
      index += 1
    }
    return left.count - right.count
  }

  /// Hashes the bytes that `==` compares.
  public func hash(into hasher: inout Hasher) {
    var copy = text
    copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
