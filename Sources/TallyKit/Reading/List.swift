import TallyBooks
import TallyLedger
public import TallyModel
import TallyReport

/// Which violations to list.
public struct ListRequest: Sendable {
  /// What can be typed after `--state`.
  public static let states = ["open", "suppressed", "waived", "closed"]

  /// States; open ones where none is given.
  public var states: [String]
  /// Rules; all where none is given.
  public var rules: [String]
  /// Globs over paths; all where none is given.
  public var paths: [String]
  /// A campaign's id.
  public var campaign: String?
  /// A branch, or a pattern over branches; every one where none is given.
  public var branch: String?
  /// A priority's id.
  public var priority: String?
  /// Which time.
  public var time: TimeRequest

  /// Creates a request.
  public init(
    states: [String] = [],
    rules: [String] = [],
    paths: [String] = [],
    campaign: String? = nil,
    branch: String? = nil,
    priority: String? = nil,
    time: TimeRequest = TimeRequest()
  ) {
    self.states = states
    self.rules = rules
    self.paths = paths
    self.campaign = campaign
    self.branch = branch
    self.priority = priority
    self.time = time
  }
}

/// Violations for a person or a script.
public struct ListAnswer: CommandAnswer {
  /// One violation.
  public struct Item: Codable, Sendable, Hashable {
    /// Short, such as `T-7K3QF2`.
    public var id: String
    /// `open`, `suppressed`, `waived` or `closed`.
    public var state: String
    /// The rule's id.
    public var rule: String
    /// `none`, `note`, `warning` or `error`.
    public var level: String
    /// The file, from the top of the repository; empty for a finding about no file.
    public var path: String
    /// The line where it was seen last, from 1; nil for a finding about the file as a whole.
    public var line: Int?
    /// The column of that sighting, from 1, if the tool said.
    public var column: Int?
    /// What the tool said last; nil when it was redacted.
    public var message: String?
    /// The lane, such as `ruff@main`.
    public var lane: String
    /// The priority of the campaign; empty without one.
    public var priority: String
    /// When it entered the balance last, in UTC; nil when it never did.
    public var since: String?
    /// The commit at which it was seen last, all digits, where scans since then looked for it and did not see it though nobody edited
    /// its file; nil for all others.
    public var notSeenSince: String?
  }

  /// The form of this answer.
  public var version = 1
  /// Sorted by path, line, rule, id.
  public var violations: [Item]
  /// Sentences worth a person's attention.
  public var warnings: [String] = []

  /// A table, or one sentence.
  public func text(_ style: TextStyle) -> String {
    if violations.isEmpty { return "no violations\n" }
    var table = TextTable(columns: [
      .init("ID"), .init("Rule"), .init("Place", minimum: 20, cut: .start), .init("Since"),
      .init("Message", minimum: 20),
    ])
    for item in violations {
      let place = PlaceText.of(item.path, line: item.line)
      table.add([
        .init(item.id, .bold), .init(item.rule), .init(place),
        .init(String(item.since?.prefix(10) ?? "")),
        .init(item.unseenWords + (item.message ?? ""), .dim),
      ])
    }
    let noun = violations.count == 1 ? "violation" : "violations"
    return table.rendered(width: style.columns, colour: style.colour)
      + "\(violations.count) \(noun)\n"
  }
}

extension ListAnswer.Item {
  /// What stands before the message of one that was not seen.
  var unseenWords: String { notSeenSince.map { "(not seen since \($0.prefix(9))) " } ?? "" }
}

