internal import Glibc
internal import TallyModel

/// The cases of a run, each with an id of its own.
///
/// Where names are equal, the tries of one test are merged for the runners that repeat a case for
/// each try. Any others are different tests, told apart by suite, host, file and order, in this
/// sequence and only as far as needed. Of each group the first in the order of its bytes keeps the
/// plain id, so that neither the outcomes nor the order in which a runner finishes change an id.
struct JUnitCases {
  /// Where a case stands.
  struct Suite {
    /// The names of the suites around it, outermost first.
    let path: String
    let host: String
  }

  private var elements: [JUnitCase] = []
  private var suites: [Suite] = []
  private var repeated = 0
  private var becameFlaky = 0
  private var toldApart = 0

  var elementCount: Int { elements.count }
  var suiteCount: Int { suites.count }

  mutating func add(_ new: JUnitCase) { elements.append(new) }

  /// Adds a suite and gives its number.
  mutating func add(_ suite: Suite) -> Int {
    suites.append(suite)
    return suites.count - 1
  }

  func suite(_ number: Int) -> Suite {
    suites.indices.contains(number) ? suites[number] : Suite(path: "", host: "")
  }

  /// What was merged and told apart, by reason; complete after ``finish(_:)``.
  var counts: [(String, Int)] {
    [("repeated", repeated), ("flaky-merged", becameFlaky), ("same-name", toldApart)]
      .filter { $0.1 > 0 }
  }

  /// The cases sorted bytewise by id.
  mutating func finish(_ runner: JUnitRunner) -> [ImportedTestCase] {
    var places: [String: Int] = [:]
    places.reserveCapacity(elements.count)
    var groups: [String: [Int]] = [:]
    for (index, element) in elements.enumerated() {
      if let first = places[element.id] {
        groups[element.id, default: [first]].append(index)
      } else {
        places[element.id] = index
      }
    }
    var cases: [ImportedTestCase] = []
    cases.reserveCapacity(places.count)
    for (id, index) in places where groups[id] == nil {
      cases.append(ImportedTestCase(elements[index], id: id))
    }
    for (id, members) in groups.sorted(by: { precedesBytewise($0.key, $1.key) }) {
      let united = runner.repeatsTries ? unite(members, runner) : members.map { (elements[$0], $0) }
      for (suffix, element) in tellApart(united) {
        var own = id + suffix
        if !suffix.isEmpty {
          toldApart += 1
          var number = 2
          while places[own] != nil {
            own = "\(id)\(suffix) #\(number)"
            number += 1
          }
          places[own] = 0
        }
        cases.append(ImportedTestCase(element, id: own))
      }
    }
    elements = []
    return cases.sorted { precedesBytewise($0.id, $1.id) }
  }

  // MARK: Tries of one test

  /// Merges the tries of each suite element, in file order.
  private mutating func unite(_ members: [Int], _ runner: JUnitRunner) -> [(JUnitCase, Int)] {
    var result: [(JUnitCase, Int)] = []
    for index in members {
      let next = elements[index]
      guard let place = result.firstIndex(where: { $0.0.suite == next.suite }) else {
        result.append((next, index))
        continue
      }
      repeated += 1
      let before = result[place].0.outcome
      let merged =
        runner.name == "pytest"
        ? JUnitCases.rerun(before, next.outcome) : JUnitCases.merge(before, next.outcome)
      if merged == .flaky && before != .flaky && next.outcome != .flaky { becameFlaky += 1 }
      if merged != .flaky && before == .flaky { becameFlaky -= 1 }
      result[place].0.unite(next, outcome: merged)
    }
    return result
  }

  /// One more attempt of pytest-rerunfailures, which writes the attempts that failed as if they had
  /// passed: passed in the end is flaky, and a failure in the end is a failure every time.
  static func rerun(_ before: TestOutcome, _ last: TestOutcome) -> TestOutcome {
    if last == .passed { return .flaky }
    return before == .error && last == .failed ? .error : last
  }

  /// Both ways is flaky; a skip gives way to a run; an error counts over a failure.
  static func merge(_ left: TestOutcome, _ right: TestOutcome) -> TestOutcome {
    if left == .flaky || right == .flaky { return .flaky }
    if left == .skipped { return right }
    if right == .skipped { return left }
    if (left == .passed) != (right == .passed) { return .flaky }
    return left == .error ? left : right
  }

  // MARK: Tests of one name

  /// What follows the id of each case, so that no two have the same.
  private func tellApart(_ members: [(JUnitCase, Int)]) -> [(String, JUnitCase)] {
    var result: [(String, JUnitCase)] = []
    split(members, by: 0, "", into: &result)
    return result
  }

  private func split(
    _ members: [(JUnitCase, Int)],
    by dimension: Int,
    _ suffix: String,
    into result: inout [(String, JUnitCase)]
  ) {
    guard dimension < 3, members.count > 1 else {
      for (number, member) in members.enumerated() {
        result.append((number == 0 ? suffix : "\(suffix) #\(number + 1)", member.0))
      }
      return
    }
    let parts = Dictionary(grouping: members) { value(of: $0.0, dimension) }
    let names = parts.keys.sorted(by: precedesBytewise)
    // The name of a machine is another one in every run.
    let isUseful = dimension != 1 || !names.contains(where: JUnitCases.looksLikeMachine)
    if names.count == 1 || !isUseful {
      split(members, by: dimension + 1, suffix, into: &result)
      return
    }
    for name in names {
      let own = name == names.first ? suffix : "\(suffix) [\(name)]"
      split(parts[name] ?? [], by: dimension + 1, own, into: &result)
    }
  }

  private func value(of element: JUnitCase, _ dimension: Int) -> String {
    switch dimension {
    case 0: suite(element.suite).path
    case 1: suite(element.suite).host
    default: element.file ?? ""
    }
  }

  /// Says whether a host is one of many machines, and not a browser or a device that was chosen.
  static func looksLikeMachine(_ host: String) -> Bool {
    if host.contains(" ") { return false }
    return host == "localhost" || host.contains(".") || host.contains(where: \.isWholeNumber)
  }
}

extension ImportedTestCase {
  fileprivate init(_ element: JUnitCase, id: String) {
    self.init(id: id, outcome: element.outcome, message: element.message, file: element.file)
  }
}

/// Says whether the UTF-8 of the left text comes first; faster than comparing byte by byte.
func precedesBytewise(_ left: String, _ right: String) -> Bool {
  let order = left.utf8.withContiguousStorageIfAvailable { one in
    right.utf8.withContiguousStorageIfAvailable { other -> Bool in
      guard let first = one.baseAddress, let second = other.baseAddress else {
        return one.count < other.count
      }
      let order = memcmp(first, second, min(one.count, other.count))
      return order == 0 ? one.count < other.count : order < 0
    }
  }
  if let order, let order { return order }
  return left.utf8.lexicographicallyPrecedes(right.utf8)
}
