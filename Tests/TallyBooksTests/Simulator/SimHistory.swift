import TallyModel

/// What a history may contain.
struct SimOptions {
  var commitCount = 8...14
  var fileCount = 3...6
  /// Out of a hundred commits so many are scanned.
  var scanPercent = 70
  /// Scans of some folders, shards, failed ones, files left out: what makes coverage matter.
  var hasPartialScans = true
  /// New tool versions and changed configurations.
  var changesTool = true
  /// Violations that come and go with a line elsewhere.
  var hasDistantCauses = true
  /// Leaves out that in one file, between two whole scans, a violation of a rule goes and another of the rule comes: from the texts
  /// nobody can tell whether that is one that was edited.
  var avoidsLookAlikes = false
  /// The tool; by lot where nil: one that looks at the whole program, or one that looks at a file at a time.
  var tool: String?
  /// People say of scans that they are complete, rightly or not.
  var hasConfirmations = true

  /// What a real matcher can be held to.
  static var decidable: SimOptions {
    var options = SimOptions()
    options.avoidsLookAlikes = true
    options.tool = SimHistory.localTool
    options.hasConfirmations = false
    return options
  }
}

/// An invented repository, its commits, the scans of some of them, and what the books have to say.
///
/// Everything follows from the seed. `expected` is worked out from the names of lines and the planted identities, which no part of Tally sees.
struct SimHistory {
  let seed: UInt64
  private(set) var commits: [SimCommit] = []
  var scans: [SimScan] = []
  /// The scans that a person says are complete.
  private(set) var confirmed: Set<Int> = []
  /// Every posting of every violation, with all scans known, sorted.
  private(set) var expected: [SimPosting] = []
  /// What left the balance though it was there, in a file that nobody edited, and nothing can excuse that.
  private(set) var wronglyGone: [SimPosting] = []
  /// What is open after each position that moved the books.
  private(set) var balances: [SimBalance] = []
  /// What may be posted instead, where the text around a violation changed while it was away, so that nobody could recognise it.
  private(set) var alternatives: [SimPosting: SimPosting] = [:]
  /// True when the tool lists the rules that did not fire.
  let listsSilentRules: Bool
  let tool: String
  let order: SimOrder

  var random: SplitMix64
  let options: SimOptions
  private(set) var files: SimFiles = [:]
  private var renames: [String: String] = [:]
  private var counter = 0
  var runCount = 0
  /// By file, what came and went since the last whole scan: rules with `+` or `-` before them.
  var recent: [String: Set<String>] = [:]
  private var setup = SimSetup()
  /// How the tool was set up at each commit.
  private(set) var setups: [SimSetup] = []

  static let folders = ["src", "lib", "tests"]
  static let rules = ["TID251", "S105", "F401", "B008"]
  static let localTool = "ruff"
  static let wholeProgramTool = "mypy"
  /// A file that nobody edits, with a violation of every rule: no scan of the whole program finds nothing by accident.
  static let anchor = "src/anchor.py"

  init(seed: UInt64, options: SimOptions = SimOptions()) {
    self.seed = seed
    self.options = options
    random = SplitMix64(seed: seed)
    listsSilentRules = random.chance(50)
    let isLocal = random.chance(60)
    tool = options.tool ?? (isLocal ? SimHistory.localTool : SimHistory.wholeProgramTool)
    let order = random.pick(SimOrder.allCases) ?? .numbers
    self.order = options.avoidsLookAlikes ? .numbers : order
    addAnchor()
    let count = options.fileCount.lowerBound + random.below(options.fileCount.count)
    for _ in 0..<count { addFile() }
    commit()
    scanMaybe()
    let commitCount = options.commitCount.lowerBound + random.below(options.commitCount.count)
    while commits.count < commitCount {
      for _ in 0...random.below(3) { edit() }
      changeTool()
      commit()
      scanMaybe()
    }
    confirmSome()
    var truth = SimTruth(
      commits: commits,
      scans: scans,
      looksFurther: tool == SimHistory.wholeProgramTool,
      confirmed: confirmed,
      visible: commits.indices.map(visible)
    )
    expected = truth.postings().sorted()
    balances = truth.balances
    alternatives = truth.alternatives
    wronglyGone = truth.wronglyGone
  }

  /// Compares postings with what is expected, alternatives allowed; both empty when they agree.
  func compare(_ found: [SimPosting]) -> (missing: [SimPosting], extra: [SimPosting]) {
    var extra: [SimPosting: Int] = [:]
    for posting in found { extra[posting, default: 0] += 1 }
    var missing: [SimPosting] = []
    func take(_ posting: SimPosting) -> Bool {
      guard let count = extra[posting] else { return false }
      extra[posting] = count == 1 ? nil : count - 1
      return true
    }
    for posting in expected where !take(posting) {
      if let other = alternatives[posting], take(other) { continue }
      missing.append(posting)
    }
    return (missing, extra.flatMap { Array(repeating: $0.key, count: $0.value) }.sorted())
  }

