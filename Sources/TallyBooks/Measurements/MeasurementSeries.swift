public import TallyModel

/// The values of one named measurement on one branch, in the order of the commits.
public struct MeasurementSeries: Sendable, Hashable {
  /// The value at one commit.
  public struct Point: Sendable, Hashable {
    /// The commit.
    public let commit: CommitID
    /// The time it is ordered by.
    public let time: Timestamp
    /// False when the commit is known not to lie on the branch's line.
    public let isOnLine: Bool
    /// The median of all samples at the commit: of an even count the mean of the middle two, exactly.
    public let median: DecimalNumber
    /// How many samples there are.
    public let sampleCount: Int
  }
  /// The project's name.
  public let project: String
  /// The branch's short name.
  public let branch: String
  /// The name with its unit last.
  public let name: String
  /// In order; never empty.
  public let points: [Point]

  /// The last value on line at or before a time; nil before the first.
  public func point(at time: Timestamp) -> Point? {
    points.last { $0.isOnLine && $0.time <= time }
  }

  /// The value at a commit; nil where there is none.
  public func point(of commit: CommitID) -> Point? { points.first { $0.commit == commit } }

  /// Every series of some records, sorted by project, branch and name.
  ///
  /// Samples that are no decimal numbers are left out; importers refuse them.
  ///
  /// - Parameters:
  ///   - records: measurements in any order, each entry once.
  ///   - facts: where commits are looked up.
  /// - Returns: one series for each project, branch and name.
  /// - Throws: what reading the facts throws.
  public static func collect(
    _ records: [MeasurementRecord],
    facts: any FactReader
  ) throws -> [MeasurementSeries] {
    var result: [MeasurementSeries] = []
    let branches = Dictionary(grouping: records) { Branch(project: $0.project, name: $0.branch) }
    for branch in branches.keys.sorted() {
      let own = branches[branch] ?? []
      let nodes = LaneOrder.merge(
        own.map {
          LaneOrder.Node(commit: $0.commit, fallbackTime: $0.measured, sequence: nil)
        }
      )
      let places = try LaneOrder.places(of: nodes, facts: facts)
      var samples: [String: [CommitID: [DecimalNumber]]] = [:]
      for record in own {
        for sample in record.samples {
          guard let value = DecimalNumber(sample.value) else { continue }
          samples[sample.name, default: [:]][record.commit, default: []].append(value)
        }
      }
      for name in samples.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
        let points = places.compactMap { place -> Point? in
          guard let values = samples[name]?[place.commit], let median = median(values) else {
            return nil
          }
          return Point(
            commit: place.commit,
            time: place.time,
            isOnLine: place.isOnLine,
            median: median,
            sampleCount: values.count
          )
        }
        result.append(
          MeasurementSeries(
            project: branch.project,
            branch: branch.name,
            name: name,
            points: points
          )
        )
      }
    }
    return result
  }

  /// The middle value, of an even count the mean of the middle two, exactly; nil for none.
  public static func median(_ values: [DecimalNumber]) -> DecimalNumber? {
    if values.isEmpty { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    if sorted.count % 2 == 1 { return sorted[middle] }
    return (sorted[middle - 1] + sorted[middle]).half
  }

  private struct Branch: Hashable, Comparable {
    let project: String
    let name: String

    static func < (lhs: Self, rhs: Self) -> Bool {
      if lhs.project != rhs.project {
        return lhs.project.utf8.lexicographicallyPrecedes(rhs.project.utf8)
      }
      return lhs.name.utf8.lexicographicallyPrecedes(rhs.name.utf8)
    }
  }
}
