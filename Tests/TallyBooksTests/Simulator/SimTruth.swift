import TallyModel

/// Works out what the books have to say, from the names of lines and the planted identities.
struct SimTruth {
  let commits: [SimCommit]
  let scans: [SimScan]
  private var lives: [Int: Life] = [:]
  /// What may be posted instead of a posting, where the text around changed while the violation was away.
  private(set) var alternatives: [SimPosting: SimPosting] = [:]
  /// After each position: what is open, and where.
  private(set) var balances: [SimBalance] = []
  /// The positions that moved the books, in order.
  private var moved: [Position] = []

  private enum State { case open, suppressed, closed }

  private struct Place {
    let path: String
    let line: SimLine
  }

  private struct Life {
    var state: State
    let rule: String
    /// Where it stood when its file was last covered.
    var place: Place
    /// The commit at which that was.
    var commit: Int
    var scan: SimScan
  }

  private struct Position {
    let commit: Int
    let scans: [SimScan]
  }

  init(commits: [SimCommit], scans: [SimScan]) {
    self.commits = commits
    self.scans = scans
  }

  mutating func postings() -> [SimPosting] {
    var result: [SimPosting] = []
    for commit in commits.indices {
      let own = SimTruth.counting(scans.filter { $0.commit == commit })
      if own.isEmpty { continue }
      result += post(commit, own)
      let open = lives.filter { $0.value.state == .open }.mapValues(\.place.path)
      balances.append(SimBalance(commit: commit, open: open))
      moved.append(Position(commit: commit, scans: own))
    }
    return result
  }

  /// The scans that count at a commit: what succeeded, a whole one before parts.
  private static func counting(_ scans: [SimScan]) -> [SimScan] {
    let succeeded = scans.filter(\.succeeded)
    if let whole = succeeded.last(where: \.scope.isEmpty) { return [whole] }
    return succeeded
  }

  private static func covers(_ scan: SimScan, _ path: String) -> Bool {
    let isInScope = scan.scope.isEmpty || scan.scope.contains { path.hasPrefix($0.dropLast(2)) }
    return isInScope && !scan.unread.contains(path) && !scan.unparsed.contains(path)
  }

  // MARK: Where files and lines went

  /// The path of a file some commits later; nil when it is gone.
  private func follow(_ path: String, from: Int, to: Int) -> String? {
    var path = path
    if from < to {
      for index in (from + 1)...to where commits[index].files[path] == nil {
        if let new = commits[index].renames.first(where: { $0.value == path })?.key { path = new }
      }
    }
    return commits[to].files[path] == nil ? nil : path
  }

  /// The path of a file some commits earlier; nil when it was not there.
  private func trace(_ path: String, from: Int, to: Int) -> String? {
    commits[to].files.keys.first { follow($0, from: to, to: from) == path }
  }

  private func isThere(_ line: SimLine, _ path: String, _ commit: Int) -> Bool {
    commits[commit].files[path]?.contains { $0.id == line.id && $0.full == line.full } ?? false
  }

  private func isEqual(_ old: String, _ from: Int, _ new: String, _ to: Int) -> Bool {
    commits[from].text(old) == commits[to].text(new)
  }

  /// The one commit after one up to another that touched a file under either name.
  private func exactCommit(_ paths: [String], from: Int, to: Int) -> CommitID? {
    if from >= to { return nil }
    let touching = ((from + 1)...to).filter { index in
      paths.contains { path in
        (commits[index].files[path] == nil) != (commits[index - 1].files[path] == nil)
          || commits[index].text(path) != commits[index - 1].text(path)
      }
    }
    if touching.count == 1, let only = touching.first { return commits[only].id }
    return touching.isEmpty && to - from == 1 ? commits[to].id : nil
  }

  private func changesAnything(from: Int, to: Int) -> Bool {
    let (before, after) = (commits[from], commits[to])
    return Set(before.files.keys) != Set(after.files.keys)
      || before.files.keys.contains { before.text($0) != after.text($0) }
  }

  // MARK: One position

  private mutating func post(_ commit: Int, _ scans: [SimScan]) -> [SimPosting] {
    var seen: [Int: (place: Place, scan: SimScan)] = [:]
    for scan in scans {
      for finding in scan.findings {
        let line = commits[commit].files[finding.path]?[finding.line - 1]
        guard let line else { continue }
        seen[finding.plant.identity] = (Place(path: finding.path, line: line), scan)
      }
    }
    var result: [SimPosting] = []
    for (identity, life) in lives where life.state == .open && seen[identity] == nil {
      if let posting = leave(identity, life, commit, scans) { result.append(posting) }
    }
    let firedBefore = lives
    for (identity, sighting) in seen {
      if let posting = enter(identity, firedBefore[identity], sighting, commit) {
        result.append(posting)
      }
    }
    refresh(commit, scans)
    return result
  }

