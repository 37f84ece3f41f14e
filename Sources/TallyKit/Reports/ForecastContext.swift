import TallyBooks
import TallyModel
import TallyReport

/// The forecast of a campaign, from the weeks that its post shows.
struct ForecastContext {
  let campaign: Campaign
  /// How many are open now.
  let open: Int
  /// All weeks since the baseline, oldest first.
  let weeks: [ReportContext.Week]
  let project: String
  let asOf: Timestamp

  /// Without a due date the picture looks at most so many weeks ahead.
  private static let farthestWeeks = 26
  /// How many points the picture has at most.
  private static let mostPoints = 13

  /// The simulation, and how earlier ones fared.
  ///
  /// It follows from the printed weeks, the counts and the dates alone: the same facts give the same dates.
  func context() -> ReportContext.Forecast {
    let known = weeks.filter(\.isWhole).compactMap { week in
      Timestamp(iso8601: week.start).map {
        Throughput.Week(start: $0, gone: week.gone, came: week.came, isScanned: week.isScanned)
      }
    }
    let throughput = Throughput(weeks: known)
    var result = ReportContext.Forecast()
    result.neededWeeks = Forecast.neededSpans
    result.neededForecasts = ForecastCheck.neededForecasts
    result.horizonYears = Forecast.horizonWeeks / 52
    result.weeks = throughput.weeks
    result.scannedWeeks = throughput.spans.count
    result.gone = throughput.gone
    result.came = throughput.came
    if let start = throughput.start {
      result.start = start.dateText
      result.end = start.adding(seconds: Int64(throughput.weeks * 7 - 1) * 86_400).dateText
    }
    guard open > campaign.target, throughput.spans.count >= Forecast.neededSpans else {
      return result
    }
    let seed = [project, campaign.id, asOf.iso8601]
    let check = ForecastCheck(weeks: known, seed: seed)
    result.checked = check.checked
    result.held = check.held
    result.isUnreliable = check.isUnreliable
    if !check.margin.isNone {
      result.marginCount = check.margin.count
      result.marginWeeks = check.margin.weeks
    }
    if check.isUnreliable { return result }
    let forecast = Forecast(
      open: open,
      target: campaign.target,
      throughput: throughput,
      seed: seed,
      margin: check.margin
    )
    result.isKnown = true
    result.likely = forecast.likelyWeeks.map { date(days: $0 * 7) } ?? ""
    result.safe = forecast.safeWeeks.map { date(days: $0 * 7) } ?? ""
    let due = campaign.due.flatMap { due in midnight.map { due.days(since: $0) } }
    if let due, due >= 0 { result.percentInTime = forecast.percent(within: due / 7) }
    let days = days(until: due, likelyWeeks: forecast.likelyWeeks)
    result.points = forecast.balances(afterDays: days).map { balance in
      ReportContext.ForecastPoint(
        time: date(days: balance.days),
        likely: balance.likely,
        low: balance.low,
        high: balance.high
      )
    }
    return result
  }

  /// The days of the picture: weekly up to the due date, else to where the target is likely reached.
  private func days(until due: Int?, likelyWeeks: Int?) -> [Int] {
    if let due, due >= 0 {
      guard due > 0, due <= Forecast.horizonWeeks * 7 else { return [] }
      let before = stride(from: 7, to: due, by: 7)
      return ReportContext.thinned(Array(before), to: Self.mostPoints - 1) + [due]
    }
    let weeks = min(likelyWeeks ?? Self.farthestWeeks, Self.farthestWeeks)
    return ReportContext.thinned((1...max(1, weeks)).map { $0 * 7 }, to: Self.mostPoints)
  }

  private var midnight: Timestamp? { Timestamp(iso8601: asOf.dateText) }

  private func date(days: Int) -> String {
    asOf.adding(seconds: Int64(days) * 86_400).dateText
  }
}
