import TallyLedger
import TallyModel
import TallyReport

/// A person's word on where a campaign stands, beside what is computed.
///
/// Recorded as an attestation of a criterion that no campaign can ask for, `status:CAMPAIGN:STATE`: it has an author, a reason and an end, and is
/// taken back like any other. Stored. MUST NOT CHANGE.
struct StatusWord: Hashable {
  /// What may be said.
  enum State: String, CaseIterable {
    case done
    case onTrack = "on-track"
    case atRisk = "at-risk"
    case offTrack = "off-track"
    case stalled
  }

  /// What the criterion begins with.
  static let prefix = "status:"

  let campaign: String
  let state: State

  /// The criterion that is stored.
  var criterion: String { "\(Self.prefix)\(campaign):\(state.rawValue)" }

  init(campaign: String, state: State) {
    self.campaign = campaign
    self.state = state
  }

  /// Reads a stored criterion; nil for one that is no word on a status.
  init?(criterion: String) {
    guard criterion.hasPrefix(Self.prefix), let colon = criterion.lastIndex(of: ":"),
      let state = State(rawValue: String(criterion[criterion.index(after: colon)...]))
    else { return nil }
    self.init(campaign: String(criterion[..<colon].dropFirst(Self.prefix.count)), state: state)
  }

  /// Reads what was typed, `status:at-risk`, for a campaign; nil for a criterion.
  ///
  /// - Throws: ``RecordingError/unknownStatus(_:)``, ``RecordingError/notAboutCampaign(_:)``, ``WorkspaceError``.
  init?(typed text: String, campaign: String?, in configuration: TallyConfiguration?) throws {
    guard text.hasPrefix(Self.prefix) else {
      if campaign != nil { throw RecordingError.notAboutCampaign(text) }
      return nil
    }
    let name = String(text.dropFirst(Self.prefix.count))
    guard let state = State(rawValue: name) else { throw RecordingError.unknownStatus(name) }
    let known = configuration ?? TallyConfiguration()
    self.init(campaign: try known.campaign(orOnly: campaign).id, state: state)
  }
}

extension EvidenceContext {
  /// What a person says of the campaign's status at the time of the report; the latest word counts.
  func statusOverride() throws -> ReportContext.StatusOverride {
    let view = campaign.view
    var result = ReportContext.StatusOverride()
    let words = try view.reader.attestations().filter { _, record in
      record.project == project && record.from <= view.asOf && record.until > view.asOf
        && StatusWord(criterion: record.criterion)?.campaign == campaign.campaign.id
    }
    let latest = words.max { ($0.record.from, $0.id) < ($1.record.from, $1.id) }
    guard let (id, record) = latest, let word = StatusWord(criterion: record.criterion) else {
      return result
    }
    result.id = word.state.rawValue
    result.owner = record.owner
    result.reason = try view.reader.text(record.reason) ?? "(redacted)"
    if let late = try view.reader.entry(id)?.lateness(since: record.from) {
      result.reason += " (\(late))"
    }
    result.until = record.until.iso8601
    result.entry = id.description
    return result
  }
}
