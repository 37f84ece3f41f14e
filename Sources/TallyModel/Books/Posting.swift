/// What happened to a violation (ledger.md, "Postings").
///
/// The numbers are stored. MUST NOT CHANGE.
public enum PostingKind: UInt8, Sendable, Hashable, CaseIterable {
  case broughtForward = 1
  case introduced = 2
  case surfaced = 3
  case reopened = 4
  case unsuppressed = 5
  case unwaived = 6
  case unattributedIn = 7
  case movedIn = 8
  case redefinedIn = 9
  case rematchedIn = 10
  case fixed = 33
  case retired = 34
  case deleted = 35
  case suppressed = 36
  case waived = 37
  case unattributedOut = 38
  case movedOut = 39
  case redefinedOut = 40
  case rematchedOut = 41

  /// +1 where the violation enters the open balance, -1 where it leaves.
  public var sign: Int { rawValue < 32 ? 1 : -1 }

  /// What several postings of one violation at one position are ordered by: a person's word counts behind what the scan did.
  public var order: Int {
    self == .rematchedIn || self == .rematchedOut ? 256 + Int(rawValue) : Int(rawValue)
  }

  /// The words used in output, such as `brought forward`.
  public var name: String {
    switch self {
    case .broughtForward: "brought forward"
    case .unattributedIn: "unattributed in"
    case .unattributedOut: "unattributed out"
    case .movedIn: "moved in"
    case .movedOut: "moved out"
    case .redefinedIn: "redefined in"
    case .redefinedOut: "redefined out"
    case .rematchedIn: "rematched in"
    case .rematchedOut: "rematched out"
    default: String(describing: self)
    }
  }
}

/// How a cause is known.
///
/// The numbers are stored. MUST NOT CHANGE.
public enum Basis: UInt8, Sendable, Hashable, CaseIterable {
  /// The finding's own file changed, or nothing needed to be inferred.
  case direct = 0
  /// Only other files changed.
  case indirect = 1
  /// The tool lists its rules, and says so itself.
  case declared = 2
  /// Inferred from equal or unequal tool version and configuration digest.
  case assumed = 3
  /// Two links were nearly as good.
  case ambiguous = 4
  /// The blobs are not known.
  case unknown = 5

  /// The word used in output.
  public var name: String { String(describing: self) }
}

/// Names a violation: the first 16 bytes of a hash over its earliest sighting (`docs/format.md`).
public struct ViolationID: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Bytes 0 to 7, big-endian.
  public let high: UInt64
  /// Bytes 8 to 15, big-endian.
  public let low: UInt64

  /// Creates an id from its halves.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Creates an id from 16 bytes; nil for any other count.
  public init?(bytes: some Collection<UInt8>) {
    if bytes.count != 16 { return nil }
    var words: [UInt64] = [0, 0]
    for (index, byte) in bytes.enumerated() {
      words[index / 8] = words[index / 8] << 8 | UInt64(byte)
    }
    self.init(high: words[0], low: words[1])
  }

  /// Creates an id from 32 hexadecimal digits, in either case; nil for anything else.
  public init?(hex digits: String) {
    guard digits.utf8.count == 32, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }),
      let high = UInt64(digits.prefix(16), radix: 16),
      let low = UInt64(digits.suffix(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }

  /// The 16 bytes, first byte first.
  public var bytes: [UInt8] {
    [high, low].flatMap { word in
      stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
    }
  }

  /// The first bits in Crockford's base 32 after `T-`: 25 digits, most significant first.
  public var description: String { "T-" + String(digits.prefix(25)) }

  /// `T-` and the first digits, 6 unless told; a reader takes any unambiguous prefix of at least 4.
  public func short(digits count: Int = 6) -> String { "T-" + String(digits.prefix(count)) }

  /// Says whether this id begins with the digits of a written one, in either case, with or without `T-`.
  public func hasPrefix(_ written: String) -> Bool {
    var text = written.uppercased()
    if text.hasPrefix("T-") { text = String(text.dropFirst(2)) }
    text = String(
      text.map { character -> Character in
        switch character {
        case "O": "0"
        case "I", "L": "1"
        default: character
        }
      }
    )
    return !text.isEmpty && digits.hasPrefix(text)
  }

  private var digits: String {
    let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    let source = bytes
    var result = ""
    for index in 0..<25 {
      var value = 0
      for bit in index * 5..<index * 5 + 5 {
        value = value << 1 | Int(source[bit / 8] >> UInt8(7 - bit % 8) & 1)
      }
      result.append(alphabet[value])
    }
    return result
  }

  /// Says whether the left id comes first, bytewise.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    (lhs.high, lhs.low) < (rhs.high, rhs.low)
  }
}

/// Where a violation stands.
public enum ViolationState: UInt8, Sendable, Hashable {
  case open = 0
  case suppressed = 1
  case closed = 2
}

/// A place of a scan in its lane: one commit, whose scans unite.
public struct LanePosition: Sendable, Hashable {
  /// The lane.
  public let lane: LaneKey
  /// Its place in the lane's order, from 0.
  public let index: Int
  /// The commit.
  public let commit: CommitID
  /// The time it is ordered by: the commit's own or its latest parent's, whichever is later; arrival of the first scan where git was never asked.
  public let time: Timestamp
  /// The scans that count here, sorted by id: one, or the disjoint shards of one.
  public let scans: [EntryID]
  /// Scans of the same claim that others supersede, sorted by id.
  public let superseded: [EntryID]
  /// True when every scan that counts succeeded.
  public let succeeded: Bool
  /// False when the commit is known not to lie on the first-parent line of the lane's newest.
  public let onLine: Bool
  /// True when every file of the lane was covered.
  public let coversAll: Bool

