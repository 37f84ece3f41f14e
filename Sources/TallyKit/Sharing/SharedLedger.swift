import Foundation
import TallyGit
import TallyLedger
import TallyModel

/// Where a ledger is shared, as it was typed.
public struct ShareRequest: Sendable, Hashable {
  /// A remote of git or an address; nil for what `tally.yml` says, else `origin`.
  public var remote: String?
  /// The full name of a ref; nil for what `tally.yml` says, else `refs/tally/ledger`.
  public var ref: String?

  /// Creates a request.
  public init(remote: String? = nil, ref: String? = nil) {
    self.remote = remote
    self.ref = ref
  }

  /// The ref where nothing else is said.
  public static let defaultRef = "refs/tally/ledger"
}

/// The log on a git ref: bundles that follow each other, one file each.
struct SharedLog {
  /// One file of the ref.
  struct Part: Hashable {
    /// Leaves before its first.
    let start: Int
    /// Leaves up to its last.
    let end: Int
    let id: BundleID
    let file: RemoteRef.File

    var count: Int { end - start }
  }

  /// A bundle in the queue, which stands for itself.
  struct Waiting: Hashable {
    let id: BundleID
    let ref: RemoteRef.Waiting
    let file: RemoteRef.File
  }

  let snapshot: RemoteRef.Snapshot
  /// What waits to be joined to the log, sorted by id.
  let waiting: [Waiting]
  /// In the order of the log, without gaps.
  let parts: [Part]

  /// How many entries the log has.
  var size: Int { parts.last?.end ?? 0 }

  /// The name of a bundle's file: first leaf, leaf behind the last, id.
  static func name(_ bundle: PackedBundle) -> String {
    "\(digits(bundle.start.size))-\(digits(bundle.end.size))-\(bundle.id)"
  }

  private static func digits(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, 10 - text.count)) + text
  }

  /// Reads the names of the ref's files.
  ///
  /// - Throws: ``ShareError`` where one is of another kind, or one is missing.
  init(_ snapshot: RemoteRef.Snapshot, place: String) throws(ShareError) {
    self.snapshot = snapshot
    if let other = snapshot.others.first { throw .foreign(place: place, name: other) }
    var parts: [Part] = []
    for file in snapshot.files {
      let words = file.name.split(separator: "-", omittingEmptySubsequences: false)
      guard words.count == 3, let start = Self.number(words[0]), let end = Self.number(words[1]),
        start < end, words[2].count == 64, let id = BundleID(hex: words[2]),
        words[2] == id.description
      else { throw .foreign(place: place, name: file.name) }
      parts.append(Part(start: start, end: end, id: id, file: file))
    }
    parts.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    var next = 0
    for part in parts {
      guard part.start == next else {
        let what =
          part.start > next ? "entries from \(next) on are missing" : "entries are there twice"
        throw .gap(place: place, what: what)
      }
      next = part.end
    }
    self.parts = parts
    waiting = try snapshot.waiting.map { item throws(ShareError) in
      guard let file = item.file, let id = BundleID(hex: item.name), item.name == id.description
      else { throw .foreign(place: "the queue of \(place)", name: item.name) }
      return Waiting(id: id, ref: item, file: file)
    }
  }

  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
  }
}

/// A shared ledger at work: the remote, and what this workspace calls it.
struct SharedLedger {
  let remote: RemoteRef
  /// What sentences call it: `refs/tally/ledger on origin`.
  let place: String
  /// What the ledger remembers it by.
  let name: String
  /// A folder to take away at the end; nil where objects go into the clone.
  private let temporary: String?

  init(_ request: ShareRequest, workspace: Workspace) async throws {
    let policy = workspace.configurationFile?.configuration.share
    let remoteName = request.remote ?? policy?.remote ?? "origin"
    let ref = request.ref ?? policy?.ref ?? ShareRequest.defaultRef
    if workspace.isGitMissing { throw GitError.gitMissing }
    let temporary =
      workspace.repository == nil
      ? FileManager.default.temporaryDirectory
        .appendingPathComponent("tally-\(UUID().uuidString).git").path : nil
    remote = try await RemoteRef.open(
      remote: remoteName,
      ref: ref,
      repository: workspace.repository,
      scratch: temporary ?? "",
      environment: workspace.environment,
      now: workspace.now
    )
    self.temporary = temporary
    place = "\(ref) on \(RemoteAddress.withoutSecrets(remoteName))"
    name = "\(remote.address.url)\n\(ref)"
  }

