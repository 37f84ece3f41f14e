public import TallyModel

extension LedgerReader {
  /// What entered, left and moved in some lanes, by subject; as many rows as there are positions, whatever the number of violations.
  ///
  /// A violation counts under the rule and the level that it has now, also where it had others when it moved.
  public func flows(of lanes: [LaneKey]) throws -> FlowBook {
    var book = FlowBook()
    var reading = FlowReading(
      subjects: try storedSubjects(),
      paths: try storedPaths(),
      interner: interner
    )
    for lane in lanes {
      guard let number = try interner.findLane(lane) else { continue }
      reading.begin(book.number(of: lane))
      try readFlows(of: number, &reading, into: &book)
    }
    for number in reading.commits { _ = book.append(commit: try interner.commit(number)) }
    try correct(reading.retitled, in: &book)
    return book
  }

  /// The times at which the violations of a lane that are open entered the balance, each once, in order.
  public func openTimes(of lane: LaneKey) throws -> [Timestamp] {
    guard let number = try interner.findLane(lane) else { return [] }
    var result: [Timestamp] = []
    // From each time straight to the next: very many may have entered at one.
    while let next = try session.int(
      """
      SELECT opened FROM violation WHERE lane = ? AND state = 0 AND opened > ?
      ORDER BY opened LIMIT 1
      """,
      .int(number),
      .int(result.last.map { Int($0.seconds) } ?? Int.min)
    ) {
      result.append(Timestamp(seconds: Int64(next)))
    }
    return result
  }

  /// Some open violations of a lane that entered the balance at a time and have been in it since, by id; from the beginning or after one.
  public func openViolations(
    of lane: LaneKey,
    since time: Timestamp,
    after last: ViolationID? = nil,
    limit: Int
  ) throws -> [Violation] {
    guard let number = try interner.findLane(lane) else { return [] }
    return try violations(
      """
      \(ViolationRow.columns)
      WHERE lane = ? AND state = 0 AND opened = ? AND id > ? ORDER BY id LIMIT ?
      """,
      .int(number),
      .int(Int(time.seconds)),
      .blob(last?.bytes ?? []),
      .int(limit)
    )
  }

  // MARK: Rows

  /// Every subject by its number, whatever the lane; nil where there is none.
  private func storedSubjects() throws -> [StoredSubject?] {
    let greatest = try session.int("SELECT max(number) FROM subject") ?? 0
    var result: [StoredSubject?] = Array(repeating: nil, count: greatest + 1)
    let query = try Query(session.db, "SELECT number, rule, level, path FROM subject")
    defer { query.reset() }
    while try query.step() {
      guard let level = UInt8(exactly: query.int(2)).flatMap(Level.init(rawValue:)) else {
        throw Damage("subject \(query.int(0)) has no level")
      }
      result[query.int(0)] = StoredSubject(rule: query.int(1), level: level, path: query.int(3))
    }
    return result
  }

  /// Every path by its number; nil where there is none.
  private func storedPaths() throws -> [RepoPath?] {
    let greatest = try session.int("SELECT max(number) FROM path") ?? 0
    var result: [RepoPath?] = Array(repeating: nil, count: greatest + 1)
    let query = try Query(session.db, "SELECT number, text FROM path")
    defer { query.reset() }
    while try query.step() { result[query.int(0)] = RepoPath(normalized: query.text(1)) }
    return result
  }

  private func readFlows(
    of lane: Int,
    _ reading: inout FlowReading,
    into book: inout FlowBook
  ) throws {
    let query = try Query(
      session.db,
      """
      SELECT f.place, p.time, p.git_commit, f.groups FROM flow f
      JOIN lane_position p ON p.lane = f.lane AND p.place = f.place WHERE f.lane = ?
      """
    )
    defer { query.reset() }
    try query.bind([.int(lane)])
    // Some twenty sums a position, and what may come beside them.
    let last = try session.int("SELECT max(place) FROM flow WHERE lane = ?", .int(lane)) ?? 0
    book.reserve(last * 20)
    while try query.step() {
      reading.position = Int32(query.int(0))
      reading.time = Timestamp(seconds: Int64(query.int(1)))
      try reading.read(query.bytes(3), commit: query.int(2), into: &book)
    }
  }

  /// Counts violations that have another rule or level by now under these from the beginning.
  private func correct(
    _ retitled: [(place: Int, item: StepFlows.Retitled)],
    in book: inout FlowBook
  ) throws {
    for (number, changes) in Dictionary(grouping: retitled, by: \.item.violation) {
      let id = try violationID(number)
      guard let violation = try storedViolation(id) else { continue }
      let postings = try postings(of: id)
      let moves = try moves(of: id).filter { $0.from != $0.to }
      let places = Set(postings.compactMap(\.position) + moves.map(\.position)).sorted()
      var tracker = FlowTracker(isOpen: false, path: violation.origin.path)
      for place in places {
        // What it was until the first change behind this place.
        guard let old = changes.filter({ $0.place > place }).min(by: { $0.place < $1.place })
        else { continue }
        let known = tracker.steps.count
        tracker.take(
          postings.filter { $0.position == place },
          moves: moves.filter { $0.position == place }.map(\.to)
        )
        guard let position = try books(of: violation.lane).position(place),
          let level = UInt8(exactly: old.item.level).flatMap(Level.init(rawValue:))
        else { throw Damage("position \(place) of \(violation.lane) is missing") }
        let rule = try interner.name(old.item.rule)
        for step in tracker.steps[known...] {
          book.add(step, of: violation.lane, at: place, position.time, rule: rule, level, times: -1)
          book.add(
            step,
            of: violation.lane,
            at: place,
            position.time,
            rule: violation.rule,
            violation.level,
            times: 1
          )
        }
      }
    }
  }
}

