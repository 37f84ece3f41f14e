/// The bounds of everything that is stored, checked when it is written and again when it is read.
///
/// Bytes unless a name says otherwise. Raising one is compatible, lowering one is not.
public enum FormatLimits {
  /// Of a name, rule id, path, glob or other short string.
  public static let stringBytes = 65_535
  /// Of a stored text, such as a message or a report's context.
  public static let textBytes = 64 << 20
  /// Of one encoded entry, sheet, tree or manifest.
  public static let encodedBytes = 512 << 20
  /// Of the items of any list.
  public static let listCount = 1 << 22
  /// Of the tokens on one side of a window.
  public static let windowCount = 24
  /// Of the length of the bytes that were ingested.
  public static let number = Int.max
}

/// Why bytes or a value are not in the stored format.
enum FormatError: Error, Hashable {
  /// The bytes end early, or go on after the end.
  case length(String)
  /// A value that the format does not allow, by the name of its field.
  case invalid(String)
  /// Out of the order that the format asks for, by the name of the list.
  case unsorted(String)
  /// Larger than ``FormatLimits`` allow.
  case limit(String, found: Int, limit: Int)
}
