/// How often forecasts of the same kind would have held in a campaign's own past.
///
/// For each observation that has enough before it, a forecast of the next weeks is made from what was known then, and compared with what
/// happened. It held when at least as much went as 85 of 100 courses have, less what the forecasts before it had missed by.
public struct ForecastCheck: Sendable, Hashable {
  /// How far ahead the past forecasts look; the first end of a span at or behind it is compared.
  public static let aheadWeeks = 4
  /// How many past forecasts it takes to judge.
  public static let neededForecasts = 8
  /// How many of 100 have to have held.
  public static let leastPercent = 75
  private static let runs = 200
  /// At most so many forecasts are made, the last ones.
  private static let longest = 52

  /// How many forecasts were made.
  public private(set) var checked = 0
  /// How many of them held.
  public private(set) var held = 0
  /// What 85 of 100 of them did not miss by more than; nothing where that many were safe, or too few were made.
  public private(set) var margin = ForecastMargin.none

  /// Makes the forecasts.
  ///
  /// - Parameters:
  ///   - weeks: whole weeks without gaps, oldest first: all that is known, not only what a forecast looks at.
  ///   - seed: names the simulation.
  public init(weeks: [Throughput.Week], seed: [String]) {
    let spans = Throughput(weeks: weeks, longestWeeks: .max).spans
    let numbers = SeededNumbers(naming: seed + ["check"])
    guard spans.count > Forecast.neededSpans else { return }
    var misses: [(end: Int, miss: ForecastMargin)] = []
    let first = max(Forecast.neededSpans, spans.count - Self.longest)
    for origin in first..<spans.count {
      var (ahead, actual, end) = (0, 0, origin)
      while ahead < Self.aheadWeeks, end < spans.count {
        ahead += spans[end].weeks
        actual += spans[end].net
        end += 1
      }
      if ahead < Self.aheadWeeks { break }
      let past = Self.last(Throughput.longestWeeks, of: spans[..<origin])
      var nets: [Int] = []
      nets.reserveCapacity(Self.runs)
      for run in 0..<Self.runs {
        var course = Course(past, numbers, run: origin << 16 | run)
        var net = 0
        for _ in 0..<ahead { net += course.next() }
        nets.append(net)
      }
      nets.sort()
      let miss = ForecastMargin(count: nets[Self.runs * 15 / 100] - actual, weeks: ahead)
      // Only what was known at that time: forecasts whose weeks were over.
      let known = misses.filter { $0.end <= origin }.map(\.miss)
      checked += 1
      if miss.count <= ForecastMargin.covering(known).within(days: 7 * ahead) { held += 1 }
      misses.append((end, miss))
    }
    margin = ForecastMargin.covering(misses.map(\.miss))
  }

  /// True when enough forecasts were made to judge, and too few of them held.
  public var isUnreliable: Bool {
    checked >= Self.neededForecasts && held * 100 < checked * Self.leastPercent
  }

  /// The last spans that make up so many weeks.
  private static func last(_ weeks: Int, of spans: ArraySlice<Throughput.Span>) -> [Throughput.Span]
  {
    var kept = 0
    var first = spans.endIndex
    while first > spans.startIndex, kept < weeks {
      first -= 1
      kept += spans[first].weeks
    }
    return Array(spans[first...])
  }
}