  private mutating func leave(
    _ identity: Int,
    _ life: Life,
    _ commit: Int,
    _ scans: [SimScan]
  ) -> SimPosting? {
    let (old, from) = (life.place.path, life.commit)
    let new = follow(old, from: from, to: commit)
    guard let scan = scans.first(where: { SimTruth.covers($0, new ?? old) }) else { return nil }
    let isUntouched = new.map { isThere(life.place.line, $0, commit) } ?? false
    let isToolChanged =
      scan.toolVersion != life.scan.toolVersion || scan.config != life.scan.config
    let now = new.flatMap { path in
      commits[commit].files[path]?.first { $0.id == life.place.line.id }
    }
    let kind: PostingKind
    let basis: Basis
    if isUntouched, scan.listsSilentRules, !scan.enabledRules.contains(life.rule) {
      (kind, basis) = (.retired, .declared)
    } else if isUntouched, isToolChanged {
      (kind, basis) = (.retired, .assumed)
    } else if let now, now.silenced?.contains(life.rule) == true {
      (kind, basis) = (.suppressed, .direct)
    } else if let new {
      if !isEqual(old, from, new, commit) {
        (kind, basis) = (.fixed, .direct)
      } else if isSuddenZero(commit, scans) {
        (kind, basis) = (.retired, .assumed)
      } else {
        (kind, basis) = (.fixed, .indirect)
      }
    } else {
      (kind, basis) = (.deleted, .direct)
    }
    lives[identity]?.state = kind == .suppressed ? .suppressed : .closed
    return SimPosting(
      identity: identity,
      scan: commit,
      kind: kind,
      basis: basis,
      path: old,
      exactCommit: exactCommit([old, new ?? old], from: from, to: commit)
    )
  }

  /// Nothing is left at all, everything was looked at, and no file that had something changed.
  private func isSuddenZero(_ commit: Int, _ scans: [SimScan]) -> Bool {
    if scans.contains(where: { !$0.findings.isEmpty || !$0.unread.isEmpty || !$0.unparsed.isEmpty })
    {
      return false
    }
    return lives.values.allSatisfy { life in
      if life.state != .open && life.commit != commit { return true }
      guard let new = follow(life.place.path, from: life.commit, to: commit) else { return false }
      return scans.contains { SimTruth.covers($0, new) }
        && isEqual(life.place.path, life.commit, new, commit)
    }
  }

  private mutating func enter(
    _ identity: Int,
    _ life: Life?,
    _ sighting: (place: Place, scan: SimScan),
    _ commit: Int
  ) -> SimPosting? {
    let (place, scan) = sighting
    let rule = place.line.plants.first { $0.identity == identity }?.rule ?? ""
    lives[identity] = Life(
      state: .open,
      rule: rule,
      place: place,
      commit: commit,
      scan: scan
    )
    if life?.state == .open { return nil }
    guard let latest = moved.last else {
      return SimPosting(
        identity: identity,
        scan: commit,
        kind: .broughtForward,
        basis: .direct,
        path: place.path,
        exactCommit: nil
      )
    }
    // The last scan that looked at the file; nil when none did.
    var from = latest.commit
    var before: SimScan?
    for position in moved.reversed() {
      let old = trace(place.path, from: commit, to: position.commit) ?? place.path
      if let covering = position.scans.first(where: { SimTruth.covers($0, old) }) {
        (from, before) = (position.commit, covering)
        break
      }
    }
    let old = trace(place.path, from: commit, to: from)
    let isUntouched = old.map { isThere(place.line, $0, from) } ?? false
    var kind = PostingKind.introduced
    var basis = Basis.direct
    if let before {
      if isUntouched, before.listsSilentRules, !before.enabledRules.contains(rule) {
        (kind, basis) = (.surfaced, .declared)
      } else if isUntouched,
        before.toolVersion != scan.toolVersion || before.config != scan.config
      {
        (kind, basis) = (.surfaced, .assumed)
      } else if let old, isEqual(old, from, place.path, commit) {
        basis = .indirect
        if !changesAnything(from: from, to: commit) { (kind, basis) = (.surfaced, .assumed) }
      }
    } else if isUntouched {
      (kind, basis) = (.surfaced, .declared)
    }
    func posting(_ kind: PostingKind, _ basis: Basis) -> SimPosting {
      SimPosting(
        identity: identity,
        scan: commit,
        kind: kind,
        basis: basis,
        path: place.path,
        exactCommit: exactCommit([place.path, old ?? place.path], from: from, to: commit)
      )
    }
    let plain = posting(kind, basis)
    guard let life else { return plain }
    let result = life.state == .closed ? posting(.reopened, basis) : posting(.unsuppressed, .direct)
    if surroundings(life.place, life.commit) != surroundings(place, commit) {
      alternatives[result] = plain
    }
    return result
  }

  /// The text around a line: what strict gates look at.
  private func surroundings(_ place: Place, _ commit: Int) -> [String] {
    let lines = commits[commit].files[place.path] ?? []
    guard let index = lines.firstIndex(where: { $0.id == place.line.id }) else { return [] }
    return lines[max(0, index - 7)..<min(lines.count, index + 8)].map(\.full)
  }

  /// What is still open and was looked at stands where its file is now.
  private mutating func refresh(_ commit: Int, _ scans: [SimScan]) {
    for (identity, life) in lives where life.state == .open && life.commit != commit {
      guard let new = follow(life.place.path, from: life.commit, to: commit),
        let scan = scans.first(where: { SimTruth.covers($0, new) })
      else { continue }
      lives[identity]?.commit = commit
      lives[identity]?.scan = scan
      lives[identity]?.place = Place(path: new, line: life.place.line)
    }
  }
}
