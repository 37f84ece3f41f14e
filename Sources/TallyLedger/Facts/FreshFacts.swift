internal import TallyModel

/// What came in a transaction: at hand while books are made from it, without the way through the stored forms.
///
/// Bodies and sheets are those that whoever brought them holds anyway.
struct FreshFacts {
  /// So many bytes of sheets are kept; the rest is read again.
  private static let mostSheetBytes = 64 << 20

  private(set) var bodies: [Int: EntryBody] = [:]
  private(set) var receipts: [Int: Receipt] = [:]
  /// The places of entries by the numbers of ``FactKey``; nil where the journal held some before.
  private var places: [Int: [Int]]?
  private var sheets: [SheetID: [UInt8]] = [:]
  private var sheetBytes = 0

  init(isEmptyBefore: Bool) { places = isEmptyBefore ? [:] : nil }

  mutating func keep(_ body: EntryBody, _ receipt: Receipt, at sequence: Int) {
    bodies[sequence] = body
    receipts[sequence] = receipt
  }

  mutating func enter(_ sequence: Int, under key: Int) {
    guard places != nil else { return }
    if places?[key]?.last != sequence { places?[key, default: []].append(sequence) }
  }

  /// The places of all entries that are found by a number, in order; nil where the table has to be asked.
  func sequences(by key: Int) -> [Int]? {
    guard let places else { return nil }
    return places[key] ?? []
  }

  mutating func keep(sheet bytes: [UInt8], as id: SheetID) {
    guard sheetBytes < Self.mostSheetBytes, sheets[id] == nil else { return }
    sheetBytes += bytes.count
    sheets[id] = bytes
  }

  func sheet(_ id: SheetID) -> [UInt8]? { sheets[id] }
}
