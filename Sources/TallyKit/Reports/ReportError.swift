public import TallyModel

/// Why a post cannot be written as it was asked for.
public enum ReportError: UserFacingError, Hashable {
  /// A template that shows a change was asked for another time than now.
  case changeIsNow(template: String)
  /// Options that choose a change were given to a template that shows none.
  case noChange(template: String)
  /// Every campaign was asked for, and the template shows one.
  case oneCampaign(template: String)
  /// A post without a campaign was to be recorded.
  case nothingToRecord(template: String)

  /// What scripts match on.
  public var code: String {
    switch self {
    case .changeIsNow: "report.change-is-now"
    case .noChange: "report.no-change"
    case .oneCampaign: "report.one-campaign"
    case .nothingToRecord: "report.nothing-to-record"
    }
  }

  /// The sentence.
  public var description: String {
    switch self {
    case .changeIsNow(let template):
      "'\(template)' shows a change as it is now, and a time in the past was asked for"
    case .noChange(let template):
      "'\(template)' shows no change, and one was chosen with --base, --commit or --branch"
    case .oneCampaign(let template): "'\(template)' shows one campaign, and all were asked for"
    case .nothingToRecord(let template):
      "'\(template)' is about no campaign, so there is no later post to compare it with"
    }
  }

  /// What to do about it.
  public var hint: String? {
    switch self {
    case .changeIsNow: "leave out --as-of, --known-at and --config-as-of"
    case .noChange: "'pull-request' shows one; leave the options out for the others"
    case .oneCampaign: "choose one with --campaign, or use 'weekly', which shows several"
    case .nothingToRecord: "leave out --record"
    }
  }
}
