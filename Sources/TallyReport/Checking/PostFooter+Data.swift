extension PostFooter {
  /// Reads how a post was made from its data; nil where the data does not say so.
  public init?(data: JSONValue) {
    guard let footer = data["footer"],
      let asOf = footer["as_of"]?.text,
      case .number(let entries)? = footer["entries"], let count = Int(entries), count >= 0,
      let root = footer["root"]?.text, Self.isDigest(root),
      let configuration = footer["config_digest"]?.text, Self.isDigest(configuration),
      let template = footer["template"]?.text, !template.isEmpty,
      let templateDigest = footer["template_digest"]?.text, Self.isDigest(templateDigest)
    else { return nil }
    self.asOf = asOf
    self.entries = count
    self.root = root
    self.configuration = configuration
    self.template = template
    self.templateDigest = templateDigest
    knownAt = footer["known_at"]?.text ?? ""
    campaign = footer["campaign"]?.text ?? ""
    isAll = footer["is_all"] == .bool(true)
    configurationDate = footer["config_as_of"]?.text ?? ""
    generator = footer["generator"]?.text ?? ""
    if let commit = footer["commit"]?.text, !commit.isEmpty {
      change = Change(
        commit: commit,
        branch: footer["branch"]?.text ?? "",
        base: footer["base"]?.text ?? ""
      )
    } else {
      change = nil
    }
  }

  /// Says whether a text is a digest in all digits.
  private static func isDigest(_ text: String) -> Bool {
    text.wholeMatch(of: #/[0-9a-f]{64}/#) != nil
  }
}
