import TallyBooks
import TallyLedger
import TallyModel
import TallyReport
import TallyTemplates

/// Finds the rows, entries and proofs behind the numbers of one post.
final class WhyCounter {
  /// What two places have in common that mean the same.
  struct Key: Hashable {
    let name: String
    let operands: [ContextName]
    let text: String
    let words: String
  }

  private let document: JSONValue
  private let view: BooksView
  private let configuration: LoadedConfiguration
  private let project: String
  private let footer: PostFooter
  private var grounds: [Int: WhyGround] = [:]
  private let meanings: [String: String]

  init(
    document: JSONValue,
    view: BooksView,
    configuration: LoadedConfiguration,
    project: String,
    footer: PostFooter
  ) {
    self.document = document
    self.view = view
    self.configuration = configuration
    self.project = project
    self.footer = footer
    meanings = BuiltinTemplates.meanings
  }

  /// Explains a word of the post.
  func answer(
    _ token: PostToken,
    _ source: NumberSource?,
    after: String,
    listsAll: Bool
  ) throws -> (key: Key, answer: WhyAnswer.Answer) {
    let isNumber = source?.kind == .number && source?.operands.count == 1
    let target = isNumber ? source?.operands[0] : source?.name
    let key = Key(
      name: target?.description ?? "",
      operands: source?.operands ?? [],
      text: isNumber ? "" : token.text,
      words: source?.kind == .sentence ? String(after.prefix(20)) : source?.words ?? ""
    )
    var answer = WhyAnswer.Answer(
      name: target?.description,
      kind: (source?.kind ?? .sentence).rawValue,
      text: token.text,
      meaning: target.flatMap { meanings[$0.pattern] },
      how: source?.words ?? "part of a sentence that nobody has explained",
      operands: [],
      violations: [],
      postings: [],
      tests: [],
      samples: [],
      more: 0,
      entries: [],
      moreEntries: 0
    )
    guard let source, let target else { return (key, answer) }
    try fill(&answer, source, target, token, after: after, listsAll: listsAll)
    return (key, answer)
  }

  private func fill(
    _ answer: inout WhyAnswer.Answer,
    _ source: NumberSource,
    _ target: ContextName,
    _ token: PostToken,
    after: String,
    listsAll: Bool
  ) throws {
    let found = try found(source, target, token, after: after)
    if let found {
      if !found.how.isEmpty { answer.how = found.how }
      answer.count = found.count
      take(found, into: &answer, listsAll: listsAll)
      try prove(found.entries, into: &answer, listsAll: listsAll)
      answer.command = found.command.map { "\($0)\(time(besides: $0))" }
    }
    if source.kind == .derived || source.kind == .picture {
      answer.operands = source.operands.map(operand)
    } else if source.kind == .number, let derived = target.derivation(in: document) {
      answer.kind = NumberSource.Kind.derived.rawValue
      answer.how = derived.words
      answer.operands = derived.operands.map(operand)
    }
    if source.kind == .lead { answer.how = lead(target) }
    if answer.how.isEmpty { answer.how = "a fact of the context" }
  }

  /// The rows behind a word; nil where there are none.
  private func found(
    _ source: NumberSource,
    _ target: ContextName,
    _ token: PostToken,
    after: String
  ) throws -> WhyFound? {
    let base = target.campaign.map { "campaigns[\($0)]." } ?? ""
    func text(_ path: String) -> String {
      ContextName(base + path).value(in: document)?.text ?? ""
    }
    if target.pattern == "footer.entries" {
      return WhyFound(
        how: "how many entries the journal held; their root is \(footer.root)…",
        command: "tally verify"
      )
    }
    if let change = changed(target, text) { return change }
    guard let ground = try ground(target) else { return nil }
    switch source.kind {
    case .number where source.operands.count == 1:
      return try ground.found(target, document, base: base)
    case .sentence:
      return token.kind == .number ? try ground.sentence(target, after: after, text) : nil
    case .measured:
      let name = text("metrics[\(target.places.first ?? 0)].name")
      switch target.pattern {
      case "metrics[].baseline": return try ground.measured(name, atBaseline: true)
      case "metrics[].current": return try ground.measured(name, atBaseline: false)
      case "metrics[].change":
        var both = try ground.measured(name, atBaseline: true)
        let now = try ground.measured(name, atBaseline: false)
        both?.how = "the value now minus the one at the baseline"
        both?.samples += now?.samples ?? []
        both?.entries += now?.entries ?? []
        return both
      default: return nil
      }
    case .violation:
      let id = ContextName(target.description).value(in: document)?.text ?? token.text
      return try ground.found(.open, how: "the id of a violation", command: "tally show \(id)") {
        violation,
        _ in violation.id.hasPrefix(id)
      }.unnumbered()
    default: return nil
    }
  }

