/// The templates that ship inside the binary.
public enum BuiltinTemplates {
  /// File name, relative to the folder of templates, and text; sorted by name.
  public static var all: [(name: String, text: String)] {
    [
      ("partials/campaign.slack.txt", text(PackageResources.campaign_slack_txt)),
      ("partials/change-item.md", text(PackageResources.change_item_md)),
      ("partials/compliance-summary.md", text(PackageResources.compliance_summary_md)),
      ("partials/compliance.md", text(PackageResources.compliance_md)),
      ("partials/evidence.md", text(PackageResources.evidence_md)),
      ("partials/footer.html", text(PackageResources.footer_html)),
      ("partials/footer.md", text(PackageResources.footer_md)),
      ("partials/forecast.md", text(PackageResources.forecast_md)),
      ("partials/integrity.md", text(PackageResources.integrity_md)),
      ("partials/next-steps.md", text(PackageResources.next_steps_md)),
      ("partials/open-list.html", text(PackageResources.open_list_html)),
      ("partials/owners.md", text(PackageResources.owners_md)),
      ("partials/post.html", text(PackageResources.post_html)),
      ("partials/post.md", text(PackageResources.post_md)),
      ("partials/remaining.md", text(PackageResources.remaining_md)),
      ("partials/set-aside.md", text(PackageResources.set_aside_md)),
      ("partials/signed-off.md", text(PackageResources.signed_off_md)),
      ("partials/since.html", text(PackageResources.since_html)),
      ("partials/since.md", text(PackageResources.since_md)),
      ("partials/statement.md", text(PackageResources.statement_md)),
      ("partials/style.html", text(PackageResources.style_html)),
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
