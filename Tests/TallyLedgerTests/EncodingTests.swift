import TallyModel
import Testing

@testable import TallyLedger

/// The stored format: one spelling a value, and nothing that it does not notice.
@Suite struct EncodingTests {
  /// Method: random valid values of every kind, with hostile strings; decoding gives them back, and the bytes again.
  @Test("every kind of entry comes back from its bytes", arguments: EntryKind.allCases)
  func entries(_ kind: EntryKind) throws {
    for seed in UInt64(0)..<40 {
      var records = RandomRecords(seed: seed * 31 + UInt64(kind.rawValue))
      let body = try records.body(kind)
      let bytes = try EntryEncoding.encode(body)
      let decoded = try EntryEncoding.decode(bytes)
      #expect(decoded == body, "seed \(seed)")
      #expect(try EntryEncoding.encode(decoded) == bytes, "seed \(seed)")
      #expect(decoded.kind == kind)
    }
  }

  @Test("sheets come back from their bytes")
  func sheets() throws {
    for seed in UInt64(0)..<200 {
      var records = RandomRecords(seed: seed)
      let sheet = try records.sheet()
      let bytes = try SheetEncoding.encode(sheet)
      #expect(try SheetEncoding.decode(bytes) == sheet, "seed \(seed)")
    }
  }

  /// Every change of a byte is refused, or is the encoding of something else.
  ///
  /// Method: each byte of some values replaced by others, cut off and followed by rubbish; what decodes has to encode to the same bytes.
  @Test("every byte matters", arguments: EntryKind.allCases)
  func mutations(_ kind: EntryKind) throws {
    for seed in UInt64(0)..<4 {
      var records = RandomRecords(seed: seed &* 977 &+ UInt64(kind.rawValue))
      let bytes = try EntryEncoding.encode(try records.body(kind))
      for index in bytes.indices {
        for change in [UInt8(1), 0x80, UInt8(1 + records.random.below(254))] {
          var mutated = bytes
          mutated[index] ^= change
          guard let decoded = try? EntryEncoding.decode(mutated) else { continue }
          #expect(try EntryEncoding.encode(decoded) == mutated, "seed \(seed) byte \(index)")
        }
      }
      for count in 0..<bytes.count where kind != .scan || count % 3 == 0 {
        if let decoded = try? EntryEncoding.decode(Array(bytes.prefix(count))) {
          #expect(decoded.kind == nil, "seed \(seed) cut at \(count)")
        }
      }
      #expect((try? EntryEncoding.decode(bytes + [0])) == nil, "seed \(seed)")
    }
  }

  @Test("every byte of a sheet matters")
  func sheetMutations() throws {
    for seed in UInt64(0)..<6 {
      var records = RandomRecords(seed: seed)
      let bytes = try SheetEncoding.encode(try records.sheet())
      for index in bytes.indices {
        for change in [UInt8(1), 0x80, UInt8(1 + records.random.below(254))] {
          var mutated = bytes
          mutated[index] ^= change
          guard let decoded = try? SheetEncoding.decode(mutated) else { continue }
          #expect(try SheetEncoding.encode(decoded) == mutated, "seed \(seed) byte \(index)")
        }
      }
      for count in 0..<bytes.count {
        #expect((try? SheetEncoding.decode(Array(bytes.prefix(count)))) == nil)
      }
    }
  }

  @Test("rubbish is refused without harm")
  func rubbish() throws {
    var random = Random(seed: 99)
    for _ in 0..<3_000 {
      let bytes = (0..<random.below(200)).map { _ in UInt8(random.below(256)) }
      _ = try? EntryEncoding.decode(bytes)
      _ = try? SheetEncoding.decode(bytes)
      let framed =
        Array("\u{b}tally.entry".utf8) + [UInt8(1 + random.below(15)), UInt8(1 + random.below(2))]
        + bytes
      _ = try? EntryEncoding.decode(framed)
    }
  }

