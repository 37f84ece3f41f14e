import TallyModel

/// How numbers and lists are put in English words.
public enum Wording {
  /// The number with commas between groups of three digits: `99,950`.
  public static func grouped(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.utf8.count - index) % 3 == 0 { result += "," }
      result.append(digit)
    }
    return value < 0 ? "-" + result : result
  }

  /// The grouped number with its sign: `+6`, `-14`, `0`.
  public static func signed(_ value: Int) -> String {
    value > 0 ? "+" + grouped(value) : grouped(value)
  }

  /// The word for that many: the singular for 1 and -1, else the plural, which is the singular with `s` unless given.
  public static func noun(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
    count == 1 || count == -1 ? singular : plural ?? singular + "s"
  }

  /// The grouped number with its noun: `1 violation`, `99,950 violations`.
  public static func counted(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
    "\(grouped(count)) \(noun(count, singular, plural))"
  }

  /// How long something lasts in whole days: `77 days`, `less than a day`.
  static func age(_ days: Int) -> String {
    days == 0 ? "less than a day" : counted(days, "day")
  }

  /// The parts as one phrase: `a`, `a and b`, `a, b and c`.
  public static func joined(_ parts: [String]) -> String {
    guard let last = parts.last else { return "" }
    if parts.count == 1 { return last }
    return parts.dropLast().joined(separator: ", ") + " and " + last
  }

  /// A part of a whole in percent, half rounded up; 0 of nothing is 0.
  ///
  /// Never 100 for less than all, never 0 for more than none.
  ///
  /// Both numbers must be at least 0.
  public static func percent(_ part: Int, of whole: Int) -> Int {
    if whole <= 0 || part <= 0 { return 0 }
    let rounded = (200 * part + whole) / (2 * whole)
    if part < whole { return min(max(rounded, 1), 99) }
    return rounded
  }

  /// A part of a whole in percent for people: `21 %`, `under 1 %` above 0 and below 0.5, `over 99 %` from 99.5 below 100.
  public static func percentText(_ part: Int, of whole: Int) -> String {
    if whole > 0, part > 0, part * 200 < whole { return "under 1 %" }
    if whole > 0, part < whole, (whole - part) * 200 <= whole { return "over 99 %" }
    return "\(grouped(percent(part, of: whole))) %"
  }

  /// The text cut to a number of characters, the last of which is then `…`.
  public static func clipped(_ text: String, to length: Int) -> String {
    if text.utf8.count <= length || text.count <= length { return text }
    return text.prefix(max(0, length - 1)) + "…"
  }

  /// The date of an ISO 8601 time; the text itself when it is none.
  public static func date(_ time: String) -> String {
    Timestamp(iso8601: time)?.dateText ?? time
  }

  /// The address, if it is plain: `http` or `https`, ASCII, and nothing that could end a link; else empty.
  public static func plainURL(_ text: String) -> String {
    guard text.hasPrefix("https://") || text.hasPrefix("http://") else { return "" }
    let isPlain = text.utf8.allSatisfy { byte in
      (0x21...0x7E).contains(byte) && !"<>()[]{}\"'`\\|^*~".utf8.contains(byte)
    }
    return isPlain ? text : ""
  }
}