  // MARK: The repository

  private mutating func number() -> Int {
    counter += 1
    return counter
  }

  private mutating func cleanLine() -> SimLine {
    let name = number()
    return SimLine(id: name, text: "    \(SimWords.clean(name, &random))")
  }

  private mutating func plant(_ rule: String) -> SimPlant {
    let identity = number()
    var plant = SimPlant(
      identity: identity,
      rule: rule,
      column: 5,
      message: "\(rule): `thing` is not wanted here"
    )
    if options.changesTool, random.chance(12) {
      if random.chance(50) { plant.sinceVersion = 2 } else { plant.untilVersion = 1 }
    }
    return plant
  }

  private mutating func plantedLine() -> SimLine {
    let name = number()
    let rule = random.pick(SimHistory.rules) ?? "TID251"
    var line = SimLine(id: name, text: "    \(SimWords.planted(name, &random))")
    line.plants = [plant(rule)]
    return line
  }

  private mutating func addAnchor() {
    files[SimHistory.anchor] = SimHistory.rules.map { rule in
      let name = number()
      var line = SimLine(id: name, text: "    \(SimWords.planted(name, &random))")
      line.plants = [
        SimPlant(
          identity: number(),
          rule: rule,
          column: 5,
          message: "\(rule): `thing` is not wanted here"
        )
      ]
      return line
    }
  }

  private mutating func confirmSome() {
    guard options.hasConfirmations else { return }
    for scan in scans where random.chance(12) { confirmed.insert(scan.index) }
  }

  private mutating func addFile() {
    let folder = random.pick(SimHistory.folders) ?? "src"
    var lines: [SimLine] = []
    for _ in 0..<4 + random.below(8) {
      lines.append(random.chance(25) ? plantedLine() : cleanLine())
    }
    files["\(folder)/module_\(number()).py"] = lines
  }

  private mutating func commit() {
    let index = commits.count
    // Clocks go wrong: now and then a commit is older than its parent.
    let skew = random.chance(10) ? -5_000 : 0
    let text = "commit \(seed) \(index)"
    guard let id = CommitID(bytes: fakeHash(text, count: 20)) else {
      preconditionFailure("20 bytes make an id")
    }
    commits.append(
      SimCommit(
        id: id,
        parent: commits.last?.id,
        time: Timestamp(seconds: 1_700_000_000 + Int64(index) * 3_600 + Int64(skew)),
        files: files,
        renames: renames
      )
    )
    setups.append(setup)
    renames = [:]
  }

  // MARK: Edits

  /// A file that may be edited.
  mutating func somePath() -> String? {
    random.pick(files.keys.filter { $0 != SimHistory.anchor }.sorted())
  }

  /// Notes that violations of some rules come to a file or go; false when that would leave a look-alike.
  private mutating func note(_ sign: String, _ rules: [String], in path: String) -> Bool {
    let opposite = sign == "+" ? "-" : "+"
    let known = recent[path] ?? []
    if options.avoidsLookAlikes, rules.contains(where: { known.contains(opposite + $0) }) {
      return false
    }
    recent[path, default: []].formUnion(rules.map { sign + $0 })
    return true
  }

  private mutating func edit() {
    guard let path = somePath() else { return addFile() }
    switch random.below(20) {
    case 0...3: insert(plantedLine(), in: path)
    case 4...5: insert(cleanLine(), in: path)
    case 6: removeClean(in: path)
    case 7...9: fix(in: path)
    case 10: rename(path)
    case 11:
      rename(path)
      if let new = renames.first(where: { $0.value == path })?.key { insert(cleanLine(), in: new) }
    case 12: if files.count > 3, renames[path] == nil { files[path] = nil }
    case 13...14: silence(in: path)
    case 15: speakUp(in: path)
    case 16: addTwins(in: path)
    case 17: restore()
    case 18: addFile()
    default: if options.hasDistantCauses { distantCause(in: path) }
    }
  }

  private mutating func insert(_ line: SimLine, in path: String) {
    guard var lines = files[path], note("+", line.plants.map(\.rule), in: path) else { return }
    lines.insert(line, at: random.below(lines.count + 1))
    files[path] = lines
  }

  private mutating func removeClean(in path: String) {
    guard var lines = files[path], lines.count > 2 else { return }
    let clean = lines.indices.filter { lines[$0].plants.isEmpty }
    guard let index = random.pick(clean) else { return }
    lines.remove(at: index)
    files[path] = lines
  }