  /// Creates a position.
  public init(
    lane: LaneKey,
    index: Int,
    commit: CommitID,
    time: Timestamp,
    scans: [EntryID],
    superseded: [EntryID],
    succeeded: Bool,
    onLine: Bool,
    coversAll: Bool
  ) {
    self.lane = lane
    self.index = index
    self.commit = commit
    self.time = time
    self.scans = scans
    self.superseded = superseded
    self.succeeded = succeeded
    self.onLine = onLine
    self.coversAll = coversAll
  }

  /// The same position at another time.
  public func timed(_ time: Timestamp) -> LanePosition {
    LanePosition(
      lane: lane,
      index: index,
      commit: commit,
      time: time,
      scans: scans,
      superseded: superseded,
      succeeded: succeeded,
      onLine: onLine,
      coversAll: coversAll
    )
  }
}

/// How two findings were linked, kept as evidence.
public struct LinkEvidence: Sendable, Hashable {
  /// Which stage of tracking.md made the link.
  public let stage: MatchStage
  /// The integer score within the stage.
  public let score: Int
  /// By how much the best beats the next; nil when there was no other.
  public let margin: Int?

  /// Creates evidence.
  public init(stage: MatchStage, score: Int, margin: Int?) {
    self.stage = stage
    self.score = score
    self.margin = margin
  }
}

/// The stages of tracking.md.
///
/// The numbers are stored. MUST NOT CHANGE.
public enum MatchStage: UInt8, Sendable, Hashable, CaseIterable {
  case sameBlob = 0
  case fileMap = 1
  case tokenMap = 2
  case movedBlock = 3
  case window = 4
  case candidate = 5
  case assignment = 7
  case correction = 9

  /// The word used in output, such as `token-map`.
  public var name: String {
    switch self {
    case .sameBlob: "same-blob"
    case .fileMap: "file-map"
    case .tokenMap: "token-map"
    case .movedBlock: "moved-block"
    default: String(describing: self)
    }
  }
}

/// One movement in the books: a violation entered or left the open balance.
public struct Posting: Sendable, Hashable {
  /// The violation.
  public let violation: ViolationID
  /// When it counts: the time of the position, or the time a waiver says.
  public let time: Timestamp
  /// The position it was made at; nil for waivers, which follow the clock.
  public let position: Int?
  /// The lane of the violation.
  public let lane: LaneKey
  /// What happened.
  public let kind: PostingKind
  /// How that is known.
  public let basis: Basis
  /// The file at the time: before for what leaves, after for what enters.
  public let path: RepoPath
  /// The commit that did it, where exactly one between the two scans touched the file; else the scanned commit.
  public let commit: CommitID?
  /// True when ``commit`` is that one commit, false when it stands for the range up to it.
  public let isExactCommit: Bool
  /// How a reopened violation was recognised; nil otherwise.
  public let link: LinkEvidence?
  /// What the posting goes back to: the waiver, the configuration; nil for scans.
  public let source: EntryID?

  /// Creates a posting.
  public init(
    violation: ViolationID,
    time: Timestamp,
    position: Int?,
    lane: LaneKey,
    kind: PostingKind,
    basis: Basis,
    path: RepoPath,
    commit: CommitID?,
    isExactCommit: Bool,
    link: LinkEvidence?,
    source: EntryID?
  ) {
    self.violation = violation
    self.time = time
    self.position = position
    self.lane = lane
    self.kind = kind
    self.basis = basis
    self.path = path
    self.commit = commit
    self.isExactCommit = isExactCommit
    self.link = link
    self.source = source
  }

  /// The same posting at another time.
  public func timed(_ time: Timestamp) -> Posting {
    Posting(
      violation: violation,
      time: time,
      position: position,
      lane: lane,
      kind: kind,
      basis: basis,
      path: path,
      commit: commit,
      isExactCommit: isExactCommit,
      link: link,
      source: source
    )
  }
}

/// A violation as the books hold it at the end of its lane.
public struct Violation: Sendable, Hashable {
  /// Minted from the earliest sighting.
  public let id: ViolationID
  /// The lane it lives in.
  public let lane: LaneKey
  /// The rule, as the latest sighting has it.
  public var rule: String
  /// The level, as the latest sighting has it.
  public var level: Level
  /// The message, as the latest sighting has it.
  public var message: TextID
  /// Where it stands, waivers aside.
  public var state: ViolationState
  /// The earliest sighting.
  public let origin: Sighting
  /// The latest sighting: for an open one the row at the lane's newest position that covered its file.
  public var last: Sighting
  /// The position of ``origin``.
  public let firstPosition: Int
  /// The position of ``last``.
  public var lastPosition: Int

  /// Creates a violation.
  public init(
    id: ViolationID,
    lane: LaneKey,
    rule: String,
    level: Level,
    message: TextID,
    state: ViolationState,
    origin: Sighting,
    last: Sighting,
    firstPosition: Int,
    lastPosition: Int
  ) {
    self.id = id
    self.lane = lane
    self.rule = rule
    self.level = level
    self.message = message
    self.state = state
    self.origin = origin
    self.last = last
    self.firstPosition = firstPosition
    self.lastPosition = lastPosition
  }
}
