internal import TallyModel

/// Counts what a run holds beyond what is kept.
struct SARIFCounts {
  private static let unknownNamesMax = 1000

  private let schema = SARIFSchema.shared
  private var ignored: [Int]
  private var unknown: [String: Int] = [:]
  private var skippedCounts: [String: Int] = [:]
  private var adjustedCounts: [String: Int] = [:]
  /// How many U+0000 were replaced by U+FFFD.
  var replaced: UInt32 = 0

  init() {
    ignored = [Int](repeating: 0, count: SARIFObject.allCases.count * schema.nameCount)
  }

  /// The name of a property that is to be read; nil for one that was counted instead.
  mutating func name(of value: JSONValue, in object: SARIFObject) -> SARIFName? {
    let key = value.key
    switch schema.handling(of: key, in: object) {
    case .kept, .used:
      if value.isNull {
        adjust("null-value")
        return nil
      }
      return schema.name(key)
    case .ignored:
      ignored[object.rawValue * schema.nameCount + Int(key)] += 1
    case .unknown:
      addUnknown(value.keyText, in: object)
    }
    return nil
  }

  /// The same for a property of a container that is entered and not read whole.
  mutating func name(of key: (key: UInt16, name: String), in object: SARIFObject) -> SARIFName? {
    switch schema.handling(of: key.key, in: object) {
    case .kept, .used: return schema.name(key.key)
    case .ignored: ignored[object.rawValue * schema.nameCount + Int(key.key)] += 1
    case .unknown: addUnknown(key.name, in: object)
    }
    return nil
  }

  private mutating func addUnknown(_ name: String, in object: SARIFObject) {
    let full = "\(object.name).\(name)"
    let isListed = unknown[full] != nil || unknown.count < SARIFCounts.unknownNamesMax
    unknown[isListed ? full : "(more)", default: 0] += 1
  }

  /// Counts a result that becomes no finding.
  mutating func skip(_ reason: String) { skippedCounts[reason, default: 0] += 1 }

  /// Counts something that was put right.
  mutating func adjust(_ reason: String) { adjustedCounts[reason, default: 0] += 1 }

  /// Adds what was counted for the whole file.
  mutating func add(_ other: SARIFCounts) {
    for (place, count) in other.ignored.enumerated() { ignored[place] += count }
    unknown.merge(other.unknown, uniquingKeysWith: +)
    skippedCounts.merge(other.skippedCounts, uniquingKeysWith: +)
    adjustedCounts.merge(other.adjustedCounts, uniquingKeysWith: +)
    replaced += other.replaced
  }

  /// Writes the counts into the end of a run.
  func report(into end: inout ImportedRunEnd) {
    end.skipped = sorted(skippedCounts)
    var adjusted = adjustedCounts
    if replaced > 0 { adjusted["character-replaced"] = Int(replaced) }
    end.adjusted = sorted(adjusted)
    end.unknownProperties = sorted(unknown)
    var names: [String: Int] = [:]
    for object in SARIFObject.allCases {
      for (number, name) in schema.names.names.enumerated() {
        let count = ignored[object.rawValue * schema.nameCount + number]
        if count > 0 { names["\(object.name).\(name)"] = count }
      }
    }
    end.ignoredProperties = sorted(names)
  }
}

/// Counts as the ledger stores them: sorted bytewise by reason.
func sorted(_ counts: [String: Int]) -> [SkippedCount] {
  counts.map { SkippedCount(reason: $0.key, count: $0.value) }
    .sorted { $0.reason.utf8.lexicographicallyPrecedes($1.reason.utf8) }
}
