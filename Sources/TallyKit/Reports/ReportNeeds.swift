import TallyReport

/// What a template has to be given, found by the names it uses.
struct ReportNeeds {
  /// True when it shows a campaign.
  let campaign: Bool
  /// True when it shows what a commit adds and removes.
  let change: Bool
  /// True when it says whether the ledger is whole.
  let verification: Bool
  /// True when it lists every open violation.
  let violations: Bool
  /// True when it can show several campaigns.
  let campaigns: Bool
  /// The template's full name.
  let name: String

  /// True when the books and the configuration are enough.
  var isPlain: Bool { !change && !verification }

  init(template: String, in set: TemplateSet) throws {
    if set.isData(template) {
      (campaign, change, verification, campaigns) = (true, false, false, true)
      violations = false
      name = template
      return
    }
    name = try set.template(named: template).name
    let names = try set.namesOnDemand(usedBy: template)
    change = names.contains("change")
    verification = names.contains("verification")
    violations = names.contains("violations")
    campaign = names.contains("campaign") || !change
    campaigns = names.contains("campaigns")
  }
}
