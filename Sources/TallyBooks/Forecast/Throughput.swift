public import TallyModel

/// What went and what came in the weeks that a forecast looks at.
public struct Throughput: Sendable, Hashable {
  /// A whole week, from Monday to Sunday.
  public struct Week: Sendable, Hashable {
    /// Its Monday, at midnight.
    public let start: Timestamp
    /// Violations that were fixed, or deleted with their files.
    public let gone: Int
    /// Violations that were introduced or reopened.
    public let came: Int
    /// True when a scan shows how it ended.
    public let isScanned: Bool

    /// Creates a week.
    public init(start: Timestamp, gone: Int, came: Int, isScanned: Bool) {
      self.start = start
      self.gone = gone
      self.came = came
      self.isScanned = isScanned
    }
  }

  /// The weeks from one that was scanned, exclusive, to the next, inclusive: one observation.
  public struct Span: Sendable, Hashable {
    /// How many weeks, at least 1.
    public var weeks: Int
    /// Violations that went in them.
    public var gone: Int
    /// Violations that came in them.
    public var came: Int

    /// By how many fewer were open in the end; negative for more.
    public var net: Int { gone - came }

    /// Creates a span.
    public init(weeks: Int = 1, gone: Int, came: Int) {
      self.weeks = weeks
      self.gone = gone
      self.came = came
    }
  }

  /// How far back a forecast looks; what was longer ago says little about the weeks to come.
  public static let longestWeeks = 26

  /// Oldest first.
  public let spans: [Span]
  /// The first day that is looked at; nil for none.
  public let start: Timestamp?

  /// Looks at the last weeks that are known.
  ///
  /// A week without a scan is not one in which nothing happened: what happened in it shows in the next scan, and the weeks until then are taken
  /// as one observation. Those behind the last scan are left out, since nothing is known of them.
  ///
  /// - Parameters:
  ///   - weeks: whole weeks without gaps, oldest first.
  ///   - longestWeeks: how many to look at, and what a span takes to be whole.
  public init(weeks: [Week], longestWeeks: Int = Throughput.longestWeeks) {
    var spans: [Span] = []
    var open: Span?
    for week in weeks {
      var span = open ?? Span(weeks: 0, gone: 0, came: 0)
      span.weeks += 1
      span.gone += week.gone
      span.came += week.came
      open = span
      if week.isScanned {
        spans.append(span)
        open = nil
      }
    }
    let known = spans.reduce(0) { $0 + $1.weeks }
    var kept = 0
    var first = spans.count
    while first > 0, kept < longestWeeks {
      first -= 1
      kept += spans[first].weeks
    }
    self.spans = Array(spans[first...])
    start = kept == 0 ? nil : weeks[known - kept].start
  }

  /// How many weeks are looked at.
  public var weeks: Int { spans.reduce(0) { $0 + $1.weeks } }
  /// How many went in them.
  public var gone: Int { spans.reduce(0) { $0 + $1.gone } }
  /// How many came in them.
  public var came: Int { spans.reduce(0) { $0 + $1.came } }
  /// By how many fewer were open in the end; negative for more.
  public var net: Int { gone - came }
}
