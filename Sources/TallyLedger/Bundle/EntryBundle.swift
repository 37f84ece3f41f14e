public import TallyModel

/// Names a bundle: the hash of what it holds, before compression.
public typealias BundleID = ContentID<EntryBundle>

/// A place in a log: how many leaves are before it, and the root over them.
public struct LogEnd: Sendable, Hashable {
  let peaks: MerklePeaks

  /// The beginning of every log.
  public static let empty = LogEnd(peaks: MerklePeaks())

  /// How many leaves are before it.
  public var size: Int { peaks.size }
  /// The root over them.
  public var root: LogRoot { peaks.root }

  /// The place behind more leaves.
  public func adding(_ leaves: some Sequence<LogRoot>) -> LogEnd {
    var peaks = peaks
    for leaf in leaves { peaks.append(leaf) }
    return LogEnd(peaks: peaks)
  }
}

/// Consecutive entries of a log with what they name, as they travel; every hash in it was computed again.
///
/// The form is in `docs/format.md`. A bundle may leave out texts and objects that entries before it in the same log named already.
public struct EntryBundle: Sendable {
  /// What a record's bytes are a difference from.
  enum Base: Sendable, Hashable {
    case none
    /// A record so many places before it in this bundle.
    case earlier(Int)
    /// A record of earlier bundles of the same log.
    case outside([UInt8])
  }

  /// A sheet, tree or manifest.
  struct Object: Sendable {
    let kind: ObjectKind
    let base: Base
    let delta: [UInt8]
    let bytes: [UInt8]
    let id: [UInt8]
    let content: Content
  }

  /// What an object holds, as far as it is used again once it was read to check it.
  enum Content: Sendable {
    /// The texts that a sheet names, each once a row.
    case sheet(texts: [TextID])
    case tree(Tree)
    case manifest(Manifest)
  }

  /// An entry, with who brought it.
  struct Member: Sendable {
    let receipt: Int
    let base: Base
    let delta: [UInt8]
    let draft: EntryDraft
  }

  /// The hash of its content.
  public let id: BundleID
  /// What errors call it.
  public let source: String
  /// The projects its entries are about, sorted.
  public let projects: [String]
  /// The place of its first entry in the log.
  public let start: LogEnd
  /// The place behind its last entry.
  public let end: LogEnd
  /// The leaves of its entries, in order.
  public let leaves: [LogRoot]
  let receipts: [Receipt]
  let texts: [String]
  let objects: [Object]
  let members: [Member]
  let objectPlaces: [[UInt8]: Int]
  let memberPlaces: [EntryID: Int]

  /// How many entries it holds.
  public var count: Int { members.count }
  /// Its entries with their receipts, in the order of the log.
  public var entries: [(draft: EntryDraft, receipt: Receipt)] {
    members.map { ($0.draft, receipts[$0.receipt]) }
  }
  /// The ids of its entries, in the order of the log.
  public var entryIDs: [EntryID] { members.map(\.draft.id) }

  /// The log's end after the first entries of this bundle.
  public func end(after count: Int) -> LogEnd { start.adding(leaves.prefix(count)) }
}

/// Where a bundle finds what its differences are from.
public protocol BundleSource {
  /// The bytes of an entry; nil when it is not there.
  func bundledEntry(_ id: EntryID) throws -> [UInt8]?
  /// The bytes of a sheet, tree or manifest; nil when it is not there.
  func bundledObject(_ id: [UInt8]) throws -> [UInt8]?
}

extension EntryBundle: BundleSource {
  /// The bytes of one of its entries.
  public func bundledEntry(_ id: EntryID) -> [UInt8]? {
    memberPlaces[id].map { members[$0].draft.encoded }
  }

  /// The bytes of one of its objects.
  public func bundledObject(_ id: [UInt8]) -> [UInt8]? {
    objectPlaces[id].map { objects[$0].bytes }
  }
}

extension EntryBundle {
  /// The objects that names lead to: trees with their sheets, and manifests.
  func objects(namedBy names: BundleNames) -> Set<[UInt8]> {
    var result = Set(names.manifests.map(\.bytes))
    for id in names.trees {
      result.insert(id.bytes)
      guard let tree = tree(id) else { continue }
      for line in tree.lines { result.insert(line.sheet.bytes) }
    }
    return result
  }

  /// One of its trees; nil where it does not hold it.
  private func tree(_ id: TreeID) -> Tree? {
    guard let place = objectPlaces[id.bytes], case .tree(let tree) = objects[place].content else {
      return nil
    }
    return tree
  }

  /// Checks that what was captured of each scan are the rows that the scan claims.
  ///
  /// - Throws: ``BundleError``.
  public func checkClaims() throws {
    for member in members {
      guard case .evidence(.capture(let scan, let tree)) = member.draft.body,
        let place = memberPlaces[scan], case .scan(let record) = members[place].draft.body,
        let tree = self.tree(tree)
      else { continue }
      var lines: [(path: RepoPath, claim: ClaimID)] = []
      var count = 0
      for line in tree.lines {
        guard let sheet = bundledObject(line.sheet.bytes) else { continue }
        let findings = try SheetEncoding.decode(sheet).findings
        count += findings.count
        lines.append((line.path, ClaimID(hashing: try SheetEncoding.encodeClaim(findings))))
      }
      if try count != record.findingCount || StoredFormat.scanClaims(lines) != record.claims {
        throw BundleError.forged(
          source: source,
          what: "the findings of the scan \(scan.description.prefix(12)) are not those it claims"
        )
      }
    }
  }
}

/// Looks in several places, one after the other.
public struct BundleSources: BundleSource {
  let sources: [any BundleSource]

  /// Creates a chain.
  public init(_ sources: [any BundleSource]) { self.sources = sources }

  /// The bytes of an entry that one of them has.
  public func bundledEntry(_ id: EntryID) throws -> [UInt8]? {
    for source in sources {
      if let bytes = try source.bundledEntry(id) { return bytes }
    }
    return nil
  }

  /// The bytes of an object that one of them has.
  public func bundledObject(_ id: [UInt8]) throws -> [UInt8]? {
    for source in sources {
      if let bytes = try source.bundledObject(id) { return bytes }
    }
    return nil
  }
}

extension LedgerReader: BundleSource {
  /// The bytes of an entry of the journal.
  public func bundledEntry(_ id: EntryID) throws -> [UInt8]? {
    try sequence(of: id).map { try encodedEntry(at: $0) }
  }

  /// The bytes of a stored sheet, tree or manifest.
  public func bundledObject(_ id: [UInt8]) throws -> [UInt8]? {
    guard let number = try objects.find(id) else { return nil }
    return try objectBytes(number)?.bytes
  }

  /// The kind and the bytes of an object that has a name of its own; nil for lists of rules and cases.
  func objectBytes(_ number: Int) throws -> (kind: ObjectKind, bytes: [UInt8])? {
    let kind = try session.int("SELECT kind FROM object WHERE number = ?", .int(number))
    switch kind.flatMap(ObjectKind.init(rawValue:)) {
    case .sheet?: return (.sheet, try objects.sheet(number))
    case .tree?: return (.tree, try objects.tree(number).encoded())
    case .manifest?: return (.manifest, try objects.manifest(number).encoded())
    default: return nil
    }
  }
}
