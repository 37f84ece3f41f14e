public import TallyModel

/// What the scans of one position looked at, and what they found there.
///
/// A scan looked at its declared scope (everything where none was declared), or at the files that its report lists as analysed where it
/// lists any. Not at files and rules that its error notices name; where a notice names no place, only at the files it reports on. A file of
/// which only a syntax error was reported was not looked at. A scan that did not finish says nothing about what it does not report.
public final class Coverage {
  /// The scans that count, sorted by id.
  public let scans: [ScanFact]
  private let facts: any FactReader
  private let looks: [Look]
  /// All scans of the position.
  private let ids: [EntryID]
  private var loaded: [(path: RepoPath, line: Line)]?
  private var further: [RepoPath: [Line]] = [:]
  /// Of the files that more than one scan may say something of: a scan that looked at it last, as a place in ``scans``.
  private var lookedAt: [RepoPath: Int] = [:]
  private var syntaxOnly: [SheetID: Bool] = [:]
  private var ruleLists: [Int: RuleList] = [:]
  private var reportedRules: [Int: Set<String>] = [:]
  private var confirmations: [Int: EntryID?] = [:]

  /// The sheet of one file and the scan it comes from.
  public struct Line: Sendable, Hashable {
    /// The sheet.
    public let sheet: SheetID
    /// The place in ``Coverage/scans``.
    public let scan: Int
  }

  /// What one scan looked at.
  private struct Look {
    let claim: Supersession.Claim
    let scope: ScanScope
    /// The files that the report lists as analysed; nil where it lists none.
    let analysed: Set<RepoPath>?
    /// Files and folders that error notices name.
    var unread: Set<RepoPath>
    let unreadRules: Set<String>
    /// True where an error notice names neither a file nor a rule.
    var isPartial: Bool

    init(_ claim: Supersession.Claim, _ facts: any FactReader) throws {
      self.claim = claim
      let record = claim.scan.record
      scope = ScanScope(record.scope)
      analysed = try facts.analysedFiles(of: record)
      let errors = record.notices.filter { $0.level == .error }
      unread = Set(errors.compactMap { $0.rule == nil ? $0.path : nil })
      unreadRules = Set(errors.compactMap(\.rule))
      isPartial = errors.contains(where: \.isPlacelessError)
    }

    /// Says whether the scan looked at a file it does not report on, all of it.
    func covers(_ path: RepoPath) -> Bool {
      guard claim.closes, !isPartial, !isUnread(path) else { return false }
      return isAnalysed(path) && scope.covers(path)
    }

    /// True where the report lists the file, or a folder around it, or lists none.
    private func isAnalysed(_ path: RepoPath) -> Bool {
      guard let analysed, !analysed.contains(path) else { return true }
      var text = path.text[...]
      while let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) {
        text = text[..<slash]
        if analysed.contains(RepoPath(normalized: String(text))) { return true }
      }
      return analysed.contains(RepoPath(normalized: ""))
    }

    /// Says whether what it does not report in a file it reports on is gone.
    func closesReported(_ path: RepoPath) -> Bool { claim.closes && !isUnread(path) }

    /// True where an error notice names the file or a folder around it.
    private func isUnread(_ path: RepoPath) -> Bool {
      if unread.isEmpty { return false }
      if unread.contains(path) { return true }
      return unread.contains { $0.text.isEmpty || path.text.hasPrefix($0.text + "/") }
    }

