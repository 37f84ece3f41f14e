import TallyBooks
import TallyModel

/// Movements by subject, and which of them a campaign counts.
struct CampaignFlows {
  let book: FlowBook
  /// The movements that touch what is counted.
  let flows: [Flow]
  /// The files, and the place of each subject's among them.
  let paths: [RepoPath]
  fileprivate let pathNumbers: [Int32]
  /// By lane, then by subject: the place of the priority, -1 for what is not counted.
  private let ranks: [[Int16]]

  init(_ campaign: CampaignView) throws {
    let book = try campaign.view.flows()
    let own = Set(campaign.lanes.map(\.lane))
    let ids = campaign.campaign.priorities.map(\.id)
    var places: [String: Int16] = [:]
    for (place, id) in ids.enumerated() { places[id] = Int16(clamping: place) }
    let unasked = Int16.min
    var ranks = book.lanes.map { lane in
      own.contains(lane) ? [Int16](repeating: unasked, count: book.subjects.count) : []
    }
    func rank(_ lane: Int, _ number: Int) -> Int16 {
      let subject = book.subjects[number]
      guard campaign.selects(subject, in: book.lanes[lane]) else { return -1 }
      return places[campaign.priority(of: subject)] ?? Int16(clamping: ids.count)
    }
    var isLeftOut = Array(repeating: false, count: book.flows.count)
    var left = 0
    for (index, flow) in book.flows.enumerated() {
      let lane = Int(flow.lane)
      isLeftOut[index] = true
      left += 1
      if ranks[lane].isEmpty { continue }
      func isCounted(_ subject: Int32) -> Bool {
        if ranks[lane][Int(subject)] == unasked {
          ranks[lane][Int(subject)] = rank(lane, Int(subject))
        }
        return ranks[lane][Int(subject)] >= 0
      }
      // Both are asked: what is known of a subject is kept.
      let before = isCounted(flow.subject)
      let after = flow.destination >= 0 && isCounted(flow.destination)
      if before || after {
        isLeftOut[index] = false
        left -= 1
      }
    }
    self.book = book
    var paths: [RepoPath] = []
    var known: [RepoPath: Int32] = [:]
    pathNumbers = book.subjects.map { subject in
      if let number = known[subject.path] { return number }
      known[subject.path] = Int32(paths.count)
      paths.append(subject.path)
      return Int32(paths.count - 1)
    }
    self.paths = paths
    flows =
      left == 0
      ? book.flows
      : book.flows.indices.compactMap { isLeftOut[$0] ? nil : book.flows[$0] }
    self.ranks = ranks
  }

  /// The place of the priority that takes a subject; nil for what is not counted.
  func rank(_ lane: Int32, _ subject: Int32) -> Int? {
    let rank = ranks[Int(lane)][Int(subject)]
    return rank < 0 ? nil : Int(rank)
  }

  func isCounted(_ lane: Int32, _ subject: Int32) -> Bool {
    ranks[Int(lane)][Int(subject)] >= 0
  }

  /// Who or what a movement is of.
  func subject(of flow: Flow) -> Subject { book.subjects[Int(flow.subject)] }

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
    var counts = ranks.map { Array(repeating: 0, count: $0.count) }
    for flow in flows where end.includes(flow) {
      let change = flow.kind.sign * Int(flow.count)
      counts[Int(flow.lane)][Int(flow.subject)] += change
      if flow.destination >= 0 { counts[Int(flow.lane)][Int(flow.destination)] -= change }
    }
    var items: [OpenCounts.Item] = []
    for (lane, counts) in counts.enumerated() {
      for (subject, count) in counts.enumerated() where count != 0 {
        guard let rank = rank(Int32(lane), Int32(subject)) else { continue }
        items.append(
          OpenCounts.Item(
            lane: Int32(lane),
            subject: Int32(subject),
            rank: rank,
            count: count
          )
        )
      }
    }
    return OpenCounts(flows: self, items: items)
  }

  /// Those of some times of each lane at which anything entered the balance that may be of a priority by now; nil for any.
  func entries(rank: Int?, among times: [LaneKey: [Timestamp]]) -> [LaneKey: Set<Timestamp>] {
    let wanted = book.lanes.map { Set(times[$0] ?? []) }
    var ranks: Set<Int> = rank.map { [$0] } ?? []
    // What moved here entered elsewhere.
    var isGrowing = rank != nil
    while isGrowing {
      let before = ranks.count
      for flow in flows where flow.destination >= 0 {
        guard let to = self.rank(flow.lane, flow.destination), ranks.contains(to) else { continue }
        ranks.insert(self.rank(flow.lane, flow.subject) ?? -1)
      }
      isGrowing = ranks.count > before
    }
    let isFromOutside = flows.contains {
      $0.destination >= 0 && !isCounted($0.lane, $0.subject)
    }
    var result = book.lanes.map { _ in Set<Timestamp>() }
    var last: (lane: Int32, time: Timestamp)?
    for flow in isFromOutside ? book.flows : flows where flow.kind.sign > 0 {
      // What entered at one position stands together.
      if let last, last == (flow.lane, flow.time) { continue }
      if !isFromOutside, rank != nil,
        !ranks.contains(self.rank(flow.lane, flow.subject) ?? -1)
      {
        continue
      }
      last = (flow.lane, flow.time)
      if wanted[Int(flow.lane)].contains(flow.time) { result[Int(flow.lane)].insert(flow.time) }
    }
    return Dictionary(uniqueKeysWithValues: zip(book.lanes, result))
  }

  /// How many are waived at a point.
  func waived(at point: AccountPoint) -> Int {
    let end = FlowPoint(point, in: book)
    return flows.reduce(0) { sum, flow in
      guard flow.kind == .waived || flow.kind == .unwaived, end.includes(flow),
        isCounted(flow.lane, flow.subject)
      else { return sum }
      return sum - flow.kind.sign * Int(flow.count)
    }
  }
}

/// What is open of a campaign at some point, by lane and subject.
struct OpenCounts {
  /// The violations of one subject in one lane; numbers as in the book.
  struct Item {
    let lane: Int32
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

  func lane(of item: Item) -> LaneKey { flows.book.lanes[Int(item.lane)] }

  func subject(of item: Item) -> Subject { flows.book.subjects[Int(item.subject)] }

  /// How many each priority takes, by its place.
  func byRank() -> [Int: Int] {
    var result: [Int: Int] = [:]
    for item in items { result[item.rank, default: 0] += item.count }
    return result
  }

  /// How many are in each file, of one priority or of all; without files that have none.
  func byPath(rank: Int? = nil) -> [RepoPath: Int] {
    var counts = Array(repeating: 0, count: flows.paths.count)
    for item in items where rank == nil || item.rank == rank {
      counts[Int(flows.pathNumbers[Int(item.subject)])] += item.count
    }
    var result: [RepoPath: Int] = [:]
    for (path, count) in counts.enumerated() where count != 0 { result[flows.paths[path]] = count }
    return result
  }

  /// How many each rule has.
  func byRule() -> [String: Int] {
    var result: [String: Int] = [:]
    for item in items { result[subject(of: item).rule, default: 0] += item.count }
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
