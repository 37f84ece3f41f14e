import Foundation

/// The sources of a made-up project, which knows of every finding when it came, where it is, and why it went.
///
/// Truth comes from what is done here, never from Tally. Every edit of a commit is in a file of its own.
struct DayWorld {
  /// What a tool would report: a rule and a number that occurs nowhere else.
  struct Finding: Hashable, Comparable {
    let rule: String
    let number: Int

    static func < (left: Finding, right: Finding) -> Bool {
      (left.rule, left.number) < (right.rule, right.number)
    }
  }

  /// A line of a file.
  enum Line {
    case text(String)
    case finding(Finding, isSilent: Bool)

    var written: String {
      switch self {
      case .text(let text): text
      case .finding(let finding, let isSilent):
        "    \(finding.rule.dropFirst(3))(item_\(finding.number), of_\(finding.number))"
          + (isSilent ? "  # noqa" : "")
      }
    }
  }

  /// What happened to findings from one commit to the next, by cause.
  typealias Causes = [String: Int]

  private(set) var files: [String: [Line]] = [:]
  private var number = 0
  private var dice: Dice
  let rules: [String]

  /// Makes a project whose files lie in some folders.
  init(seed: UInt64, rules: [String], folders: [String]) {
    dice = Dice(seed: seed)
    self.rules = rules
    for index in 0..<8 {
      let path = "\(folders[index % folders.count])/part_\(index).py"
      addFile(path, rule: rules[index % rules.count], count: 2)
    }
  }

  private mutating func next() -> Int {
    number += 1
    return number
  }

  /// A function with one finding, unlike every other.
  private mutating func block(_ rule: String) -> [Line] {
    let number = next()
    return [
      .text("def work_\(number)(left_\(number), right_\(number)):"),
      .text("    sum_\(number) = left_\(number) + right_\(number)"),
      .finding(Finding(rule: rule, number: number), isSilent: false),
      .text("    return sum_\(number)"),
      .text(""),
    ]
  }

  // MARK: A commit's work

  /// Does the work of one commit: three to five edits, each in a file of its own.
  mutating func work() {
    var free = files.keys.sorted().shuffled(using: &dice)
    for _ in 0..<Int.random(in: 3...5, using: &dice) {
      guard let path = free.popLast() else { return }
      switch Int.random(in: 0..<12, using: &dice) {
      case 0...3: add(to: path)
      case 4...6: fix(in: path)
      case 7: silence(in: path)
      case 8: speak(in: path)
      case 9: shift(path)
      case 10: rename(path)
      default: delete(path)
      }
    }
  }

  private mutating func add(to path: String) {
    let rule = rules[Int.random(in: 0..<rules.count, using: &dice)]
    let new = block(rule)
    let starts = (files[path] ?? []).indices.filter { files[path]?[$0].written == "" }
    let place = starts.randomElement(using: &dice).map { $0 + 1 } ?? 0
    files[path]?.insert(contentsOf: new, at: place)
  }

  private mutating func shift(_ path: String) {
    let note = Line.text("# Note \(next()).")
    files[path]?.insert(note, at: 0)
  }

  private func places(in path: String, silent: Bool) -> [(index: Int, finding: Finding)] {
    (files[path] ?? []).enumerated().compactMap { index, line in
      guard case .finding(let finding, let isSilent) = line, isSilent == silent else { return nil }
      return (index, finding)
    }
  }

  private mutating func fix(in path: String) {
    guard let place = places(in: path, silent: false).randomElement(using: &dice) else { return }
    files[path]?[place.index] = .text("    settled_\(place.finding.number) = True")
  }

  private mutating func silence(in path: String) {
    guard let place = places(in: path, silent: false).randomElement(using: &dice) else { return }
    files[path]?[place.index] = .finding(place.finding, isSilent: true)
  }

  private mutating func speak(in path: String) {
    guard let place = places(in: path, silent: true).randomElement(using: &dice) else { return }
    files[path]?[place.index] = .finding(place.finding, isSilent: false)
  }

  private mutating func rename(_ path: String) {
    guard let lines = files.removeValue(forKey: path) else { return }
    let folder = path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)
    files["\(folder)/part_\(next()).py"] = lines
  }

  private mutating func delete(_ path: String) {
    // What is silent and goes with its file is nobody's balance.
    if files.count > 5, places(in: path, silent: true).isEmpty { files[path] = nil }
  }

  /// Adds a file with findings of one rule.
  mutating func addFile(_ path: String, rule: String, count: Int) {
    var lines: [Line] = []
    for _ in 0..<count { lines += block(rule) }
    files[path] = lines
  }

  /// Settles every finding of a file.
  mutating func settle(_ path: String) {
    for place in places(in: path, silent: false) {
      files[path]?[place.index] = .text("    settled_\(place.finding.number) = True")
    }
  }

  // MARK: The truth

  /// Every finding with its state, of the rules of one tool.
  func findings(of rules: [String]) -> [Finding: Bool] {
    var result: [Finding: Bool] = [:]
    for line in files.values.joined() {
      if case .finding(let finding, let isSilent) = line, rules.contains(finding.rule) {
        result[finding] = isSilent
      }
    }
    return result
  }

  /// How many of the tool's findings are open.
  func open(of rules: [String]) -> Int { findings(of: rules).count { !$0.value } }

  /// What came and went since an older state, by cause.
  func causes(since old: DayWorld, of rules: [String]) -> (in: Causes, out: Causes) {
    var entered: Causes = [:]
    var left: Causes = [:]
    let before = old.findings(of: rules)
    let after = findings(of: rules)
    for (finding, isSilent) in after {
      switch before[finding] {
      case nil where !isSilent: entered["introduced", default: 0] += 1
      case .some(true) where !isSilent: entered["unsuppressed", default: 0] += 1
      case .some(false) where isSilent: left["suppressed", default: 0] += 1
      default: break
      }
    }
    for (finding, isSilent) in before where after[finding] == nil && !isSilent {
      let number = "_\(finding.number)"
      let isInAFile = files.values.joined().contains { $0.written.contains("work\(number)(") }
      left[isInAFile ? "fixed" : "deleted", default: 0] += 1
    }
    return (entered, left)
  }

  /// Writes the files into a checkout, and takes away those that went.
  func write(to folder: URL) throws {
    let source = folder.appendingPathComponent("src")
    try? FileManager.default.removeItem(at: source)
    for (path, lines) in files {
      let file = folder.appendingPathComponent(path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(),
        withIntermediateDirectories: true
      )
      try Data(lines.map { $0.written + "\n" }.joined().utf8).write(to: file)
    }
  }
}

/// Random numbers from a seed: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014).
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
