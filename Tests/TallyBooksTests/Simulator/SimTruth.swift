import TallyModel

/// Works out what the books have to say, from the names of lines and the planted identities.
struct SimTruth {
  let commits: [SimCommit]
  let scans: [SimScan]
  /// True for a tool that looks at the whole program.
  let looksFurther: Bool
  let confirmed: Set<Int>
  /// What a whole scan of each commit shows.
  let visible: [Set<Int>]
  private var lives: [Int: Life] = [:]
  /// What may be posted instead of a posting, where the text around changed while the violation was away.
  private(set) var alternatives: [SimPosting: SimPosting] = [:]
  /// After each position: what is open, and where.
  private(set) var balances: [SimBalance] = []
  /// What left though it was there, in a file that nobody edited, and nothing can excuse that.
  private(set) var wronglyGone: [SimPosting] = []
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
    /// One of those that did so.
    var scan: SimScan
    /// It was looked for and not reported, though nobody edited its file and nothing explained that.
    var isUnseen = false
  }

  private struct Position {
    let commit: Int
    let view: SimView
  }

  init(
    commits: [SimCommit],
    scans: [SimScan],
    looksFurther: Bool,
    confirmed: Set<Int>,
    visible: [Set<Int>]
  ) {
    self.commits = commits
    self.scans = scans
    self.looksFurther = looksFurther
    self.confirmed = confirmed
    self.visible = visible
  }

  mutating func postings() -> [SimPosting] {
    var result: [SimPosting] = []
    for commit in commits.indices {
      let view = SimView(scans.filter { $0.commit == commit })
      if view.isSilent { continue }
      result += post(commit, view)
      let open = lives.filter { $0.value.state == .open }
      balances.append(
        SimBalance(
          commit: commit,
          open: open.mapValues(\.place.path),
          unseen: Set(open.filter(\.value.isUnseen).keys)
        )
      )
      moved.append(Position(commit: commit, view: view))
    }
    return result
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

  private mutating func post(_ commit: Int, _ view: SimView) -> [SimPosting] {
    var seen: [Int: (place: Place, scan: SimScan)] = [:]
    for (finding, scan) in view.rows {
      let line = commits[commit].files[finding.path]?[finding.line - 1]
      guard let line else { continue }
      seen[finding.plant.identity] = (Place(path: finding.path, line: line), scan)
    }
    let before = lives
    let kept = seen.keys.compactMap { before[$0] }.filter { life in
      life.state == .open && fate(of: life, commit, view).isSame
    }
    let step = SimStep(
      view: view,
      looksFurther: looksFurther,
      gone: gone(commit, view, seen),
      came: seen.compactMap { came($0.key, $0.value, commit) },
      kept: kept.map(\.rule),
      keptFiles: Set(kept.map(\.place.path))
    )
    var result: [SimPosting] = []
    for gone in step.gone { if let posting = leave(gone, step, commit) { result.append(posting) } }
    for (identity, sighting) in seen {
      if let posting = enter(identity, before[identity], sighting, step, commit) {
        result.append(posting)
      }
    }
    refresh(commit, view, Set(seen.keys))
    return result
  }

  /// What stays open though it is not reported is compared with this position next time, where its file was looked at and was what it was.
  private mutating func refresh(_ commit: Int, _ view: SimView, _ seen: Set<Int>) {
    for (identity, life) in lives where life.state == .open && !seen.contains(identity) {
      let fate = fate(of: life, commit, view)
      guard fate.isSame, fate.path == life.place.path,
        let scan = view.looked(at: life.place.path).first
      else { continue }
      lives[identity]?.commit = commit
      lives[identity]?.scan = scan
    }
  }

  /// What became of the file and the line of a violation.
  private func fate(of life: Life, _ commit: Int, _ view: SimView) -> SimFate {
    let (old, from) = (life.place.path, life.commit)
    let new = follow(old, from: from, to: commit)
    let now = new.flatMap { path in
      commits[commit].files[path]?.first { $0.id == life.place.line.id }
    }
    return SimFate(
      path: new,
      isSame: new.map { isEqual(old, from, $0, commit) } ?? false,
      isUntouched: new.map { isThere(life.place.line, $0, commit) } ?? false,
      isSilenced: now?.silenced?.contains(life.rule) ?? false,
      hasOtherChanges: changesAnything(from: from, to: commit)
    )
  }

  /// What is open, was looked for and is not reported.
  private func gone(
    _ commit: Int,
    _ view: SimView,
    _ seen: [Int: (place: Place, scan: SimScan)]
  ) -> [SimGone] {
    var result: [SimGone] = []
    for (identity, life) in lives where life.state == .open && seen[identity] == nil {
      let fate = fate(of: life, commit, view)
      let target = fate.path ?? life.place.path
      guard view.covers(life.rule, in: target) else { continue }
      let now = view.looked(at: target)
      result.append(
        SimGone(
          identity: identity,
          rule: life.rule,
          path: target,
          before: life.place.path,
          fate: fate,
          wasUnseen: life.isUnseen,
          isToolChanged: now.contains { $0.hasOtherTool(than: life.scan) },
          isConfirmed: now.contains { confirmed.contains($0.index) }
        )
      )
    }
    return result
  }

  private mutating func leave(_ gone: SimGone, _ step: SimStep, _ commit: Int) -> SimPosting? {
    guard let life = lives[gone.identity] else { return nil }
    let (old, from) = (life.place.path, life.commit)
    guard let (kind, basis) = step.leaving(gone) else {
      lives[gone.identity]?.isUnseen = true
      return nil
    }
    lives[gone.identity]?.state = kind == .suppressed ? .suppressed : .closed
    lives[gone.identity]?.isUnseen = false
    let posting = SimPosting(
      identity: gone.identity,
      scan: commit,
      kind: kind,
      basis: basis,
      path: old,
      exactCommit: exactCommit([old, gone.fate.path ?? old], from: from, to: commit)
    )
    let isExcused = looksFurther || gone.isToolChanged || gone.isConfirmed
    if gone.fate.isSame, visible[commit].contains(gone.identity), !isExcused {
      wronglyGone.append(posting)
    }
    return posting
  }

  // MARK: Entering

  /// The last scans that looked at a file, at which commit, and its path there; the latest position where none did.
  private func base(_ path: String, _ commit: Int) -> (commit: Int, old: String?, view: SimView?)? {
    guard let latest = moved.last else { return nil }
    for position in moved.reversed() {
      let old = trace(path, from: commit, to: position.commit)
      if position.view.covers(old ?? path) { return (position.commit, old, position.view) }
    }
    return (latest.commit, trace(path, from: commit, to: latest.commit), nil)
  }

  /// What is reported and was not open before.
  private func came(
    _ identity: Int,
    _ sighting: (place: Place, scan: SimScan),
    _ commit: Int
  ) -> SimCame? {
    if lives[identity]?.state == .open { return nil }
    let (place, scan) = sighting
    guard let base = base(place.path, commit) else { return nil }
    let rule = place.line.plants.first { $0.identity == identity }?.rule ?? ""
    let oldPath = base.old ?? place.path
    return SimCame(
      identity: identity,
      rule: rule,
      isSame: base.old.map { isEqual($0, base.commit, place.path, commit) } ?? false,
      isUntouched: base.old.map { isThere(place.line, $0, base.commit) } ?? false,
      hasOtherChanges: changesAnything(from: base.commit, to: commit),
      wasLookedAt: base.view != nil,
      wasDeclaredOff: base.view?.declaresOff(rule, in: oldPath) ?? false,
      wasOmitted: base.view?.omits(rule, in: oldPath) ?? false,
      isToolChanged: base.view?.looked(at: oldPath).contains { $0.hasOtherTool(than: scan) }
        ?? false
    )
  }

  private mutating func enter(
    _ identity: Int,
    _ life: Life?,
    _ sighting: (place: Place, scan: SimScan),
    _ step: SimStep,
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
    guard let base = base(place.path, commit) else {
      return SimPosting(
        identity: identity,
        scan: commit,
        kind: .broughtForward,
        basis: .direct,
        path: place.path,
        exactCommit: nil
      )
    }
    guard let came = step.came.first(where: { $0.identity == identity }) else { return nil }
    let (kind, basis) = step.entering(came)
    func posting(_ kind: PostingKind, _ basis: Basis) -> SimPosting {
      SimPosting(
        identity: identity,
        scan: commit,
        kind: kind,
        basis: basis,
        path: place.path,
        exactCommit: exactCommit(
          [place.path, base.old ?? place.path],
          from: base.commit,
          to: commit
        )
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
}

extension SimScan {
  func hasOtherTool(than other: SimScan) -> Bool {
    toolVersion != other.toolVersion || config != other.config
  }
}