/// What lanes have in common of a subject, in the numbers of the tables.
private struct StoredSubject {
  let rule: Int
  let level: Level
  let path: Int
}

/// Reads the groups of one position after the other.
private struct FlowReading {
  private let subjects: [StoredSubject?]
  private let paths: [RepoPath?]
  private let interner: Interner
  /// By the number of a subject: its place in the book, and for which lane that was given.
  private var subjectPlaces: [(lane: Int32, place: Int32)]
  /// By the number of a path: its place in the book; -1 for none yet.
  private var pathPlaces: [Int32]
  private var rulePlaces: [Int: Int32] = [:]
  private var lane: Int32 = -1
  var position: Int32 = 0
  var time = Timestamp(seconds: 0)
  /// Violations that had another rule or level before a position.
  private(set) var retitled: [(place: Int, item: StepFlows.Retitled)] = []
  /// The numbers of the commits, in the order of their places in the book.
  private(set) var commits: [Int] = []
  private var commitPlaces: [Int: Int32] = [:]

  init(subjects: [StoredSubject?], paths: [RepoPath?], interner: Interner) {
    self.subjects = subjects
    self.paths = paths
    self.interner = interner
    subjectPlaces = Array(repeating: (-1, -1), count: subjects.count)
    pathPlaces = Array(repeating: -1, count: paths.count)
  }

  /// Begins another lane.
  mutating func begin(_ lane: Int32) { self.lane = lane }

  mutating func read(_ bytes: [UInt8], commit: Int, into book: inout FlowBook) throws {
    var reader = ByteReader(bytes)
    let count = try reader.number("flows")
    guard count <= bytes.count else { throw FormatError.length("flows") }
    var last = 0
    for _ in 0..<count {
      guard let kind = PostingKind(rawValue: try reader.byte("kind")) else {
        throw FormatError.invalid("kind")
      }
      let bits = try reader.byte("basis")
      guard let basis = Basis(rawValue: bits >> 1) else { throw FormatError.invalid("basis") }
      last += Int(try reader.signed("subject"))
      let destination = kind == .movedOut ? last + Int(try reader.signed("destination")) : nil
      let own = try reader.flag("commit") ? commit + Int(try reader.signed("commit")) : nil
      guard let number = Int32(exactly: try reader.number("count")) else {
        throw FormatError.invalid("count")
      }
      book.add(
        Flow(
          lane: lane,
          position: position,
          time: time,
          kind: kind,
          basis: basis,
          isExactCommit: bits & 1 == 1,
          subject: try place(of: last, in: &book),
          destination: try destination.map { try place(of: $0, in: &book) } ?? -1,
          commit: own.map { place(ofCommit: $0) } ?? -1,
          count: number
        )
      )
    }
    let others = try reader.number("retitled")
    guard others <= bytes.count else { throw FormatError.length("retitled") }
    for _ in 0..<others {
      let item = StepFlows.Retitled(
        violation: try reader.number("violation"),
        rule: try reader.number("rule"),
        level: try reader.number("level")
      )
      retitled.append((Int(position), item))
    }
    try reader.finish("flows")
  }

  private mutating func place(of number: Int, in book: inout FlowBook) throws -> Int32 {
    guard subjectPlaces.indices.contains(number) else { throw FormatError.invalid("subject") }
    let known = subjectPlaces[number]
    if known.lane == lane { return known.place }
    guard let subject = subjects[number] else { throw FormatError.invalid("subject") }
    let place = book.append(
      FlowSubject(
        lane: lane,
        rule: try place(ofRule: subject.rule, in: &book),
        level: subject.level,
        file: try place(ofPath: subject.path, in: &book)
      )
    )
    subjectPlaces[number] = (lane, place)
    return place
  }

  private mutating func place(ofRule number: Int, in book: inout FlowBook) throws -> Int32 {
    if let place = rulePlaces[number] { return place }
    let place = book.append(rule: try interner.name(number))
    rulePlaces[number] = place
    return place
  }

  private mutating func place(ofPath number: Int, in book: inout FlowBook) throws -> Int32 {
    guard pathPlaces.indices.contains(number), let path = paths[number] else {
      throw Damage("path \(number) is missing")
    }
    if pathPlaces[number] < 0 { pathPlaces[number] = book.append(file: path) }
    return pathPlaces[number]
  }

  private mutating func place(ofCommit number: Int) -> Int32 {
    // Nearly always that of the flow before.
    if let last = commits.last, last == number { return Int32(commits.count - 1) }
    if let place = commitPlaces[number] { return place }
    let place = Int32(commits.count)
    commitPlaces[number] = place
    commits.append(number)
    return place
  }
}
