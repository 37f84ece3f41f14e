internal import CSimdjson

/// Reads SARIF 2.1.0, strictly and in constant memory; what becomes of each property is in
/// `docs/sarif.md`.
public struct SARIFImporter: ReportImporter {
  /// Creates the importer.
  public init() {}

  /// `sarif`.
  public var formatName: String { "sarif" }
  /// Raised when equal files may give different findings.
  public var version: Int { 1 }

  /// Certain when the first bytes are a JSON object that has `runs` or SARIF's schema.
  public func recognizes(_ prefix: borrowing RawSpan, fileName: String?) -> Recognition {
    prefix.withUnsafeBytes { bytes in
      let head = FilePrefix(bytes)
      guard head.firstCharacter == UInt8(ascii: "{") else { return .no }
      if head.contains("\"runs\"") { return .certain }
      if head.contains("$schema") && head.contains("sarif") { return .certain }
      return fileName?.hasSuffix(".sarif") == true ? .certain : .no
    }
  }

  /// Streams the file's runs to the sink.
  ///
  /// - Throws: ``ImportError`` at the first thing that breaks JSON or SARIF.
  public func importRuns(
    from input: InputBytes,
    limits: ImportLimits,
    to sink: inout some ImportSink
  ) throws(ImportError) {
    try input.withUnsafeBytes { (bytes) throws(ImportError) in
      try checkJSONText(bytes, source: input.name)
      guard let repaired = RepairedText(bytes) else {
        return try importRuns(bytes, input.name, limits: limits, to: &sink)
      }
      try repaired.input(input.name, limits).withUnsafeBytes { (bytes) throws(ImportError) in
        try importRuns(bytes, input.name, limits: limits, replaced: repaired.replaced, to: &sink)
      }
    }
  }

  private func importRuns(
    _ bytes: UnsafeRawBufferPointer,
    _ source: String,
    limits: ImportLimits,
    replaced: UInt32 = 0,
    to sink: inout some ImportSink
  ) throws(ImportError) {
    guard let start = bytes.baseAddress else { throw .empty(source: source) }
    let reader = try JSONReader(
      bytes,
      source: source,
      names: SARIFSchema.shared.names,
      depthMax: limits.depthMax
    )
    var log = SARIFLogReader(
      reader,
      text: start.assumingMemoryBound(to: UInt8.self),
      source: source,
      limits: limits,
      replaced: replaced
    )
    let runs = try log.readHeaders()
    var resultsLeft = limits.resultsMax
    for run in runs { try log.readResults(of: run, &resultsLeft, to: &sink) }
  }
}

/// A text with bytes that are not UTF-8, such as a quoted line of a source in Latin-1, with U+FFFD in their place.
private struct RepairedText {
  /// The longest text that is repaired; a longer one is refused.
  private static let bytesMax = 1 << 28

  private let bytes: [UInt8]
  /// How many characters were put in.
  let replaced: UInt32

  /// Nil where nothing has to be repaired, or too much.
  init?(_ raw: UnsafeRawBufferPointer) {
    guard raw.count <= Self.bytesMax,
      tally_json_is_utf8(raw.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(raw.count))
        == 0
    else { return nil }
    bytes = Array(String(decoding: raw, as: UTF8.self).utf8)
    replaced = UInt32(clamping: Self.marks(in: bytes) - Self.marks(in: raw))
  }

  /// How many U+FFFD a text has.
  private static func marks(in bytes: some Collection<UInt8>) -> Int {
    var (count, state) = (0, 0)
    for byte in bytes {
      switch (state, byte) {
      case (_, 0xEF): state = 1
      case (1, 0xBF): state = 2
      case (2, 0xBD): (count, state) = (count + 1, 0)
      default: state = 0
      }
    }
    return count
  }

  func input(_ name: String, _ limits: ImportLimits) throws(ImportError) -> InputBytes {
    try InputBytes(bytes: bytes, name: name, limits: limits)
  }
}

/// Refuses what is no JSON text at all with a better sentence than the parser's.
func checkJSONText(_ bytes: UnsafeRawBufferPointer, source: String) throws(ImportError) {
  let head = FilePrefix(bytes)
  if let encoding = head.wideEncoding {
    throw .encoding(source: source, found: encoding, wanted: "UTF-8")
  }
  let rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
  if head.firstCharacter == nil && rest.allSatisfy({ isWhiteSpace($0) }) {
    throw .empty(source: source)
  }
}
