internal import TallyModel

/// What is done where no text was at hand: findings of a file keep their order and shift together.
extension MatchRun {
  /// Links what a quoted snippet or a trusted fingerprint names, in pairs of files without a map.
  mutating func linkNamed() {
    let trust = FingerprintTrust(old: old, new: new)
    for pair in pairs where pair.map == nil {
      let olds = old.files[pair.old].rows.filter { isOldOpen($0) && old.rows[$0].line > 0 }
      let news = new.files[pair.new].rows.filter { isNewOpen($0) && new.rows[$0].line > 0 }
      if olds.contains(where: { old.rows[$0].window != 0 }) { continue }
      if news.contains(where: { new.rows[$0].window != 0 }) { continue }
      linkUnique(olds, news, trust)
    }
  }

  /// Links findings without comparable windows in pairs of files without a map.
  mutating func linkOrdered() {
    let trust = FingerprintTrust(old: old, new: new)
    for pair in pairs where pair.map == nil {
      var olds = old.files[pair.old].rows.filter { isOldOpen($0) && old.rows[$0].line > 0 }
      var news = new.files[pair.new].rows.filter { isNewOpen($0) && new.rows[$0].line > 0 }
      if olds.isEmpty || news.isEmpty { continue }
      let haveWindows =
        olds.contains { old.rows[$0].window != 0 } && news.contains { new.rows[$0].window != 0 }
      if haveWindows {
        olds.removeAll { old.rows[$0].window != 0 }
        news.removeAll { new.rows[$0].window != 0 }
      }
      linkUnique(olds, news, trust)
      alignBetweenLinks(pair, olds.filter { isOldOpen($0) }, news.filter { isNewOpen($0) }, trust)
    }
  }

  /// Links what a quoted snippet or a trusted fingerprint names on both sides once.
  private mutating func linkUnique(_ olds: [Int], _ news: [Int], _ trust: FingerprintTrust) {
    for kind in [OrderedKey.snippet, .fingerprint] {
      var groups: [UInt64: (old: [Int], new: [Int])] = [:]
      for row in olds where isOldOpen(row) {
        guard let key = kind.key(old, row, trust) else { continue }
        groups[key, default: ([], [])].old.append(row)
      }
      for row in news where isNewOpen(row) {
        guard let key = kind.key(new, row, trust), groups[key] != nil else { continue }
        groups[key, default: ([], [])].new.append(row)
      }
      for (_, group) in groups.sorted(by: { $0.key < $1.key })
      where group.old.count == 1 && group.new.count == 1 {
        link(group.old[0], group.new[0], .assignment, score: 600)
      }
    }
  }

  private mutating func alignBetweenLinks(
    _ pair: FilePair,
    _ olds: [Int],
    _ news: [Int],
    _ trust: FingerprintTrust
  ) {
    if olds.isEmpty || news.isEmpty { return }
    let alignment = OrderedAlignment(
      olds: olds.map { OrderedAlignment.Item(old, $0, trust) },
      news: news.map { OrderedAlignment.Item(new, $0, trust) },
      trend: trend(of: pair)
    )
    for match in alignment.solve() {
      link(
        olds[match.old],
        news[match.new],
        .assignment,
        score: match.score,
        margin: match.margin,
        isAmbiguous: match.margin.map { $0 < Self.leastMargin } ?? false
      )
    }
  }
}

/// What may name a finding without its position.
private enum OrderedKey {
  case snippet, fingerprint

  func key(_ side: MatchSide, _ row: Int, _ trust: FingerprintTrust) -> UInt64? {
    let place = side.rows[row]
    let rule = UInt64(UInt32(bitPattern: place.rule))
    switch self {
    case .snippet:
      if place.snippet == 0 { return nil }
      return Mixer.mix(Mixer.mix(place.snippet, rule), place.message)
    case .fingerprint:
      guard let stem = trust.stem(side[row].finding) else { return nil }
      return Mixer.mix(stem, rule)
    }
  }
}

/// Which of the tool's fingerprints say something.
///
/// A value that is the same for all findings, or that no finding of the other scan has, says nothing.
struct FingerprintTrust {
  private var trusted: Set<UInt64> = []

  init(old: MatchSide, new: MatchSide) {
    var names: [UInt64: (old: [UInt64: Int], new: [UInt64: Int])] = [:]
    for (side, isOld) in [(old, true), (new, false)] {
      for tracked in side.findings {
        for fingerprint in tracked.finding.fingerprints {
          let value = Self.stem(of: fingerprint)
          if isOld {
            names[Self.name(of: fingerprint), default: ([:], [:])].old[value, default: 0] += 1
          } else {
            names[Self.name(of: fingerprint), default: ([:], [:])].new[value, default: 0] += 1
          }
        }
      }
    }
    for (name, values) in names {
      let isConstant =
        values.old.count == 1 && values.new.count == 1 && (values.old.values.first ?? 0) > 1
      let isShared = values.old.keys.contains { values.new[$0] != nil }
      if !isConstant && isShared { trusted.insert(name) }
    }
  }

  /// A hash of the first trusted fingerprint of a finding, the number of its twin left out; nil for none.
  func stem(_ finding: Finding) -> UInt64? {
    for fingerprint in finding.fingerprints {
      let name = Self.name(of: fingerprint)
      if trusted.contains(name) { return Mixer.mix(name, Self.stem(of: fingerprint)) | 1 }
    }
    return nil
  }

  private static func name(of fingerprint: Fingerprint) -> UInt64 {
    Mixer.mix(
      Mixer.hash(fingerprint.key.utf8),
      UInt64(truncatingIfNeeded: fingerprint.version ?? -1)
    )
  }

  /// The value up to a last `:` before digits: CodeQL counts twins there, and the count moves when one is fixed.
  private static func stem(of fingerprint: Fingerprint) -> UInt64 {
    let bytes = Array(fingerprint.value.utf8)
    var end = bytes.count
    while end > 0 && (0x30...0x39).contains(bytes[end - 1]) { end -= 1 }
    let hasCount = end > 0 && end < bytes.count && bytes[end - 1] == UInt8(ascii: ":")
    return Mixer.hash(bytes[..<(hasCount ? end - 1 : bytes.count)])
  }
}
