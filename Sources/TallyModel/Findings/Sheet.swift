/// What tracking needs from the text around one finding, captured when the text was at hand.
///
/// 16-bit token hashes by the lexer whose version the sheet records. `left` holds the 24 tokens before the start position,
/// nearest last; `right` the 24 tokens from it, nearest first. Fewer at the ends of a file. Both are empty on the line of a secret.
public struct TokenWindow: Sendable, Hashable {
  /// Hashes of up to 24 tokens before the start position, in text order.
  public let left: [UInt16]
  /// Hashes of up to 24 tokens from the start position on, in text order.
  public let right: [UInt16]
  /// A hash of the whole start line without whitespace.
  public let line: UInt32

  /// Creates a window.
  public init(left: [UInt16], right: [UInt16], line: UInt32) {
    self.left = left
    self.right = right
    self.line = line
  }
}

/// The findings of one file in one scan, and what was captured from the file's text for each.
///
/// Rows are sorted by ``Finding/precedes(_:)``; a row's place from 0 is its *ordinal*. Content-addressed: two scans that found the
/// same in a file share the sheet.
public struct Sheet: Sendable, Hashable {
  /// The claimed rows, sorted; never empty.
  public let findings: [Finding]
  /// The lexer that made the windows; 0 when no text was at hand.
  public let lexerVersion: Int
  /// One window a row, or nil where none could be taken; empty when no text was at hand.
  public let windows: [TokenWindow?]

  /// Creates a sheet from rows that are already sorted, with as many windows as rows or none.
  public init(findings: [Finding], lexerVersion: Int, windows: [TokenWindow?]) {
    self.findings = findings
    self.lexerVersion = lexerVersion
    self.windows = windows
  }

  /// True when the text that was at hand can't be the one that was scanned, or can't be looked at.
  ///
  /// A line beyond the end is proof. Quoted text that does not stand there is one only where most quotes do not: tools quote in ways of
  /// their own. So scans of a work tree with changes that are in no commit are told apart.
  public var isOfOtherText: Bool {
    if lexerVersion == 0 { return false }
    let located = findings.indices.filter { findings[$0].region != nil }
    let missing = located.filter { window(at: $0) == nil }
    return missing.contains { findings[$0].snippet == nil } || missing.count * 2 > located.count
  }

  /// The sheet without what a text that wasn't scanned says.
  public var believed: Sheet {
    isOfOtherText ? Sheet(findings: findings, lexerVersion: 0, windows: []) : self
  }

  /// The window of a row, if one was captured.
  public func window(at ordinal: Int) -> TokenWindow? {
    ordinal < windows.count ? windows[ordinal] : nil
  }
}

extension Finding {
  /// The stored order of rows within a sheet: place (none first), rule, message hash, then the rest.
  ///
  /// A total order up to equality, so that a sheet never depends on the order in which the tool wrote its results.
  public static func precedes(_ lhs: Finding, _ rhs: Finding) -> Bool {
    if lhs.region != rhs.region {
      guard let left = lhs.region else { return true }
      guard let right = rhs.region else { return false }
      return left.key < right.key
    }
    if lhs.rule != rhs.rule {
      return lhs.rule.utf8.lexicographicallyPrecedes(rhs.rule.utf8)
    }
    if lhs.message != rhs.message { return lhs.message < rhs.message }
    if lhs.level != rhs.level { return lhs.level < rhs.level }
    return lhs.tieBreaker.lexicographicallyPrecedes(rhs.tieBreaker)
  }

  private var tieBreaker: [String] {
    var parts = fingerprints.map { "\($0.key)\u{0}\($0.version ?? -1)\u{0}\($0.value)" }
    parts.append(symbol ?? "")
    parts.append(snippet.map(String.init) ?? "")
    parts += suppressions.map { "\($0.kind)\($0.status)\($0.justification?.description ?? "")" }
    return parts
  }
}

extension SourceRegion {
  fileprivate var key: (Int, Int, Int, Int) {
    (startLine, startColumn ?? 0, endLine ?? 0, endColumn ?? 0)
  }
}

/// The sheets of one scan: path and sheet, sorted bytewise by path, each path once.
///
/// A file without findings has no line.
public struct Tree: Sendable, Hashable {
  /// One line of a tree.
  public struct Line: Sendable, Hashable {
    /// The file.
    public let path: RepoPath
    /// Its findings.
    public let sheet: SheetID

    /// Creates a line.
    public init(path: RepoPath, sheet: SheetID) {
      self.path = path
      self.sheet = sheet
    }
  }
  /// Sorted bytewise by path.
  public let lines: [Line]

  /// Creates a tree from lines that are already sorted and unique by path.
  public init(lines: [Line]) { self.lines = lines }
}

/// The files of one commit: path and blob, sorted bytewise by path, each path once.
///
/// Regular files only: no links, no submodules.
public struct Manifest: Sendable, Hashable {
  /// One file.
  public struct Line: Sendable, Hashable {
    /// The file.
    public let path: RepoPath
    /// Its content.
    public let blob: BlobID

    /// Creates a line.
    public init(path: RepoPath, blob: BlobID) {
      self.path = path
      self.blob = blob
    }
  }
  /// Sorted bytewise by path.
  public let lines: [Line]

  /// Creates a manifest from lines that are already sorted and unique by path.
  public init(lines: [Line]) { self.lines = lines }
}
