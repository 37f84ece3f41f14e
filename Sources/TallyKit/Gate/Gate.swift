import TallyBooks
import TallyLedger
import TallyModel

extension Workspace {
  /// Judges a commit against its base branch.
  ///
  /// The policies are those of the base branch's `tally.yml`; a change cannot loosen them for itself. Nothing is written.
  ///
  /// - Throws: ``GateError``, ``ConfigurationError``, ``WorkspaceError``, `GitError`, `LedgerError`.
  public func gate(_ request: GateRequest) async throws -> GateAnswer {
    let told = try await target(commit: request.commit, branch: request.branch)
    let ledger = try openLedger(.readOnly)
    let target = try ledger.read { told.of(project: try $0.current(project: told.project)) }
    let base = try await gateBase(request, target: target)
    let wanted = try ledger.read { try GateMaps.wanted(base, target, in: $0) }
    let maps = try await GateMaps.make(wanted, in: repository)
    return try ledger.read { reader in
      let view = try BooksView.load(reader, time: .present(now))
      let source = try GateConfiguration(base, workspace: self, view: view)
      let project = try reader.current(project: source.configuration.project ?? target.project)
      if project != target.project {
        throw GateError.otherProject(base: base.branch, theirs: project, ours: target.project)
      }
      let speaking = view.speaking(
        of: project,
        branch: base.branch,
        besides: source.configuration.share.projects
      )
      let ground = try GateGround(
        view: speaking,
        target: target,
        base: base,
        configuration: source.configuration,
        maps: maps
      )
      if !ground.hasBase {
        let branches = Set(view.lanes.filter { $0.lane.project == project }.map(\.lane.branch))
        throw GateError.noBase(
          base.branch,
          known: branches.sorted(),
          remark: try speaking.remarks(on: []).first
        )
      }
      let judge = try GateJudge(ground)
      let checks = try judge.checks()
      let states = checks.map(\.state)
      let decision: GateAnswer.State =
        states.contains(.fail) ? .fail : states.contains(.undecided) ? .undecided : .pass
      func items(_ state: GateFinding.State) -> [GateAnswer.Item] {
        ground.findings.filter { $0.state == state }.map(GateAnswer.Item.init)
      }
      let compared = view.lanes.filter { lane in
        lane.lane.project == project && [base.branch, target.branch].contains(lane.lane.branch)
      }
      return GateAnswer(
        decision: decision,
        commit: target.commit.description,
        branch: target.branch,
        base: base.branch,
        baseCommit: base.commit?.description,
        comparedWith: base.kind.words,
        policies: source.words,
        checks: checks,
        lanes: ground.lanes.map(\.answer),
        new: items(.new),
        gone: items(.absent),
        silenced: items(.silenced),
        warnings: try target.assumptions + source.warnings + ground.warnings
          + speaking.remarks(on: compared),
        findings: ground.findings,
        tools: ground.tools
      )
    }
  }
}

extension GateBase.Kind {
  /// The words of the answer.
  var words: String {
    switch self {
    case .mergeBase: "merge base"
    case .mergedInto: "merged into"
    case .previous: "previous"
    case .newest: "newest"
    }
  }
}

/// Whose policies count.
struct GateConfiguration {
  let configuration: TallyConfiguration
  /// Such as `tally.yml of main at 61d2fab2c`.
  let words: String
  let warnings: [String]

  /// Takes the base branch's `tally.yml` from git, else the one that the journal recorded at one of its scanned commits.
  init(_ base: GateBase, workspace: Workspace, view: BooksView) throws {
    var warnings: [String] = []
    let own = workspace.configurationFile?.text(of: "tally.yml")
    var text: String?
    if let found = base.configuration {
      let name = "\(found.path) of \(base.branch)"
      configuration = try TallyConfiguration.parse(utf8: found.text, file: name)
      words = "\(name) at \(found.commit.short)"
      text = String(decoding: found.text, as: UTF8.self)
    } else if !base.isReadable, let recorded = try Self.recorded(base, workspace, view) {
      configuration = try TallyConfiguration.parse(recorded.text)
      words = "tally.yml of \(base.branch) at \(recorded.commit.short), from the ledger"
      text = recorded.text
    } else {
      configuration = TallyConfiguration()
      words = "the defaults"
      warnings.append(
        base.isReadable
          ? "'\(base.branch)' has no tally.yml: the default policies count"
          : "tally.yml of '\(base.branch)' cannot be read here: the default policies count; "
            + "fetch the branch"
      )
    }
    if let own, own != text {
      warnings.append(
        "tally.yml of this change is not the one that counts, which is that of '\(base.branch)'"
      )
    }
    // A ledger that the change brings along could say anything.
    let isKnown = base.isReadable || text != nil
    if isKnown, !workspace.isLedgerNamed, let mine = workspace.configurationFile?.configuration,
      mine.ledger != configuration.ledger
    {
      throw GateError.otherLedger(base: base.branch)
    }
    self.warnings = warnings
  }

  private static func recorded(
    _ base: GateBase,
    _ workspace: Workspace,
    _ view: BooksView
  ) throws -> (text: String, commit: CommitID)? {
    let project = try workspace.project(in: view.reader)
    let scanned = Set(
      view.lanes.filter { $0.lane.branch == base.branch && $0.lane.project == project }
        .flatMap { $0.positions.filter(\.onLine).map(\.commit) }
    )
    for fact in try view.reader.configurationHistory(project: project).reversed() {
      guard let commit = fact.record.commit, scanned.contains(commit),
        let file = fact.record.files.first(where: { $0.path == "tally.yml" }),
        let text = try view.reader.text(file.text)
      else { continue }
      return (text, commit)
    }
    return nil
  }
}
