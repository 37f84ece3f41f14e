public import TallyModel

/// The balanced account between two points in numbers: opening + everything in - everything out = closing.
///
/// What ``Statement`` says of its total, without the violations.
public struct FlowTotals: Sendable, Hashable {
  /// How many were open at the start.
  public private(set) var opening = 0
  /// How many were open at the end.
  public private(set) var closing = 0
  /// By the number of the kind, then of the basis.
  private var counts = Array(repeating: 0, count: 256 * 8)

  /// Counts what is selected.
  ///
  /// - Parameters:
  ///   - flows: movements, in any order.
  ///   - from: what counts as opening; nil for nothing.
  ///   - to: the end.
  ///   - selects: whether a subject is counted.
  public init(
    _ flows: [Flow],
    from: FlowPoint?,
    to: FlowPoint,
    selects: (_ subject: Int32) -> Bool
  ) {
    for flow in flows where to.includes(flow) {
      var kind = flow.kind
      if kind == .movedOut {
        let leaves = selects(flow.subject)
        // Within what is counted nothing moved.
        if leaves == selects(flow.destination) { continue }
        if !leaves { kind = .movedIn }
      } else if !selects(flow.subject) {
        continue
      }
      let change = kind.sign * Int(flow.count)
      closing += change
      if let from, from.includes(flow) {
        opening += change
      } else {
        counts[Self.place(kind, flow.basis)] += Int(flow.count)
      }
    }
  }

  private static func place(_ kind: PostingKind, _ basis: Basis) -> Int {
    Int(kind.rawValue) * 8 + Int(basis.rawValue)
  }

  /// How many movements of a kind there are.
  public func count(_ kind: PostingKind) -> Int {
    Basis.allCases.reduce(0) { $0 + counts[Self.place(kind, $1)] }
  }

  /// How many movements of a kind there are for each basis; none that is zero, in the order of `Basis`.
  public func bases(_ kind: PostingKind) -> [(basis: Basis, count: Int)] {
    Basis.allCases.compactMap { basis in
      let count = counts[Self.place(kind, basis)]
      return count == 0 ? nil : (basis, count)
    }
  }

  /// The kinds that occur, in the order of their numbers.
  public var kinds: [PostingKind] { PostingKind.allCases.filter { count($0) > 0 } }
}

/// An ``AccountPoint`` in the numbers of a book.
public struct FlowPoint: Sendable {
  private let time: Timestamp
  /// The last position that counts in each lane; `Int32.max` where the time decides.
  private let positions: [Int32]

  /// Creates a point of a book.
  public init(_ point: AccountPoint, in book: FlowBook) {
    time = point.time
    positions = book.lanes.map { lane in point.positions[lane].map { Int32($0) } ?? .max }
  }

  /// Says whether a movement lies at or before the point.
  public func includes(_ flow: Flow) -> Bool {
    let last = positions[Int(flow.lane)]
    return flow.position >= 0 && last < .max ? flow.position <= last : flow.time <= time
  }
}
