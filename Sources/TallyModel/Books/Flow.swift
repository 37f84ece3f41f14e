/// What violations are counted by: whoever selects by lane, rule, level and file need not look at each of them.
public struct Subject: Sendable, Hashable {
  /// The lane.
  public let lane: LaneKey
  /// The rule.
  public let rule: String
  /// The level.
  public let level: Level
  /// The file.
  public let path: RepoPath

  /// Creates a subject.
  public init(lane: LaneKey, rule: String, level: Level, path: RepoPath) {
    self.lane = lane
    self.rule = rule
    self.level = level
    self.path = path
  }
}

/// So many violations of one subject that entered, left or moved alike: postings without their violations.
///
/// Numbers are places in a ``FlowBook``.
public struct Flow: Sendable, Hashable {
  /// The lane.
  public var lane: Int32
  /// The position in the lane; -1 for what follows the clock.
  public var position: Int32
  /// When it counts.
  public var time: Timestamp
  /// What happened; ``PostingKind/movedOut`` for what goes on under another subject.
  public var kind: PostingKind
  /// How that is known.
  public var basis: Basis
  /// True when ``commit`` is the one commit that did it.
  public var isExactCommit: Bool
  /// The subject: before for what leaves or moves, after for what enters.
  public var subject: Int32
  /// The subject that something moved to; -1 for all else.
  public var destination: Int32
  /// The commit; -1 for none.
  public var commit: Int32
  /// How many; below zero for what is taken back.
  public var count: Int32

  /// Creates a flow.
  public init(
    lane: Int32,
    position: Int32,
    time: Timestamp,
    kind: PostingKind,
    basis: Basis,
    isExactCommit: Bool,
    subject: Int32,
    destination: Int32,
    commit: Int32,
    count: Int32
  ) {
    self.lane = lane
    self.position = position
    self.time = time
    self.kind = kind
    self.basis = basis
    self.isExactCommit = isExactCommit
    self.subject = subject
    self.destination = destination
    self.commit = commit
    self.count = count
  }
}

/// A ``Subject`` in the numbers of a book.
public struct FlowSubject: Sendable, Hashable {
  /// The lane.
  public let lane: Int32
  /// The rule.
  public let rule: Int32
  /// The level.
  public let level: Level
  /// The file.
  public let file: Int32

  /// Creates a subject.
  public init(lane: Int32, rule: Int32, level: Level, file: Int32) {
    self.lane = lane
    self.rule = rule
    self.level = level
    self.file = file
  }
}

/// Every movement of some lanes by subject: what a post counts, whatever the number of violations.
public struct FlowBook: Sendable {
  /// The lanes.
  public private(set) var lanes: [LaneKey] = []
  /// The rules.
  public private(set) var rules: [String] = []
  /// The files.
  public private(set) var files: [RepoPath] = []
  /// The subjects.
  public private(set) var subjects: [FlowSubject] = []
  /// The commits.
  public private(set) var commits: [CommitID] = []
  /// The movements, in no order that means anything.
  public private(set) var flows: [Flow] = []
  private var ruleNumbers = Numbers<String>()
  private var fileNumbers = Numbers<RepoPath>()
  private var subjectNumbers = Numbers<FlowSubject>()
  private var commitNumbers = Numbers<CommitID>()

  /// Creates a book without movements.
  public init() {}

  /// The number of a lane, which may be new.
  public mutating func number(of lane: LaneKey) -> Int32 {
    if let known = lanes.firstIndex(of: lane) { return Int32(known) }
    lanes.append(lane)
    return Int32(lanes.count - 1)
  }

  /// Adds a rule that is not there yet; returns its number.
  public mutating func append(rule: String) -> Int32 {
    rules.append(rule)
    return Int32(rules.count - 1)
  }

  /// Adds a file that is not there yet; returns its number.
  public mutating func append(file: RepoPath) -> Int32 {
    files.append(file)
    return Int32(files.count - 1)
  }

  /// Adds a subject that is not there yet; returns its number.
  public mutating func append(_ subject: FlowSubject) -> Int32 {
    subjects.append(subject)
    return Int32(subjects.count - 1)
  }

  /// The number of a subject, which may be new.
  public mutating func number(of subject: Subject) -> Int32 {
    let numbers = FlowSubject(
      lane: number(of: subject.lane),
      rule: ruleNumbers.number(of: subject.rule, in: &rules),
      level: subject.level,
      file: fileNumbers.number(of: subject.path, in: &files)
    )
    return subjectNumbers.number(of: numbers, in: &subjects)
  }

  /// A subject by its number.
  public func subject(_ number: Int32) -> Subject {
    let subject = subjects[Int(number)]
    return Subject(
      lane: lanes[Int(subject.lane)],
      rule: rules[Int(subject.rule)],
      level: subject.level,
      path: files[Int(subject.file)]
    )
  }

  /// Adds a commit that is not there yet; returns its number.
  public mutating func append(commit: CommitID) -> Int32 {
    commits.append(commit)
    return Int32(commits.count - 1)
  }

