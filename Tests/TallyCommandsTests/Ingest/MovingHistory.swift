import Foundation

/// A random history in a real repository, in which findings move as they do in life: files are renamed and edited at once, split, indented and
/// deleted, functions move, lines are silenced by comments, branches are merged and commits taken back.
final class MovingHistory {
  /// A commit with the texts it holds.
  struct Commit {
    let id: String
    let files: [String: [String]]
    let isOnMain: Bool
  }

  private let sandbox: Sandbox
  private var random: SeededGenerator
  private var files: [String: [String]] = [:]
  private var names = 0
  private(set) var commits: [Commit] = []

  /// Makes a repository with as many steps as told; the same seed makes the same.
  init(seed: UInt64, steps: Int, in sandbox: Sandbox) throws {
    self.sandbox = sandbox
    random = SeededGenerator(seed: seed)
    for index in 0..<Int.random(in: 2...5, using: &random) { files["src/f\(index).py"] = newFile() }
    try commit([], isOnMain: true)
    for _ in 0..<steps { try step() }
  }

  // MARK: Commits

  private var head: Commit { commits.last { $0.isOnMain } ?? commits[0] }

  private func step() throws {
    switch Int.random(in: 0..<100, using: &random) {
    case ..<15: try merge()
    case ..<22 where commits.count > 3:
      files = commits[commits.count - 2].files
      try commit([head.id], isOnMain: true)
    default:
      edit()
      try commit([head.id], isOnMain: true)
    }
  }

  private func merge() throws {
    let base = head
    var side = base.id
    for _ in 0..<Int.random(in: 1...2, using: &random) {
      edit()
      side = try commit([side], isOnMain: false)
    }
    let merged = files
    var first = base.id
    let note = "docs/d\(commits.count).txt"
    let moves = Bool.random(using: &random)
    if moves {
      files = base.files
      files[note] = ["text"]
      first = try commit([first], isOnMain: true)
    }
    files = merged
    if moves { files[note] = ["text"] }
    try commit([first, side], isOnMain: true)
  }

  @discardableResult
  private func commit(_ parents: [String], isOnMain: Bool) throws -> String {
    for path in commits.last?.files.keys.sorted() ?? [] where files[path] == nil {
      try FileManager.default.removeItem(at: sandbox.folder.appendingPathComponent(path))
    }
    for (path, lines) in files {
      try sandbox.write(lines.joined(separator: "\n") + "\n", to: path)
    }
    try sandbox.git("add", "-A", "--", ".", ":!*.db", ":!*.sarif")
    let tree = try sandbox.git("write-tree")
    let id = try sandbox.commit(tree: tree, parents: parents)
    try sandbox.git("update-ref", "refs/heads/c\(commits.count)", id)
    commits.append(Commit(id: id, files: files, isOnMain: isOnMain))
    return id
  }

  // MARK: Texts

  private func newFile() -> [String] {
    (0..<Int.random(in: 1...6, using: &random)).flatMap { _ in newFunction() }
  }

  private func newFunction() -> [String] {
    names += 1
    var body = ["def fun\(names)(a, b):"]
    for line in 0..<Int.random(in: 1...6, using: &random) {
      let number = Int.random(in: 0...9, using: &random)
      body.append("    v\(names)_\(line) = compute\(number)(a, \(number * 7))")
    }
    if Int.random(in: 0..<10, using: &random) < 6 {
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        let bad = [
          "    eval(a)", "    x = eval(\"\(names)\")", "    exec(b)", "    assert eval(v)",
        ]
        let place = Int.random(in: 1...body.count, using: &random)
        body.insert(bad.randomElement(using: &random) ?? bad[0], at: place)
      }
    }
    return body + ["    return v\(names)_0", ""]
  }

  private func edit() {
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      if files.isEmpty { files["src/n\(names).py"] = newFile() }
      let path = files.keys.sorted().randomElement(using: &random) ?? ""
      if path.hasSuffix(".py") { edit(path) }
    }
  }

  private func edit(_ path: String) {
    var lines = files[path] ?? []
    let bad = lines.indices.filter { lines[$0].contains("eval(") || lines[$0].contains("exec(") }
    let starts = lines.indices.filter { lines[$0].hasPrefix("def ") } + [lines.count]
    let place = bad.randomElement(using: &random)
    let free = "\(["src", "lib"].randomElement(using: &random) ?? "")/g\(names)_\(commits.count).py"
    switch Int.random(in: 0..<14, using: &random) {
    case 0:
      let at = Int.random(in: 0...lines.count, using: &random)
      lines.insert(contentsOf: ["# note \(at)", "# more"], at: at)
    case 1 where lines.count > 6:
      lines.remove(at: Int.random(in: 0..<lines.count, using: &random))
    case 2:
      if let place { lines[place] = lines[place].mended }
    case 3:
      if let place {
        lines[place] = lines[place].replacingOccurrences(of: "eval(", with: "eval(q, ")
      }
    case 4, 5:
      if files[free] != nil { return }
      files[path] = nil
      if let place, Bool.random(using: &random) { lines[place] = lines[place].mended }
      files[free] = lines
      return
    case 6 where starts.count > 2:
      let at = starts[Int.random(in: 1..<starts.count - 1, using: &random)]
      if files[free] != nil { return }
      files[free] = Array(lines[at...])
      lines.removeSubrange(at...)
    case 7:
      if let place, !lines[place].contains("noqa") { lines[place] += "  # noqa" }
    case 8 where Bool.random(using: &random): lines.insert("# flake8: noqa", at: 0)
    case 9:
      lines.insert(contentsOf: newFunction(), at: starts.randomElement(using: &random) ?? 0)
    case 10 where files.count > 2:
      files[path] = nil
      return
    case 11: lines = lines.map { $0.hasPrefix("    ") ? "  \($0)" : $0 }
    case 12: lines += [""] + lines.prefix(8)
    case 13 where starts.count > 2:
      let index = Int.random(in: 0..<starts.count - 1, using: &random)
      let function = Array(lines[starts[index]..<starts[index + 1]])
      lines.removeSubrange(starts[index]..<starts[index + 1])
      lines += function
    default: return
    }
    files[path] = lines
  }

  // MARK: Findings

  /// What a linter that obeys comments reports of a commit.
  static func report(_ commit: Commit) throws -> String {
    var linter = Linter()
    linter.tool = "flake8"
    let files = commit.files.filter {
      $0.key.hasSuffix(".py") && !$0.value.contains("# flake8: noqa")
    }
    let results = files.sorted { $0.key < $1.key }.flatMap { path, lines in
      linter.findings(in: lines.joined(separator: "\n"), path: path)
    }
    return try Linter.log([linter.run(results)])
  }
}

extension String {
  fileprivate var mended: String {
    replacingOccurrences(of: "eval(", with: "safe(").replacingOccurrences(
      of: "exec(",
      with: "safe("
    )
  }
}

/// SplitMix64: the same numbers on every machine.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
