/// The templates that ship inside the binary.
public enum BuiltinTemplates {
  /// File name, relative to the folder of templates, and text; sorted by name.
  public static var all: [(name: String, text: String)] {
    [
      ("partials/evidence.md", text(PackageResources.evidence_md)),
      ("partials/footer.md", text(PackageResources.footer_md)),
      ("partials/next-steps.md", text(PackageResources.next_steps_md)),
      ("partials/remaining.md", text(PackageResources.remaining_md)),
      ("partials/set-aside.md", text(PackageResources.set_aside_md)),
      ("partials/statement.md", text(PackageResources.statement_md)),
      ("status-update.md", text(PackageResources.status_update_md)),
    ]
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
