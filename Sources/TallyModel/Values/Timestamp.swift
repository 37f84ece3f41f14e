/// A moment in whole seconds since 1970-01-01T00:00:00Z, without leap seconds, in the proleptic Gregorian calendar.
///
/// Everything Tally stores has this precision: it is git's. Finer input is rounded down.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Seconds since the epoch; negative before it.
  public let seconds: Int64

  /// Creates a moment from seconds since the epoch.
  public init(seconds: Int64) { self.seconds = seconds }

  /// Creates a moment from ISO 8601 text; nil when it is not one.
  ///
  /// Takes `2026-11-20` (midnight UTC), `2026-11-20T08:00Z`, `2026-11-20T08:00:00.123+01:00`, and a blank for the `T`.
  /// Text without a zone is UTC.
  public init?(iso8601 text: some StringProtocol) {
    var scanner = DigitScanner(text)
    guard let year = scanner.number(digits: 4), scanner.take("-"),
      let month = scanner.number(digits: 2), (1...12).contains(month), scanner.take("-"),
      let day = scanner.number(digits: 2),
      (1...Timestamp.days(inMonth: month, year: year)).contains(day)
    else { return nil }
    var seconds = Timestamp.daysSinceEpoch(year: year, month: month, day: day) * 86_400
    if scanner.isAtEnd {
      self.init(seconds: seconds)
      return
    }
    guard scanner.take("T") || scanner.take(" ") || scanner.take("t"),
      let hour = scanner.number(digits: 2), hour < 24, scanner.take(":"),
      let minute = scanner.number(digits: 2), minute < 60
    else { return nil }
    seconds += Int64(hour * 3600 + minute * 60)
    if scanner.take(":") {
      guard let second = scanner.number(digits: 2), second <= 60 else { return nil }
      seconds += Int64(min(second, 59))
      if scanner.take(".") || scanner.take(",") { scanner.skipDigits() }
    }
    guard let offset = scanner.zoneOffset(), scanner.isAtEnd else { return nil }
    self.init(seconds: seconds - Int64(offset))
  }

  /// The year, the month from 1 and the day from 1, in UTC.
  public var civil: (year: Int, month: Int, day: Int) {
    let shifted = Timestamp.floorDivide(seconds, 86_400) + 719_468
    let era = Timestamp.floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (Int(yearOfEra + era * 400 + (month <= 2 ? 1 : 0)), Int(month), Int(day))
  }

  /// The date alone, as `2026-11-20`, in UTC.
  public var dateText: String {
    var text: [UInt8] = []
    appendDate(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Date and time, as `2026-11-20T08:00:00Z`.
  public var iso8601: String {
    let rest = Int(seconds - Timestamp.floorDivide(seconds, 86_400) * 86_400)
    var text: [UInt8] = []
    appendDate(to: &text)
    text.append(UInt8(ascii: "T"))
    append(rest / 3600, 2, to: &text)
    text.append(UInt8(ascii: ":"))
    append(rest / 60 % 60, 2, to: &text)
    text.append(UInt8(ascii: ":"))
    append(rest % 60, 2, to: &text)
    text.append(UInt8(ascii: "Z"))
    return String(decoding: text, as: UTF8.self)
  }

  private func appendDate(to text: inout [UInt8]) {
    text.reserveCapacity(24)
    let date = civil
    append(date.year, 4, to: &text)
    text.append(UInt8(ascii: "-"))
    append(date.month, 2, to: &text)
    text.append(UInt8(ascii: "-"))
    append(date.day, 2, to: &text)
  }

  /// Says whether the left moment is earlier.
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.seconds < rhs.seconds }

  /// Whole days from the other moment to this one, rounded down; negative when this one is earlier.
  public func days(since other: Timestamp) -> Int {
    Int(Timestamp.floorDivide(seconds - other.seconds, 86_400))
  }

  /// The moment a number of seconds later.
  public func adding(seconds count: Int64) -> Timestamp { Timestamp(seconds: seconds + count) }

  static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    let quotient = value / divisor
    return value % divisor < 0 ? quotient - 1 : quotient
  }

  static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int64 {
    let shiftedYear = Int64(month <= 2 ? year - 1 : year)
    let era = floorDivide(shiftedYear, 400)
    let yearOfEra = shiftedYear - era * 400
    let monthFromMarch = Int64(month > 2 ? month - 3 : month + 9)
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + Int64(day) - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  static func days(inMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension Timestamp: CustomStringConvertible {
  /// The same as ``iso8601``.
  public var description: String { iso8601 }
}

/// Appends a number in at least so many digits.
private func append(_ value: Int, _ width: Int, to text: inout [UInt8]) {
  var unit = 1
  for _ in 1..<width { unit *= 10 }
  if value < 0 || value / 10 >= unit {
    let digits = String(value).utf8
    for _ in digits.count..<max(digits.count, width) { text.append(UInt8(ascii: "0")) }
    text.append(contentsOf: digits)
    return
  }
  while unit > 0 {
    text.append(UInt8(ascii: "0") + UInt8(value / unit % 10))
    unit /= 10
  }
}

/// Reads the fixed-width numbers of a date.
private struct DigitScanner {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { position == bytes.count }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
    position += 1
    return true
  }

  mutating func number(digits: Int) -> Int? {
    guard position + digits <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[position..<position + digits] {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    position += digits
    return value
  }

  mutating func skipDigits() {
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
  }

  /// Seconds east of UTC; 0 for `Z` and for no zone.
  mutating func zoneOffset() -> Int? {
    if isAtEnd || take("Z") || take("z") { return 0 }
    let sign = take("+") ? 1 : (take("-") ? -1 : 0)
    guard sign != 0, let hours = number(digits: 2), hours < 24 else { return nil }
    _ = take(":")
    guard let minutes = isAtEnd ? 0 : number(digits: 2), minutes < 60 else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }
}
