/// How a property's name is spelled in JSON.
enum ContextKey {
  /// Turns `oldestDays` into `oldest_days` and `hasURL` into `has_url`; names are ASCII, as all properties here.
  static func snakeCase(_ name: String) -> String {
    let letters = Array(name.utf8)
    func isUpper(_ index: Int) -> Bool {
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letters[index])
    }
    var result: [UInt8] = []
    result.reserveCapacity(letters.count + 8)
    for index in letters.indices {
      guard isUpper(index) else {
        result.append(letters[index])
        continue
      }
      let startsWord = index + 1 < letters.count && !isUpper(index + 1)
      if index > 0, !isUpper(index - 1) || startsWord { result.append(UInt8(ascii: "_")) }
      result.append(letters[index] | 0x20)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
