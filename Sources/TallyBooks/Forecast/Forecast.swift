/// When a count reaches its target, and how many are open on the way, if the weeks to come are like the weeks that were.
///
/// A simulation of ``runs`` courses. Each draws from the observed spans, with replacement, as many as there are, since these weeks are a sample,
/// too; and then from what it drew, again and again, until the target is reached. Everything is in whole numbers and follows from the
/// throughput and the seed. With the same seed more throughput in any span never gives a later date.
public struct Forecast: Sendable {
  /// How many courses are simulated.
  public static let runs = 1_000
  /// How many weeks a course may take: 5 years.
  public static let horizonWeeks = 260
  /// How many scanned weeks it takes; with fewer a forecast is a guess.
  public static let neededSpans = 6

  /// How many are open after some days.
  public struct Balance: Sendable, Hashable {
    /// Days from now.
    public let days: Int
    /// Half of the courses have no more open.
    public let likely: Int
    /// 85 of 100 courses have at least as many open.
    public let low: Int
    /// 85 of 100 courses have no more open, and the margin on top.
    public let high: Int
  }

  private let open: Int
  private let target: Int
  private let spans: [Throughput.Span]
  private let numbers: SeededNumbers
  private let margin: ForecastMargin
  /// How many courses have reached the target after so many weeks, from week 0.
  private let finished: [Int]
  /// The same, where the margin has to fit in too.
  private let finishedSafely: [Int]

  /// Simulates.
  ///
  /// - Parameters:
  ///   - open: how many are open now.
  ///   - target: the count to reach.
  ///   - throughput: what the weeks are like; nothing is known without a span.
  ///   - seed: names the simulation; equal names give equal results.
  ///   - margin: what earlier forecasts missed by.
  public init(
    open: Int,
    target: Int,
    throughput: Throughput,
    seed: [String],
    margin: ForecastMargin = .none
  ) {
    self.open = open
    self.target = target
    self.margin = margin
    spans = throughput.spans
    numbers = SeededNumbers(naming: seed)
    var ends = Array(repeating: 0, count: Self.horizonWeeks + 1)
    var safeEnds = ends
    if open <= target {
      ends[0] = Self.runs
      safeEnds[0] = Self.runs
    } else if throughput.net > 0 {
      for run in 0..<Self.runs {
        var course = Course(spans, numbers, run: run)
        var left = open
        var isDone = false
        for week in 1...Self.horizonWeeks {
          left -= course.next()
          if !isDone, left <= target {
            ends[week] += 1
            isDone = true
          }
          if isDone, left + margin.within(days: 7 * week) <= target {
            safeEnds[week] += 1
            break
          }
        }
      }
    }
    finished = Self.sums(ends)
    finishedSafely = Self.sums(safeEnds)
  }

  private static func sums(_ counts: [Int]) -> [Int] {
    var sum = 0
    return counts.map { count in
      sum += count
      return sum
    }
  }

  /// How many weeks until half of the courses have reached the target; nil for never.
  public var likelyWeeks: Int? { finished.firstIndex { $0 * 100 >= Self.runs * 50 } }

  /// How many weeks until 85 of 100 courses have reached the target by the margin; nil when that takes longer than the horizon.
  public var safeWeeks: Int? { finishedSafely.firstIndex { $0 * 100 >= Self.runs * 85 } }

  /// True when no more go than come, or fewer than half of the courses reach the target within the horizon.
  public var isNever: Bool { likelyWeeks == nil }

  /// How many of 100 courses reach the target within some weeks, rounded down; 85 or more only where ``safeWeeks`` are within them.
  public func percent(within weeks: Int) -> Int {
    let percent = finished[min(max(weeks, 0), Self.horizonWeeks)] * 100 / Self.runs
    let isSafe = safeWeeks.map { $0 <= weeks } ?? false
    return isSafe ? percent : min(percent, 84)
  }

  /// How many are open after so many days, in the order they are asked for; empty without a span.
  ///
  /// A course ends at the target. Within a week the count goes evenly.
  public func balances(afterDays days: [Int]) -> [Balance] {
    guard !spans.isEmpty, let last = days.max(), last > 0 else { return [] }
    let weeks = (last + 6) / 7
    var counts = days.map { _ in [Int]() }
    var path = Array(repeating: open, count: weeks + 1)
    for run in 0..<Self.runs {
      var course = Course(spans, numbers, run: run)
      for week in 1...weeks {
        let before = path[week - 1]
        path[week] = before <= target ? before : max(target, before - course.next())
      }
      for (index, day) in days.enumerated() {
        let week = day / 7
        let rest = day % 7
        var count = path[week]
        if rest > 0 { count += floorDivide((path[week + 1] - path[week]) * rest, 7) }
        counts[index].append(count)
      }
    }
    return zip(days, counts).map { day, unsorted in
      let sorted = unsorted.sorted()
      return Balance(
        days: day,
        likely: sorted[rank(50)],
        low: sorted[rank(15)],
        high: sorted[rank(85)] + margin.within(days: day)
      )
    }
  }

  /// The place of the number that so many of 100 are not above.
  private func rank(_ percent: Int) -> Int { (Self.runs * percent + 99) / 100 - 1 }
}

/// One course of the weeks to come.
///
/// It draws as many spans as there are, and from then on from these: a draw names one of the first draws, which names a span.
struct Course {
  private let spans: [Throughput.Span]
  private let numbers: SeededNumbers
  private let run: Int
  private var place: Int
  private var span = Throughput.Span(weeks: 0, gone: 0, came: 0)
  private var week = 0

  /// Starts a course; there has to be a span.
  init(_ spans: [Throughput.Span], _ numbers: SeededNumbers, run: Int) {
    self.spans = spans
    self.numbers = numbers
    self.run = run
    place = spans.count
  }

  /// By how many fewer are open after the next week; negative for more.
  ///
  /// What happened in several weeks is spread over them evenly.
  mutating func next() -> Int {
    if week == span.weeks {
      let first = numbers.below(spans.count, run: run, place: place)
      span = spans[numbers.below(spans.count, run: run, place: first)]
      place += 1
      week = 0
    }
    week += 1
    if span.weeks == 1 { return span.net }
    return floorDivide(span.net * week, span.weeks) - floorDivide(span.net * (week - 1), span.weeks)
  }
}

/// The quotient, rounded down also below 0; the divisor has to be above 0.
private func floorDivide(_ value: Int, _ divisor: Int) -> Int {
  let quotient = value / divisor
  return value % divisor < 0 ? quotient - 1 : quotient
}
