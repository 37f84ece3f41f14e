import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

extension WhyGround {
  /// Test cases and samples behind a number.
  func tested(_ name: ContextName, _ text: (String) -> String) throws -> WhyFound? {
    let first = name.places.first ?? 0
    switch name.pattern {
    case "tests.suites[].passed", "tests.suites[].failed", "tests.suites[].error",
      "tests.suites[].skipped", "tests.suites[].flaky", "tests.suites[].total":
      let suite = text("tests.suites[\(first)].name")
      let outcome = name.pattern.split(separator: ".").last.map(String.init) ?? ""
      guard let history = evidence.histories.first(where: { $0.lane.description == suite }),
        let position = history.position(at: view.now)
      else { return nil }
      var result = WhyFound(
        how: outcome == "total"
          ? "the cases of \(suite) at \(position.commit.short)"
          : "the cases of \(suite) at \(position.commit.short) whose outcome is '\(outcome)'"
      )
      for state in position.states
      where outcome == "total" || String(describing: state.outcome) == outcome {
        result.tests.append(test(state, in: history.lane, at: position.commit))
      }
      result.count = result.tests.count
      result.entries = position.runs
      return result
    case "tests.vanished_count":
      return absent(\.vanished, how: "test cases of the run before that the last run does not hold")
    case "tests.missing_count":
      return absent(
        \.missing,
        how: "test cases that did not pass and went with all others of their class or file"
      )
    case "components[].tests":
      guard campaign.campaign.components.indices.contains(first) else { return nil }
      let component = campaign.campaign.components[first]
      let account = try evidence.account(matching: component.tests)
      return tests(
        account.states.filter { $0.state.outcome != .skipped },
        how: "test cases that ran and fit "
          + component.tests.map(\.pattern).joined(separator: ", ")
      )
    default: return nil
    }
  }

  /// What a number of a sentence was judged or counted by; nil where the sentence says it all.
  ///
  /// `after` is what follows the number in the post.
  func sentence(
    _ name: ContextName,
    after: String,
    _ text: (String) -> String
  ) throws -> WhyFound? {
    let first = name.places.first ?? 0
    switch name.pattern {
    case "statement.lines_in[].basis", "statement.lines_out[].basis":
      let line = name.pattern.prefix { $0 != "[" }
      let cause = text("\(line)[\(first)].cause")
      let basis = String(after.drop { $0 == " " }.prefix { $0.isLetter })
      return try found(
        PostingKind(named: cause).map { [$0] } ?? [],
        since: headline.baseline.point,
        how: "postings of the cause '\(cause)' since the baseline whose basis is '\(basis)'",
        command: "tally statement baseline.. --campaign \(id) --violations"
      ) { $0.basis.name == basis }
    case "owners[].share_text":
      return WhyFound(
        how: "owners[\(first)].count of what is open in all, in percent, half rounded up"
      )
    case "criteria.items[].evidence":
      guard campaign.campaign.criteria.indices.contains(first) else { return nil }
      return try judged(campaign.campaign.criteria[first].check, after: after)
    default: return nil
    }
  }

  private func judged(
    _ check: Criterion.Check,
    after: String
  ) throws -> WhyFound? {
    switch check {
    case .violations(let atMost):
      let rest = after.drop { $0 == " " }
      if rest.hasPrefix("wanted") {
        return WhyFound(how: "at most \(atMost) may be open, says the criterion in tally.yml")
      }
      return rest.hasPrefix("open")
        ? try found(.open, how: "open now, in what the campaign selects", command: listCommand)
        : nil
    case .tests(let glob, _):
      let account = try evidence.account(matching: glob.map { [$0] } ?? [])
      let rest = after.drop { $0 == " " }
      let fit = glob.map { " that fit \($0.pattern)" } ?? ""
      let ran = account.states.filter { $0.state.outcome != .skipped }
      if rest.hasPrefix("skipped") {
        return tests(
          account.states.filter { $0.state.outcome == .skipped },
          how: "test cases\(fit) that were skipped"
        )
      }
      if rest.hasPrefix("that did not pass") {
        return absent(
          \.missing,
          how: "test cases\(fit) that did not pass and went with all others of their class or file"
        ) { glob?.matches($0.id) ?? true }
      }
      if rest.hasPrefix("flaky") {
        return tests(
          account.states.filter { $0.state.outcome == .flaky },
          how: "test cases\(fit) that went both ways"
        )
      }
      return rest.hasPrefix("of")
        ? tests(ran.filter { $0.state.outcome == .passed }, how: "test cases\(fit) that passed")
        : tests(ran, how: "test cases\(fit) that ran")
    case .measurement(let name, _, _):
      let isBaseline = after.drop { $0 == " " }.hasPrefix("at the baseline")
      return try measured(name, atBaseline: isBaseline)
    case .noNew(let point):
      let from =
        point == .baseline
        ? headline.baseline.point : try evidence.lastReport().map { AccountPoint(time: $0) }
      return try found(
        [.introduced, .reopened],
        since: from,
        how: "introduced or reopened since then",
        command: nil
      )
    case .attested: return nil
    }
  }

  /// The samples behind a measured value.
  func measured(_ name: String, atBaseline: Bool) throws -> WhyFound? {
    guard let (branch, point) = evidence.point(of: name, atBaseline: atBaseline) else {
      return nil
    }
    var result = WhyFound(
      how: "the median of the samples of \(name) at \(point.commit.short)"
        + (atBaseline ? ", the baseline" : ", the last that was measured")
    )
    for (id, record) in try view.reader.measurements(project: evidence.project)
    where record.commit == point.commit && record.branch == branch {
      let values = record.samples.filter { $0.name == name }
      if values.isEmpty { continue }
      result.samples += values.map {
        WhyAnswer.Sample(name: $0.name, value: $0.value, commit: record.commit.description)
      }
      result.entries.append(id)
    }
    return result
  }

  private func tests(
    _ states: [(test: TestAccount.TestKey, state: TestState)],
    how: String
  ) -> WhyFound {
    var result = WhyFound(how: how)
    for item in states {
      guard let history = evidence.histories.first(where: { $0.lane == item.test.lane }),
        let position = history.position(at: view.now)
      else { continue }
      result.tests.append(test(item.state, in: item.test.lane, at: position.commit))
      result.entries += position.runs
    }
    result.count = result.tests.count
    return result
  }

  private func absent(
    _ part: (TestAbsence) -> [TestState],
    how: String,
    where fits: (TestState) -> Bool = { _ in true }
  ) -> WhyFound {
    var result = WhyFound(how: how)
    for (history, absence) in zip(evidence.histories, evidence.absences) {
      guard let position = history.position(at: view.now) else { continue }
      let states = part(absence).filter(fits)
      if states.isEmpty { continue }
      result.tests += states.map { test($0, in: history.lane, at: position.commit) }
      result.entries += position.runs
    }
    result.count = result.tests.count
    return result
  }

  private func test(
    _ state: TestState,
    in lane: LaneKey,
    at commit: CommitID
  ) -> WhyAnswer.Test {
    WhyAnswer.Test(
      id: state.id,
      outcome: String(describing: state.outcome),
      lane: lane.description,
      commit: commit.description
    )
  }
}
