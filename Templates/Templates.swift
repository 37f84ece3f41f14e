/// The templates that ship inside the binary.
public enum BuiltinTemplates {
  /// File name and text, sorted by name.
  public static var all: [(name: String, text: String)] {
    [
      (
        "status-update.md",
        String(decoding: PackageResources.status_update_md, as: UTF8.self)
      )
    ]
  }
}
