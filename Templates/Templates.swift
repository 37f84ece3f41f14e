/// The templates that ship inside the binary.
public enum BuiltinTemplates {
  /// File name, relative to the folder of templates, and text; sorted by name.
  public static var all: [(name: String, text: String)] {
    [
      ("partials/campaign.slack.txt", text(PackageResources.campaign_slack_txt)),
      ("partials/change-item.md", text(PackageResources.change_item_md)),
      ("partials/changes.html", text(PackageResources.changes_html)),
      ("partials/changes.md", text(PackageResources.changes_md)),
      ("partials/commits.html", text(PackageResources.commits_html)),
      ("partials/commits.md", text(PackageResources.commits_md)),
      ("partials/compliance-summary.md", text(PackageResources.compliance_summary_md)),
      ("partials/compliance.md", text(PackageResources.compliance_md)),
      ("partials/criteria.html", text(PackageResources.criteria_html)),
      ("partials/criteria.md", text(PackageResources.criteria_md)),
      ("partials/evidence.html", text(PackageResources.evidence_html)),
      ("partials/evidence.md", text(PackageResources.evidence_md)),
      ("partials/footer.html", text(PackageResources.footer_html)),
      ("partials/footer.md", text(PackageResources.footer_md)),
      ("partials/forecast.html", text(PackageResources.forecast_html)),
      ("partials/forecast.md", text(PackageResources.forecast_md)),
      ("partials/headline.html", text(PackageResources.headline_html)),
      ("partials/headline.md", text(PackageResources.headline_md)),
      ("partials/integrity.md", text(PackageResources.integrity_md)),
      ("partials/next-steps.html", text(PackageResources.next_steps_html)),
      ("partials/next-steps.md", text(PackageResources.next_steps_md)),
      ("partials/open-list.html", text(PackageResources.open_list_html)),
      ("partials/owners.html", text(PackageResources.owners_html)),
      ("partials/owners.md", text(PackageResources.owners_md)),
      ("partials/post.html", text(PackageResources.post_html)),
      ("partials/post.md", text(PackageResources.post_md)),
      ("partials/remaining.html", text(PackageResources.remaining_html)),
      ("partials/remaining.md", text(PackageResources.remaining_md)),
      ("partials/set-aside.html", text(PackageResources.set_aside_html)),
      ("partials/set-aside.md", text(PackageResources.set_aside_md)),
      ("partials/signed-off.md", text(PackageResources.signed_off_md)),
      ("partials/since.html", text(PackageResources.since_html)),
      ("partials/since.md", text(PackageResources.since_md)),
      ("partials/statement.html", text(PackageResources.statement_html)),
      ("partials/statement.md", text(PackageResources.statement_md)),
      ("partials/style.html", text(PackageResources.style_html)),
      ("partials/system.html", text(PackageResources.system_html)),
      ("partials/system.md", text(PackageResources.system_md)),
      ("partials/tests.html", text(PackageResources.tests_html)),
      ("partials/tests.md", text(PackageResources.tests_md)),
      ("partials/week.md", text(PackageResources.week_md)),
      ("pull-request.md", text(PackageResources.pull_request_md)),
      ("release-compliance.md", text(PackageResources.release_compliance_md)),
      ("slack.txt", text(PackageResources.slack_txt)),
      ("status-update.html", text(PackageResources.status_update_html)),
      ("status-update.md", text(PackageResources.status_update_md)),
      ("violations.html", text(PackageResources.violations_html)),
      ("weekly.md", text(PackageResources.weekly_md)),
    ]
  }

  /// What each name of the context means, as `docs/template-context.md` says it, by its name with `[]` for places in lists.
  public static var meanings: [String: String] {
    let lines = text(PackageResources.context_names_txt).split(separator: "\n")
    return Dictionary(
      lines.compactMap { line in
        line.firstIndex(of: "\t").map {
          (String(line[..<$0]), String(line[line.index(after: $0)...]))
        }
      },
      uniquingKeysWith: { first, _ in first }
    )
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
