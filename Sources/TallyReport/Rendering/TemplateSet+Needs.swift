extension TemplateSet {
  /// What stands for the context itself where a template is named.
  public static let dataName = "json"

  /// Says whether a name means the context itself: `json`, unless a team has a template of that name.
  public func isData(_ name: String) -> Bool {
    name == Self.dataName && !reports.contains { $0.name == name || Self.stem($0.name) == name }
  }

  /// Names of the outermost context whose data is made only for a template that uses them.
  public static let namesOnDemand: Set<String> = [
    "campaign", "campaigns", "change", "verification", "violations",
  ]

  /// What the templates that ship use of ``namesOnDemand``.
  ///
  /// To find it out takes a tenth of the time of a small post; a test does.
  private static let shippedNames: [String: Set<String>] = [
    "pull-request.md": ["change"],
    "release-compliance.md": ["campaign", "campaigns", "verification"],
    "slack.txt": ["campaign", "campaigns"],
    "status-update.html": ["campaign", "campaigns"],
    "status-update.md": ["campaign", "campaigns"],
    "violations.html": ["campaign", "campaigns", "violations"],
    "weekly.md": ["campaign", "campaigns"],
  ]

  /// Those of ``namesOnDemand`` that a template and its partials use.
  ///
  /// - Throws: ``TemplateError/unknownTemplate(name:suggestion:)`` when there is no such template.
  public func namesOnDemand(usedBy name: String) throws(TemplateError) -> Set<String> {
    if isData(name) { return [] }
    let template = try template(named: name)
    if isAllBuiltIn, let known = Self.shippedNames[template.name] { return known }
    return foundNames(usedBy: template)
  }

  /// The same, found in the text of the templates.
  private func foundNames(usedBy template: Template) -> Set<String> {
    var names = UsedNames(set: self)
    names.walk(template, scopes: [.report])
    return names.found.intersection(Self.namesOnDemand)
  }

  /// The partials that a template includes, directly or through others, sorted by name.
  public func partials(includedBy template: Template) -> [Template] {
    var found: [String: Template] = [:]
    var waiting = [template]
    while let next = waiting.popLast() {
      var pieces = TemplateScanner.scan(next.text, file: next.file).pieces
      while let piece = pieces.popLast() {
        guard case .tag(let tag, _) = piece else { continue }
        if case .section(_, _, let body) = tag { pieces += body }
        guard case .partial(let name) = tag, let partial = partial(name, from: next.name),
          found.updateValue(partial, forKey: partial.name) == nil
        else { continue }
        waiting.append(partial)
      }
    }
    return found.values.sorted { $0.name < $1.name }
  }
}

/// Follows a template to the names that are looked up in the outermost context.
private struct UsedNames {
  let set: TemplateSet
  var found: Set<String> = []
  private var path: [String] = []

  init(set: TemplateSet) { self.set = set }

  mutating func walk(_ template: TemplateSet.Template, scopes: [ContextSchema]) {
    if path.contains(template.name) { return }
    path.append(template.name)
    walk(TemplateScanner.scan(template.text, file: template.file).pieces, template, scopes)
    path.removeLast()
  }

  private mutating func walk(
    _ pieces: [ScannedTemplate.Piece],
    _ template: TemplateSet.Template,
    _ scopes: [ContextSchema]
  ) {
    for case .tag(let tag, _) in pieces {
      switch tag {
      case .variable(let name), .unescaped(let name): _ = resolve(name, scopes)
      case .partial(let name):
        if let partial = set.partial(name, from: template.name) { walk(partial, scopes: scopes) }
      case .section(let name, let inverted, let body):
        var inner = scopes
        switch resolve(name, scopes) {
        case .list(let item) where !inverted: inner.append(item)
        case .object(let members) where !inverted: inner.append(.object(members))
        default: break
        }
        walk(body, template, inner)
      }
    }
  }

  /// What a name stands for; notes it where the outermost context holds it.
  private mutating func resolve(_ name: String, _ scopes: [ContextSchema]) -> ContextSchema? {
    let parts = name.split(separator: ".").map(String.init)
    guard let first = parts.first else { return scopes.last }
    for (index, scope) in scopes.enumerated().reversed() {
      guard case .object(let members) = scope, var current = members[first] else { continue }
      if index == 0 { found.insert(first) }
      for part in parts.dropFirst() {
        guard case .object(let members) = current, let member = members[part] else { return nil }
        current = member
      }
      return current
    }
    return nil
  }
}