    var looksEverywhere: Bool {
      claim.closes && !isPartial && unread.isEmpty && unreadRules.isEmpty && analysed == nil
    }
  }

  /// Rule ids that tools use to say that a file could not be parsed.
  public static let syntaxErrorRules: Set<String> = [
    "CssSyntaxError", "DL1000", "E0001", "E9", "E901", "E902", "E999", "Lint/Syntax", "PRS",
    "ParseError", "SC1072", "SC1073", "SyntaxError", "clang-diagnostic-error", "invalid-syntax",
    "load-failure", "parse-error", "parsing-error", "phpstan.parse", "syntax", "syntax-check",
    "syntax-error", "syntaxError",
  ]

  /// Creates the coverage of the scans of a position.
  public init(_ scans: Supersession, facts: any FactReader) throws {
    self.scans = scans.counting
    self.facts = facts
    looks = Self.sharing(try scans.claims.map { try Look($0, facts) })
    ids = self.scans.map(\.id)
  }

  /// What one part of a run could not look at, another part with the same scope did not look at for it.
  private static func sharing(_ looks: [Look]) -> [Look] {
    if looks.count < 2 { return looks }
    return looks.map { look in
      var result = look
      for other in looks where other.claim.rank == look.claim.rank {
        guard other.claim.scan.record.scope == look.claim.scan.record.scope else { continue }
        result.unread.formUnion(other.unread)
        result.isPartial = result.isPartial || other.isPartial
      }
      return result
    }
  }

  /// Says whether these are the scans that count.
  func isOf(_ ids: [EntryID]) -> Bool { ids == self.ids }

  /// True when something within the scopes was not looked at.
  public var leavesOut: Bool { looks.contains { !$0.looksEverywhere } }

  /// True when the scans say nothing at all: none closes anything, and none has a finding.
  func isSilent() throws -> Bool {
    if looks.contains(where: { $0.claim.closes && !$0.isPartial }) { return false }
    return try lines().isEmpty
  }

  // MARK: What was reported

  /// The files that were reported on, sorted by path: one line each, of the first scan by id where several report on a file.
  public func lines() throws -> [(path: RepoPath, line: Line)] {
    if let loaded { return loaded }
    let result = try scans.count == 1 ? ownLines() : unitedLines()
    loaded = result
    return result
  }

  private func ownLines() throws -> [(path: RepoPath, line: Line)] {
    guard let scan = scans.first else { return [] }
    return try facts.tree(of: scan.id).lines.map {
      (path: $0.path, line: Line(sheet: $0.sheet, scan: 0))
    }
  }

  /// Of each file the lines of the last that looked at it, with what later ones that did not finish report there.
  private func unitedLines() throws -> [(path: RepoPath, line: Line)] {
    var reported: [RepoPath: [Line]] = [:]
    for (index, scan) in scans.enumerated() {
      for line in try facts.tree(of: scan.id).lines {
        reported[line.path, default: []].append(Line(sheet: line.sheet, scan: index))
      }
    }
    var result: [(path: RepoPath, line: Line)] = []
    for (path, all) in reported {
      // Where one scan could not parse a file that another one read, the other's rows are what is known of it.
      let read = try all.count < 2 ? all : all.filter { try !isSyntaxErrorOnly($0.sheet) }
      let unparsed = Set(all.map(\.scan)).subtracting(read.map(\.scan))
      let lines = read.isEmpty ? all : read
      let looking = lastLook(at: path, lines, unparsed: unparsed)
      let last = looking.map { looks[$0].claim.rank }
      var kept = lines.filter { looks[$0.scan].claim.rank >= last ?? 0 }
      // A part of the run that broke off may have reported more; one that names the file in an error did not read it. What broke off in a
      // later run only adds.
      let own = kept.filter { looks[$0.scan].claim.rank == last }
      if own.allSatisfy({ looks[$0.scan].closesReported(path) }) { lookedAt[path] = looking }
      var seen: Set<SheetID> = []
      kept = kept.filter { seen.insert($0.sheet).inserted }
      guard let first = kept.first else { continue }
      result.append((path, first))
      if kept.count > 1 { further[path] = Array(kept.dropFirst()) }
    }
    return result.sorted { $0.path < $1.path }
  }

  /// The last that looked at a file, one that reports on it where there is one.
  private func lastLook(at path: RepoPath, _ lines: [Line], unparsed: Set<Int>) -> Int? {
    let reporting = Set(lines.map(\.scan))
    let looking = looks.indices.filter { index in
      if unparsed.contains(index) { return false }
      return looks[index].covers(path)
        || (reporting.contains(index) && looks[index].closesReported(path))
    }
    let last = looking.map { looks[$0].claim.rank }.max()
    let own = looking.filter { looks[$0].claim.rank == last }
    return own.first(where: reporting.contains) ?? own.first
  }

  /// The line of one file, if it was reported on.
  public func line(_ path: RepoPath) throws -> Line? {
    let lines = try lines()
    var (low, high) = (0, lines.count)
    while low < high {
      let middle = (low + high) / 2
      if lines[middle].path < path { low = middle + 1 } else { high = middle }
    }
    return low < lines.count && lines[low].path == path ? lines[low].line : nil
  }

  /// The lines of one file beyond ``line(_:)``: of other scans that say one thing together with its.
  func furtherLines(_ path: RepoPath) throws -> [Line] {
    if scans.count < 2 { return [] }
    _ = try lines()
    return further[path] ?? []
  }

  /// The files that several scans report on in different ways.
  func unitedPaths() throws -> [RepoPath] {
    if scans.count < 2 { return [] }
    _ = try lines()
    return Array(further.keys)
  }

  // MARK: What was looked at

  /// The scan that a file is compared by, as a place in ``scans``; nil where none looked at it or reports on it.
  public func covering(_ path: RepoPath) throws -> Int? {
    if let line = try line(path) {
      return try isSyntaxErrorOnly(line.sheet) ? nil : lookedAt[path] ?? line.scan
    }
    return lastCovering(path)
  }

  private func lastCovering(_ path: RepoPath) -> Int? {
    var best: Int?
    for index in looks.indices where looks[index].covers(path) {
      if let known = best, looks[known].claim.rank >= looks[index].claim.rank { continue }
      best = index
    }
    return best
  }

  /// Says whether what is not reported in a file is gone.
  func closes(_ path: RepoPath) throws -> Bool {
    if let line = try line(path) {
      if try isSyntaxErrorOnly(line.sheet) { return false }
      return scans.count > 1 ? lookedAt[path] != nil : looks[line.scan].closesReported(path)
    }
    return lastCovering(path) != nil
  }

  /// Says whether a rule was looked for in a file.
  func closes(_ rule: String, in path: RepoPath) throws -> Bool {
    guard try closes(path) else { return false }
    guard let index = try covering(path) else { return false }
    let rank = looks[index].claim.rank
    // Where a part of the tool failed, a rule of which nothing is reported may be one of that part.
    let isWhole = looks.contains { $0.claim.rank == rank && $0.covers(path) }
    if !isWhole, try !rulesReported(at: rank).contains(rule) { return false }
    // A rule that failed takes those below it along: `R/sub` below `R`.
    return !looks.contains { look in
      look.claim.rank >= rank
        && look.unreadRules.contains { $0 == rule || rule.hasPrefix("\($0)/") }
    }
  }

  /// The rules of which the scans of one rank report something.
  private func rulesReported(at rank: Int) throws -> Set<String> {
    if let known = reportedRules[rank] { return known }
    var rules: Set<String> = []
    for look in looks where look.claim.rank == rank {
      for line in try facts.tree(of: look.claim.scan.id).lines {
        rules.formUnion(try facts.sheet(line.sheet).findings.map(\.rule))
      }
    }
    reportedRules[rank] = rules
    return rules
  }

  /// Says whether a report lists a file as analysed.
  func declares(_ path: RepoPath) -> Bool {
    looks.contains { $0.covers(path) && $0.analysed != nil }
  }

  /// The entry by which a person says that the scans that looked at a file are complete; nil where nobody does.
  func confirmation(of path: RepoPath) throws -> EntryID? {
    guard let index = try covering(path) else { return nil }
    let rank = looks[index].claim.rank
    if let known = confirmations[rank] { return known }
    let entry = try looks.filter { $0.claim.rank == rank }
      .compactMap { try facts.confirmation(of: $0.claim.scan.id) }.min()
    confirmations[rank] = .some(entry)
    return entry
  }

  /// What the scans that looked at a file, together with it, say about their rules; nil where none did.
  func rules(of path: RepoPath) throws -> RuleList? {
    guard let index = try covering(path) else { return nil }
    let rank = looks[index].claim.rank
    if let known = ruleLists[rank] { return known }
    let list = RuleList(looks.map(\.claim).filter { $0.rank == rank }.map(\.scan.record))
    ruleLists[rank] = list
    return list
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

/// What the scans that looked at a file say about their rules.
final class RuleList {
  private let records: [ScanRecord]
  private let ids: Set<String>

  init(_ records: [ScanRecord]) {
    self.records = records
    ids = Set(records.flatMap(\.rules).flatMap { [$0.id] + $0.deprecatedIDs })
  }

  /// *Declared* off: the tool lists the rules that did not fire, and this is not one of them.
  func declaresOff(_ rule: String) -> Bool {
    // Where a part of the tool failed, its rules may be missing from the list.
    !records.isEmpty && records.allSatisfy(\.listsSilentRules) && !ids.contains(rule)
      && !records.flatMap(\.notices).contains(where: \.isPlacelessError)
  }

  /// Not listed where only the rules that fired are.
  func omits(_ rule: String) -> Bool {
    // An importer that lists no rules knows none.
    !ids.isEmpty && !records.contains(where: \.listsSilentRules) && !ids.contains(rule)
  }

  /// Equal tool version and configuration: the rule set is *assumed* constant.
  func hasEqualTool(_ other: RuleList) -> Bool {
    Set(records.map(\.toolVersion)) == Set(other.records.map(\.toolVersion))
      && Set(records.map(\.configDigest)) == Set(other.records.map(\.configDigest))
  }
}
