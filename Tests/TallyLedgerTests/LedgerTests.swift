import TallyLedger
import TallyModel
import Testing

/// Appending, reading back, and what happens when something goes wrong in between.
@Suite struct LedgerTests {
  @Test("a scan comes back as it was, with its sheets")
  func scanRoundTrip() throws {
    let folder = try TemporaryFolder()
    let ledger = try Ledger.open(folder.file("ledger.db"), mode: .create)
    let commit = try Sample.commit(1)
    let sheets = try [path("a.py"): [3, 9], path("b/c.py"): [1]].mapValues {
      try Sample.sheet(lines: $0)
    }
    let drafts = try sheets.map { try SheetDraft(path: $0.key, sheet: $0.value) }
    let record = try Sample.scan(
      commit: commit,
      lines: drafts.map { ($0.path, $0.claim) },
      count: 3,
      raw: 1
    )
    let draft = try EntryDraft(.scan(record))
    let result = try ledger.write { tx in
      try tx.saveText("`redis.Redis` is banned")
      let tree = try tx.saveCapture(
        in: Sample.lane,
        commit: commit,
        lines: drafts.map { .sheet($0) }
      )
      return try tx.append(
        [draft, try EntryDraft(.evidence(.capture(scan: draft.id, tree: tree)))],
        receipt: Sample.receipt
      )
    }
    #expect(result.size == 2)
    #expect(result.appended.first == draft.id)
    let again = try ledger.write { try $0.append([draft], receipt: Sample.receipt) }
    #expect(again.duplicates == [draft.id])
    #expect(again.root == result.root)
    try ledger.read { reader in
      #expect(try reader.lanes() == [Sample.lane])
      let scans = try reader.scans(of: Sample.lane)
      #expect(scans.map(\.record) == [record])
      #expect(scans.map(\.importer) == ["sarif/1"])
      let tree = try reader.tree(of: draft.id)
      #expect(tree.lines.map(\.path) == [path("a.py"), path("b/c.py")])
      for line in tree.lines { #expect(try reader.sheet(line.sheet) == sheets[line.path]) }
      #expect(try reader.captured(in: Sample.lane)?.lines.map(\.sheet) == tree.lines.map(\.sheet))
      #expect(try reader.entry(draft.id)?.receipt == Sample.receipt)
      #expect(try reader.root() == result.root)
    }
    #expect(try ledger.verifyBasic() == [])
  }
}
