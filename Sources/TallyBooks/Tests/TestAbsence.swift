public import TallyModel

/// The tests of one lane that are not there any more, which no outcome tells.
///
/// A file that a job did not send looks like a run without its tests. That they are gone is therefore said, and a test
/// that did not pass and is gone with all others of its class or file counts as missing, not as repaired.
public struct TestAbsence: Sendable {
  /// Tests of the run before that the last run does not hold, though it finished; sorted bytewise by id.
  public private(set) var vanished: [TestState] = []
  /// Tests that did not pass when they were last seen, and are gone with all others of their class or file; sorted
  /// bytewise by id.
  ///
  /// One is missing until it, or another test of its class or file, is seen again, or a new test of its name is: it was
  /// moved then.
  public private(set) var missing: [TestState] = []

  /// Follows the positions of a lane, in order.
  ///
  /// - Parameters:
  ///   - positions: those that count, such as those on line up to the end of an account.
  ///   - isCompared: false for positions that only say what was there, such as those up to a baseline.
  public init(
    _ positions: some Sequence<TestPosition>,
    comparing isCompared: (TestPosition) -> Bool = { _ in true }
  ) {
    var known: [String: TestState] = [:]
    var missing: [String: TestState] = [:]
    for position in positions {
      let ids = Set(position.states.map(\.id))
      let groups = Set(ids.map(TestAbsence.group))
      missing = missing.filter { !groups.contains(TestAbsence.group($0.key)) }
      vanished = []
      if position.succeeded {
        vanished = isCompared(position) ? known.values.filter { !ids.contains($0.id) } : []
        let moved = Set(ids.filter { known[$0] == nil }.map(TestAbsence.name))
        for state in vanished where state.outcome.isNotPassing {
          let isMoved = moved.contains(TestAbsence.name(state.id))
          if isMoved || groups.contains(TestAbsence.group(state.id)) { continue }
          missing[state.id] = state
        }
        known = known.filter { ids.contains($0.key) }
      }
      for state in position.states { known[state.id] = state }
    }
    vanished.sort { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    self.missing = missing.values.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
  }

  /// What a test is in: the part of its id before `::`.
  private static func group(_ id: String) -> Substring {
    parts(id)?.path ?? Substring(id)
  }

  private static func name(_ id: String) -> Substring {
    parts(id)?.name ?? Substring(id)
  }

  private static func parts(_ id: String) -> (path: Substring, name: Substring)? {
    let bytes = id.utf8
    var at = bytes.startIndex
    while let colon = bytes[at...].firstIndex(of: UInt8(ascii: ":")) {
      let next = bytes.index(after: colon)
      if next < bytes.endIndex, bytes[next] == UInt8(ascii: ":") {
        return (id[..<colon], id[bytes.index(after: next)...])
      }
      at = next
    }
    return nil
  }
}