  /// The rows of a change are in the post's own data.
  private func changed(_ target: ContextName, _ text: (String) -> String) -> WhyFound? {
    guard target.pattern.hasPrefix("change.") else { return nil }
    let parts = target.pattern.split(separator: ".").map(String.init)
    guard parts.count == 3, ["added", "removed", "silenced"].contains(parts[1]),
      parts[2] == "count",
      case .array(let items)? = ContextName("change.\(parts[1]).items")
        .value(in: document)
    else { return nil }
    var result = WhyFound(
      how: "what the commit \(parts[1]) beside the base branch, as the gate sees it",
      command: "tally gate --commit \(footer.change?.commit ?? "HEAD")"
    )
    for item in items {
      result.violations.append(
        WhyAnswer.Violation(
          id: item["id"]?.text ?? "",
          rule: item["rule"]?.text ?? "",
          path: item["path"]?.text ?? "",
          line: item["line"].flatMap { if case .number(let text) = $0 { Int(text) } else { nil } },
          state: item["cause"]?.text ?? ""
        )
      )
    }
    result.count = ContextName("change.\(parts[1]).count").number(in: document)
    return result
  }

  private func ground(_ name: ContextName) throws -> WhyGround? {
    let place = name.campaign ?? 0
    if let known = grounds[place] { return known }
    let definition: Campaign
    if footer.isAll {
      guard name.campaign != nil,
        configuration.configuration.campaigns.indices.contains(place)
      else { return nil }
      definition = configuration.configuration.campaigns[place]
    } else {
      if footer.campaign.isEmpty { return nil }
      definition = try configuration.campaign(named: footer.campaign)
    }
    let made = try WhyGround(
      definition,
      view: view,
      configuration: configuration,
      project: project
    )
    grounds[place] = made
    return made
  }

  private func operand(_ name: ContextName) -> WhyAnswer.Operand {
    let value: String
    switch name.value(in: document) {
    case .number(let text), .string(let text): value = text
    default: value = ""
    }
    return WhyAnswer.Operand(
      name: name.description,
      value: value,
      meaning: meanings[name.pattern]
    )
  }

  /// Which file the lead wrote it in.
  private func lead(_ name: ContextName) -> String {
    var part = String(name.pattern.dropFirst("narrative.".count))
    if part.hasSuffix("_html") { part = String(part.dropLast(5)) }
    let place = name.campaign ?? 0
    let campaigns = configuration.configuration.campaigns
    let campaign =
      footer.isAll
      ? (campaigns.indices.contains(place) ? campaigns[place] : nil)
      : configuration.configuration.campaign(footer.campaign)
    let file = campaign?.narrative.first { $0.part.rawValue == part }?.path
    return "the lead wrote it\(file.map { ", in \($0)" } ?? ""); no row stands behind it"
  }

  /// The times that make a command speak of what the post spoke of.
  private func time(besides command: String) -> String {
    if command.hasPrefix("tally verify") || command.hasPrefix("tally gate") { return "" }
    let asOf = command.contains("--as-of") ? "" : " --as-of \(footer.asOf)"
    return "\(asOf) --known-at \(footer.entries)"
  }

  private func take(_ found: WhyFound, into answer: inout WhyAnswer.Answer, listsAll: Bool) {
    let limit = listsAll ? Int.max : WhyAnswer.rowsMax
    answer.violations = Array(found.violations.prefix(limit))
    answer.postings = Array(found.postings.prefix(limit))
    answer.tests = Array(found.tests.prefix(limit))
    answer.samples = found.samples
    answer.more =
      found.violations.count - answer.violations.count + found.postings.count
      - answer.postings.count + found.tests.count - answer.tests.count
  }

  private func prove(
    _ ids: [EntryID],
    into answer: inout WhyAnswer.Answer,
    listsAll: Bool
  ) throws {
    var places: [Int: EntryID] = [:]
    for id in ids {
      if let sequence = try view.reader.sequence(of: id) { places[sequence] = id }
    }
    let sorted = places.sorted { $0.key < $1.key }.map(\.value)
    let shown = listsAll ? sorted : Array(sorted.prefix(WhyAnswer.rowsMax))
    answer.moreEntries = sorted.count - shown.count
    answer.entries = try shown.compactMap { id in
      guard let proof = try view.reader.inclusionProof(of: id),
        let entry = try view.reader.entry(id)
      else { return nil }
      let about = entry.body.subject
      return WhyAnswer.Entry(
        id: id.description,
        kind: entry.body.kind?.name ?? "unknown",
        subject: about.subject,
        commit: about.commit?.description,
        arrived: entry.receipt.arrived.iso8601,
        leaf: proof.leaf,
        leafHash: proof.leafHash.description,
        path: proof.path.map(\.description),
        isProved: proof.root?.description.hasPrefix(footer.root) ?? false
      )
    }
  }
}

extension EntryBody {
  /// The lane or person, and the commit that an entry is about.
  fileprivate var subject: (subject: String?, commit: CommitID?) {
    switch self {
    case .scan(let record): (record.lane.description, record.commit)
    case .tests(let record): (record.lane.description, record.commit)
    case .measurements(let record): (record.branch, record.commit)
    case .waiver(let record): (record.owner, nil)
    case .attestation(let record): (record.owner, nil)
    default: (nil, nil)
    }
  }
}
