internal import TallyModel

/// The stored form of an entry: domain `tally.entry`, kind, version, fields.
///
/// MUST NOT CHANGE. A new field is a new version of its kind.
enum EntryEncoding {
  static let domain: StaticString = "tally.entry"

  /// Encodes a body whole.
  static func encode(_ body: EntryBody) throws(FormatError) -> [UInt8] {
    var writer = ByteWriter(capacity: 512)
    let (kind, version) = try form(of: body)
    begin(&writer, kind: kind, version: version)
    if case .unknown(_, _, let bytes) = body {
      writer.raw(bytes)
      return writer.bytes
    }
    try fields(of: body, to: &writer)
    guard writer.bytes.count <= FormatLimits.encodedBytes else {
      throw .limit("entry", found: writer.bytes.count, limit: FormatLimits.encodedBytes)
    }
    return writer.bytes
  }

  /// Decodes a body whole; kinds and versions that are not known come back as bytes.
  static func decode(_ bytes: [UInt8]) throws(FormatError) -> EntryBody {
    var reader = ByteReader(bytes)
    let count = try reader.byte("domain")
    let text = try reader.raw(Int(count), "domain")
    guard domain.withUTF8Buffer({ $0.elementsEqual(text) }) else { throw .invalid("domain") }
    let rawKind = try reader.byte("kind")
    let version = try reader.byte("version")
    guard let kind = EntryKind(rawValue: rawKind), version == kind.version else {
      return .unknown(kind: rawKind, version: version, bytes: reader.rest())
    }
    let body = try fields(of: kind, from: &reader)
    try reader.finish("entry")
    return body
  }

  /// The kind and the version that a body is stored under.
  static func form(of body: EntryBody) throws(FormatError) -> (kind: UInt8, version: UInt8) {
    if case .unknown(let kind, let version, _) = body { return (kind, version) }
    guard let kind = body.kind else { throw .invalid("kind") }
    return (kind.rawValue, kind.version)
  }

  private static func begin(_ writer: inout ByteWriter, kind: UInt8, version: UInt8) {
    domain.withUTF8Buffer { buffer in
      writer.byte(UInt8(truncatingIfNeeded: buffer.count))
      writer.raw(buffer)
    }
    writer.byte(kind)
    writer.byte(version)
  }

  private static func fields(
    of body: EntryBody,
    to writer: inout ByteWriter
  ) throws(FormatError) {
    switch body {
    case .scan(let record): try record.encode(to: &writer)
    case .tests(let record): try record.encode(to: &writer)
    case .measurements(let record): try record.encode(to: &writer)
    case .commit(let record): try record.encode(to: &writer)
    case .evidence(let record): try record.encode(to: &writer)
    case .config(let record): try record.encode(to: &writer)
    case .waiver(let record): try record.encode(to: &writer)
    case .attestation(let record): try record.encode(to: &writer)
    case .reportIssued(let record): try record.encode(to: &writer)
    case .correction(let record): try record.encode(to: &writer)
    case .retraction(let record): try record.encode(to: &writer)
    case .laneRename(let record): try record.encode(to: &writer)
    case .redaction(let record): try record.encode(to: &writer)
    case .merge(let record): try record.encode(to: &writer)
    case .confirmation(let record): try record.encode(to: &writer)
    case .unknown: throw .invalid("kind")
    }
  }

  private static func fields(
    of kind: EntryKind,
    from reader: inout ByteReader
  ) throws(FormatError) -> EntryBody {
    switch kind {
    case .scan: .scan(try ScanRecord(from: &reader))
    case .tests: .tests(try TestRunRecord(from: &reader))
    case .measurements: .measurements(try MeasurementRecord(from: &reader))
    case .commit: .commit(try CommitRecord(from: &reader))
    case .evidence: .evidence(try EvidenceRecord.decode(from: &reader))
    case .config: .config(try ConfigRecord(from: &reader))
    case .waiver: .waiver(try WaiverRecord(from: &reader))
    case .attestation: .attestation(try AttestationRecord(from: &reader))
    case .reportIssued: .reportIssued(try ReportIssuedRecord(from: &reader))
    case .correction: .correction(try CorrectionRecord(from: &reader))
    case .retraction: .retraction(try RetractionRecord(from: &reader))
    case .laneRename: .laneRename(try LaneRenameRecord(from: &reader))
    case .redaction: .redaction(try RedactionRecord(from: &reader))
    case .merge: .merge(try MergeRecord(from: &reader))
    case .confirmation: .confirmation(try ConfirmationRecord(from: &reader))
    }
  }
}

extension EntryKind {
  /// The version in which entries of this kind are written, the only one that is read.
  var version: UInt8 { self == .scan ? 2 : 1 }
}

/// The condition of a row of `entry` that this tally does not understand, and that may touch a balance.
let unknownEntries: String = {
  let versions = EntryKind.allCases.map { "WHEN \($0.rawValue) THEN \($0.version)" }
  return "kind < 128 AND version <> CASE kind \(versions.joined(separator: " ")) ELSE -1 END"
}()

extension LaneKey {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(
      project: try reader.string("project"),
      tool: try reader.string("tool"),
      category: try reader.string("category"),
      branch: try reader.string("branch")
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try writer.string(project, "project")
    try writer.string(tool, "tool")
    try writer.string(category, "category")
    try writer.string(branch, "branch")
  }
}

extension Sighting {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(
      scan: try reader.hash("scan"),
      path: try reader.path(),
      ordinal: try reader.number("ordinal")
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    writer.hash(scan)
    try writer.path(path)
    try writer.number(ordinal, "ordinal")
  }

  /// The stored order: scan, path, ordinal.
  static func precedes(_ lhs: Sighting, _ rhs: Sighting) -> Bool {
    if lhs.scan != rhs.scan { return lhs.scan < rhs.scan }
    if lhs.path != rhs.path { return lhs.path < rhs.path }
    return lhs.ordinal < rhs.ordinal
  }
}
