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
  ) throws -> Answer {
    let ledger = try openLedger(.readOnly)
    let resolved = try ledger.read { try time.resolve(in: $0, now: now) }
    return try ledger.read(knownAt: resolved.knownAt) { reader in
      let view = try BooksView.load(reader, time: resolved)
      let project = try project(in: reader)
      return try body(view, try configuration(time, resolved, reader, project: project))
    }
  }

  /// The configuration that counts at a time; no books are read.
  func configuration(of time: TimeRequest) throws -> LoadedConfiguration {
    if time.knownAt == nil, time.configAsOf == nil, let configurationFile {
      return configurationFile
    }
    let ledger = try openLedger(.readOnly)
    let resolved = try ledger.read { try time.resolve(in: $0, now: now) }
    return try ledger.read(knownAt: resolved.knownAt) { reader in
      try configuration(time, resolved, reader, project: try project(in: reader))
    }
  }

  private func configuration(
    _ time: TimeRequest,
    _ resolved: ResolvedTime,
    _ reader: LedgerReader,
    project: String
  ) throws -> LoadedConfiguration {
    if let text = time.configAsOf, let moment = resolved.configAsOf {
      let found = try LoadedConfiguration.recorded(reader, project: project, at: moment)
      if let found { return found }
      let first = try reader.configurationHistory(project: project).first?.record.effective
      throw TimeError.noConfiguration(text, first: first?.iso8601)
    }
    if resolved.knownAt == nil, let configurationFile { return configurationFile }
    return try LoadedConfiguration.recorded(reader, project: project) ?? LoadedConfiguration.none
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
      reader: view.reader,
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
  func campaign(named id: String) throws -> Campaign {
    guard let campaign = configuration.campaign(id) else {
      throw WorkspaceError.unknownCampaign(id, known: configuration.campaigns.map(\.id))
    }
    return campaign
  }

  /// The campaign that was asked for, else the only one.
  func campaign(orOnly id: String?) throws -> Campaign {
    if let id { return try campaign(named: id) }
    switch configuration.campaigns.count {
    case 0: throw WorkspaceError.noCampaign
    case 1: return configuration.campaigns[0]
    default: throw WorkspaceError.severalCampaigns(configuration.campaigns.map(\.id))
    }
  }
}
