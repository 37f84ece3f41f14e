import TallyGit
import TallyLedger
import TallyModel

extension Workspace {
  /// Reads the books at a time, with the configuration that counts.
  ///
  /// The configuration on disk counts where there is one; else, and for `--known-at`, the journal's own; for `--config-as-of` the one
  /// that the journal holds for that time.
  func read<Answer>(
    _ time: TimeRequest,
    _ body: (BooksView, LoadedConfiguration) throws -> Answer
  ) async throws -> Answer {
    let ledger = try openLedger(.readOnly)
    let time = TimeRequest(
      asOf: await commitName(time.asOf),
      knownAt: time.knownAt,
      configAsOf: await commitName(time.configAsOf)
    )
    let resolved = try ledger.read { try time.resolve(in: $0, now: now) }
    return try ledger.read(knownAt: resolved.knownAt) { reader in
      let view = try BooksView.load(reader, time: resolved)
      let project = try project(in: reader)
      let known = view.speaking(of: project, branch: configurationFile?.configuration.branch)
      let configuration = try configuration(time, resolved, known, project: project)
      return try body(
        view.speaking(
          of: project,
          branch: configuration.configuration.branch,
          besides: configuration.configuration.share.projects
        ),
        configuration
      )
    }
  }

  /// The full name of the commit where a git name such as `HEAD~5` or `main` was typed; else what was typed.
  ///
  /// Dates and abbreviations are the ledger's own affair: it knows its commits without a repository.
  func commitName(_ text: String?) async -> String? {
    guard let text, !text.isEmpty, text != "baseline", Timestamp(endOf: text) == nil,
      !text.allSatisfy(\.isHexDigit), let repository
    else { return text }
    let commit = try? await repository.resolve(text)
    return commit?.description ?? text
  }

  /// The configuration that counts at a time.
  func configuration(of time: TimeRequest) async throws -> LoadedConfiguration {
    if time.knownAt == nil, time.configAsOf == nil, let configurationFile {
      return configurationFile
    }
    return try await read(time) { _, configuration in configuration }
  }

  private func configuration(
    _ time: TimeRequest,
    _ resolved: ResolvedTime,
    _ view: BooksView,
    project: String
  ) throws -> LoadedConfiguration {
    if resolved.configAsOf == nil, resolved.knownAt == nil, let configurationFile {
      return configurationFile
    }
    let found = try LoadedConfiguration.recorded(
      view.reader,
      project: project,
      at: resolved.configAsOf,
      besides: view.strangeCommits
    )
    if let found { return found }
    if let text = time.configAsOf {
      let history = try view.reader.configurationHistory(
        project: project,
        besides: view.strangeCommits
      )
      throw TimeError.noConfiguration(text, first: history.first?.effective.iso8601)
    }
    return LoadedConfiguration.none
  }
}

extension Workspace {
  /// Says where the definition of a campaign was another one in the time that is spoken of.
  func redefinitions(
    of campaign: Campaign?,
    _ configuration: LoadedConfiguration,
    from start: Timestamp,
    to end: Timestamp? = nil,
    comparing parts: Redefinitions.Parts,
    in view: BooksView
  ) throws -> [String] {
    guard let campaign else { return [] }
    let redefinitions = Redefinitions(
      view: view,
      project: try project(in: view.reader),
      configuration: configuration
    )
    return try redefinitions.sentences(
      of: campaign,
      since: start,
      until: end ?? start,
      comparing: parts
    )
  }
}

extension LoadedConfiguration {
  /// No configuration at all.
  static var none: LoadedConfiguration {
    LoadedConfiguration(configuration: TallyConfiguration(), folder: "", files: [])
  }

  /// The campaign with an id.
  func campaign(named id: String) throws -> Campaign { try configuration.campaign(named: id) }

  /// The campaign that was asked for, else the only one.
  func campaign(orOnly id: String?) throws -> Campaign { try configuration.campaign(orOnly: id) }
}

extension TallyConfiguration {
  /// The campaign with an id.
  fileprivate func campaign(named id: String) throws -> Campaign {
    guard let campaign = campaign(id) else {
      throw WorkspaceError.unknownCampaign(id, known: campaigns.map(\.id))
    }
    return campaign
  }

  /// The campaign that was asked for, else the only one.
  func campaign(orOnly id: String?) throws -> Campaign {
    if let id { return try campaign(named: id) }
    switch campaigns.count {
    case 0: throw WorkspaceError.noCampaign
    case 1: return campaigns[0]
    default: throw WorkspaceError.severalCampaigns(campaigns.map(\.id))
    }
  }
}
