import TallyModel

/// The days, weeks and months of a trend, in UTC.
enum Calendar {
  /// The first moment of the period that a moment lies in.
  static func start(of moment: Timestamp, _ every: TrendRequest.Every) -> Timestamp {
    let day = midnight(moment)
    switch every {
    case .day, .scan: return day
    case .week: return day.adding(seconds: -86_400 * weekday(day))
    case .month: return Timestamp(iso8601: "\(day.dateText.prefix(7))-01") ?? day
    }
  }

  /// The first moment of the period after the one that begins at a moment.
  static func next(after start: Timestamp, _ every: TrendRequest.Every) -> Timestamp {
    switch every {
    case .day, .scan: start.adding(seconds: 86_400)
    case .week: start.adding(seconds: 7 * 86_400)
    // 32 days after a first lie in the next month, whatever the month.
    case .month: Self.start(of: start.adding(seconds: 32 * 86_400), .month)
    }
  }

  /// What a period that begins at a moment is called: `2026-03-02`, `2026-W10`, `2026-03`.
  static func name(of start: Timestamp, _ every: TrendRequest.Every) -> String {
    switch every {
    case .day, .scan: return start.dateText
    case .month: return String(start.dateText.prefix(7))
    case .week:
      // A week belongs to the year its Thursday lies in (ISO 8601).
      let thursday = start.adding(seconds: 3 * 86_400)
      let year = thursday.dateText.prefix(4)
      let first = Timestamp(iso8601: "\(year)-01-01") ?? thursday
      let number = thursday.days(since: first) / 7 + 1
      return "\(year)-W\(number < 10 ? "0" : "")\(number)"
    }
  }

  private static func midnight(_ moment: Timestamp) -> Timestamp {
    moment.adding(seconds: -((moment.seconds % 86_400 + 86_400) % 86_400))
  }

  /// 0 for Monday.
  private static func weekday(_ midnight: Timestamp) -> Int64 {
    // 1970-01-01 was a Thursday.
    let days = midnight.days(since: Timestamp(seconds: 0)) + 3
    return Int64((days % 7 + 7) % 7)
  }
}
