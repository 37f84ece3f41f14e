import TallyLedger
import TallyModel

extension Workspace {
  /// Reads the books at a time, with the configuration that counts.
  ///
  /// The configuration on disk counts where there is one; else, and for `--known-at`, the journal's own.
  func read<Answer>(
    _ time: TimeRequest,
    _ body: (BooksView, LoadedConfiguration) throws -> Answer
  ) throws -> Answer {
    let ledger = try openLedger(.readOnly)
    let resolved = try ledger.read { try time.resolve(in: $0, now: now) }
    return try ledger.read(knownAt: resolved.knownAt) { reader in
      let view = try BooksView.load(reader, time: resolved)
      let project = try project(in: reader)
      let recorded = try LoadedConfiguration.latest(reader, project: project)
      let chosen = resolved.knownAt == nil ? configurationFile ?? recorded : recorded
      return try body(view, chosen ?? LoadedConfiguration.none)
    }
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
