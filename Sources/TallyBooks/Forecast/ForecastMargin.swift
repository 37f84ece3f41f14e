/// By how much more may be open than simulated courses say, for each week ahead: what earlier forecasts of the same campaign missed by.
public struct ForecastMargin: Sendable, Hashable {
  /// No more than the courses say.
  public static let none = ForecastMargin(count: 0, weeks: 1)

  /// How many violations.
  public let count: Int
  /// In how many weeks, at least 1.
  public let weeks: Int

  /// Creates a margin.
  public init(count: Int, weeks: Int) {
    self.count = count
    self.weeks = max(1, weeks)
  }

  /// True when nothing is added.
  public var isNone: Bool { count <= 0 }

  /// The margin after some days, rounded up; never below 0.
  public func within(days: Int) -> Int {
    isNone ? 0 : (count * days + 7 * weeks - 1) / (7 * weeks)
  }

  /// What 85 of 100 misses were not above; nothing for too few of them.
  ///
  /// A miss below 0 was on the safe side. With so few misses one more is counted than there are, which is itself not known yet.
  static func covering(_ misses: [ForecastMargin]) -> ForecastMargin {
    guard misses.count >= ForecastCheck.neededForecasts else { return .none }
    let sorted = misses.sorted { $0.count * $1.weeks < $1.count * $0.weeks }
    let rank = ((sorted.count + 1) * 85 + 99) / 100
    let found = sorted[min(rank, sorted.count) - 1]
    return found.isNone ? .none : found
  }
}
