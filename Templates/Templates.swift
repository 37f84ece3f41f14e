/// The templates that ship inside the binary.
public enum BuiltinTemplates {
  /// File name, relative to the folder of templates, and text; sorted by name.
  public static var all: [(name: String, text: String)] {
    [
      ("partials/change-item.md", text(PackageResources.change_item_md)),
      ("partials/evidence.md", text(PackageResources.evidence_md)),
      ("partials/footer.html", text(PackageResources.footer_html)),
      ("partials/footer.md", text(PackageResources.footer_md)),
      ("partials/headline.slack.txt", text(PackageResources.headline_slack_txt)),
      ("partials/next-steps.md", text(PackageResources.next_steps_md)),
      ("partials/post.html", text(PackageResources.post_html)),
      ("partials/remaining.md", text(PackageResources.remaining_md)),
      ("partials/set-aside.md", text(PackageResources.set_aside_md)),
      ("partials/statement.md", text(PackageResources.statement_md)),
      ("partials/style.html", text(PackageResources.style_html)),
      ("partials/week.md", text(PackageResources.week_md)),
      ("pull-request.md", text(PackageResources.pull_request_md)),
      ("release-compliance.md", text(PackageResources.release_compliance_md)),
      ("slack.txt", text(PackageResources.slack_txt)),
      ("status-update.html", text(PackageResources.status_update_html)),
      ("status-update.md", text(PackageResources.status_update_md)),
      ("weekly.md", text(PackageResources.weekly_md)),
    ]
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
