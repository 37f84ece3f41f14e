public import TallyModel

/// Names the claimed part of a sheet.
public typealias ClaimID = ContentID<SheetClaim>

/// The ids of the stored format (`docs/format.md`), computed without a file.
///
/// MUST NOT CHANGE.
public enum StoredFormat {
  /// The SHA-256 of a text's UTF-8, and nothing else.
  public static func textID(_ text: String) -> TextID {
    var copy = text
    return copy.withUTF8 { buffer in
      var digest = StreamingDigest()
      digest.update(UnsafeRawBufferPointer(buffer))
      return digest.finish().renamed()
    }
  }

  /// The SHA-256 of some bytes, such as a report as it was read.
  public static func digest(_ bytes: [UInt8]) -> RawDigest { RawDigest(hashing: bytes) }

  /// The first 8 bytes of the SHA-256 of some bytes, big-endian: message templates and snippets.
  public static func digest64(_ bytes: some Sequence<UInt8>) -> UInt64 {
    RawDigest(hashing: Array(bytes)).prefix64
  }

  /// The id of the claimed rows of one file; the rows must be sorted by ``Finding/precedes(_:_:)``.
  ///
  /// - Throws: ``LedgerError`` where a row is out of order or beyond ``FormatLimits``.
  public static func claimID(of findings: [Finding]) throws(LedgerError) -> ClaimID {
    ClaimID(
      hashing: try LedgerError.refusing { () throws(FormatError) in
        try SheetEncoding.encodeClaim(findings)
      }
    )
  }

  /// The hash that a scan entry has over all its files; sorts by path itself.
  ///
  /// - Throws: ``LedgerError`` where a path is there twice.
  public static func scanClaims(
    _ lines: [(path: RepoPath, claim: ClaimID)]
  ) throws(LedgerError) -> ContentID<ScanClaims> {
    let sorted = lines.sorted { $0.path < $1.path }
    return ContentID(
      hashing: try LedgerError.refusing { () throws(FormatError) in
        var writer = ByteWriter(capacity: 32 + lines.count * 72)
        writer.begin("tally.claims")
        try Order.strictlyAscending(sorted, "claims") { $0.path < $1.path }
        try writer.list(sorted, "claims") { (writer, line) throws(FormatError) in
          try writer.path(line.path)
          writer.hash(line.claim)
        }
        return writer.bytes
      }
    )
  }

  /// The id of a tree.
  public static func treeID(of tree: Tree) throws(LedgerError) -> TreeID {
    TreeID(hashing: try LedgerError.refusing { () throws(FormatError) in try tree.encoded() })
  }

  /// The id of a manifest.
  public static func manifestID(of manifest: Manifest) throws(LedgerError) -> ManifestID {
    ManifestID(
      hashing: try LedgerError.refusing { () throws(FormatError) in
        try manifest.encoded()
      }
    )
  }

  /// The bytes of a log leaf: what is under the root besides the entry itself.
  static func leaf(_ id: EntryID, _ receipt: Receipt) throws(FormatError) -> [UInt8] {
    var writer = ByteWriter(capacity: 160)
    writer.begin("tally.leaf")
    writer.hash(id)
    writer.time(receipt.arrived)
    try writer.string(receipt.actor, "actor")
    try writer.optional(string: receipt.runURL, "run URL")
    try writer.string(receipt.importer, "importer")
    return writer.bytes
  }
}

extension ContentID {
  /// The same hash as the name of something else.
  func renamed<Other>() -> ContentID<Other> {
    guard let id = ContentID<Other>(bytes: bytes) else {
      preconditionFailure("an id has 32 bytes")
    }
    return id
  }
}

/// Mints the id of a violation from its earliest sighting.
///
/// The first 16 bytes of the SHA-256 of the sighting in the stored format, domain `tally.violation`. MUST NOT CHANGE.
public struct Mint: ViolationMint {
  /// Creates a mint; all are alike.
  public init() {}

  /// The id of a violation whose earliest sighting this is.
  public func mint(_ origin: Sighting) -> ViolationID {
    var writer = ByteWriter(capacity: 128)
    writer.begin("tally.violation")
    writer.hash(origin.scan)
    // Not bounded here: a sighting that can be minted was stored before, and is.
    let path = Array(origin.path.text.utf8)
    writer.unsigned(UInt64(path.count))
    writer.raw(path)
    writer.unsigned(UInt64(max(0, origin.ordinal)))
    let bytes = RawDigest(hashing: writer.bytes).bytes
    guard let id = ViolationID(bytes: bytes.prefix(16)) else {
      preconditionFailure("a hash has more than 16 bytes")
    }
    return id
  }
}

/// An entry on its way into a journal: encoded once, named by the hash of its bytes.
public struct EntryDraft: Sendable, Hashable {
  /// What it claims.
  public let body: EntryBody
  /// The hash of everything it claims.
  public let id: EntryID
  /// The stored form, as bundles carry it.
  public let encoded: [UInt8]

  /// Encodes and names an entry.
  ///
  /// - Throws: ``LedgerError`` where the body is out of order or beyond ``FormatLimits``.
  public init(_ body: EntryBody) throws(LedgerError) {
    let bytes = try LedgerError.refusing { () throws(FormatError) in
      try EntryEncoding.encode(body)
    }
    self.body = body
    encoded = bytes
    id = EntryID(hashing: bytes)
  }

  /// Takes an entry in the stored form, from another journal.
  ///
  /// - Throws: ``LedgerError`` where the bytes are not in that form.
  public init(encoded bytes: [UInt8]) throws(LedgerError) {
    body = try LedgerError.refusing { () throws(FormatError) in try EntryEncoding.decode(bytes) }
    encoded = bytes
    id = EntryID(hashing: bytes)
  }
}
