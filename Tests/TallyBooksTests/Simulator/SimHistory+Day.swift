import TallyModel

/// What a job of CI looks at and how it ends.
struct SimJob {
  /// What it really looks at.
  var files: Set<String>
  var scope: [String] = []
  var succeeded = true
  var unread: [String] = []
  var unparsed: [String] = []
  var hasPlacelessError = false
  var brokenRules: [String] = []
  var listsAnalysed = false
  var attempt = 1

  init(_ files: some Sequence<String>) { self.files = Set(files) }

  /// All files of some folders, declared.
  init(folders: [String], of files: SimFiles) {
    self.init(files.keys.filter { path in folders.contains { path.hasPrefix($0 + "/") } })
    scope = folders.map { $0 + "/**" }
  }

  var failed: SimJob { with { $0.succeeded = false } }

  func with(_ change: (inout SimJob) -> Void) -> SimJob {
    var job = self
    change(&job)
    return job
  }
}

/// What happens to the scans of a day: jobs that look at a part, break off, get lost, run again.
extension SimHistory {
  mutating func scanMaybe() {
    guard random.chance(options.scanPercent) else { return }
    let head = commits.count - 1
    if !options.hasPartialScans {
      run([whole(head)], at: head)
      return
    }
    scanHead(head)
    // A commit is scanned once more when others came after it.
    if random.chance(10), let earlier = random.pick(scans.map(\.commit)) {
      later(whole(earlier), at: earlier)
    }
  }

  private func whole(_ commit: Int) -> SimJob { SimJob(commits[commit].files.keys) }

  private mutating func scanHead(_ head: Int) {
    let all = whole(head)
    func folders(_ names: String...) -> SimJob { SimJob(folders: names, of: commits[head].files) }
    switch random.below(36) {
    case 0: run([all.failed], at: head)
    case 1:
      run([all.failed], at: head)
      run([all], at: head)
    case 2: run([folders("src")], at: head)
    case 3: run([folders("lib", "src")], at: head)
    case 4...5: run([folders("src"), folders("lib", "tests")], at: head)
    case 6: run([folders("src").failed, folders("lib")], at: head)
    case 7:
      run([folders("lib")], at: head)
      run([all], at: head)
    case 8: if let path = somePath() { run([all.with { $0.unread = [path] }], at: head) }
    case 9: if let path = somePath() { run([all.with { $0.unparsed = [path] }], at: head) }
    case 10: difference(head, isDeclared: true)
    case 11...12: difference(head, isDeclared: false)
    // An empty report that says it is one of success.
    case 13: run([SimJob([])], at: head)
    case 14...16: run(shards(head), at: head)
    // One job got lost.
    case 17...18: run(Array(shards(head).dropLast()), at: head)
    case 19...20: brokenShard(head)
    case 21:
      run([all], at: head)
      later(all, at: head)
    case 22:
      difference(head, isDeclared: false)
      run([all], at: head)
    case 23:
      let part = all.files.sorted().filter { _ in random.chance(50) }
      run([SimJob(part).with { $0.hasPlacelessError = true }], at: head)
    case 24:
      let rule = random.pick(SimHistory.rules) ?? ""
      run([all.with { $0.brokenRules = [rule] }], at: head)
    case 25:
      let part = all.files.sorted().filter { _ in random.chance(70) }
      run([SimJob(part).with { $0.listsAnalysed = true }], at: head)
    default: run([all], at: head)
    }
  }

  /// A job that looks only at what changed since the last scan, or since the last commit.
  private mutating func difference(_ head: Int, isDeclared: Bool) {
    guard head > 0 else { return run([whole(head)], at: head) }
    let base = random.chance(60) ? scans.last?.commit ?? head - 1 : head - 1
    let (before, after) = (commits[base], commits[head])
    let changed = Set(before.files.keys).union(after.files.keys).filter {
      (before.files[$0] == nil) != (after.files[$0] == nil) || before.text($0) != after.text($0)
    }
    // Nothing to look at: the job is skipped.
    if changed.isEmpty { return }
    let job = SimJob(changed.filter { after.files[$0] != nil })
    run([job.with { $0.scope = isDeclared ? changed.sorted() : [] }], at: head)
  }

