/// Numbers that look random and follow from a name: equal names give equal numbers on every machine.
///
/// Each number is a function of its run and its place in it, so that a run that ends early does not move the next.
struct SeededNumbers {
  private let seed: UInt64

  /// Takes the numbers that some texts stand for; `["ab", "c"]` and `["a", "bc"]` are different names.
  init(naming texts: [String]) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func take(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    for text in texts {
      for byte in text.utf8 { take(byte) }
      // No UTF-8 text holds this byte.
      take(0xFF)
    }
    seed = Self.mixed(hash)
  }

  /// The number at a place of a run, from 0 up to, not including, a bound above 0.
  func below(_ bound: Int, run: Int, place: Int) -> Int {
    let counter = UInt64(truncatingIfNeeded: run) << 32 | UInt64(truncatingIfNeeded: place)
    let word = Self.mixed(seed &+ (counter &+ 1) &* 0x9E37_79B9_7F4A_7C15)
    return Int(word.multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Spreads a change of any bit over all of them.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var word = value
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
