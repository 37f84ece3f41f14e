internal import TallyModel

/// The findings of one scan in the order of their content, so that nothing depends on how the caller ordered them.
///
/// A *row* is a place in that order. Rows of one file are next to each other.
struct MatchSide {
  /// One content of one file.
  struct File {
    let path: RepoPath
    let blob: BlobID?
    var rows: Range<Int>
  }

  /// What the caller gave.
  let findings: [TrackedFinding]
  /// The caller's index of each row.
  let source: [Int]
  /// Sorted by path, then blob.
  private(set) var files: [File] = []
  /// The file of each row.
  private(set) var fileOf: [Int32] = []
  /// What the slower stages compare; filled by ``load(_:names:)``.
  private(set) var rows: [MatchRow] = []

  var count: Int { source.count }

  init(_ findings: [TrackedFinding]) {
    self.findings = findings
    var order = Array(findings.indices)
    findings.withUnsafeBufferPointer { findings in
      for index in findings.indices.dropFirst()
      where Self.precedes(findings, index, index - 1) {
        order.sort { Self.precedes(findings, $0, $1) }
        break
      }
    }
    source = order
    fileOf.reserveCapacity(order.count)
    var last = -1
    for (row, index) in order.enumerated() {
      if last >= 0, findings[last].blob == findings[index].blob,
        PathBytes.order(findings[last].path, findings[index].path) == 0
      {
        files[files.count - 1].rows = files[files.count - 1].rows.lowerBound..<row + 1
      } else {
        let (path, blob) = (findings[index].path, findings[index].blob)
        files.append(File(path: path, blob: blob, rows: row..<row + 1))
      }
      last = index
      fileOf.append(Int32(files.count - 1))
    }
  }

  /// The finding of a row.
  subscript(row: Int) -> TrackedFinding { findings[source[row]] }

  /// Fills ``rows``; rows of files that need no further look may be left out.
  mutating func load(_ names: inout RuleNames, where isNeeded: (Int) -> Bool) {
    rows = Array(repeating: MatchRow(), count: count)
    for row in 0..<count where isNeeded(row) {
      let finding = findings[source[row]]
      rows[row] = MatchRow(finding, rule: names.number(of: finding.finding.rule))
    }
  }

  /// A total order up to equality: path, blob, the stored order of rows, then the captured window.
  ///
  /// Looks at the fields in place, as copies of whole findings are what costs here.
  private static func precedes(
    _ findings: UnsafeBufferPointer<TrackedFinding>,
    _ lhs: Int,
    _ rhs: Int
  ) -> Bool {
    let order = PathBytes.order(findings[lhs].path, findings[rhs].path)
    if order != 0 { return order < 0 }
    if findings[lhs].blob != findings[rhs].blob {
      guard let left = findings[lhs].blob else { return true }
      guard let right = findings[rhs].blob else { return false }
      return left < right
    }
    if let left = findings[lhs].finding.region, let right = findings[rhs].finding.region {
      if left.startLine != right.startLine { return left.startLine < right.startLine }
      let (one, two) = (left.startColumn ?? 0, right.startColumn ?? 0)
      if one != two { return one < two }
    }
    return precedesAtSamePlace(findings[lhs], findings[rhs])
  }

  private static func precedesAtSamePlace(_ lhs: TrackedFinding, _ rhs: TrackedFinding) -> Bool {
    if Finding.precedes(lhs.finding, rhs.finding) { return true }
    if Finding.precedes(rhs.finding, lhs.finding) || lhs.window == rhs.window { return false }
    guard let left = lhs.window else { return true }
    guard let right = rhs.window else { return false }
    if left.line != right.line { return left.line < right.line }
    if left.left != right.left { return left.left.lexicographicallyPrecedes(right.left) }
    return left.right.lexicographicallyPrecedes(right.right)
  }
}