  private func planted(in path: String, _ matches: (SimLine) -> Bool = { _ in true }) -> [Int] {
    let lines = files[path] ?? []
    return lines.indices.filter { !lines[$0].plants.isEmpty && matches(lines[$0]) }
  }

  private mutating func fix(in path: String) {
    guard var lines = files[path], let index = random.pick(planted(in: path)),
      note("-", lines[index].plants.map(\.rule), in: path)
    else { return }
    if random.chance(50), lines.count > 2 {
      lines.remove(at: index)
    } else {
      lines[index] = cleanLine()
    }
    files[path] = lines
  }

  private mutating func rename(_ path: String) {
    guard renames[path] == nil, commits.last?.files[path] != nil, let lines = files[path]
    else { return }
    let folder = random.pick(SimHistory.folders) ?? "src"
    let new = "\(folder)/renamed_\(number()).py"
    files[path] = nil
    files[new] = lines
    renames[new] = path
    recent[new] = recent[path]
  }

  private mutating func silence(in path: String) {
    guard var lines = files[path],
      let index = random.pick(planted(in: path) { $0.silenced == nil }),
      note("-", lines[index].plants.map(\.rule), in: path)
    else { return }
    lines[index].silenced = lines[index].plants.map(\.rule)
    files[path] = lines
  }

  private mutating func speakUp(in path: String) {
    guard var lines = files[path],
      let index = random.pick(planted(in: path) { $0.silenced != nil }),
      note("+", lines[index].plants.map(\.rule), in: path)
    else { return }
    lines[index].silenced = nil
    files[path] = lines
  }

  /// Two lines of one text, with clean lines between.
  private mutating func addTwins(in path: String) {
    guard var lines = files[path], note("+", ["TID251"], in: path) else { return }
    let name = number()
    for _ in 0..<2 {
      var twin = SimLine(id: number(), text: "    shared_\(name) = redis.Redis(host)")
      twin.plants = [plant("TID251")]
      lines += [cleanLine(), twin, cleanLine()]
    }
    files[path] = lines
  }

  /// Brings a file back as an earlier commit had it.
  private mutating func restore() {
    guard let earlier = random.pick(commits), let path = random.pick(earlier.files.keys.sorted()),
      let lines = earlier.files[path], renames[path] == nil, path != SimHistory.anchor
    else { return }
    var taken: Set<Int> = []
    for (other, own) in files where other != path {
      for line in own {
        taken.insert(line.id)
        taken.formUnion(line.plants.map(\.identity))
      }
    }
    if lines.contains(where: { taken.contains($0.id) }) { return }
    if renames.values.contains(path) { return }
    if options.avoidsLookAlikes, recent[path] != nil { return }
    recent[path] = Set(SimHistory.rules.flatMap { ["+" + $0, "-" + $0] })
    files[path] = lines
  }

  /// A violation that is there while a line of another file, or elsewhere in this file, is.
  private mutating func distantCause(in path: String) {
    let marked = Set(files.values.flatMap { $0 }.flatMap(\.plants).compactMap(\.needsMarker))
    for candidate in files.keys.sorted() {
      guard let index = files[candidate]?.firstIndex(where: { marked.contains($0.id) }) else {
        continue
      }
      let marker = files[candidate]?[index].id
      let hidden = files.filter { file in
        file.value.contains { $0.plants.contains { $0.needsMarker == marker } }
      }
      for (path, lines) in hidden.sorted(by: { $0.key < $1.key }) {
        let rules = lines.flatMap(\.plants).filter { $0.needsMarker == marker }.map(\.rule)
        if !note("-", rules, in: path) { return }
      }
      files[candidate]?.remove(at: index)
      return
    }
    // A tool that looks at one file at a time finds the cause in the same one.
    let other = tool == SimHistory.localTool ? path : somePath()
    guard let other else { return }
    let marker = cleanLine()
    insert(marker, in: other)
    var line = plantedLine()
    line.plants = line.plants.map {
      var plant = $0
      plant.needsMarker = marker.id
      return plant
    }
    insert(line, in: path)
  }

  private mutating func changeTool() {
    guard options.changesTool, random.chance(15) else { return }
    if random.chance(40) {
      setup.toolVersion = setup.toolVersion == 1 ? 2 : 1
    } else {
      guard let rule = random.pick(SimHistory.rules) else { return }
      setup.enabled.formSymmetricDifference([rule])
      setup.config += 1
    }
  }
}

/// How the tool is set up.
struct SimSetup {
  var toolVersion = 1
  /// Stands for the content of the configuration.
  var config = 1
  var enabled: Set<String> = ["TID251", "S105", "F401"]
}
