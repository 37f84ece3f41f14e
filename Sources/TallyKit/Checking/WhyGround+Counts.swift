import TallyBooks
import TallyLedger
import TallyModel
import TallyReport

extension WhyGround {
  /// The rows behind a number of the campaign; nil for one that is no count of rows.
  ///
  /// `document` is the whole context, `base` the name of the campaign's own part of it: empty, or `campaigns[1].`.
  func found(_ name: ContextName, _ document: JSONValue, base: String) throws -> WhyFound? {
    func text(_ path: String) -> String {
      ContextName(base + path).value(in: document)?.text ?? ""
    }
    let places = name.places
    let first = places.first ?? 0
    let baseline = headline.baseline.point
    let since = Timestamp(iso8601: text("since.time")).map { AccountPoint(time: $0) }
    let statement =
      "tally statement baseline..\(id.isEmpty ? "" : " --campaign \(id)") --violations"
    switch name.pattern {
    case "campaign.open", "statement.closing", "since.closing":
      return try found(.open, how: "open now, in what the campaign selects", command: listCommand)
    case "campaign.baseline.count" where headline.baseline.declared != nil:
      return WhyFound(how: "declared in tally.yml as the baseline; no rows stand behind it")
    case "campaign.baseline.count", "campaign.baseline.ledger_count", "statement.opening":
      return try baseline.map {
        try found(
          .open,
          at: $0,
          how: "open at the baseline, in what the campaign selects",
          command: "tally statement baseline..baseline --campaign \(id)"
        )
      }
    case "since.opening":
      return try since.map {
        try found(
          .open,
          at: $0,
          how: "open at \($0.time.iso8601), in what the campaign selects",
          command: "\(listCommand) --as-of \($0.time.iso8601)"
        )
      }
    case "campaign.waived":
      return try found(
        .waived,
        how: "waived now: accepted for a time, and not counted as fixed",
        command: "\(listCommand) --state waived"
      )
    case "campaign.suppressed", "suppressions.count":
      return try found(
        .suppressed,
        how: "suppressed now in the source or by the tool, and not counted as fixed",
        command: "\(listCommand) --state suppressed"
      )
    case "suppressions.files[].count":
      let path = text("suppressions.files[\(first)].path")
      return try found(
        .suppressed,
        how: "suppressed now in \(path)",
        command: "\(listCommand) --state suppressed --path '\(path)'"
      ) { $1.shown == path }
    case "suppressions.added":
      return try found(
        [.suppressed],
        since: baseline,
        how: "suppressed since the baseline",
        command: statement
      )
    case "campaign.fixed", "campaign.deleted", "campaign.introduced", "campaign.reopened":
      let kind = PostingKind(named: String(name.pattern.dropFirst("campaign.".count)))
      return try found(
        kind.map { [$0] } ?? [],
        since: baseline,
        how: "postings of that cause since the baseline, gross",
        command: statement
      )
    case "statement.lines_in[].count", "statement.lines_out[].count", "since.lines[].count":
      let line = name.pattern.prefix { $0 != "[" }
      let cause = text("\(line)[\(first)].cause")
      let isSince = line == "since.lines"
      return try found(
        PostingKind(named: cause).map { [$0] } ?? [],
        since: isSince ? since : baseline,
        how: "postings of the cause '\(cause)' since "
          + (isSince ? "\(since?.time.iso8601 ?? "")" : "the baseline") + ", gross",
        command: isSince
          ? "tally statement \(since?.time.iso8601 ?? "").. --campaign \(id) --violations"
          : statement
      )
    case "trend.points[].open":
      return try Timestamp(iso8601: text("trend.points[\(first)].time")).map {
        try found(
          .open,
          at: AccountPoint(time: $0),
          how: "open at \($0.iso8601), in what the campaign selects",
          command: "\(listCommand) --as-of \($0.iso8601)"
        )
      }
    case "weeks[].opening", "weeks[].closing":
      return try week(name, text("weeks[\(first)].start"), document)
    default:
      if let found = try placed(name, text) ?? tested(name, text) { return found }
      return try moved(name, text, since: since) { path in
        ContextName(base + path).value(in: document) == .bool(true)
      }
    }
  }

