import TallyBooks
import TallyModel
import Testing

/// The simulation of the weeks to come, and its check against the weeks that were.
///
/// Method: small cases worked by hand, seeded properties, and histories of a process whose truth is known.
@Suite struct ForecastTests {
  private static let seed = ["shop", "no-eval", "2026-11-20T00:00:00Z"]

  /// Weeks from `-2/+1` texts: gone and came, `?` behind it for one without a scan.
  private func weeks(_ texts: [String]) -> [Throughput.Week] {
    texts.enumerated().map { index, text in
      let parts = text.split { !$0.isNumber }.compactMap { Int($0) }
      return Throughput.Week(
        start: Timestamp(seconds: 1_772_409_600 + Int64(index) * 7 * 86_400),
        gone: parts[0],
        came: parts[1],
        isScanned: !text.hasSuffix("?")
      )
    }
  }

  private func weeks(nets: [Int]) -> [Throughput.Week] {
    weeks(nets.map { "-\(max(0, $0))/+\(max(0, -$0))" })
  }

  private func forecast(_ open: Int, to target: Int = 0, nets: [Int]) -> Forecast {
    Forecast(
      open: open,
      target: target,
      throughput: Throughput(weeks: weeks(nets: nets)),
      seed: Self.seed
    )
  }

  // MARK: What is looked at

