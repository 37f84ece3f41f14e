internal import TallyModel

/// A text as a key by its bytes: Swift's own equality takes different spellings of a character for one.
struct ExactText: Hashable {
  let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }
}

/// Numbers for what is named again and again: names, paths, lanes, commits, texts.
///
/// Keeps what it has seen in one transaction; never outlives it.
final class Interner {
  private let session: Session
  private var nameNumbers: [ExactText: Int] = [:]
  private var names: [Int: String] = [:]
  private var pathNumbers: [RepoPath: Int] = [:]
  private var paths: [Int: RepoPath] = [:]
  private var commitNumbers: [CommitID: Int] = [:]
  private var commits: [Int: CommitID] = [:]
  private var laneNumbers: [LaneKey: Int] = [:]
  private var lanes: [Int: LaneKey] = [:]
  private var textNumbers: [TextID: Int] = [:]
  private var texts: [Int: TextID] = [:]
  private var subjectNumbers: [SubjectKey: Int] = [:]

  init(_ session: Session) { self.session = session }

  // MARK: Names

  func name(_ number: Int) throws -> String {
    if let text = names[number] { return text }
    let text = try session.first("SELECT text FROM name WHERE number = ?", .int(number)) {
      $0.text(0)
    }
    guard let text else { throw Damage("name \(number) is missing") }
    names[number] = text
    return text
  }

  func findName(_ text: String) throws -> Int? {
    let key = ExactText(text)
    if let number = nameNumbers[key] { return number }
    let number = try session.int("SELECT number FROM name WHERE text = ?", .text(text))
    if let number { nameNumbers[key] = number }
    return number
  }

  func makeName(_ text: String) throws -> Int {
    if let number = try findName(text) { return number }
    try session.run("INSERT INTO name (text) VALUES (?)", .text(text))
    let number = session.lastRow
    nameNumbers[ExactText(text)] = number
    names[number] = text
    return number
  }

  // MARK: Paths

  func path(_ number: Int) throws -> RepoPath {
    if let path = paths[number] { return path }
    let text = try session.first("SELECT text FROM path WHERE number = ?", .int(number)) {
      $0.text(0)
    }
    guard let text else { throw Damage("path \(number) is missing") }
    let path = RepoPath(normalized: text)
    paths[number] = path
    pathNumbers[path] = number
    return path
  }

  func findPath(_ path: RepoPath) throws -> Int? {
    if let number = pathNumbers[path] { return number }
    let number = try session.int("SELECT number FROM path WHERE text = ?", .text(path.text))
    if let number {
      pathNumbers[path] = number
      paths[number] = path
    }
    return number
  }

  func makePath(_ path: RepoPath) throws -> Int {
    if let number = try findPath(path) { return number }
    try session.run("INSERT INTO path (text) VALUES (?)", .text(path.text))
    let number = session.lastRow
    pathNumbers[path] = number
    paths[number] = path
    return number
  }

  // MARK: Lanes

  func lane(_ number: Int) throws -> LaneKey {
    if let lane = lanes[number] { return lane }
    let lane = try session.first(
      "SELECT project, tool, category, branch FROM lane WHERE number = ?",
      .int(number)
    ) { LaneKey(project: $0.text(0), tool: $0.text(1), category: $0.text(2), branch: $0.text(3)) }
    guard let lane else { throw Damage("lane \(number) is missing") }
    lanes[number] = lane
    laneNumbers[lane] = number
    return lane
  }

  func findLane(_ lane: LaneKey) throws -> Int? {
    if let number = laneNumbers[lane] { return number }
    let number = try session.int(
      "SELECT number FROM lane WHERE project = ? AND tool = ? AND category = ? AND branch = ?",
      .text(lane.project),
      .text(lane.tool),
      .text(lane.category),
      .text(lane.branch)
    )
    if let number { laneNumbers[lane] = number }
    return number
  }

