internal import TallyModel

/// Entries that are at hand whole: what a transaction appended, or what bundles hold that nobody wrote yet.
///
/// Books are made from them without the way through the stored forms. Bodies and sheets are those that whoever brought them holds anyway.
struct FreshFacts: Sendable {
  /// So many bytes of sheets and trees are kept at most; the rest is read again from where it is stored.
  private static let mostBytes = 96 << 20

  private(set) var bodies: [Int: EntryBody] = [:]
  private(set) var receipts: [Int: Receipt] = [:]
  private(set) var manifests: [ManifestID: Manifest] = [:]
  private var sheets: [SheetID: [UInt8]] = [:]
  private var trees: [TreeID: Tree] = [:]
  private var bytes = 0
  /// What all entries are found by; nil where the journal held some before.
  private var index: Index?
  /// False where a sheet or tree was left out.
  private(set) var isWhole = true

  private struct Index {
    var ids: [EntryID] = []
    var keys: [Int: [Int]] = [:]
    var kinds: [UInt8: [Int]] = [:]
    var lanes: [Lane: [Int]] = [:]
  }

  private struct Lane: Hashable {
    let key: LaneKey
    let kind: EntryKind
  }

  init(isEmptyBefore: Bool) { index = isEmptyBefore ? Index() : nil }

  // MARK: Keeping

  /// Keeps the next entry.
  mutating func keep(_ draft: EntryDraft, _ receipt: Receipt, at sequence: Int) {
    bodies[sequence] = draft.body
    receipts[sequence] = receipt
    guard index != nil else { return }
    index?.ids.append(draft.id)
    for key in FactKey.all(of: draft.body) where index?.keys[key]?.last != sequence {
      index?.keys[key, default: []].append(sequence)
    }
    switch draft.body {
    case .scan(let record):
      index?.lanes[Lane(key: record.lane, kind: .scan), default: []].append(sequence)
    case .tests(let record):
      index?.lanes[Lane(key: record.lane, kind: .tests), default: []].append(sequence)
    default: break
    }
    if let kind = draft.body.rawKind { index?.kinds[kind, default: []].append(sequence) }
  }

  mutating func keep(sheet: [UInt8], as id: SheetID) {
    if hasRoom(for: sheet.count) { sheets[id] = sheet }
  }

  mutating func keep(_ tree: Tree, as id: TreeID) {
    if hasRoom(for: tree.lines.count * 96) { trees[id] = tree }
  }

  mutating func keep(_ manifest: Manifest, as id: ManifestID) {
    if hasRoom(for: manifest.lines.count * 96) { manifests[id] = manifest }
  }

  private mutating func hasRoom(for count: Int) -> Bool {
    if bytes + count > Self.mostBytes {
      isWhole = false
      return false
    }
    bytes += count
    return true
  }

  // MARK: Finding; nil where the tables have to be asked

  /// The ids of all entries, in order; empty where the journal held some before.
  var ids: [EntryID] { index?.ids ?? [] }

  func sheet(_ id: SheetID) -> [UInt8]? { sheets[id] }

  func tree(_ id: TreeID) -> Tree? { trees[id] }

  /// The places of the entries that are found by a number, in order.
  func sequences(by key: Int) -> [Int]? { index.map { $0.keys[key] ?? [] } }

  /// The places of the entries of a kind, in order; never asked for commits and evidence.
  func sequences(of kind: EntryKind) -> [Int]? { index.map { $0.kinds[kind.rawValue] ?? [] } }

  /// The places of the scans or test runs that were recorded in a lane, in order.
  func sequences(of kind: EntryKind, in lane: LaneKey) -> [Int]? {
    index.map { $0.lanes[Lane(key: lane, kind: kind)] ?? [] }
  }

  /// The lanes that scans or test runs were recorded in, with their places.
  func lanes(with kind: EntryKind) -> [(lane: LaneKey, sequences: [Int])]? {
    index.map { index in
      index.lanes.filter { $0.key.kind == kind }.map { ($0.key.key, $0.value) }
    }
  }
}

extension EntryBody {
  /// The number that entries of this kind are stored under, whatever their version.
  var rawKind: UInt8? {
    if case .unknown(let kind, _, _) = self { return kind }
    return kind?.rawValue
  }
}
