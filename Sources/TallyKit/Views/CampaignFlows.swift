import TallyBooks
import TallyModel

/// Movements by subject, and which of them a campaign counts.
struct CampaignFlows {
  let book: FlowBook
  /// The movements that touch what is counted.
  let flows: [Flow]
  /// By subject: the place of the priority, -1 for what is not counted.
  private let ranks: [Int16]
  /// By file: its place in the order of the paths.
  fileprivate let fileOrder: [Int32]
  private let entryRanks: EntryRanks

  init(_ campaign: CampaignView) throws {
    let book = try campaign.view.flows(of: campaign.lanes.map(\.lane))
    let ranks = SubjectRanks(of: campaign, in: book).ranks
    func isCounted(_ flow: Flow) -> Bool {
      ranks[Int(flow.subject)] >= 0
        || (flow.destination >= 0 && ranks[Int(flow.destination)] >= 0)
    }
    self.book = book
    flows = ranks.contains { $0 < 0 } ? book.flows.filter(isCounted) : book.flows
    self.ranks = ranks
    var order = Array(repeating: Int32(0), count: book.files.count)
    let sorted = book.files.indices.sorted { book.files[$0] < book.files[$1] }
    for (place, file) in sorted.enumerated() { order[file] = Int32(place) }
    fileOrder = order
    entryRanks = EntryRanks(book, ranks: ranks)
  }

  /// The place of the priority that takes a subject; nil for what is not counted.
  func rank(_ subject: Int32) -> Int? {
    let rank = ranks[Int(subject)]
    return rank < 0 ? nil : Int(rank)
  }

  func isCounted(_ subject: Int32) -> Bool { ranks[Int(subject)] >= 0 }

  /// The balanced account between two points.
  func totals(from: AccountPoint?, to: AccountPoint) -> FlowTotals {
    FlowTotals(
      flows,
      from: from.map { FlowPoint($0, in: book) },
      to: FlowPoint(to, in: book),
      selects: isCounted
    )
  }

  /// What is open at a point.
  func open(at point: AccountPoint) -> OpenCounts {
    let end = FlowPoint(point, in: book)
    var counts = Array(repeating: 0, count: ranks.count)
    for flow in flows where end.includes(flow) {
      let change = flow.kind.sign * Int(flow.count)
      counts[Int(flow.subject)] += change
      if flow.destination >= 0 { counts[Int(flow.destination)] -= change }
    }
    var items: [OpenCounts.Item] = []
    for (subject, count) in counts.enumerated() where count != 0 && ranks[subject] >= 0 {
      items.append(
        OpenCounts.Item(subject: Int32(subject), rank: Int(ranks[subject]), count: count)
      )
    }
    return OpenCounts(flows: self, items: items)
  }

  /// Those of some times of each lane at which anything entered the balance that may be of a priority by now; nil for any.
  func entries(rank: Int?, among times: [LaneKey: [Timestamp]]) -> [LaneKey: Set<Timestamp>] {
    let wanted = book.lanes.map { Set(times[$0] ?? []) }
    let ranks = entryRanks.leading(to: rank)
    var result = book.lanes.map { _ in Set<Timestamp>() }
    for entry in entryRanks.entries where entry.ranks & ranks != 0 {
      if !wanted[Int(entry.lane)].contains(entry.time) { continue }
      result[Int(entry.lane)].insert(entry.time)
    }
    return Dictionary(uniqueKeysWithValues: zip(book.lanes, result))
  }

  /// How many are waived at a point.
  func waived(at point: AccountPoint) -> Int {
    let end = FlowPoint(point, in: book)
    return flows.reduce(0) { sum, flow in
      guard flow.kind == .waived || flow.kind == .unwaived, end.includes(flow),
        isCounted(flow.subject)
      else { return sum }
      return sum - flow.kind.sign * Int(flow.count)
    }
  }
}

/// When something of which priority entered the balance.
private struct EntryRanks {
  /// What entered at one position.
  struct Entry {
    let lane: Int32
    let time: Timestamp
    /// A bit for each priority.
    var ranks: UInt64
  }

  /// From which to which priority something moved.
  private struct Move: Hashable {
    let from: UInt64
    let to: UInt64
  }

