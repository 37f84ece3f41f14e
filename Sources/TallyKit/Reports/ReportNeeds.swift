import TallyReport

/// What a template has to be given, found by the names it uses.
struct ReportNeeds {
  /// True when it shows a campaign.
  let campaign: Bool
  /// True when it shows what a commit adds and removes.
  let change: Bool
  /// True when it says whether the ledger is whole.
  let verification: Bool

  init(template: String, in set: TemplateSet) throws {
    if set.isData(template) {
      (campaign, change, verification) = (true, false, false)
      return
    }
    let names = try set.names(usedBy: template)
    change = names.contains("change")
    verification = names.contains("verification")
    campaign = names.contains("campaign") || !change
  }
}