  @Test(
    "weeks without a scan belong to the next one that has one; those behind the last are left out"
  )
  func spans() {
    let throughput = Throughput(
      weeks: weeks(["-1/+0?", "-3/+1", "-0/+0", "-0/+2?", "-0/+0?", "-5/+0", "-9/+9?"])
    )
    #expect(
      throughput.spans == [
        Throughput.Span(weeks: 2, gone: 4, came: 1), Throughput.Span(gone: 0, came: 0),
        Throughput.Span(weeks: 3, gone: 5, came: 2),
      ]
    )
    #expect(throughput.weeks == 6)
    #expect((throughput.gone, throughput.came, throughput.net) == (9, 3, 6))
    #expect(throughput.start?.dateText == "2026-03-02")
    #expect(Throughput(weeks: weeks(["-1/+0?"])).spans == [])
    #expect(Throughput(weeks: []).start == nil)
  }

  @Test("only the last half year is looked at, and no span is cut")
  func window() {
    let all = (0..<40).map { $0 == 10 || $0 == 13 ? "-1/+0?" : "-1/+0" }
    let throughput = Throughput(weeks: weeks(all))
    #expect(throughput.weeks == 27)
    #expect(throughput.spans.first?.weeks == 2)
    #expect(throughput.start?.dateText == "2026-06-01")
  }

  // MARK: By hand

  @Test("two a week take five weeks for ten, with any certainty")
  func constant() {
    let forecast = forecast(10, nets: Array(repeating: 2, count: 6))
    #expect((forecast.likelyWeeks, forecast.safeWeeks) == (5, 5))
    #expect((forecast.percent(within: 4), forecast.percent(within: 5)) == (0, 100))
    let balances = forecast.balances(afterDays: [7, 10, 35, 70])
    #expect(balances.map(\.likely) == [8, 7, 0, 0])
    #expect(balances.map(\.low) == balances.map(\.high))
    #expect(balances.map(\.days) == [7, 10, 35, 70])
    // 6 in 3 weeks, seen at once, are 2 a week.
    let rare = Forecast(
      open: 10,
      target: 4,
      throughput: Throughput(weeks: weeks(["-0/+0?", "-0/+0?", "-6/+0"])),
      seed: Self.seed
    )
    #expect((rare.likelyWeeks, rare.safeWeeks) == (3, 3))
    #expect(rare.balances(afterDays: [7, 14, 21, 28]).map(\.likely) == [8, 6, 4, 4])
  }

  @Test("a target that is reached needs no week, one that is not approached never comes")
  func never() {
    #expect(forecast(3, to: 3, nets: [0]).safeWeeks == 0)
    for nets in [[0, 0, 0], [1, -1], [3, -2, -2]] {
      let forecast = forecast(3, nets: nets)
      #expect(forecast.isNever && forecast.safeWeeks == nil, "\(nets)")
      #expect(forecast.percent(within: 1_000) == 0)
    }
    // A little every half year: five years are not enough for 100.
    #expect(forecast(100, nets: Array(repeating: 0, count: 25) + [1]).isNever)
    #expect(Forecast.horizonWeeks == 260)
    #expect(forecast(260, nets: [1]).likelyWeeks == 260)
    #expect(forecast(261, nets: [1]).isNever)
    #expect(forecast(5, nets: []).balances(afterDays: [7]).isEmpty)
  }

  /// With half of the weeks at 1 and half at 0, one week closes the only one in half of the courses, whatever each course draws from.
  @Test("chances are what they are by hand")
  func chances() {
    let forecast = forecast(1, nets: [0, 1, 0, 1, 0, 1])
    #expect((46...54).contains(forecast.percent(within: 1)))
    #expect((forecast.likelyWeeks ?? 0) <= 2)
  }

  // MARK: Properties

  /// Nets of 1 to 30 weeks, between -4 and 9.
  private func history(_ random: inout SplitMix64) -> [Int] {
    (0..<(1 + random.below(30))).map { _ in random.below(14) - 4 }
  }

  @Test("equal facts give equal forecasts; another name gives another course", arguments: 1...20)
  func deterministic(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let nets = history(&random)
    let days = [7, 14, 28, 30, 70]
    let (one, two) = (forecast(40, nets: nets), forecast(40, nets: nets))
    #expect(one.likelyWeeks == two.likelyWeeks && one.safeWeeks == two.safeWeeks, "seed \(seed)")
    #expect(one.balances(afterDays: days) == two.balances(afterDays: days), "seed \(seed)")
    let other = Forecast(
      open: 4_000,
      target: 0,
      throughput: Throughput(weeks: weeks(nets: nets)),
      seed: Self.seed + [""]
    )
    let same = forecast(4_000, nets: nets)
    #expect(
      Set(nets).count < 6 || nets.count < 10
        || other.balances(afterDays: [700]) != same.balances(afterDays: [700]),
      "seed \(seed)"
    )
  }

  @Test("half comes before 85 of 100, and what is likely lies in the cone", arguments: 1...40)
  func ordered(_ seed: UInt64) {
    var random = SplitMix64(seed: seed &* 31)
    let nets = history(&random)
    let forecast = forecast(1 + random.below(60), to: random.below(10), nets: nets)
    if let safe = forecast.safeWeeks {
      #expect(forecast.likelyWeeks.map { $0 <= safe } == true, "seed \(seed): \(nets)")
      #expect(forecast.percent(within: safe) >= 85 && !forecast.isNever)
    }
    for (early, late) in zip(0..<259, 1..<260) {
      #expect(forecast.percent(within: early) <= forecast.percent(within: late), "seed \(seed)")
    }
    for balance in forecast.balances(afterDays: [1, 7, 20, 28, 365]) {
      #expect(balance.low <= balance.likely && balance.likely <= balance.high, "seed \(seed)")
    }
  }

  @Test("more throughput in any week is never later, and leaves no more open", arguments: 1...60)
  func monotone(_ seed: UInt64) {
    var random = SplitMix64(seed: seed &* 7_919)
    let nets = history(&random)
    let better = nets.map { $0 + (random.chance(40) ? random.below(4) : 0) }
    let open = 1 + random.below(80)
    let (less, more) = (forecast(open, nets: nets), forecast(open, nets: better))
    let context: Comment = "seed \(seed): \(nets) \(better)"
    #expect((more.likelyWeeks ?? .max) <= (less.likelyWeeks ?? .max), context)
    #expect((more.safeWeeks ?? .max) <= (less.safeWeeks ?? .max), context)
    let days = [5, 14, 28, 90]
    for (low, high) in zip(more.balances(afterDays: days), less.balances(afterDays: days)) {
      #expect(low.likely <= high.likely && low.low <= high.low && low.high <= high.high, context)
    }
  }

  @Test("numbers of any size neither overflow nor take long")
  func extremes() {
    let forecast = forecast(1_000_000_000, nets: [1, 2_000_000, -1_999_999])
    #expect(forecast.isNever)
    #expect(self.forecast(1, nets: [1_000_000_000]).safeWeeks == 1)
  }

  // MARK: The check

  @Test("a pace that goes on holds, one that turned does not, a short past is not judged")
  func check() {
    let steady = ForecastCheck(weeks: weeks(nets: Array(repeating: 2, count: 30)), seed: Self.seed)
    #expect((steady.checked, steady.held) == (21, 21))
    #expect(!steady.isUnreliable)
    let turned = ForecastCheck(
      weeks: weeks(nets: Array(repeating: 3, count: 10) + Array(repeating: -2, count: 12)),
      seed: Self.seed
    )
    #expect(turned.isUnreliable)
    #expect(turned.held < turned.checked * 3 / 4)
    let short = ForecastCheck(
      weeks: weeks(nets: [3, 3, 3, 3, 3, 3, -9, -9, -9, -9]),
      seed: Self.seed
    )
    #expect((short.checked, short.held) == (1, 0))
    #expect(!short.isUnreliable)
    #expect(ForecastCheck(weeks: weeks(nets: [1, 2]), seed: Self.seed).checked == 0)
  }

  @Test("weeks behind the last scan and few scans give nothing to check")
  func checkGaps() {
    let rare = weeks((0..<30).map { $0 % 4 == 3 ? "-4/+1" : "-0/+0?" })
    #expect(ForecastCheck(weeks: rare, seed: Self.seed).checked == 1)
    #expect(ForecastCheck(weeks: rare, seed: Self.seed).held == 1)
  }

  /// Method: 300 campaigns of independent weeks, mostly quiet, sometimes a burst; a forecast after 12 weeks against the 8 that follow.
  @Test("85 of 100 means about that, four and eight weeks ahead", arguments: [4, 8])
  func coverage(_ ahead: Int) {
    var (held, half) = (0, 0)
    for seed in 1...300 {
      var random = SplitMix64(seed: UInt64(seed) &* 104_729)
      let nets = (0..<20).map { _ in
        (random.chance(25) ? 2 + random.below(8) : random.below(3)) - random.below(3)
      }
      let forecast = Forecast(
        open: 500,
        target: 0,
        throughput: Throughput(weeks: weeks(nets: Array(nets[..<12]))),
        seed: ["\(seed)"]
      )
      let actual = 500 - nets[12..<(12 + ahead)].reduce(0, +)
      guard let balance = forecast.balances(afterDays: [ahead * 7]).first else { continue }
      if actual <= balance.high { held += 1 }
      if actual <= balance.likely { half += 1 }
    }
    #expect((240...282).contains(held), "\(held) of 300")
    #expect((125...185).contains(half), "\(half) of 300")
  }

  // MARK: The margin

  @Test("a margin is what 85 of 100 misses are not above, with one miss more than there are")
  func margin() {
    func margin(_ counts: [Int]) -> ForecastMargin {
      // A campaign that loses one a week, and in its last weeks the given ones.
      ForecastCheck(weeks: weeks(nets: Array(repeating: 1, count: 6) + counts), seed: Self.seed)
        .margin
    }
    #expect(margin(Array(repeating: 1, count: 20)).isNone, "nothing was missed")
    #expect(margin([-9, -9]).isNone, "two misses say nothing")
    let rare = margin(Array(repeating: 1, count: 6) + [-30] + Array(repeating: 1, count: 12))
    #expect(!rare.isNone, "four of sixteen forecasts looked over the one bad week")
    #expect(rare.weeks == 4 && (30...34).contains(rare.count), "\(rare)")
    #expect(ForecastMargin(count: 5, weeks: 4).within(days: 28) == 5)
    #expect(ForecastMargin(count: 5, weeks: 4).within(days: 7) == 2, "rounded up")
    #expect(ForecastMargin(count: -5, weeks: 4).within(days: 70) == 0)
    #expect(ForecastMargin.none.within(days: 700) == 0)
  }

  @Test("a margin moves what is safe, and nothing of what is likely", arguments: 1...20)
  func safer(_ seed: UInt64) {
    var random = SplitMix64(seed: seed &* 77)
    let throughput = Throughput(weeks: weeks(nets: history(&random)))
    let margin = ForecastMargin(count: 1 + random.below(8), weeks: 4)
    func make(_ margin: ForecastMargin) -> Forecast {
      Forecast(open: 40, target: 4, throughput: throughput, seed: Self.seed, margin: margin)
    }
    let (plain, wide) = (make(.none), make(margin))
    #expect(plain.likelyWeeks == wide.likelyWeeks)
    #expect((wide.safeWeeks ?? .max) >= (plain.safeWeeks ?? .max), "seed \(seed)")
    for (one, other) in zip(
      plain.balances(afterDays: [7, 28]),
      wide.balances(afterDays: [7, 28])
    ) {
      #expect(one.likely == other.likely && one.low == other.low)
      #expect(other.high == one.high + margin.within(days: one.days), "seed \(seed)")
    }
    if let safe = wide.safeWeeks {
      #expect(wide.percent(within: safe) >= 85)
      #expect(wide.percent(within: safe - 1) < 85, "seed \(seed)")
    }
  }
}
