/// A decimal number of any length, exact: what a measurement says, without binary rounding.
public struct DecimalNumber: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// True below zero; never for zero.
  private let isNegative: Bool
  /// From the most significant on, without leading zeros; empty for zero.
  private let digits: [UInt8]
  /// How many of the digits stand behind the point; the last of those is not zero.
  private let scale: Int

  /// The longest text that is taken, and the most digits on either side of the point.
  public static let digitLimit = 400

  /// Creates a number from text such as `412`, `-0.85` or `1.5e3`; nil for anything else, and beyond ``digitLimit``.
  public init?(_ text: some StringProtocol) {
    var bytes = Array(text.utf8)[...]
    guard !bytes.isEmpty, bytes.count <= DecimalNumber.digitLimit else { return nil }
    var isNegative = false
    if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      isNegative = sign == UInt8(ascii: "-")
      bytes.removeFirst()
    }
    var digits: [UInt8] = []
    var scale = 0
    var hasPoint = false
    var hasDigits = false
    while let byte = bytes.first {
      if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else if (0x30...0x39).contains(byte) {
        digits.append(byte - 0x30)
        hasDigits = true
        if hasPoint { scale += 1 }
      } else {
        break
      }
      bytes.removeFirst()
    }
    guard hasDigits else { return nil }
    if let mark = bytes.first {
      guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E"),
        let exponent = Int(String(decoding: bytes.dropFirst(), as: UTF8.self)),
        abs(exponent) <= DecimalNumber.digitLimit
      else { return nil }
      scale -= exponent
    }
    if scale < 0 {
      digits += Array(repeating: 0, count: -scale)
      scale = 0
    }
    self.init(isNegative: isNegative, digits: digits, scale: scale)
  }

  private init(isNegative: Bool, digits: [UInt8], scale: Int) {
    var digits = digits[...]
    var scale = scale
    while scale > 0, digits.last == 0 || digits.isEmpty {
      _ = digits.popLast()
      scale = digits.isEmpty ? 0 : scale - 1
    }
    while digits.first == 0 { digits.removeFirst() }
    self.digits = Array(digits)
    self.scale = digits.isEmpty ? 0 : scale
    self.isNegative = isNegative && !digits.isEmpty
  }

  /// The shortest form: no exponent, no zeros that do not count.
  public var description: String {
    if digits.isEmpty { return "0" }
    var text = digits.map { UInt8(ascii: "0") + $0 }
    if scale > 0 {
      if text.count <= scale {
        text = Array(repeating: UInt8(ascii: "0"), count: scale + 1 - text.count) + text
      }
      text.insert(UInt8(ascii: "."), at: text.count - scale)
    }
    return (isNegative ? "-" : "") + String(decoding: text, as: UTF8.self)
  }

  /// Says whether the left number is smaller.
  public static func < (lhs: Self, rhs: Self) -> Bool { (lhs - rhs).isNegative }

  /// The exact sum.
  public static func + (lhs: Self, rhs: Self) -> Self {
    let scale = max(lhs.scale, rhs.scale)
    let (left, right) = (lhs.aligned(scale), rhs.aligned(scale))
    if lhs.isNegative == rhs.isNegative {
      return DecimalNumber(
        isNegative: lhs.isNegative,
        digits: sum(left, right),
        scale: scale
      )
    }
    let isLeftSmaller = isSmaller(left, right)
    return DecimalNumber(
      isNegative: isLeftSmaller ? rhs.isNegative : lhs.isNegative,
      digits: isLeftSmaller ? difference(right, left) : difference(left, right),
      scale: scale
    )
  }

  /// The exact difference.
  public static func - (lhs: Self, rhs: Self) -> Self { lhs + rhs.negated }

  /// The same number with the other sign.
  public var negated: Self {
    DecimalNumber(isNegative: !isNegative, digits: digits, scale: scale)
  }

  /// Exactly half of it.
  public var half: Self {
    var result: [UInt8] = []
    var rest: UInt8 = 0
    for digit in digits + [0] {
      let value = rest * 10 + digit
      result.append(value / 2)
      rest = value % 2
    }
    return DecimalNumber(isNegative: isNegative, digits: result, scale: scale + 1)
  }

  private func aligned(_ wanted: Int) -> [UInt8] {
    digits + Array(repeating: 0, count: wanted - scale)
  }

  private static func padded(_ left: [UInt8], _ right: [UInt8]) -> ([UInt8], [UInt8]) {
    let count = max(left.count, right.count)
    return (
      Array(repeating: 0, count: count - left.count) + left,
      Array(repeating: 0, count: count - right.count) + right
    )
  }

  private static func isSmaller(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    let (left, right) = padded(left, right)
    return left.lexicographicallyPrecedes(right)
  }

  private static func sum(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    let (left, right) = padded(left, right)
    var result: [UInt8] = []
    var carry: UInt8 = 0
    for index in left.indices.reversed() {
      let value = left[index] + right[index] + carry
      result.append(value % 10)
      carry = value / 10
    }
    result.append(carry)
    return result.reversed()
  }

  /// The left is not smaller than the right.
  private static func difference(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    let (left, right) = padded(left, right)
    var result: [UInt8] = []
    var borrow: UInt8 = 0
    for index in left.indices.reversed() {
      let taken = right[index] + borrow
      borrow = left[index] < taken ? 1 : 0
      result.append(left[index] + borrow * 10 - taken)
    }
    return result.reversed()
  }
}
