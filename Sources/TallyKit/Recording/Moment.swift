public import TallyModel

/// A moment as people write it where something begins or ends.
public enum Moment {
  /// A date (its first second), a time, or a distance from now such as `30d`; nil for anything else.
  public static func read(_ text: String, now: Timestamp) -> Timestamp? {
    if text.hasSuffix("d"), let days = Int64(text.dropLast()), (0...36_500).contains(days) {
      return now.adding(seconds: days * 86_400)
    }
    return Timestamp(iso8601: text)
  }
}
