/// Puts lines that came or went where people see them, as git does.
///
/// Of three equal lines of which one is new, any may be called the new one. A run of new lines, or of lines that went, is slid to where it begins
/// with the least indentation, as a function does; else to where it is what went, or came, elsewhere; else as far down as it goes, for text is
/// added at the end more often than in between.
struct LineSlide {
  /// The lines of one text.
  struct Side {
    let keys: [UInt64]
    /// How far a line is indented; nil for an empty one.
    let indent: (Int) -> Int?
  }

  private let old: Side
  private let new: Side
  private var partners: [Int32]
  /// What runs without partner say, old and new.
  private let runs: (old: Set<[UInt64]>, new: Set<[UInt64]>)

  private init(_ partners: [Int32], _ old: Side, _ new: Side) {
    self.old = old
    self.new = new
    self.partners = partners
    var isTaken = Array(repeating: false, count: new.keys.count)
    for partner in partners where partner >= 0 { isTaken[Int(partner)] = true }
    runs = (
      Self.runs(of: old.keys) { partners[$0] < 0 }, Self.runs(of: new.keys) { !isTaken[$0] }
    )
  }

  private static func runs(of keys: [UInt64], where isFree: (Int) -> Bool) -> Set<[UInt64]> {
    var result: Set<[UInt64]> = []
    var start = 0
    while start < keys.count {
      var end = start
      while end < keys.count, isFree(end) { end += 1 }
      if end > start + 1 { result.insert(Array(keys[start..<end])) }
      start = end + 1
    }
    return result
  }

  /// The most lines by which a run is slid in one direction.
  private static let farthest = 512

  /// Returns the new line of each old one, or -1, with all runs slid.
  static func slid(_ partners: [Int32], _ old: Side, _ new: Side) -> [Int32] {
    var slide = LineSlide(partners, old, new)
    slide.run()
    return slide.partners
  }

  private mutating func run() {
    var (oldStart, newStart) = (0, 0)
    while oldStart < partners.count || newStart < new.keys.count {
      // The next run without partner: old lines up to `oldEnd`, new ones up to `newEnd`.
      var oldEnd = oldStart
      while oldEnd < partners.count, partners[oldEnd] < 0 { oldEnd += 1 }
      var newEnd = oldEnd < partners.count ? Int(partners[oldEnd]) : new.keys.count
      if oldEnd == oldStart, newEnd > newStart {
        let shift = shift(of: newStart..<newEnd, in: new, besides: oldStart, isOld: false)
        slideNew(newStart..<newEnd, besides: oldStart, by: shift)
        (oldEnd, newEnd) = (oldEnd + shift, newEnd + shift)
      } else if newEnd == newStart, oldEnd > oldStart {
        let shift = shift(of: oldStart..<oldEnd, in: old, besides: newStart, isOld: true)
        slideOld(oldStart..<oldEnd, besides: newStart, by: shift)
        (oldEnd, newEnd) = (oldEnd + shift, newEnd + shift)
      }
      (oldStart, newStart) = (oldEnd, newEnd)
      while oldStart < partners.count, Int(partners[oldStart]) == newStart {
        (oldStart, newStart) = (oldStart + 1, newStart + 1)
      }
    }
  }

  /// By how many lines a run is slid best; below 0 is up.
  private func shift(of run: Range<Int>, in side: Side, besides place: Int, isOld: Bool) -> Int {
    /// Says whether a line next to the run is paired with the one that stands next to the run's place in the other text.
    func isPaired(_ line: Int, _ other: Int) -> Bool {
      let (oldLine, newLine) = isOld ? (line, other) : (other, line)
      return partners.indices.contains(oldLine) && Int(partners[oldLine]) == newLine
    }
    var (up, down) = (0, 0)
    while up < Self.farthest, isPaired(run.lowerBound - up - 1, place - up - 1),
      side.keys[run.lowerBound - up - 1] == side.keys[run.upperBound - up - 1]
    {
      up += 1
    }
    while down < Self.farthest, isPaired(run.upperBound + down, place + down),
      side.keys[run.lowerBound + down] == side.keys[run.upperBound + down]
    {
      down += 1
    }
    if up == 0 && down == 0 { return 0 }
    func indent(_ shift: Int) -> Int {
      (run.lowerBound + shift..<run.upperBound + shift).lazy.compactMap(side.indent).first ?? .max
    }
    let least = (-up...down).map(indent).min()
    let best = (-up...down).filter { indent($0) == least }
    let others = isOld ? runs.new : runs.old
    let moved = best.last { shift in
      others.contains(Array(side.keys[run.lowerBound + shift..<run.upperBound + shift]))
    }
    return moved ?? best.last ?? 0
  }

  private mutating func slideNew(_ run: Range<Int>, besides place: Int, by shift: Int) {
    for step in 0..<max(0, shift) { partners[place + step] = Int32(run.lowerBound + step) }
    for step in 0..<max(0, -shift) { partners[place - step - 1] = Int32(run.upperBound - step - 1) }
  }

  private mutating func slideOld(_ run: Range<Int>, besides place: Int, by shift: Int) {
    for step in 0..<max(0, shift) {
      partners[run.lowerBound + step] = Int32(place + step)
      partners[run.upperBound + step] = -1
    }
    for step in 0..<max(0, -shift) {
      partners[run.upperBound - step - 1] = Int32(place - step - 1)
      partners[run.lowerBound - step - 1] = -1
    }
  }
}
