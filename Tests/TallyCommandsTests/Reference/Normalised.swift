import Foundation

/// Takes out of an output what changes with every change of the stored format, so that a golden says only what it is about.
struct Normaliser {
  private var ids: [String: String] = [:]
  /// What ids are shown as, in the order in which they are met.
  private static let names = [
    "T-7K3QF2", "T-2M9XWD", "T-B4HC0V", "T-QN61ZE", "T-X8R5TJ", "T-0PG7YA", "T-KD3S9M", "T-5VEW2C",
    "T-HJ84NB", "T-ZA6Q1R",
  ]

  /// The text with violations' ids, digests and roots replaced; the same id gives the same name.
  mutating func text(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let match = rest.firstMatch(
      of:
        #/T-[0-9A-HJKMNP-TV-Z]{6,}|\b[0-9a-f]{64}\b|(root \d+:|were: |retracted |bundle )[0-9a-f]{12}\b/#
    ) {
      result += rest[..<match.range.lowerBound]
      let found = String(match.output.0)
      if let root = match.output.1 {
        result += "\(root)9f3c51e07ab2"
      } else if found.hasPrefix("T-") {
        result += name(of: found)
      } else {
        result += "9f3c51e07ab2…"
      }
      rest = rest[match.range.upperBound...]
    }
    return result + rest
  }

  private mutating func name(of id: String) -> String {
    let short = String(id.prefix(8))
    let name = ids[short] ?? (ids.count < Self.names.count ? Self.names[ids.count] : "T-MANYMR")
    ids[short] = name
    return name + "M5Z9T1RX4C8WQ0DJ2B".prefix(id.count - short.count)
  }
}
