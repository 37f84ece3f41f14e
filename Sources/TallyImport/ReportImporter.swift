/// A decoder from one report format to the ledger's own vocabulary.
///
/// A pure function of its bytes. What is dropped is counted by reason, so that no loss is silent.
public protocol ReportImporter: Sendable {
  /// The name typed after `--format`, stored with every scan; lowercase ASCII.
  var formatName: String { get }
  /// Goes up when equal bytes may give different calls; stored with every scan as `name/version`.
  var version: Int { get }
  /// How sure this importer is that these first bytes are its format, for `--format auto`.
  func recognizes(_ prefix: borrowing RawSpan, fileName: String?) -> Recognition
  /// Streams runs and findings to `sink` in file order; equal bytes give equal calls.
  ///
  /// - Throws: ``ImportError`` at the first thing that is wrong; what the sink has by then is to be
  ///   thrown away.
  func importRuns(
    from input: InputBytes,
    limits: ImportLimits,
    to sink: inout some ImportSink
  ) throws(ImportError)
}

/// How sure an importer is that a file is in its format.
public enum Recognition: Int, Sendable, Hashable, Comparable {
  /// It is something else.
  case no = 0
  /// The syntax fits and nothing speaks against it.
  case possible = 1
  /// It names the format.
  case certain = 2

  /// Says whether the left one is less sure.
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// Every importer in this build, in the order `--help` shows them.
///
/// A new format is one folder, one line here, and fixtures.
public let allImporters: [any ReportImporter] = [SARIFImporter(), JUnitImporter()]

/// What an importer accepts at most; beyond it the report is refused with `import.limit`, never
/// cut.
public struct ImportLimits: Sendable, Hashable {
  /// Bytes of a report after decompression.
  public var bytesMax: Int
  /// Containers inside of each other: JSON objects and arrays, XML elements.
  public var depthMax: Int
  /// Results of one file.
  public var resultsMax: Int
  /// Test cases of one file, before equal ids are merged.
  public var testCasesMax: Int
  /// UTF-8 bytes of one message.
  public var messageBytesMax: Int

  /// Creates limits; the defaults are far above what real tools write.
  public init(
    bytesMax: Int = 8 << 30,
    depthMax: Int = 64,
    resultsMax: Int = 5_000_000,
    testCasesMax: Int = 5_000_000,
    messageBytesMax: Int = 1 << 20
  ) {
    self.bytesMax = bytesMax
    self.depthMax = depthMax
    self.resultsMax = resultsMax
    self.testCasesMax = testCasesMax
    self.messageBytesMax = messageBytesMax
  }
}

/// What takes what an importer reads, in file order.
///
/// A SARIF file gives, for every run, `beginRun`, its findings, `endRun`; a JUnit file gives one
/// `addTestRun`.
public protocol ImportSink {
  /// A scan begins.
  mutating func beginRun(_ run: ImportedRun)
  /// One finding of the scan that began last.
  mutating func add(_ finding: ImportedFinding)
  /// The scan that began last is complete.
  mutating func endRun(_ end: ImportedRunEnd)
  /// A whole test run.
  mutating func addTestRun(_ run: ImportedTestRun)
}
