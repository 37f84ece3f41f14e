internal import TallyModel

/// Marks the hash over the claimed rows of one file.
public enum SheetClaim {}

/// The stored form of a sheet: the claim part, then the capture part, each with its own domain.
///
/// MUST NOT CHANGE.
enum SheetEncoding {
  /// The claimed rows: what the tool said, whoever was asked about the text.
  static func encodeClaim(_ findings: [Finding]) throws(FormatError) -> [UInt8] {
    var writer = ByteWriter(capacity: 32 + findings.count * 64)
    writer.begin("tally.claim")
    guard !findings.isEmpty else { throw .invalid("rows") }
    try Order.ascending(findings, "rows", Finding.precedes)
    var line = 0
    try writer.list(findings, "rows") { (writer, finding) throws(FormatError) in
      try finding.encode(to: &writer, line: &line)
    }
    return writer.bytes
  }

  /// The whole sheet from a claim that is already encoded.
  static func encode(claim: [UInt8], of sheet: Sheet) throws(FormatError) -> [UInt8] {
    var writer = ByteWriter(capacity: 64 + claim.count + sheet.windows.count * 104)
    writer.begin("tally.sheet")
    writer.raw(claim)
    writer.begin("tally.capture")
    guard sheet.windows.isEmpty || sheet.windows.count == sheet.findings.count else {
      throw .invalid("windows")
    }
    try writer.number(sheet.lexerVersion, "lexer")
    try writer.list(sheet.windows, "windows") { (writer, window) throws(FormatError) in
      writer.flag(window != nil)
      if let window { try window.encode(to: &writer) }
    }
    return writer.bytes
  }

  static func encode(_ sheet: Sheet) throws(FormatError) -> [UInt8] {
    try encode(claim: try encodeClaim(sheet.findings), of: sheet)
  }

  static func decode(_ bytes: [UInt8]) throws(FormatError) -> Sheet {
    var reader = ByteReader(bytes)
    try reader.beginFirstVersion("tally.sheet")
    let findings = try decodeClaim(from: &reader)
    try reader.beginFirstVersion("tally.capture")
    let lexer = try reader.number("lexer")
    let windows = try reader.list("windows") { (reader) throws(FormatError) -> TokenWindow? in
      try reader.flag("window") ? try TokenWindow(from: &reader) : nil
    }
    guard windows.isEmpty || windows.count == findings.count else { throw .invalid("windows") }
    try reader.finish("sheet")
    return Sheet(findings: findings, lexerVersion: lexer, windows: windows)
  }

  private static func decodeClaim(
    from reader: inout ByteReader
  ) throws(FormatError) -> [Finding] {
    try reader.beginFirstVersion("tally.claim")
    var line = 0
    let findings = try reader.list("rows") { (reader) throws(FormatError) in
      try Finding(from: &reader, line: &line)
    }
    guard !findings.isEmpty else { throw .invalid("rows") }
    try Order.ascending(findings, "rows", Finding.precedes)
    return findings
  }
}

extension Finding {
  /// `line` is the start line of the row before, so that a shift of the whole file changes one number.
  fileprivate init(from reader: inout ByteReader, line: inout Int) throws(FormatError) {
    let rule = try reader.string("rule")
    let level = try reader.level("level")
    let region =
      try reader.flag("region") ? try SourceRegion(from: &reader, line: &line) : nil
    self.init(
      rule: rule,
      level: level,
      region: region,
      message: try reader.hash("message"),
      template: try reader.fixed64("template"),
      fingerprints: try reader.list("fingerprints") { (reader) throws(FormatError) in
        Fingerprint(
          key: try reader.string("key"),
          version: try reader.optionalSigned("version"),
          value: try reader.string("value"),
          isFull: try reader.flag("full")
        )
      },
      suppressions: try reader.list("suppressions") { (reader) throws(FormatError) in
        try Suppression(from: &reader)
      },
      symbol: try reader.optionalString("symbol"),
      snippet: try reader.flag("snippet") ? try reader.fixed64("snippet") : nil
    )
    try checkFingerprints()
  }