  private(set) var entries: [Entry] = []
  private var moves: Set<Move> = []

  init(_ book: FlowBook, ranks: [Int16]) {
    for flow in book.flows {
      let bit = Self.bit(ranks[Int(flow.subject)])
      if flow.destination >= 0 {
        moves.insert(Move(from: bit, to: Self.bit(ranks[Int(flow.destination)])))
      } else if flow.kind.sign > 0 {
        // What entered at one position stands together.
        let last = entries.count - 1
        if last >= 0, entries[last].lane == flow.lane, entries[last].time == flow.time {
          entries[last].ranks |= bit
        } else {
          entries.append(Entry(lane: flow.lane, time: flow.time, ranks: bit))
        }
      }
    }
  }

  /// The first is for what the campaign does not count, the last for every priority from the 63rd on.
  private static func bit(_ rank: Int16) -> UInt64 { 1 << UInt64(min(rank + 1, 63)) }

  /// The priorities in which something may have entered that is of one by now, or of any: what moved there entered elsewhere.
  func leading(to rank: Int?) -> UInt64 {
    var result = rank.map { Self.bit(Int16(clamping: $0)) } ?? ~1
    while true {
      let before = result
      for move in moves where result & move.to != 0 { result |= move.from }
      if result == before { return result }
    }
  }
}

/// What is open of a campaign at some point, by subject.
struct OpenCounts {
  /// The violations of one subject; numbers as in the book.
  struct Item {
    let subject: Int32
    /// The place of its priority among the campaign's; behind the last for what none takes.
    let rank: Int
    let count: Int
  }

  private let flows: CampaignFlows
  let items: [Item]

  fileprivate init(flows: CampaignFlows, items: [Item]) {
    self.flows = flows
    self.items = items
  }

  var total: Int { items.reduce(0) { $0 + $1.count } }

  func subject(of item: Item) -> Subject { flows.book.subject(item.subject) }

  func path(_ file: Int) -> RepoPath { flows.book.files[file] }

  func rule(_ number: Int) -> String { flows.book.rules[number] }

  /// How many each priority takes, by its place.
  func byRank() -> [Int: Int] {
    var result: [Int: Int] = [:]
    for item in items { result[item.rank, default: 0] += item.count }
    return result
  }

  /// How many are in each file, of one priority or of all; by the number of the file.
  func byFile(rank: Int? = nil) -> [Int] {
    var counts = Array(repeating: 0, count: flows.book.files.count)
    for item in items where rank == nil || item.rank == rank {
      counts[Int(flows.book.subjects[Int(item.subject)].file)] += item.count
    }
    return counts
  }

  /// How many each rule has; by the number of the rule.
  func byRule() -> [Int] {
    var counts = Array(repeating: 0, count: flows.book.rules.count)
    for item in items { counts[Int(flows.book.subjects[Int(item.subject)].rule)] += item.count }
    return counts
  }

  /// The numbers of the files that have any, of one priority or of all, with their counts; most first, then by path.
  func files(rank: Int? = nil) -> [(file: Int, count: Int)] {
    let order = flows.fileOrder
    return byFile(rank: rank).enumerated().filter { $0.element != 0 }
      .map { (file: $0.offset, count: $0.element) }
      .sorted { ($1.count, order[$0.file]) < ($0.count, order[$1.file]) }
  }

  /// How much of a file each priority has, by its place.
  func ranks(ofFile file: Int, count: Int) -> [Int] {
    var result = Array(repeating: 0, count: count)
    for item in items where flows.book.subjects[Int(item.subject)].file == Int32(file) {
      result[item.rank] += item.count
    }
    return result
  }
}

/// Keeps the movements of one campaign for all who ask.
final class CampaignCounts {
  private var flows: CampaignFlows?
  private var end: OpenCounts?

  func flows(of campaign: CampaignView) throws -> CampaignFlows {
    if let flows { return flows }
    let made = try CampaignFlows(campaign)
    flows = made
    return made
  }

  func open(of campaign: CampaignView) throws -> OpenCounts {
    if let end { return end }
    let made = try flows(of: campaign).open(at: campaign.view.now)
    end = made
    return made
  }
}
