import TallyLedger
import TallyModel

/// Unites two ledgers: what one lacks is appended to it, and a merge entry records the other's order.
enum LedgerUnion {
  /// How many entries are handed over at a time.
  private static let portion = 4_096

  /// Takes what `other` holds into `ledger`; nothing happens where that is nothing new.
  ///
  /// - Returns: What was appended, without the merge entry, and sentences about it.
  static func unite(
    _ other: Ledger,
    into ledger: Ledger,
    source: String,
    receipt: Receipt
  ) throws -> (taken: TakenEntries, warnings: [String]) {
    try other.read { theirs in
      try ledger.write { transaction in
        var taken = TakenEntries()
        let common = try commonSize(theirs, transaction)
        let theirSize = try theirs.size()
        if common == theirSize { return (taken, []) }
        if try common < transaction.size() {
          // Both went on: whoever reads this journal can still tell theirs.
          let missing = try lacks(theirs, from: common, transaction)
          if !missing { return (taken, []) }
          let merge = EntryBody.merge(
            of: try theirs.logEnd(),
            leaves: try theirs.logLeaves(from: common)
          )
          _ = try transaction.append([merge], receipt: receipt)
        }
        var first = common + 1
        while first <= theirSize {
          let last = min(first + portion - 1, theirSize)
          let packed = try theirs.bundle(
            of: Array(first...last),
            after: try theirs.logEnd(at: first - 1)
          )
          let bundle = try EntryBundle(file: packed.bytes, source: source)
          try transaction.take(bundle, into: &taken)
          first = last + 1
        }
        return (taken, try Uniter(transaction: transaction).post(taken))
      }
    }
  }

  /// How many entries two journals begin with in common, with equal receipts.
  private static func commonSize(_ first: LedgerReader, _ second: LedgerReader) throws -> Int {
    var low = 0
    var high = min(try first.size(), try second.size())
    while low < high {
      let middle = (low + high + 1) / 2
      if try first.root(at: middle) == second.root(at: middle) {
        low = middle
      } else {
        high = middle - 1
      }
    }
    return low
  }

  private static func lacks(
    _ theirs: LedgerReader,
    from common: Int,
    _ transaction: WriteTransaction
  ) throws -> Bool {
    var next = common + 1
    while next <= (try theirs.size()) {
      let heads = try theirs.entryHeads(from: next)
      if try transaction.contains(heads.map(\.id)).count < heads.count { return true }
      next += max(1, heads.count)
    }
    return false
  }
}
