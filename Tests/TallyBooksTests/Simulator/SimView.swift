/// What the scans of one commit are believed to have looked at, file by file, from what they say of themselves.
///
/// Worked out for each file on its own: the last run that looked at it counts, and whatever later ones report that did not finish.
struct SimView {
  /// Without tries that another one of their run followed.
  private let scans: [SimScan]
  /// Runs of which a part that tells no scope broke off: nobody knows what is missing.
  private let broken: Set<Int>
  /// What is reported, by file.
  private var reported: [String: [SimScan]] = [:]

  init(_ all: [SimScan]) {
    scans = all.filter { scan in
      scan.succeeded || !all.contains { $0.run == scan.run && $0.attempt > scan.attempt }
    }
    broken = Set(scans.filter { !$0.succeeded && $0.scope.isEmpty }.map(\.run))
    for path in Set(scans.flatMap(\.findings).map(\.path)) {
      reported[path] = reporters(of: path)
    }
  }

  /// True when it says nothing: nothing is closed by it, and nothing reported.
  var isSilent: Bool {
    scans.allSatisfy {
      (!closes($0) || $0.hasPlacelessError) && $0.findings.isEmpty && $0.unparsed.isEmpty
    }
  }

  /// The rows that count, with the scan each comes from.
  var rows: [(finding: SimFinding, scan: SimScan)] {
    scans.flatMap { scan in
      scan.findings.filter { row in
        reported[row.path]?.contains { $0.index == scan.index } ?? false
      }.map { ($0, scan) }
    }
  }

  func isReported(_ path: String) -> Bool {
    !(reported[path] ?? []).isEmpty || scans.contains { $0.unparsed.contains(path) }
  }

  // MARK: Believing

  /// Says whether what a scan does not report can be gone.
  private func closes(_ scan: SimScan) -> Bool {
    scan.succeeded && (!scan.scope.isEmpty || !broken.contains(scan.run))
  }

  /// Says whether a scan looked at all of a file, reported or not.
  private func covers(_ scan: SimScan, _ path: String) -> Bool {
    guard closes(scan), !scan.hasPlacelessError, !isLeftOut(scan, path) else { return false }
    if let list = scan.analysed, !list.contains(path) { return false }
    return scan.scope.isEmpty
      || scan.scope.contains { glob in
        glob.hasSuffix("/**") ? path.hasPrefix(glob.dropLast(2)) : glob == path
      }
  }

  private func isLeftOut(_ scan: SimScan, _ path: String) -> Bool {
    scan.unread.contains(path) || scan.unparsed.contains(path)
  }

  private func reports(_ scan: SimScan, _ path: String) -> Bool {
    scan.findings.contains { $0.path == path }
  }

  /// Says whether what a scan does not report of a file is gone.
  private func looks(_ scan: SimScan, at path: String) -> Bool {
    covers(scan, path) || (closes(scan) && reports(scan, path) && !isLeftOut(scan, path))
  }

  /// The last run that looked at a file.
  private func lastRun(at path: String) -> Int? {
    scans.filter { looks($0, at: path) }.map(\.run).max()
  }

  private func reporters(of path: String) -> [SimScan] {
    let last = lastRun(at: path) ?? 0
    return scans.filter { $0.run >= last && reports($0, path) }
  }

  /// The scans that say together what a file holds; none where what is not reported need not be gone.
  func looked(at path: String) -> [SimScan] {
    guard let last = lastRun(at: path) else { return [] }
    // What broke off in a later run only adds; a part of the same run may have reported more.
    let own = (reported[path] ?? []).filter { $0.run == last }
    if own.contains(where: { !closes($0) || isLeftOut($0, path) }) { return [] }
    return scans.filter { $0.run == last }
  }

  func covers(_ path: String) -> Bool { !looked(at: path).isEmpty }

  /// Says whether a rule was looked for in a file.
  func covers(_ rule: String, in path: String) -> Bool {
    let own = looked(at: path)
    if own.isEmpty || own.contains(where: { $0.brokenRules.contains(rule) }) { return false }
    // Where a part of the tool failed, a rule of which it says nothing may be one of that part.
    return own.contains { covers($0, path) }
      || own.contains { $0.findings.contains { $0.plant.rule == rule } }
  }

  /// Says whether a report lists a file as analysed.
  func declares(_ path: String) -> Bool {
    looked(at: path).contains { covers($0, path) && $0.analysed != nil }
  }

  /// Says whether rules are listed of which nothing was found, and this one is not.
  func declaresOff(_ rule: String, in path: String) -> Bool {
    let own = looked(at: path)
    return !own.isEmpty
      && own.allSatisfy { $0.listsSilentRules && !$0.enabledRules.contains(rule) }
      && !own.contains(where: \.hasPlacelessError)
  }

  /// Says whether only rules are listed of which something was found, and this one is not.
  func omits(_ rule: String, in path: String) -> Bool {
    let own = looked(at: path)
    let fired = Set(own.flatMap(\.findings).map(\.plant.rule))
    return !fired.isEmpty && !own.contains(where: \.listsSilentRules) && !fired.contains(rule)
  }
}