  fileprivate func encode(
    to writer: inout ByteWriter,
    line: inout Int
  ) throws(FormatError) {
    try checkFingerprints()
    try writer.string(rule, "rule")
    writer.byte(level.rawValue)
    writer.flag(region != nil)
    if let region { try region.encode(to: &writer, line: &line) }
    writer.hash(message)
    writer.fixed64(template)
    try writer.list(fingerprints, "fingerprints") { (writer, item) throws(FormatError) in
      try writer.string(item.key, "key")
      writer.optional(signed: item.version)
      try writer.string(item.value, "value")
      writer.flag(item.isFull)
    }
    try writer.list(suppressions, "suppressions") { (writer, item) throws(FormatError) in
      writer.byte(item.kind.rawValue)
      writer.byte(item.status.rawValue)
      writer.optional(hash: item.justification)
    }
    try writer.optional(string: symbol, "symbol")
    writer.flag(snippet != nil)
    if let snippet { writer.fixed64(snippet) }
  }

  private func checkFingerprints() throws(FormatError) {
    try Order.ascending(fingerprints, "fingerprints") {
      if !$0.key.utf8.elementsEqual($1.key.utf8) { return Order.bytes($0.key, $1.key) }
      return ($0.version ?? Int.min) < ($1.version ?? Int.min)
    }
  }
}

extension Suppression {
  fileprivate init(from reader: inout ByteReader) throws(FormatError) {
    guard let kind = Kind(rawValue: try reader.byte("kind")),
      let status = Status(rawValue: try reader.byte("status"))
    else { throw .invalid("suppression") }
    self.init(kind: kind, status: status, justification: try reader.optionalHash("why"))
  }
}

extension SourceRegion {
  /// Lines from the row before, the end line from the start; 0 is "not reported" for the other three.
  fileprivate init(from reader: inout ByteReader, line: inout Int) throws(FormatError) {
    let delta = try reader.number("line")
    let column = try reader.number("column")
    let endLine = try reader.number("end line")
    let endColumn = try reader.number("end column")
    let (start, overflow) = line.addingReportingOverflow(delta)
    guard !overflow, start <= Int(Int32.max), endLine <= Int(Int32.max) else {
      throw .invalid("line")
    }
    do {
      try self.init(
        startLine: start,
        startColumn: column == 0 ? nil : column,
        endLine: endLine == 0 ? nil : start + endLine - 1,
        endColumn: endColumn == 0 ? nil : endColumn
      )
    } catch {
      throw .invalid("region")
    }
    line = start
  }

  fileprivate func encode(
    to writer: inout ByteWriter,
    line: inout Int
  ) throws(FormatError) {
    try writer.number(startLine - line, "line")
    try writer.number(startColumn ?? 0, "column")
    try writer.number(endLine.map { $0 - startLine + 1 } ?? 0, "end line")
    try writer.number(endColumn ?? 0, "end column")
    line = startLine
  }
}

extension TokenWindow {
  fileprivate init(from reader: inout ByteReader) throws(FormatError) {
    let left = try TokenWindow.side(from: &reader)
    let right = try TokenWindow.side(from: &reader)
    self.init(left: left, right: right, line: try reader.fixed32("line"))
  }

  fileprivate func encode(to writer: inout ByteWriter) throws(FormatError) {
    for side in [left, right] {
      guard side.count <= FormatLimits.windowCount else {
        throw .limit("window", found: side.count, limit: FormatLimits.windowCount)
      }
      writer.byte(UInt8(side.count))
      for token in side { writer.fixed16(token) }
    }
    writer.fixed32(line)
  }

  private static func side(from reader: inout ByteReader) throws(FormatError) -> [UInt16] {
    let count = Int(try reader.byte("window"))
    guard count <= FormatLimits.windowCount else {
      throw .limit("window", found: count, limit: FormatLimits.windowCount)
    }
    var tokens: [UInt16] = []
    tokens.reserveCapacity(count)
    for _ in 0..<count { tokens.append(try reader.fixed16("window")) }
    return tokens
  }
}