  /// What was open before or after a week.
  private func week(
    _ name: ContextName,
    _ start: String,
    _ document: JSONValue
  ) throws -> WhyFound? {
    let isOpening = name.pattern.hasSuffix("opening")
    let how = "open \(isOpening ? "before" : "after") the week of \(start)"
    guard let monday = Timestamp(iso8601: start) else { return nil }
    let last = isOpening ? monday : monday.adding(seconds: 7 * 86_400)
    let end = min(last.adding(seconds: -1), view.asOf)
    let found = try found(
      .open,
      at: AccountPoint(time: end),
      how: "\(how), in what the campaign selects",
      command: "\(listCommand) --as-of \(end.iso8601)"
    )
    // The first week begins with the baseline, which may be any moment in it.
    return found.count == name.number(in: document) ? found : WhyFound(how: how)
  }

  /// Counts by priority, owner, component, file or rule.
  private func placed(_ name: ContextName, _ text: (String) -> String) throws -> WhyFound? {
    let first = name.places.first ?? 0
    let second = name.places.count > 1 ? name.places[1] : 0
    let baseline = headline.baseline.point
    switch name.pattern {
    case "priorities[].count", "priorities[].baseline_count":
      let id = text("priorities[\(first)].id")
      let isNow = name.pattern == "priorities[].count"
      guard let point = isNow ? view.now : baseline else { return nil }
      return try found(
        .open,
        at: isNow ? nil : point,
        how:
          "open \(isNow ? "now" : "at the baseline"), in the priority \(id): the first whose rule fits counts",
        command: isNow ? "\(listCommand) --priority \(id)" : nil
      ) { self.campaign.priority(of: $0, at: $1) == id }
    case "priorities[].files[].count":
      let id = text("priorities[\(first)].id")
      let path = text("priorities[\(first)].files[\(second)].path")
      return try found(
        .open,
        how: "open now in \(path), in the priority \(id)",
        command: "\(listCommand) --priority \(id) --path '\(path)'"
      ) { self.campaign.priority(of: $0, at: $1) == id && $1.shown == path }
    case "priorities[].oldest_days", "oldest[].days":
      let isPriority = name.pattern.hasPrefix("priorities")
      let id = text(isPriority ? "priorities[\(first)].oldest_id" : "oldest[\(first)].id")
      return try found(
        .open,
        how: "since when it is open, in whole days",
        command: "tally show \(id)"
      ) { violation, _ in violation.id.hasPrefix(id) }.unnumbered()
    case "owners[].count", "owners[].baseline_count":
      guard let rules = configuration.ownerRules else { return nil }
      let owner = text("owners[\(first)].name")
      let isNow = name.pattern == "owners[].count"
      guard isNow || baseline != nil else { return nil }
      return try found(
        .open,
        at: isNow ? nil : baseline,
        how: "open \(isNow ? "now" : "at the baseline") in paths that CODEOWNERS gives to "
          + (owner.isEmpty ? "nobody" : owner),
        command: isNow ? listCommand : nil
      ) { rules.owners(of: $1) == owner }
    case "components[].open", "components[].baseline_count":
      let component =
        campaign.campaign.components.indices.contains(first)
        ? campaign.campaign.components[first] : nil
      let isNow = name.pattern == "components[].open"
      guard let component, isNow || baseline != nil else { return nil }
      let paths = component.paths.map(\.pattern)
      return try found(
        .open,
        at: isNow ? nil : baseline,
        how: "open \(isNow ? "now" : "at the baseline") in the paths of \(component.name): "
          + paths.joined(separator: ", "),
        command: isNow
          ? listCommand + paths.map { " --path '\($0)'" }.joined() : nil
      ) { _, path in component.paths.contains { $0.matches(path.text) } }
    case "next_steps[].count":
      let path = text("next_steps[\(first)].subject")
      return try found(
        .open,
        how: "open now in \(path)",
        command: "\(listCommand) --path '\(path)'"
      ) { $1.shown == path }
    case "since.worse[].count":
      let subject = text("since.worse[\(first)].subject")
      return try found(.open, how: "open now in \(subject)", command: listCommand) {
        $1.shown == subject || $0.rule == subject
      }
    case "since.worse[].change":
      return WhyFound(
        how: "what is open there now minus what was open there at \(text("since.time"))"
      )
    case "waivers.items[].count":
      let digits = text("waivers.items[\(first)].entry")
      var result = WhyFound(how: "violations of the campaign that the waiver names")
      guard let entry = EntryID(hex: digits),
        let waiver = view.waiverRecords.first(where: { $0.id == entry })?.record
      else { return result }
      let ids = Set(try waiver.sightings.compactMap { try view.reader.violation(at: $0) })
      for state in [AccountState.open, .waived, .suppressed, .closed] {
        result.violations += try found(state, how: "") { violation, _ in
          ids.contains(violation.id)
        }.violations
      }
      result.count = result.violations.count
      result.entries = [entry]
      return result
    default: return nil
    }
  }

