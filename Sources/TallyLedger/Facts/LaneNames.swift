public import TallyModel

/// What lanes and projects are called now that had other names when something was recorded.
public struct LaneNames: Sendable {
  private var lanes: [LaneKey: LaneKey] = [:]
  private var projects: [String: String] = [:]

  /// Creates names that nothing has changed.
  public init() {}

  /// True where nothing has another name.
  var isEmpty: Bool { lanes.isEmpty && projects.isEmpty }
  /// True where a project has another name, and with it lanes that nobody named.
  var namesProjects: Bool { !projects.isEmpty }
  /// The lanes that were renamed one by one.
  var named: [LaneKey] { lanes.keys.sorted() }

  /// Takes a rename in; of two of one name the later call counts.
  public mutating func add(_ record: LaneRenameRecord) {
    if record.from == record.to { return }
    if let (old, new) = record.projects {
      projects[old] = new
    } else {
      lanes[record.from] = record.to
    }
  }

  /// The lane that the scans of a lane belong to.
  public func current(_ lane: LaneKey) -> LaneKey {
    if isEmpty { return lane }
    return Self.end(of: lane) { next in
      if let following = lanes[next] { return following }
      let project = current(project: next.project)
      return project == next.project ? nil : next.of(project: project)
    }
  }

  /// The project that what was recorded of a project belongs to.
  public func current(project: String) -> String {
    if projects.isEmpty { return project }
    return Self.end(of: project) { projects[$0] }
  }

  /// The end of a chain; of a circle its least name, so that all of it has one.
  private static func end<Name: Comparable>(of start: Name, next: (Name) -> Name?) -> Name {
    var path = [start]
    var current = start
    while let following = next(current) {
      if let place = path.firstIndex(of: following) { return path[place...].min() ?? following }
      path.append(following)
      current = following
    }
    return current
  }
}

extension LedgerReader {
  /// What lanes and projects are called now.
  public func names() throws -> LaneNames {
    if let known = cache.names { return known }
    var names = LaneNames()
    for item in try counted(.laneRename) {
      if case .laneRename(let record) = item.body { names.add(record) }
    }
    cache.names = names
    return names
  }

  /// The lane that the scans of a lane belong to after renames.
  public func current(_ lane: LaneKey) throws -> LaneKey { try names().current(lane) }

  /// The project that what was recorded of a project belongs to after renames.
  public func current(project: String) throws -> String { try names().current(project: project) }

  /// The lanes that were renamed, each with the lane its scans belong to now; sorted by the old one.
  public func renamedLanes() throws -> [(from: LaneKey, to: LaneKey)] {
    let names = try names()
    var lanes = Set(names.named)
    if names.namesProjects { lanes.formUnion(try writtenLanes()) }
    return lanes.sorted().map { ($0, names.current($0)) }.filter { $0.0 != $0.1 }
  }

  /// A lane and those that were renamed to it.
  func recordedLanes(of lane: LaneKey) throws -> [LaneKey] {
    let names = try names()
    if names.isEmpty { return [lane] }
    var keys = try renamedLanes().filter { $0.to == lane }.map(\.from)
    if names.current(lane) == lane { keys.append(lane) }
    return keys
  }

  /// The lanes that anything was recorded in, as it was recorded.
  private func writtenLanes() throws -> [LaneKey] {
    if let fresh = cache.fresh, let scans = fresh.lanes(with: .scan),
      let tests = fresh.lanes(with: .tests)
    {
      return (scans + tests).map(\.lane)
    }
    return try session.rows("SELECT number FROM lane") { $0.int(0) }.map { try interner.lane($0) }
  }
}
