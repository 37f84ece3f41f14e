/// Holds what suites count against what was seen in them.
///
/// A suite that counts more tests or failures than the file holds did not get to write them, or wrote
/// them in a way that is not understood: then tests may be missing, and a failure may be among them.
struct JUnitTotals {
  /// What an element counts of itself.
  struct Counts {
    var tests = 0
    var failures = 0
    var errors = 0
    var skipped = 0
    /// Cases below the element, reruns and other tries included.
    var seenTests = 0
    /// Failures and errors below the element, each try for itself.
    var seenNotPassing = 0
    var seenSkipped = 0
    /// Tests that suites below it count and leave out by intent.
    var excused = 0
    /// True when the suite as a whole was skipped.
    var isSkipped = false
    let name: String
    let isRoot: Bool

    /// Tests that it counts and that are not in the file.
    var missing: Int { max(0, tests - seenTests) }
    /// Those that are missing by intent: skipped and not written, or all of a suite that was skipped as a whole.
    var leftOut: Int {
      isSkipped ? missing : min(missing, max(excused, skipped - seenSkipped, 0))
    }
  }

  private var open: [Counts] = []
  /// Why the first one that counts more than it holds does not add up; nil where all do.
  private(set) var reason: String?
  /// The same where the file holds no failure at all: for runners that count what is in a test.
  private(set) var silentReason: String?
  /// The same for tests, which some runners count otherwise.
  private(set) var testsReason: String?
  /// The same for tests where none is in the file, and so nothing that could hold several of them.
  private(set) var emptyReason: String?
  /// The same for the errors of the root, which gotestsum takes from the compiler's output.
  private(set) var rootErrorsReason: String?

  mutating func begin(name: String, isRoot: Bool) {
    open.append(Counts(name: name, isRoot: isRoot))
  }

  /// Takes an attribute of the element that began last; false when it is no total.
  mutating func take(_ attribute: String, _ value: String) -> Bool {
    guard let last = open.indices.last else { return false }
    guard let count = Self.count(value) else { return false }
    switch attribute {
    case "tests", "total": open[last].tests = max(open[last].tests, count)
    case "failures", "failed": open[last].failures = max(open[last].failures, count)
    case "errors": open[last].errors = count
    // One test may be counted under several of these words.
    case "skipped", "skips", "skip", "disabled", "ignored", "pending", "notrun", "not-run", "todo":
      open[last].skipped = max(open[last].skipped, count)
    default: return false
    }
    return true
  }

  /// `1,234`, `3.0` and blanks around a number are read as well.
  private static func count(_ text: String) -> Int? {
    guard let value = Double(text.filter { $0 != "," && !$0.isWhitespace }),
      let count = Int(exactly: value), count >= 0, count < 1 << 40
    else { return nil }
    return count
  }

  mutating func sawCase() { if let last = open.indices.last { open[last].seenTests += 1 } }

  mutating func saw(_ verdict: JUnitVerdict) {
    guard let last = open.indices.last else { return }
    switch verdict {
    case .failed, .error: open[last].seenNotPassing += 1
    case .skipped: open[last].seenSkipped += 1
    case .rerun:
      // Surefire counts each try as a test of its own.
      open[last].seenNotPassing += 1
      open[last].seenTests += 1
    }
  }

  mutating func skipSuite() { if let last = open.indices.last { open[last].isSkipped = true } }

  mutating func end() {
    guard let ended = open.popLast() else { return }
    check(ended)
    guard let last = open.indices.last else { return }
    open[last].seenTests += ended.seenTests
    open[last].seenNotPassing += ended.seenNotPassing
    open[last].seenSkipped += ended.seenSkipped
    open[last].excused += ended.leftOut
  }

  private mutating func check(_ ended: Counts) {
    let what = ended.name.isEmpty ? (ended.isRoot ? "the file" : "a suite") : ended.name
    if ended.failures > ended.seenNotPassing {
      reason = reason ?? Self.words(what, ended.failures, "failure", ended.seenNotPassing)
    }
    let both = ended.failures + ended.errors
    if both > ended.seenNotPassing {
      let sentence = Self.words(what, both, "failure or error", ended.seenNotPassing)
      if ended.seenNotPassing == 0 { silentReason = silentReason ?? sentence }
      if ended.isRoot {
        rootErrorsReason = rootErrorsReason ?? sentence
      } else {
        reason = reason ?? sentence
      }
    }
    if ended.missing > ended.leftOut {
      let sentence = Self.words(what, ended.tests, "test", ended.seenTests)
      testsReason = testsReason ?? sentence
      if ended.seenTests == 0 { emptyReason = emptyReason ?? sentence }
    }
  }

  private static func words(_ what: String, _ count: Int, _ noun: String, _ seen: Int) -> String {
    let plural = noun == "failure or error" ? "failures or errors" : noun + "s"
    let counted = "\(count) \(count == 1 ? noun : plural)"
    return "\(what) counts \(counted), and \(seen) \(seen == 1 ? "is" : "are") in the file"
  }
}