  /// The files dealt out to two or three jobs, some of them to two.
  private mutating func shards(_ head: Int) -> [SimJob] {
    let count = 2 + random.below(2)
    var parts = Array(repeating: Set<String>(), count: count)
    for path in commits[head].files.keys.sorted() {
      parts[random.below(count)].insert(path)
      if random.chance(20) { parts[random.below(count)].insert(path) }
    }
    let lists = random.chance(30)
    return parts.map { SimJob($0).with { $0.listsAnalysed = lists } }
  }

  /// One of the jobs breaks off, and is started once more, or not.
  private mutating func brokenShard(_ head: Int) {
    var jobs = shards(head)
    guard let last = jobs.popLast() else { return }
    jobs.append(last.failed)
    // Only a CI system tells that something is a second try.
    if order != .times, random.chance(60) {
      let again = last.with { $0.attempt = 2 }
      jobs.append(random.chance(80) ? again : again.failed)
    }
    run(jobs, at: head)
    if random.chance(20) { later(whole(head), at: head) }
  }

  /// Another run at a commit, later: all of it, or a part, or one that breaks off.
  private mutating func later(_ all: SimJob, at commit: Int) {
    let part = all.files.sorted().filter { _ in random.chance(50) }
    // After a whole scan look-alikes may come: it has to be the one that counts.
    switch options.avoidsLookAlikes ? 5 : random.below(6) {
    case 0: run([SimJob(folders: ["src"], of: commits[commit].files)], at: commit)
    case 1: run([all.failed], at: commit)
    case 2: run([SimJob(part).with { $0.listsAnalysed = true }], at: commit)
    case 3: run([SimJob(part).with { $0.hasPlacelessError = true }], at: commit)
    case 4: run([SimJob(part)], at: commit)
    default: run([all], at: commit)
    }
  }

  // MARK: One run

  private mutating func run(_ jobs: [SimJob], at commit: Int) {
    runCount += 1
    for job in jobs { scan(job, at: commit) }
    let isComplete = jobs.contains { job in
      job.succeeded && job.unread.isEmpty && job.unparsed.isEmpty && job.brokenRules.isEmpty
        && job.files == Set(commits[commit].files.keys)
    }
    if isComplete, commit == commits.count - 1 { recent = [:] }
  }

  private mutating func scan(_ job: SimJob, at commit: Int) {
    let setup = setups[commit]
    let left = Set(job.unread + job.unparsed)
    let visible = visible(at: commit)
    var findings: [SimFinding] = []
    for path in job.files.subtracting(left).sorted() {
      for (index, line) in (commits[commit].files[path] ?? []).enumerated() {
        for plant in line.plants
        where visible.contains(plant.identity) && !job.brokenRules.contains(plant.rule) {
          findings.append(SimFinding(path: path, line: index + 1, plant: plant))
        }
      }
    }
    if !job.succeeded { findings = half(findings) }
    scans.append(
      SimScan(
        index: scans.count,
        commit: commit,
        toolVersion: setup.toolVersion,
        config: setup.config,
        enabledRules: setup.enabled.sorted(),
        listsSilentRules: listsSilentRules,
        scope: job.scope,
        succeeded: job.succeeded,
        unread: job.unread,
        unparsed: job.unparsed,
        hasPlacelessError: job.hasPlacelessError,
        brokenRules: job.brokenRules,
        analysed: job.listsAnalysed ? job.files.sorted() : nil,
        run: runCount,
        attempt: job.attempt,
        findings: findings
      )
    )
  }

  /// What a run that breaks off has seen; whole files where it has to be decidable which rows are missing.
  private func half(_ findings: [SimFinding]) -> [SimFinding] {
    let half = Array(findings.prefix(findings.count / 2))
    guard options.avoidsLookAlikes, half.count < findings.count else { return half }
    let cut = findings[half.count].path
    return half.filter { $0.path != cut }
  }

  /// The planted violations that a scan of a whole commit shows.
  func visible(at commit: Int) -> Set<Int> {
    let setup = setups[commit]
    let lines = commits[commit].files.values.flatMap { $0 }
    let markers = Set(lines.map(\.id))
    var result: Set<Int> = []
    for line in lines {
      for plant in line.plants
      where setup.enabled.contains(plant.rule) && !(line.silenced ?? []).contains(plant.rule)
        && (plant.sinceVersion...plant.untilVersion).contains(setup.toolVersion)
        && plant.needsMarker.map(markers.contains) ?? true
      {
        result.insert(plant.identity)
      }
    }
    return result
  }
}