  func makeLane(_ lane: LaneKey) throws -> Int {
    if let number = try findLane(lane) { return number }
    try session.run(
      "INSERT INTO lane (project, tool, category, branch) VALUES (?, ?, ?, ?)",
      .text(lane.project),
      .text(lane.tool),
      .text(lane.category),
      .text(lane.branch)
    )
    laneNumbers[lane] = session.lastRow
    return session.lastRow
  }

  // MARK: Commits

  func commit(_ number: Int) throws -> CommitID {
    if let id = commits[number] { return id }
    let bytes = try session.first("SELECT id FROM git_commit WHERE number = ?", .int(number)) {
      $0.bytes(0)
    }
    guard let bytes, let id = CommitID(bytes: bytes) else {
      throw Damage("commit \(number) is missing")
    }
    remember(id, number)
    return id
  }

  /// Makes room for so many commits.
  func reserveCommits(_ count: Int) {
    commitNumbers.reserveCapacity(count)
    commits.reserveCapacity(count)
  }

  /// Keeps a commit that was read with something else.
  func remember(_ id: CommitID, _ number: Int) {
    commitNumbers[id] = number
    commits[number] = id
  }

  func makeCommit(_ id: CommitID) throws -> Int {
    if let number = commitNumbers[id] { return number }
    var number = try session.int("SELECT number FROM git_commit WHERE id = ?", .blob(id.bytes))
    if number == nil {
      try session.run("INSERT INTO git_commit (id) VALUES (?)", .blob(id.bytes))
      number = session.lastRow
    }
    guard let number else { throw Damage("commit \(id) is missing") }
    remember(id, number)
    return number
  }

  // MARK: Texts

  func text(_ number: Int) throws -> TextID {
    if let id = texts[number] { return id }
    let bytes = try session.first("SELECT hash FROM text WHERE number = ?", .int(number)) {
      $0.bytes(0)
    }
    guard let bytes, let id = TextID(bytes: bytes) else {
      throw Damage("text \(number) is missing")
    }
    remember(id, number)
    return id
  }

  func findText(_ id: TextID) throws -> Int? {
    if let number = textNumbers[id] { return number }
    let bytes = id.bytes
    let number = try session.int(
      "SELECT number FROM text WHERE substr(hash, 1, 4) = ? AND hash = ?",
      .blob(Array(bytes.prefix(4))),
      .blob(bytes)
    )
    if let number { remember(id, number) }
    return number
  }

  /// The number of a text whose words may not be known.
  func makeText(_ id: TextID) throws -> Int {
    if let number = try findText(id) { return number }
    try session.run("INSERT INTO text (hash) VALUES (?)", .blob(id.bytes))
    remember(id, session.lastRow)
    return session.lastRow
  }

  private func remember(_ id: TextID, _ number: Int) {
    textNumbers[id] = number
    texts[number] = id
  }

  // MARK: Subjects

  func makeSubject(_ key: SubjectKey) throws -> Int {
    if let number = subjectNumbers[key] { return number }
    var number = try session.int(
      "SELECT number FROM subject WHERE path = ? AND rule = ? AND level = ?",
      .int(key.path),
      .int(key.rule),
      .int(key.level)
    )
    if number == nil {
      try session.run(
        "INSERT INTO subject (rule, level, path) VALUES (?, ?, ?)",
        .int(key.rule),
        .int(key.level),
        .int(key.path)
      )
      number = session.lastRow
    }
    guard let number else { throw Damage("a subject is missing") }
    subjectNumbers[key] = number
    return number
  }
}

/// The numbers of a rule, a level and a path that violations are counted by together.
struct SubjectKey: Hashable {
  let rule: Int
  let level: Int
  let path: Int
}

/// Something stored is missing or is not what it was; becomes ``LedgerError/corrupt(path:what:)`` at the surface.
struct Damage: Error, Hashable {
  let what: String

  init(_ what: String) { self.what = what }
}