  @Test("a count cannot make the reader reserve memory")
  func lyingCount() {
    var writer = ByteWriter()
    writer.begin("tally.tree")
    writer.unsigned(4_000_000)
    #expect(throws: FormatError.length("tree")) { try Tree(encoded: writer.bytes) }
    writer = ByteWriter()
    writer.begin("tally.tree")
    writer.unsigned(UInt64.max)
    #expect(throws: FormatError.self) { try Tree(encoded: writer.bytes) }
  }

  @Test(
    "numbers have one spelling",
    arguments: [
      ([0x00], 0), ([0x7f], 127), ([0x80, 0x01], 128), ([0xff, 0x7f], 16_383),
      ([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], UInt64.max),
    ] as [([UInt8], UInt64)]
  )
  func numbers(_ bytes: [UInt8], _ value: UInt64) throws {
    var writer = ByteWriter()
    writer.unsigned(value)
    #expect(writer.bytes == bytes)
    var reader = ByteReader(bytes)
    #expect(try reader.unsigned("n") == value)
  }

  @Test(
    "longer spellings of a number are refused",
    arguments: [
      [0x80, 0x00], [0xff, 0x80, 0x00], [0x80], [],
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
      [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    ] as [[UInt8]]
  )
  func longNumbers(_ bytes: [UInt8]) {
    #expect(throws: FormatError.self) {
      var reader = ByteReader(bytes)
      _ = try reader.unsigned("n")
    }
  }

  @Test("signed numbers come back", arguments: [0, -1, 1, -64, 64, Int64.min, Int64.max])
  func signed(_ value: Int64) throws {
    var writer = ByteWriter()
    writer.signed(value)
    var reader = ByteReader(writer.bytes)
    #expect(try reader.signed("n") == value)
    #expect(reader.remaining == 0)
  }

  @Test("kinds and versions that are not known are kept as bytes")
  func unknown() throws {
    let body = EntryBody.unknown(kind: 77, version: 3, bytes: [1, 2, 3])
    #expect(try EntryEncoding.decode(try EntryEncoding.encode(body)) == body)
    var bytes = try EntryEncoding.encode(
      .retraction(RetractionRecord(target: try Sample.id(1), reason: try Sample.id(2)))
    )
    bytes[13] = 2
    let newer = try EntryEncoding.decode(bytes)
    #expect(newer == .unknown(kind: 11, version: 2, bytes: Array(bytes.dropFirst(14))))
    #expect(try EntryEncoding.encode(newer) == bytes)
  }

  @Test("what is out of order is refused when it is written")
  func order() throws {
    let finding = try Sample.finding(line: 2)
    let earlier = try Sample.finding(line: 1)
    #expect(throws: LedgerError.self) {
      try StoredFormat.claimID(of: [finding, earlier])
    }
    #expect(throws: LedgerError.self) {
      try StoredFormat.scanClaims([
        (path("a"), try StoredFormat.claimID(of: [finding])),
        (path("a"), try StoredFormat.claimID(of: [earlier])),
      ])
    }
    #expect(throws: LedgerError.self) {
      try StoredFormat.treeID(
        of: Tree(lines: [
          Tree.Line(path: path("b"), sheet: try Sample.id(1)),
          Tree.Line(path: path("a"), sheet: try Sample.id(1)),
        ])
      )
    }
  }

  @Test("limits are checked when something is written")
  func limits() throws {
    let long = String(repeating: "x", count: FormatLimits.stringBytes + 1)
    #expect(
      throws: LedgerError.limitExceeded(what: "project", found: 65_536, limit: 65_535)
    ) {
      try EntryDraft(
        .laneRename(
          LaneRenameRecord(
            from: LaneKey(project: long, tool: "", category: "", branch: ""),
            to: Sample.lane,
            reason: try Sample.id(1)
          )
        )
      )
    }
  }

  @Test("the capture does not change the claim")
  func claimAndCapture() throws {
    let plain = try Sample.sheet(lines: [3, 9], windows: false)
    let captured = try Sample.sheet(lines: [3, 9])
    #expect(
      try StoredFormat.claimID(of: plain.findings)
        == StoredFormat.claimID(of: captured.findings)
    )
    #expect(plain != captured)
  }
}
