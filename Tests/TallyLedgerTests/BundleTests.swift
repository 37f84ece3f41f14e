import TallyModel
import Testing

@testable import TallyLedger

/// Bundles: what a ledger holds, on its way into another.
@Suite struct BundleTests {
  /// A ledger of a project that was scanned so often.
  private func grown(_ folder: TemporaryFolder, _ scans: Int, seed: UInt64 = 3) throws -> Ledger {
    let ledger = try Ledger.open(folder.file("grown-\(seed)-\(scans).db"), mode: .create)
    var project = try GrowingProject(files: 12, findingsPerFile: 4, seed: seed)
    for round in 0..<scans { _ = try project.scan(editing: round == 0 ? 0 : 3, into: ledger) }
    return ledger
  }

  private func whole(_ ledger: Ledger) throws -> PackedBundle {
    try ledger.read { try $0.bundle(of: Array(1...(try $0.size())), after: .empty) }
  }

  private func facts(_ ledger: Ledger) throws -> [String] {
    try ledger.read { reader in
      ["\(try reader.size())", "\(try reader.root())", "\(try reader.stateDigest())"]
    }
  }

  /// Takes a bundle's file into a ledger.
  @discardableResult
  private func take(_ file: [UInt8], into ledger: Ledger) throws -> TakenEntries {
    try ledger.write { tx in
      var taken = TakenEntries()
      try tx.take(try EntryBundle(file: file, source: "the file", outside: tx), into: &taken)
      return taken
    }
  }

  // MARK: The way there