  func fetch() async throws -> SharedLog {
    try SharedLog(try await remote.fetch(), place: place)
  }

  /// The files of parts, in order.
  func read(_ parts: some Sequence<SharedLog.Part>) async throws -> [Data] {
    try await remote.read(parts.map(\.file), sizeLimit: BundleLimits.fileBytes).map { Data($0) }
  }

  /// What is said when the ref lost something.
  var rewritten: String {
    "\(place) was rewritten: it lacks entries that were seen on it; this ledger keeps them, and the "
      + "next 'tally push' brings them back"
  }

  /// Reads the queue.
  ///
  /// - Throws: `BundleError`, `GitError`.
  func waiting(in log: SharedLog) async throws -> [EntryBundle] {
    let files = try await remote.read(
      log.waiting.map(\.file),
      sizeLimit: BundleLimits.fileBytes
    )
    return try zip(log.waiting, files).map { item, file in
      try fromRef {
        try EntryBundle(
          file: file,
          source: "the bundle \(item.id.description.prefix(12)) in the queue of \(place)",
          named: item.id
        )
      }
    }
  }

  /// Reads a bundle of the ref; what is said of one that was altered is what helps there.
  private func fromRef(_ read: () throws -> EntryBundle) throws -> EntryBundle {
    do {
      return try read()
    } catch let error as BundleError {
      switch error {
      case .forged, .damaged, .notABundle: throw ShareError.altered(error, ref: remote.ref)
      case .newerVersion, .incomplete, .tooLarge: throw error
      }
    }
  }

  /// Takes away what was made for this command only.
  func close() {
    if let temporary { try? FileManager.default.removeItem(atPath: temporary) }
  }

  /// Reads one part of the log behind another.
  ///
  /// - Throws: `BundleError`, ``ShareError``.
  func bundle(
    _ part: SharedLog.Part,
    _ file: Data,
    outside: any BundleSource,
    after end: LogEnd?
  ) throws -> EntryBundle {
    let bundle = try fromRef {
      let bundle = try EntryBundle(
        file: [UInt8](file),
        source: "the bundle \(part.id.description.prefix(12)) of \(place)",
        named: part.id,
        outside: outside
      )
      guard bundle.start.size == part.start, bundle.end.size == part.end else {
        throw BundleError.forged(
          source: bundle.source,
          what: "its name says another place in the log"
        )
      }
      return bundle
    }
    if let end, end != bundle.start {
      throw ShareError.gap(place: place, what: "the bundles are of different logs")
    }
    return bundle
  }
}

extension Workspace {
  /// Refuses projects that do not belong together; one that has another name now is the same.
  func check(projects: some Sequence<String>, at place: String, names: LaneNames) throws {
    guard let projectName else { return }
    let ours = names.current(project: projectName)
    let others = Set(projects).filter { project in
      names.current(project: project) != ours && !isAllowed(project)
    }
    if others.isEmpty { return }
    throw ShareError.otherProject(place: place, theirs: Self.sorted(others), ours: projectName)
  }

  /// Refuses to unite two ledgers that have no project in common, where nothing says which project this is.
  ///
  /// Outside of a clone, without `tally.yml`, what the ledger holds has to say it.
  func check(_ theirs: Set<String>, against ours: Set<String>, at place: String) throws {
    if projectName != nil || ours.isEmpty || theirs.isEmpty || !ours.isDisjoint(with: theirs)
      || theirs.allSatisfy(isAllowed)
    {
      return
    }
    throw ShareError.otherProject(
      place: place,
      theirs: Self.sorted(theirs),
      ours: Self.sorted(ours).joined(separator: "', '")
    )
  }

  private func isAllowed(_ project: String) -> Bool {
    configurationFile?.configuration.share.projects.contains { $0.matches(project) } ?? false
  }

  private static func sorted(_ names: Set<String>) -> [String] {
    names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
