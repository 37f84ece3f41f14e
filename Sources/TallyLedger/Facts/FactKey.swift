internal import TallyModel

/// Numbers under which entries are found by what they are about: 31 bits of a kind and of the start of a hash.
///
/// Two subjects may share a number; whoever looks compares the whole subject. Physical only.
enum FactKey {
  static func commit(_ id: CommitID) -> Int { key(1, word(id)) }
  static func changes(_ id: CommitID) -> Int { key(2, word(id)) }
  static func manifest(_ id: CommitID) -> Int { key(3, word(id)) }
  static func renames(_ from: CommitID, _ to: CommitID) -> Int {
    key(4, pair(word(from), word(to)))
  }
  static func capture(_ scan: EntryID) -> Int { key(5, scan.prefix64) }
  static func map(_ pair: BlobPair) -> Int { key(6, FactKey.pair(word(pair.old), word(pair.new))) }
  static func silences(_ blob: BlobID) -> Int { key(12, word(blob)) }
  static func toolConfiguration(at commit: CommitID) -> Int { key(15, word(commit)) }
  static func scan(at commit: CommitID) -> Int { key(7, word(commit)) }
  static func retraction(of entry: EntryID) -> Int { key(8, entry.prefix64) }
  static func recording(_ entry: EntryID) -> Int { key(13, entry.prefix64) }
  static func confirmation(_ scan: EntryID) -> Int { key(14, scan.prefix64) }
  /// All entries that say what a commit changed.
  static let allChanges = key(10, 0)
  static func child(of commit: CommitID) -> Int { key(9, word(commit)) }

  private static func word<Subject>(_ id: GitObjectID<Subject>) -> UInt64 {
    id.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func pair(_ first: UInt64, _ second: UInt64) -> UInt64 {
    (first << 23 | first >> 41) ^ second
  }

  private static func key(_ kind: UInt64, _ word: UInt64) -> Int {
    Int((word ^ kind &* 0x9E37_79B9_7F4A_7C15) >> 33)
  }

  /// The numbers of an entry.
  static func all(of body: EntryBody) -> [Int] {
    switch body {
    case .scan(let record): [scan(at: record.commit)]
    case .commit(let record): [commit(record.commit)] + record.parents.map(child)
    case .evidence(.manifest(let commit, _)): [manifest(commit)]
    case .evidence(.changes(let commit, _, _)): [changes(commit), allChanges]
    case .evidence(.renames(let from, let to, _)): [renames(from, to)]
    case .evidence(.capture(let scan, _)): [capture(scan)]
    case .evidence(.maps(let maps)): maps.map { map(BlobPair(old: $0.old, new: $0.new)) }
    case .evidence(.silences(_, let texts)): texts.map { silences($0.blob) }
    case .evidence(.recording(let record)): record.entries.map(recording)
    case .confirmation(let record): [confirmation(record.scan)]
    case .evidence(.toolConfiguration(let record)): [toolConfiguration(at: record.commit)]
    case .retraction(let record): [retraction(of: record.target)]
    default: []
    }
  }
}
