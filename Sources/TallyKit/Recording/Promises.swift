import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

extension Workspace {
  /// Takes an entry out of the books.
  ///
  /// - Throws: ``RecordingError``, `LedgerError`.
  public func retract(entry digits: String, reason: String) async throws -> RecordedAnswer {
    let reason = reason.trimmed
    if reason.isEmpty { throw RecordingError.emptyReason }
    let ledger = try openLedger(.readWrite)
    return try ledger.write { transaction in
      let matching = try transaction.resolveEntry(prefix: digits)
      guard let target = matching.first else { throw RecordingError.unknownEntry(digits) }
      if matching.count > 1 {
        throw RecordingError.ambiguousEntry(digits, count: matching.count)
      }
      if case .evidence(.capture(let scan, _))? = try transaction.entry(target)?.body {
        throw RecordingError.partOfScan(digits, scan: String(scan.description.prefix(12)))
      }
      if case .evidence(.recording(let recording))? = try transaction.entry(target)?.body,
        let scan = recording.entries.first
      {
        throw RecordingError.partOfScan(digits, scan: scan.brief)
      }
      let record = RetractionRecord(target: target, reason: try transaction.saveText(reason))
      var answer = try Recorder(transaction: transaction, receipt: receipt, evidence: nil)
        .record(
          .retraction(record),
          importer: "retract/1",
          sentence: "retracted \(target.description.prefix(12))"
        )
      let keeper = try BooksKeeper(transaction: transaction)
      try keeper.deriveAll()
      answer.size = try transaction.size()
      let lost = try BooksView.load(transaction, time: .present(now)).waivers.unresolved
      if !lost.isEmpty {
        answer.warnings.append(WaiverBook.lostWarning(Set(lost.map(\.waiver)).count))
      }
      return answer
    }
  }

  /// The configuration that counts: that on disk, else the journal's own; nil where there is none.
  func configuration(
    in reader: LedgerReader,
    project: String
  ) throws -> TallyConfiguration? {
    if let configurationFile { return configurationFile.configuration }
    return try LoadedConfiguration.recorded(reader, project: project)?.configuration
  }

  /// The project that a ledger is about: the configured one, else the only one it holds.
  func project(in reader: LedgerReader) throws -> String {
    let names = try reader.names()
    if let named = configurationFile?.configuration.project {
      return names.current(project: named)
    }
    let projectName = projectName.map(names.current(project:))
    let held = Set(try reader.lanes().map(\.project) + reader.testLanes().map(\.project)).sorted()
    if let projectName, held.contains(projectName) || held.isEmpty { return projectName }
    if held.count == 1 { return held[0] }
    if held.isEmpty { throw WorkspaceError.noProject }
    throw WorkspaceError.severalProjects(held)
  }
}

extension WaiverBook {
  /// What is said when waivers name findings of scans that were retracted.
  static func lostWarning(_ count: Int) -> String {
    "\(count) \(count == 1 ? "waiver names" : "waivers name") findings of scans that do not count "
      + "any more: nothing is waived there"
  }
}

extension Sighting {
  /// The stored order: scan, path, ordinal.
  static func precedes(_ left: Sighting, _ right: Sighting) -> Bool {
    (left.scan, left.path, left.ordinal) < (right.scan, right.path, right.ordinal)
  }
}

extension BooksView {
  /// The violation that a written id means, whatever it was shown under.
  ///
  /// In the books of another day it means what it meant then.
  func violation(named written: String) throws -> Violation {
    if knownAt != nil {
      let then = try violations.values.filter { $0.id.hasPrefix(written) }
      if then.count == 1 { return then[0] }
    }
    let matching = try reader.violations(withPrefix: written)
    guard let first = matching.first else { throw RecordingError.unknownViolation(written) }
    if matching.count > 1 {
      throw RecordingError.ambiguousViolation(
        written,
        matches: matching.map { $0.id.short(digits: 10) }
      )
    }
    return first
  }
}

extension String {
  /// Without white space at both ends.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}