  @Test("a whole ledger arrives whole: same entries, same receipts, same root")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let ledger = try grown(folder, 12)
    let packed = try whole(ledger)
    #expect(try whole(ledger) == packed)
    let other = try Ledger.open(folder.file("other.db"), mode: .create)
    let taken = try take(packed.bytes, into: other)
    #expect(taken.appended.count == packed.count)
    #expect(try facts(other) == facts(ledger))
    #expect(try other.verifyBasic() == [])
    #expect(try take(packed.bytes, into: other).appended == [])
    #expect(try facts(other) == facts(ledger))
    // What was taken can be passed on, and comes to the same.
    #expect(try whole(other).id == packed.id)
    let sheets = try ledger.read { reader in
      try reader.scans(of: Sample.lane).map { try reader.tree(of: $0.id) }
    }
    let arrived = try other.read { reader in
      try reader.scans(of: Sample.lane).map { try reader.tree(of: $0.id) }
    }
    #expect(sheets == arrived)
  }

  @Test("bundles of a log leave out what those before brought, and become one")
  func parts() throws {
    let folder = try TemporaryFolder()
    let ledger = try grown(folder, 20)
    let size = try ledger.read { try $0.size() }
    var packed: [PackedBundle] = []
    var end = LogEnd.empty
    var shared = SharedPart.nothing
    // As pushes make them: each knows what the ledger held at the one before.
    let other = try Ledger.open(folder.file("other.db"), mode: .create)
    var project = try GrowingProject(files: 12, findingsPerFile: 4, seed: 3)
    let growing = try Ledger.open(folder.file("growing.db"), mode: .create)
    for round in 0..<20 {
      _ = try project.scan(editing: round == 0 ? 0 : 3, into: growing)
      try growing.read { reader in
        let sequences = Array((shared.entries + 1)...(try reader.size()))
        let bundle = try reader.bundle(of: sequences, after: end, shared: shared)
        packed.append(bundle)
        end = bundle.end
        shared = SharedPart(entries: try reader.size(), objects: try reader.objectCount())
      }
    }
    #expect(end.size == size)
    for bundle in packed { try take(bundle.bytes, into: other) }
    #expect(try facts(other) == facts(ledger))
    #expect(try other.verifyBasic() == [])
    let largest = try #require(packed.dropFirst().map(\.bytes.count).max())
    #expect(largest < packed[0].bytes.count, "a later bundle is as large as the first")
    // Without what came before, a part says so.
    let alone = try Ledger.open(folder.file("alone.db"), mode: .create)
    #expect(throws: BundleError.self) { try take(packed[7].bytes, into: alone) }
    #expect(try facts(alone)[0] == "0")

    var read: [EntryBundle] = []
    for bundle in packed {
      let sources: [any BundleSource] = read.reversed()
      read.append(
        try EntryBundle(file: bundle.bytes, source: "part", outside: BundleSources(sources))
      )
    }
    let joined = try EntryBundle.joining(read)
    #expect(joined.end == end)
    let total = packed.reduce(0) { $0 + $1.bytes.count }
    #expect(joined.bytes.count < total)
    let third = try Ledger.open(folder.file("third.db"), mode: .create)
    try take(joined.bytes, into: third)
    #expect(try facts(third) == facts(ledger))
    let twice = try EntryBundle(file: joined.bytes, source: "joined")
    #expect(try EntryBundle.joining([twice]) == joined)
    #expect(throws: BundleError.self) { try EntryBundle.joining([read[0], read[2]]) }
  }

  // MARK: What is refused

  /// Method: single bytes of the file, and of its decompressed content, are changed; whatever is read afterwards has to be refused as
  /// a bundle is, and leave the ledger as it was.
  @Test("a bundle with a changed byte is refused")
  func flips() throws {
    let folder = try TemporaryFolder()
    let packed = try whole(try grown(folder, 2))
    let target = try Ledger.open(folder.file("target.db"), mode: .create)
    let before = try facts(target)
    var random = Random(seed: 11)
    let plain = try EntryBundle.plain(packed.bytes, source: "x")
    for round in 0..<400 {
      var file: [UInt8]
      if round % 2 == 0 {
        file = packed.bytes
        file[random.below(file.count)] ^= UInt8(1 << random.below(8))
      } else {
        var changed = plain
        changed[random.below(changed.count)] ^= UInt8(1 << random.below(8))
        var writer = ByteWriter()
        writer.begin(EntryBundle.domain)
        writer.flag(false)
        writer.unsigned(UInt64(changed.count))
        writer.raw(changed)
        file = writer.bytes
      }
      let error = #expect(throws: BundleError.self, "round \(round)") {
        try target.write { tx in
          var taken = TakenEntries()
          let bundle = try EntryBundle(file: file, source: "the file", named: packed.id)
          try tx.take(bundle, into: &taken)
        }
      }
      #expect(error?.hint != nil)
    }
    #expect(try facts(target) == before)
  }

  @Test("lengths that lie, and what is no bundle, are refused with a sentence")
  func lies() throws {
    func code(_ file: [UInt8]) -> String {
      do {
        _ = try EntryBundle(file: file, source: "the file")
        return "taken"
      } catch {
        return (error as? BundleError)?.code ?? "\(error)"
      }
    }
    #expect(code([]) == "bundle.not-a-bundle")
    #expect(code(Array("{\"version\": 1}".utf8)) == "bundle.not-a-bundle")
    var newer = ByteWriter()
    newer.begin(EntryBundle.domain, version: 2)
    #expect(code(newer.bytes) == "bundle.newer-version")
    func file(_ length: Int, _ rest: [UInt8], packed: Bool) -> [UInt8] {
      var writer = ByteWriter()
      writer.begin(EntryBundle.domain)
      writer.flag(packed)
      writer.unsigned(UInt64(length))
      writer.raw(rest)
      return writer.bytes
    }
    #expect(code(file(5, [0], packed: false)) == "bundle.damaged")
    #expect(code(file(1 << 40, [0], packed: true)) == "bundle.too-large")
    // A small file that would fill the memory.
    let zeros = [UInt8](repeating: 0, count: 1 << 22)
    let bomb = try #require(Deflate().compress(zeros[...], dictionary: []))
    #expect(code(file(64, bomb, packed: true)) == "bundle.too-large")
  }

  @Test("what a bundle names has to be in it")
  func incomplete() throws {
    let folder = try TemporaryFolder()
    let target = try Ledger.open(folder.file("target.db"), mode: .create)
    let draft = try EntryDraft(
      .scan(
        try Sample.scan(
          commit: try Sample.commit(1),
          lines: [(path("a.py"), try Sample.id(4))],
          count: 1,
          raw: 1
        )
      )
    )
    var builder = BundleBuilder(start: .empty)
    try builder.add(draft, Sample.receipt, like: nil)
    let packed = try builder.pack(source: "x")
    let error = #expect(throws: BundleError.self) { try take(packed.bytes, into: target) }
    #expect(error?.code == "bundle.incomplete")
    var texts = BundleBuilder(start: .empty)
    try texts.add(
      try EntryDraft(
        .retraction(RetractionRecord(target: draft.id, reason: try Sample.id(5)))
      ),
      Sample.receipt,
      like: nil
    )
    let second = try texts.pack(source: "x")
    #expect(throws: BundleError.self) { try take(second.bytes, into: target) }
    #expect(try facts(target)[0] == "0")
  }

  @Test("an entry of a kind that is not known is kept and counted")
  func unknownKind() throws {
    let folder = try TemporaryFolder()
    let target = try Ledger.open(folder.file("target.db"), mode: .create)
    let draft = try EntryDraft(.unknown(kind: 77, version: 3, bytes: [1, 2, 3]))
    var builder = BundleBuilder(start: .empty)
    try builder.add(draft, Sample.receipt, like: nil)
    builder.add(text: "for who knows what to do with it")
    let taken = try take(try builder.pack(source: "x").bytes, into: target)
    #expect(taken.unknown == 1)
    try target.read { (reader: LedgerReader) throws in
      #expect(try reader.unknownEntryCount() == 1)
      #expect(try reader.text(StoredFormat.textID("for who knows what to do with it")) != nil)
    }
  }

  @Test("a redacted text does not come back with a bundle, and does not go with one")
  func redaction() throws {
    let folder = try TemporaryFolder()
    let ledger = try grown(folder, 2)
    let before = try whole(ledger)
    let text = "`redis.client_1` is banned: use the manager of the service"
    let reason = "names a customer"
    try ledger.write { tx in
      try tx.saveText(reason)
      let record = RedactionRecord(
        text: StoredFormat.textID(text),
        reason: StoredFormat.textID(reason)
      )
      _ = try tx.append([EntryBody.redaction(record)], receipt: Sample.receipt)
    }
    let after = try whole(ledger)
    #expect(try EntryBundle(file: before.bytes, source: "x").texts.contains(text))
    #expect(try !EntryBundle(file: after.bytes, source: "x").texts.contains(text))
    for order in [[before, after], [after, before]] {
      let other = try Ledger.open(folder.file("other-\(order[0].count).db"), mode: .create)
      for bundle in order { try take(bundle.bytes, into: other) }
      #expect(try other.read { try $0.text(StoredFormat.textID(text)) } == nil)
      #expect(try other.verifyBasic() == [])
    }
  }

  // MARK: Differences

  @Test("bytes come back from their difference, whatever they are")
  func differences() throws {
    var random = Random(seed: 5)
    for round in 0..<300 {
      let base = (0..<random.below(400)).map { _ in UInt8(random.below(round % 3 == 0 ? 3 : 256)) }
      var bytes = base
      for _ in 0..<random.below(6) where !bytes.isEmpty {
        let place = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(contentsOf: (0..<random.below(40)).map { UInt8($0) }, at: place)
        default:
          let other = random.below(bytes.count)
          bytes.append(contentsOf: bytes[min(place, other)..<max(place, other)])
        }
      }
      let delta = BlockDelta.encode(bytes, base: base)
      #expect(try BlockDelta.decode(delta, base: base, limit: 1 << 20) == bytes)
      if bytes.isEmpty { continue }
      #expect(throws: FormatError.self) {
        try BlockDelta.decode(delta, base: base, limit: bytes.count - 1)
      }
    }
    let long = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 5) }
    var edited = long
    edited[2_500] ^= 1
    #expect(BlockDelta.encode(edited, base: long).count < 16)
  }

  // MARK: Logs of others

  @Test("a merge entry lets a checkpoint of the other journal be told")
  func knownLogs() throws {
    let folder = try TemporaryFolder()
    let first = try grown(folder, 4, seed: 3)
    let second = try grown(folder, 5, seed: 4)
    let anchors = try second.read { reader in
      let sizes: [Int] = [3, 7, try reader.size()]
      return try sizes.map { size in (size: size, root: try reader.root(at: size)) }
    }
    let packed = try whole(second)
    try first.write { tx in
      let bundle = try EntryBundle(file: packed.bytes, source: "x")
      let merge = EntryBody.merge(of: bundle.end, leaves: bundle.leaves)
      _ = try tx.append([merge], receipt: Sample.receipt)
      var taken = TakenEntries()
      try tx.take(bundle, into: &taken)
    }
    try first.read { (reader: LedgerReader) throws in
      let known = try reader.knownLogs()
      #expect(known.unfounded == [])
      for anchor in anchors { #expect(known.contains(size: anchor.size, root: anchor.root)) }
      #expect(known.contains(size: try reader.size(), root: try reader.root()))
      #expect(!known.contains(size: 3, root: try Sample.id(1)))
    }
    // A second one needs only what came since.
    let more = try grown(folder, 6, seed: 4)
    try first.write { tx in
      try more.read { reader in
        let size = anchors[2].size
        let merge = EntryBody.merge(
          of: try reader.logEnd(),
          leaves: try reader.logLeaves(from: size)
        )
        _ = try tx.append([merge], receipt: Sample.receipt)
        let forged = EntryBody.merge(of: try reader.logEnd(at: size), leaves: [])
        guard case .merge(let record) = forged else { return }
        let wrong = MergeRecord(size: record.size - 1, root: record.root, leaves: [])
        _ = try tx.append([EntryBody.merge(wrong)], receipt: Sample.receipt)
      }
    }
    try first.read { (reader: LedgerReader) throws in
      let known = try reader.knownLogs()
      let end = try more.read { try $0.logEnd() }
      #expect(known.contains(size: end.size, root: end.root))
      #expect(known.unfounded.map(\.size) == [anchors[2].size - 1])
    }
  }

  @Test("what was known at a time stays so when older entries come from elsewhere")
  func knownAtTime() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    func append(_ seed: Int, at time: Int64) throws {
      let receipt = Receipt(
        arrived: Timestamp(seconds: time),
        actor: "",
        runURL: nil,
        importer: "x/1"
      )
      _ = try ledger.write { tx in
        try tx.append([.unknown(kind: 99, version: 1, bytes: [UInt8(seed)])], receipt: receipt)
      }
    }
    func known(_ time: Int64) throws -> Int {
      try ledger.read { try $0.size(arrivedUpTo: Timestamp(seconds: time)) }
    }
    try append(1, at: 100)
    try append(2, at: 200)
    #expect(try known(99) == 0)
    #expect(try known(100) == 1)
    #expect(try known(500) == 2)
    try append(3, at: 300)
    // From elsewhere, recorded there before.
    try append(4, at: 150)
    #expect(try known(100) == 1)
    #expect(try known(250) == 2)
    #expect(try known(300) == 4)
  }
}
