internal import TallyModel

extension SARIFCounts {
  /// Reads a region; what no file can have (line 0, an end before the start) is dropped and
  /// counted.
  mutating func readRegion(_ value: JSONValue) -> (region: SourceRegion?, snippet: String?) {
    var numbers: [Int?] = [nil, nil, nil, nil]
    var snippet: String?
    for field in members(value) {
      switch name(of: field, in: .region) {
      case .startLine: numbers[0] = integer(field)
      case .startColumn: numbers[1] = integer(field)
      case .endLine: numbers[2] = integer(field)
      case .endColumn: numbers[3] = integer(field)
      case .snippet: snippet = readSnippet(field)
      default: break
      }
    }
    return (region(numbers), snippet)
  }

  private mutating func readSnippet(_ value: JSONValue) -> String? {
    if value.kind == .string {
      adjust("wrong-type")
      return text(value)
    }
    var snippet: String?
    for part in members(value) where name(of: part, in: .artifactContent) == .text {
      snippet = text(part)
    }
    return snippet
  }

  /// A region of start line, start column, end line and end column.
  private mutating func region(_ numbers: [Int?]) -> SourceRegion? {
    var valid = numbers.map { $0.flatMap { (1...2_147_483_647).contains($0) ? $0 : nil } }
    if let start = valid[0], let end = valid[2] ?? valid[0] {
      let isBackwards = end == start && (valid[3] ?? Int.max) < (valid[1] ?? 1)
      if end < start || isBackwards { (valid[2], valid[3]) = (nil, nil) }
    }
    if valid != numbers { adjust("invalid-region") }
    guard let line = valid[0] else {
      if valid == numbers { adjust("region-without-line") }
      return nil
    }
    return try? SourceRegion(
      startLine: line,
      startColumn: valid[1],
      endLine: valid[2],
      endColumn: valid[3]
    )
  }

  /// Reads `fingerprints` or `partialFingerprints`: `name/v1` is key `name`, version 1 (SARIF 2.1.0
  /// §3.27.17).
  ///
  /// What is no text identifies nothing: it is left out.
  mutating func readFingerprints(
    _ value: JSONValue,
    isFull: Bool,
    into list: inout [Fingerprint]
  ) {
    for field in members(value) {
      if field.kind != .string {
        adjust(field.isNull ? "null-value" : "wrong-type")
        continue
      }
      guard let text = text(field) else { continue }
      let (key, version) = splitVersion(field.keyText)
      list.append(Fingerprint(key: key, version: version, value: text, isFull: isFull))
    }
  }

  private func splitVersion(_ name: String) -> (String, Int?) {
    guard let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (name, nil) }
    let tail = name.utf8[name.utf8.index(after: slash)...]
    let digits = tail.dropFirst()
    guard tail.first == UInt8(ascii: "v"), !digits.isEmpty, digits.count < 10,
      digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }),
      let version = Int(String(decoding: digits, as: UTF8.self))
    else { return (name, nil) }
    return (String(decoding: name.utf8[..<slash], as: UTF8.self), version)
  }

  /// Reads a `suppression`; `state` is what drafts of the standard called `status`.
  ///
  /// An unknown status is not accepted: only what is said for certain takes a finding out of the
  /// balance. Nil for what is no suppression.
  mutating func readSuppression(_ value: JSONValue) -> ImportedSuppression? {
    if value.kind != .object {
      adjust(value.isNull ? "null-value" : "wrong-type")
      return nil
    }
    var suppression = ImportedSuppression(kind: .inSource, status: .accepted, justification: nil)
    for field in value.children {
      switch name(of: field, in: .suppression) {
      case .kind:
        if field.isText("external") {
          suppression.kind = .external
        } else if !field.isText("inSource") {
          adjust("invalid-suppression")
        }
      case .status, .state:
        if field.isText("underReview") {
          suppression.status = .underReview
        } else if field.isText("rejected") {
          suppression.status = .rejected
        } else if !field.isText("accepted") {
          adjust("invalid-suppression")
          suppression.status = .underReview
        }
      case .justification: suppression.justification = text(field)
      default: break
      }
    }
    return suppression
  }
}

extension Fingerprint {
  /// By key, then version (none first), then full before partial.
  static func precedes(_ lhs: Fingerprint, _ rhs: Fingerprint) -> Bool {
    if lhs.key != rhs.key { return lhs.key.utf8.lexicographicallyPrecedes(rhs.key.utf8) }
    if lhs.version != rhs.version { return (lhs.version ?? -1) < (rhs.version ?? -1) }
    return lhs.isFull && !rhs.isFull
  }
}
