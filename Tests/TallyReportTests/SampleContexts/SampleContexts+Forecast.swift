import TallyReport

extension SampleContexts {
  /// 26 weeks in which so many went and came, a forecast of them, and no dates: that of a campaign that never ends.
  static func madeForecast(gone: Int, came: Int, weeks: Int = 26) -> ReportContext.Forecast {
    var forecast = earlyForecast(weeks: weeks)
    forecast.isKnown = true
    forecast.gone = gone
    forecast.came = came
    forecast.checked = 12
    forecast.held = 10
    return forecast
  }

  /// So many weeks, and no forecast.
  static func earlyForecast(weeks: Int) -> ReportContext.Forecast {
    var forecast = ReportContext.Forecast()
    forecast.neededWeeks = 6
    forecast.neededForecasts = 8
    forecast.horizonYears = 5
    forecast.weeks = weeks
    forecast.scannedWeeks = weeks
    return forecast
  }

  /// 1.1 fewer a week over 9 weeks, of which two can be checked: 30 at the due date, zero in the summer.
  static var fullForecast: ReportContext.Forecast {
    var forecast = madeForecast(gone: 13, came: 7, weeks: 9)
    forecast.start = "2026-09-14"
    forecast.end = "2026-11-15"
    forecast.checked = 2
    forecast.held = 2
    forecast.likely = "2027-10-08"
    forecast.safe = "2028-09-01"
    forecast.points = [
      .init(time: "2026-11-27", likely: 33, low: 32, high: 35),
      .init(time: "2026-12-04", likely: 33, low: 30, high: 35),
      .init(time: "2026-12-11", likely: 32, low: 29, high: 35),
      .init(time: "2026-12-18", likely: 31, low: 28, high: 34),
    ]
    return forecast
  }
}
