import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

extension BooksView {
  /// What a person has to know of the ledger before the numbers of some lanes: a clock that is ahead, a project under another name.
  func remarks(on lanes: [LaneView]) throws -> [String] {
    try clockWarnings(of: lanes) + otherProjects()
  }

  /// One sentence for each project whose scans end where those of the one that is spoken of begin: it may be the same one.
  ///
  /// Two projects that go on side by side are two, and so are those that `tally.yml` allows on one ref.
  private func otherProjects() throws -> [String] {
    guard let wanted else { return [] }
    var tests: [LaneKey] = []
    for lane in try reader.testLanes() where lane.project != wanted { tests.append(lane) }
    let others = Set((self.lanes.map(\.lane) + tests).map(\.project)).filter { name in
      name != wanted && !allowed.contains { $0.matches(name) }
    }
    if others.isEmpty { return [] }
    tests += try reader.testLanes().filter { $0.project == wanted }
    func times(_ project: String) throws -> [Timestamp] {
      let scanned = self.lanes.filter { $0.lane.project == project }
        .flatMap { $0.positions.map(\.time) }
      let tested = try tests.filter { $0.project == project }
        .flatMap { try clocks.tests(of: $0).positions.map(\.time) }
      return scanned + tested.filter { $0 <= asOf }
    }
    let first = try times(wanted).min()
    return try others.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap { other in
      guard let last = try times(other).max() else { return nil }
      if let first, last > first { return nil }
      // Posts cut what is longer than 200 characters.
      let state =
        first == nil
        ? "this ledger holds no scan of '\(wanted)', but some of the project '\(other)'"
        : "this ledger also holds scans of the project '\(other)', the last of \(last.dateText)"
      return state + "; if that is an earlier name of '\(wanted)': "
        + LaneNames.command(renaming: other, to: wanted)
    }
    .prefix(3).map { $0 }
  }
}

extension LaneNames {
  /// What to type so that a project keeps its past under another name.
  static func command(renaming old: String, to new: String) -> String {
    "tally lane rename --project \(ShellText.word(old)) \(ShellText.word(new)) --why TEXT"
  }
}

/// Text as a shell takes it.
enum ShellText {
  /// One word, in quotes where a shell would make something else of it.
  static func word(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || "-_./@:+,=%".utf8.contains(byte)
    }
    if isPlain, !text.isEmpty, !text.hasPrefix("-") { return text }
    return "\"" + text.replacing(#/[\\"$`!]/#) { "\\" + $0.output } + "\""
  }
}