/// Compares paths by their bytes, which is what most time goes into.
enum PathBytes {
  /// Below 0, 0 or above 0, as the left path comes before, is equal or comes after.
  static func order(_ lhs: RepoPath, _ rhs: RepoPath) -> Int {
    var (left, right) = (lhs.text, rhs.text)
    return left.withUTF8 { left in
      right.withUTF8 { right in
        if left.baseAddress == right.baseAddress && left.count == right.count { return 0 }
        for index in 0..<min(left.count, right.count) where left[index] != right[index] {
          return left[index] < right[index] ? -1 : 1
        }
        return left.count - right.count
      }
    }
  }
}

/// What the slower stages compare of a finding.
struct MatchRow {
  var rule: Int32 = -1
  /// From 1; 0 for a finding about the file as a whole.
  var line: Int32 = 0
  /// From 1; 0 where none was reported.
  var column: Int32 = 0
  var message: UInt64 = 0
  var template: UInt64 = 0
  var snippet: UInt64 = 0
  var symbol: UInt64 = 0
  /// A hash of lexer and window; 0 for none.
  var window: UInt64 = 0
  /// How many tokens the window holds.
  var tokens: Int32 = 0
  /// The hash of the line; 0 for none.
  var lineHash: UInt32 = 0

  init() {}

  init(_ tracked: TrackedFinding, rule: Int32) {
    let finding = tracked.finding
    self.rule = rule
    if let region = finding.region, !Self.isFileStart(region) {
      line = Int32(truncatingIfNeeded: region.startLine)
      column = Int32(truncatingIfNeeded: region.startColumn ?? 0)
    }
    message = finding.message.prefix64
    template = finding.template
    snippet = finding.snippet ?? 0
    if let name = finding.symbol { symbol = Mixer.hash(name.utf8) }
    if let taken = tracked.window, !taken.left.isEmpty || !taken.right.isEmpty {
      window = Mixer.hash(taken, lexer: tracked.lexerVersion)
      tokens = Int32(taken.left.count + taken.right.count)
      lineHash = taken.line
    }
  }
}

extension MatchRow {
  /// An empty region at the very start means the file as a whole: so tools report a missing docstring or licence.
  private static func isFileStart(_ region: SourceRegion) -> Bool {
    region.startLine == 1 && region.startColumn == 1 && region.endLine ?? 1 == 1
      && region.endColumn == 1
  }
}

/// Numbers rules, so that an alias and what it means have one number.
struct RuleNames {
  private let aliases: [String: String]
  private var numbers: [String: Int32] = [:]
  private var last: (name: String, number: Int32)?

  init(aliases: [String: String]) { self.aliases = aliases }

  /// The number of a rule after its aliases, followed for at most 8 steps.
  mutating func number(of rule: String) -> Int32 {
    if let last, last.name == rule { return last.number }
    let number: Int32
    if let known = numbers[rule] {
      number = known
    } else {
      var name = rule
      for _ in 0..<8 {
        guard let next = aliases[name], next != name else { break }
        name = next
      }
      number = numbers[name] ?? Int32(numbers.count)
      numbers[name] = number
      numbers[rule] = number
    }
    last = (rule, number)
    return number
  }
}

/// A hash of 64 bits that is the same in every process.
enum Mixer {
  @inline(__always)
  static func mix(_ state: UInt64, _ value: UInt64) -> UInt64 {
    var mixed = (state ^ value) &* 0x9E37_79B9_7F4A_7C15
    mixed ^= mixed >> 29
    return mixed &* 0xBF58_476D_1CE4_E5B9 ^ (mixed >> 32)
  }

  static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    var state: UInt64 = 1
    for byte in bytes { state = mix(state, UInt64(byte)) }
    return state | 1
  }

  /// Never 0.
  static func hash(_ window: TokenWindow, lexer: Int) -> UInt64 {
    var state = mix(UInt64(truncatingIfNeeded: lexer), UInt64(window.left.count))
    for token in window.left { state = mix(state, UInt64(token)) }
    state = mix(state, UInt64(window.right.count) &+ 0x100)
    for token in window.right { state = mix(state, UInt64(token)) }
    return state | 1
  }
}