  /// The number of a commit, which may be new.
  public mutating func number(of commit: CommitID) -> Int32 {
    commitNumbers.number(of: commit, in: &commits)
  }

  /// Makes room for so many more movements.
  public mutating func reserve(_ count: Int) { flows.reserveCapacity(flows.count + count) }

  /// Gives what was done at positions other times; nil leaves the time as it is.
  public mutating func retime(_ time: (_ lane: LaneKey, _ position: Int) -> Timestamp?) {
    for index in flows.indices where flows[index].position >= 0 {
      let lane = lanes[Int(flows[index].lane)]
      if let other = time(lane, Int(flows[index].position)) { flows[index].time = other }
    }
  }

  /// Adds a movement.
  public mutating func add(_ flow: Flow) { flows.append(flow) }

  /// Adds what one violation did, so many times; below zero to take it back.
  public mutating func add(
    _ step: FlowTracker.Step,
    of lane: LaneKey,
    at position: Int?,
    _ time: Timestamp,
    rule: String,
    _ level: Level,
    times count: Int32
  ) {
    let destination = step.destination.map {
      number(of: Subject(lane: lane, rule: rule, level: level, path: $0))
    }
    flows.append(
      Flow(
        lane: number(of: lane),
        position: position.map { Int32($0) } ?? -1,
        time: time,
        kind: step.kind,
        basis: step.basis,
        isExactCommit: step.posting?.isExactCommit ?? false,
        subject: number(
          of: Subject(lane: lane, rule: rule, level: level, path: step.path)
        ),
        destination: destination ?? -1,
        commit: step.posting?.commit.map { number(of: $0) } ?? -1,
        count: count
      )
    )
  }
}

/// The places of what is in an array; found out when somebody asks, for most books are only read.
private struct Numbers<Item: Hashable & Sendable>: Sendable {
  private var places: [Item: Int32] = [:]
  private var count = 0

  mutating func number(of item: Item, in items: inout [Item]) -> Int32 {
    for index in count..<items.count { places[items[index]] = Int32(index) }
    count = items.count
    if let known = places[item] { return known }
    let number = Int32(items.count)
    items.append(item)
    places[item] = number
    count = items.count
    return number
  }
}

extension FlowBook {
  /// What a sum is of.
  public struct Key: Sendable, Hashable {
    let position: Int32
    let time: Timestamp
    let kind: PostingKind
    let basis: Basis
    let isExactCommit: Bool
    let subject: Subject
    let destination: Subject?
    let commit: CommitID?
  }

  /// Every sum that is not zero: the same for any two books that say the same.
  public var sums: [Key: Int] {
    var result: [Key: Int] = [:]
    for flow in flows {
      let key = Key(
        position: flow.position,
        time: flow.time,
        kind: flow.kind,
        basis: flow.basis,
        isExactCommit: flow.isExactCommit,
        subject: subject(flow.subject),
        destination: flow.destination < 0 ? nil : subject(flow.destination),
        commit: flow.commit < 0 ? nil : commits[Int(flow.commit)]
      )
      result[key, default: 0] += Int(flow.count)
    }
    return result.filter { $0.value != 0 }
  }
}

/// Follows one violation from subject to subject.
public struct FlowTracker: Sendable {
  /// One movement of the violation.
  public struct Step: Sendable, Hashable {
    /// What happened.
    public let kind: PostingKind
    /// How that is known.
    public let basis: Basis
    /// The file: before for what leaves or moves, after for what enters.
    public let path: RepoPath
    /// The file that it moved to; nil for all else.
    public let destination: RepoPath?
    /// The posting; nil for a move.
    public let posting: Posting?
  }

  private var isOpen: Bool
  private var path: RepoPath
  /// What happened so far, in order.
  public private(set) var steps: [Step] = []

  /// Begins with what is before the first event.
  public init(isOpen: Bool, path: RepoPath) {
    self.isOpen = isOpen
    self.path = path
  }

  /// The violation is at another path from here on.
  public mutating func move(to new: RepoPath) {
    if isOpen, new != path {
      steps.append(
        Step(kind: .movedOut, basis: .direct, path: path, destination: new, posting: nil)
      )
    }
    path = new
  }

  /// It enters or leaves the balance.
  public mutating func post(_ posting: Posting) {
    if isOpen { move(to: posting.path) }
    steps.append(
      Step(
        kind: posting.kind,
        basis: posting.basis,
        path: posting.path,
        destination: nil,
        posting: posting
      )
    )
    isOpen = posting.kind.sign > 0
    path = posting.path
  }

  /// The postings and moves of one position: what leaves leaves from the old path, what enters enters at the new one.
  public mutating func take(_ postings: [Posting], moves: [RepoPath]) {
    let leaves = postings.contains { $0.kind.sign < 0 && $0.kind != .waived }
    if !leaves { for path in moves { move(to: path) } }
    for posting in postings { post(posting) }
    if leaves { for path in moves { move(to: path) } }
  }
}