  /// Postings by commit, person or week.
  private func moved(
    _ name: ContextName,
    _ text: (String) -> String,
    since: AccountPoint?,
    flag: (String) -> Bool
  ) throws -> WhyFound? {
    let first = name.places.first ?? 0
    let closing: Set<PostingKind> = [.fixed, .deleted]
    let opening: Set<PostingKind> = [.introduced, .reopened]
    switch name.pattern {
    case "commits[].closed", "commits[].opened", "since.commits[].closed", "since.commits[].opened":
      let list = name.pattern.prefix { $0 != "[" }
      let sha = text("\(list)[\(first)].sha")
      let isRange = flag("\(list)[\(first)].is_range")
      let kinds = name.pattern.hasSuffix("closed") ? closing : opening
      let point = list == "commits" ? headline.baseline.point : since
      let own = try work.postings(since: point).filter {
        $0.key.commit.description == sha && $0.key.isRange == isRange
          && kinds.contains($0.posting.kind)
      }
      return try found(
        own,
        how: isRange
          ? "postings at the scan of \(sha.prefix(9)); which commit of the range did it is not known"
          : "postings whose file no other commit between the two scans touched than \(sha.prefix(9))"
      )
    case "since.people[].closed", "since.people[].opened":
      let person = text("since.people[\(first)].name")
      let kinds = name.pattern.hasSuffix("closed") ? closing : opening
      let own = try work.postings(since: since).filter { item in
        guard !item.key.isRange, kinds.contains(item.posting.kind),
          let record = try view.reader.commit(item.key.commit),
          let author = try view.reader.text(record.author)
        else { return false }
        return String(author.prefix { $0 != "<" }).trimmed == person
      }
      return try found(own, how: "postings by commits whose author is \(person)")
    case "weeks[].gone", "weeks[].came":
      let kinds = name.pattern.hasSuffix("gone") ? closing : opening
      let monday = text("weeks[\(first)].start")
      let own = try work.postings(since: headline.baseline.point).filter {
        kinds.contains($0.posting.kind)
          && Calendar.start(of: $0.posting.time, .week).dateText == monday
      }
      return try found(own, how: "postings in the week of \(monday)")
    default: return nil
    }
  }
}

extension WhyFound {
  /// The same for a number that is not how many rows there are.
  func unnumbered() -> WhyFound {
    var result = self
    result.count = nil
    return result
  }
}

extension PostingKind {
  /// The kind of a name, such as `brought forward`.
  init?(named name: String) {
    guard let kind = PostingKind.allCases.first(where: { $0.name == name }) else { return nil }
    self = kind
  }
}
