public import TallyModel

/// What the scans of one position covered, and what they found there.
///
/// Covered is the declared scope (everything where none was declared), and every file a scan reported on, without the files that error
/// notices name and without files of which only a syntax error was reported. A failed scan covers nothing.
public final class Coverage {
  /// The scans that succeeded, sorted by id.
  public let scans: [ScanFact]
  private let facts: any FactReader
  private let scopes: [(scope: ScanScope, unread: Set<RepoPath>)]
  private var loaded: [(path: RepoPath, line: Line)]?
  private var syntaxOnly: [SheetID: Bool] = [:]

  /// The sheet of one file and the scan it comes from.
  public struct Line: Sendable, Hashable {
    /// The sheet.
    public let sheet: SheetID
    /// The place in ``Coverage/scans``.
    public let scan: Int
  }

  /// Rule ids that tools use to say that a file could not be parsed.
  public static let syntaxErrorRules: Set<String> = [
    "E9", "E901", "E902", "E999", "invalid-syntax", "parse-error", "parsing-error",
    "syntax-error", "SyntaxError",
  ]

  /// Creates the coverage of the scans that count at a position.
  public init(scans: [ScanFact], facts: any FactReader) {
    self.scans = scans.filter(\.record.succeeded).sorted { $0.id < $1.id }
    self.facts = facts
    scopes = self.scans.map { (ScanScope($0.record.scope), $0.record.unreadFiles) }
  }

  /// Says whether these are the scans, all of which succeeded.
  func isOf(_ ids: [EntryID]) -> Bool { ids == scans.map(\.id) }

  /// True when an error notice of a scan names a file.
  public var leavesOutFiles: Bool { scopes.contains { !$0.unread.isEmpty } }

  /// True when no scan that counts narrowed its scope.
  public var isUnlimited: Bool { scopes.contains { $0.scope.isEverything } }

  /// The files that were reported on and count, sorted by path.
  public func lines() throws -> [(path: RepoPath, line: Line)] {
    if let loaded { return loaded }
    if scans.count == 1, let scan = scans.first {
      // As the tree has them.
      let unread = scopes[0].unread
      let result = try facts.tree(of: scan.id).lines.compactMap { line in
        unread.contains(line.path)
          ? nil : (path: line.path, line: Line(sheet: line.sheet, scan: 0))
      }
      loaded = result
      return result
    }
    var byPath: [RepoPath: Line] = [:]
    for (index, scan) in scans.enumerated() {
      for line in try facts.tree(of: scan.id).lines {
        if scopes[index].unread.contains(line.path) { continue }
        if let other = byPath[line.path], scopes[other.scan].scope.covers(line.path) { continue }
        if byPath[line.path] != nil, !scopes[index].scope.covers(line.path) { continue }
        byPath[line.path] = Line(sheet: line.sheet, scan: index)
      }
    }
    let result = byPath.map { (path: $0.key, line: $0.value) }.sorted { $0.path < $1.path }
    loaded = result
    return result
  }

  /// The sheet of one file, if it was reported on.
  public func line(_ path: RepoPath) throws -> Line? {
    let lines = try lines()
    var (low, high) = (0, lines.count)
    while low < high {
      let middle = (low + high) / 2
      if lines[middle].path < path { low = middle + 1 } else { high = middle }
    }
    return low < lines.count && lines[low].path == path ? lines[low].line : nil
  }

  /// The scan that covered a file, as a place in ``scans``; nil when none did.
  public func covering(_ path: RepoPath) throws -> Int? {
    if let line = try line(path) {
      return try isSyntaxErrorOnly(line.sheet) ? nil : line.scan
    }
    return scopes.firstIndex { $0.scope.covers(path) && !$0.unread.contains(path) }
  }

  /// Says whether all rows of a sheet are syntax errors.
  public func isSyntaxErrorOnly(_ sheet: SheetID) throws -> Bool {
    if let known = syntaxOnly[sheet] { return known }
    let rows = try facts.sheet(sheet).findings
    let result = rows.allSatisfy { Coverage.syntaxErrorRules.contains($0.rule) }
    syntaxOnly[sheet] = result
    return result
  }
}

/// What a scan says about its rules.
struct RuleList {
  private let record: ScanRecord
  private let ids: Set<String>

  init(_ record: ScanRecord) {
    self.record = record
    ids = Set(record.rules.flatMap { [$0.id] + $0.deprecatedIDs })
  }

  /// The list can be believed: an importer that lists no rules beside findings knows none.
  private var isKnown: Bool { !record.rules.isEmpty || record.findingCount == 0 }

  /// *Declared* off: the tool lists the rules that did not fire, and this is not one of them.
  func declaresOff(_ rule: String) -> Bool { record.listsSilentRules && !ids.contains(rule) }

  /// Not listed where only the rules that fired are.
  func omits(_ rule: String) -> Bool {
    !record.listsSilentRules && isKnown && !ids.contains(rule)
  }

  /// Equal tool version and configuration: the rule set is *assumed* constant.
  func hasEqualTool(_ other: RuleList) -> Bool {
    record.toolVersion == other.record.toolVersion
      && record.configDigest == other.record.configDigest
  }
}
