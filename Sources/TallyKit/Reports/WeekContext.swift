import TallyBooks
import TallyModel
import TallyReport

/// The weeks of a campaign since its baseline.
struct WeekContext {
  let campaign: CampaignView
  let baseline: ResolvedBaseline

  /// What came and went in each week, with the balance around it.
  func weeks(_ balances: [HeadlineContext.Balance]) throws -> [ReportContext.Week] {
    let view = campaign.view
    guard let start = baseline.point, start.time <= view.asOf else { return [] }
    var moved: [Timestamp: (gone: Int, came: Int)] = [:]
    let flows = try campaign.flows()
    let from = FlowPoint(start, in: flows.book)
    // What happened at one time stands together.
    var (time, sums) = (start.time, (gone: 0, came: 0))
    func settle() {
      if sums == (0, 0) { return }
      let week = Calendar.start(of: time, .week)
      let known = moved[week] ?? (0, 0)
      moved[week] = (known.gone + sums.gone, known.came + sums.came)
      sums = (0, 0)
    }
    for flow in flows.flows where flow.time <= view.asOf && !from.includes(flow) {
      guard flows.isCounted(flow.subject) else { continue }
      if flow.time != time {
        settle()
        time = flow.time
      }
      switch flow.kind {
      case .fixed, .deleted: sums.gone += Int(flow.count)
      case .introduced, .reopened: sums.came += Int(flow.count)
      default: continue
      }
    }
    settle()
    var scanned: Set<Timestamp> = []
    for lane in campaign.lanes {
      for position in lane.positions where position.onLine && position.succeeded {
        scanned.insert(Calendar.start(of: position.time, .week))
      }
    }
    // A baseline may lie before the first scan.
    guard let first = balances.first else { return [] }
    var open = first.open
    var result: [ReportContext.Week] = []
    var monday = Calendar.start(of: first.time, .week)
    var next = 0
    while monday <= view.asOf {
      let end = monday.adding(seconds: 7 * 86_400)
      var week = ReportContext.Week()
      week.start = monday.dateText
      week.isOver = end <= view.asOf
      week.isWhole = week.isOver && monday >= start.time
      week.isScanned = scanned.contains(monday)
      week.gone = moved[monday]?.gone ?? 0
      week.came = moved[monday]?.came ?? 0
      week.opening = open
      while next < balances.count, balances[next].time < end {
        open = balances[next].open
        next += 1
      }
      week.closing = open
      result.append(week)
      monday = end
    }
    return result
  }
}