extension Workspace {
  /// Lists violations.
  ///
  /// - Throws: ``WorkspaceError``, ``TimeError``, ``ListError``, `LedgerError`.
  public func list(_ request: ListRequest) async throws -> ListAnswer {
    var states: Set<AccountState> = []
    for name in request.states.isEmpty ? ["open"] : request.states {
      guard let state = AccountState(name: name) else { throw ListError.unknownState(name) }
      states.insert(state)
    }
    let globs = try request.paths.map { try Glob(typed: $0) }
    let branch = try request.branch.map { try Glob(typed: $0, dialect: .name) }
    return try await read(request.time) { view, configuration in
      let needsCampaign = request.campaign != nil || request.priority != nil
      let definition = needsCampaign ? try configuration.campaign(orOnly: request.campaign) : nil
      let campaign = try CampaignView(definition, branch: branch, in: view)
      if let wanted = request.priority {
        let known = campaign.campaign.priorities.map(\.id) + [PriorityRule.unassignedID]
        guard known.contains(wanted) else {
          throw ListError.unknownPriority(wanted, known: known)
        }
      }
      var items: [ListAnswer.Item] = []
      let rows = try SightedRows(view)
      var unseen: [ViolationID: Sighting] = [:]
      for lane in campaign.lanes {
        unseen.merge(try view.unseen(in: lane)) { first, _ in first }
      }
      for state in states {
        let found =
          try state == .suppressed ? campaign.suppressed() : campaign.violations(in: state)
        for (violation, path) in found {
          guard request.rules.isEmpty || request.rules.contains(violation.rule),
            globs.isEmpty || globs.contains(where: { $0.matches(path.shown) })
          else { continue }
          let priority = definition == nil ? "" : campaign.priority(of: violation, at: path)
          if let wanted = request.priority, wanted != priority { continue }
          items.append(
            try view.item(
              violation,
              path: path,
              state: state,
              priority: priority,
              rows: rows,
              unseen: unseen[violation.id]
            )
          )
        }
      }
      return ListAnswer(
        violations: items.sorted {
          ($0.path, $0.line ?? 0, $0.rule, $0.id) < ($1.path, $1.line ?? 0, $1.rule, $1.id)
        },
        warnings: try view.unseenWarnings(campaign.lanes) + view.remarks(on: campaign.lanes)
          + redefinitions(
            of: request.time.speaksOfPast ? definition : nil,
            configuration,
            from: view.asOf,
            comparing: [.selection, .priorities],
            in: view
          )
      )
    }
  }
}

/// Why a list was refused.
public enum ListError: UserFacingError, Hashable {
  /// What was typed after `--state` is no state.
  case unknownState(String)
  /// The campaign has no priority of this id.
  case unknownPriority(String, known: [String])
  /// What was typed after `--path` or `--branch` is no pattern.
  case badGlob(String, reason: String)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .unknownState: "list.unknown-state"
    case .unknownPriority: "list.unknown-priority"
    case .badGlob: "list.bad-glob"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .unknownState(let name): "there is no state '\(name)'"
    case .unknownPriority(let name, _): "there is no priority '\(name)'"
    case .badGlob(let text, let reason): "'\(text)' is not a pattern: \(reason)"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .unknownState: "the states are: \(ListRequest.states.joined(separator: ", "))"
    case .unknownPriority(_, let known): "the priorities are: \(known.joined(separator: ", "))"
    case .badGlob: "write it as src/**/*.py, in quotes so that the shell leaves it alone"
    }
  }
}

extension Glob {
  /// A pattern of the command line.
  ///
  /// - Throws: ``ListError/badGlob(_:reason:)``.
  init(typed pattern: String, dialect: Dialect = .path) throws(ListError) {
    do {
      try self.init(pattern, dialect: dialect)
    } catch {
      throw ListError.badGlob(pattern, reason: error.reason)
    }
  }
}

extension AccountState {
  /// The state of a name that can be typed; nil for any other.
  init?(name: String) {
    switch name {
    case "open": self = .open
    case "suppressed": self = .suppressed
    case "waived": self = .waived
    case "closed": self = .closed
    default: return nil
    }
  }
}

extension BooksView {
  /// A violation with everything that a list says of it; `unseen` is its last sighting where later scans missed it.
  func item(
    _ violation: Violation,
    path: RepoPath,
    state: AccountState,
    priority: String,
    rows: SightedRows,
    unseen: Sighting?
  ) throws -> ListAnswer.Item {
    let finding = try rows.finding(of: violation, in: path)
    let account = try account(of: violation.id)
    return ListAnswer.Item(
      id: try shortID(violation.id),
      state: String(describing: state),
      rule: violation.rule,
      level: violation.level.name,
      path: path.text,
      line: finding?.region?.startLine,
      column: finding?.region?.startColumn,
      message: try reader.text(finding?.message ?? violation.message),
      lane: violation.lane.description,
      priority: priority,
      since: account?.postings.last { $0.kind.sign > 0 && $0.time <= asOf }?.time.iso8601,
      notSeenSince: state == .closed
        ? nil : try unseen.flatMap { try reader.scan($0.scan)?.record.commit.description }
    )
  }
}
