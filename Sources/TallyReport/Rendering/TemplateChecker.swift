/// Finds what is wrong with a template before it is rendered, in the template and in every partial it includes.
struct TemplateChecker {
  private let set: TemplateSet
  private var problems: [TemplateProblem] = []
  /// The templates that are being walked, outermost first.
  private var path: [TemplateSet.Template] = []

  static func problems(
    of template: TemplateSet.Template,
    in set: TemplateSet,
    schema: ContextSchema
  ) -> [TemplateProblem] {
    var checker = TemplateChecker(set: set)
    checker.walk(template, scopes: [schema])
    return Array(Set(checker.problems)).sorted()
  }

  private init(set: TemplateSet) { self.set = set }

  private mutating func walk(_ template: TemplateSet.Template, scopes: [ContextSchema]) {
    let scanned = TemplateScanner.scan(template.text, file: template.file)
    problems += scanned.problems
    path.append(template)
    walk(scanned.pieces, scopes: scopes)
    path.removeLast()
  }

  private mutating func walk(_ pieces: [ScannedTemplate.Piece], scopes: [ContextSchema]) {
    for case .tag(let tag, let place) in pieces {
      switch tag {
      case .variable(let name), .unescaped(let name): checkVariable(name, place, scopes)
      case .partial(let name): include(name, place, scopes)
      case .section(let name, let inverted, let body):
        let inner = checkSection(name, place, scopes)
        walk(body, scopes: inverted || inner == nil ? scopes : scopes + [inner ?? .boolean])
      }
    }
  }

  private mutating func report(
    _ kind: TemplateProblem.Kind,
    _ place: ScannedTemplate.Place,
    _ reason: String,
    suggestion: String? = nil
  ) {
    problems.append(
      TemplateProblem(
        kind: kind,
        file: path.last?.file ?? "",
        line: place.line,
        column: place.column,
        reason: reason,
        suggestion: suggestion
      )
    )
  }

  private mutating func checkVariable(
    _ name: String,
    _ place: ScannedTemplate.Place,
    _ scopes: [ContextSchema]
  ) {
    guard let found = resolve(name, place, scopes) else { return }
    switch found {
    case .text, .number: break
    case .boolean:
      report(.wrongKind, place, "'\(name)' is true or false; open a section with it")
    case .list: report(.wrongKind, place, "'\(name)' is a list; open a section with it")
    case .object: report(.wrongKind, place, "'\(name)' holds other names; print one of those")
    }
  }

  /// What a section's body sees on top of the scopes around it; nil for the same.
  private mutating func checkSection(
    _ name: String,
    _ place: ScannedTemplate.Place,
    _ scopes: [ContextSchema]
  ) -> ContextSchema? {
    guard let found = resolve(name, place, scopes) else { return nil }
    switch found {
    case .boolean: return nil
    case .list(let item): return item
    case .object: return found
    case .text, .number:
      report(
        .wrongKind,
        place,
        "'\(name)' is \(found.kindName), which is there even when empty; use a name that begins "
          + "with has_ or is_"
      )
      return nil
    }
  }

  private mutating func resolve(
    _ name: String,
    _ place: ScannedTemplate.Place,
    _ scopes: [ContextSchema]
  ) -> ContextSchema? {
    if name == "." { return scopes.last }
    let parts = name.split(separator: ".").map(String.init)
    var found: ContextSchema?
    for scope in scopes.reversed() {
      if case .object(let members) = scope, let member = members[parts[0]] {
        found = member
        break
      }
    }
    guard var current = found else {
      let visible = scopes.flatMap { scope -> [String] in
        if case .object(let members) = scope { members.keys.sorted() } else { [] }
      }
      report(
        .unknownName,
        place,
        "the context has no '\(name)' here",
        suggestion: EditDistance.nearest(to: parts[0], among: visible)
          .map { ([$0] + parts.dropFirst()).joined(separator: ".") }
          ?? elsewhere(parts[parts.count - 1], scopes)
      )
      return nil
    }
    for index in 1..<max(1, parts.count) {
      guard case .object(let members) = current, let member = members[parts[index]] else {
        reportMember(name, parts, index, current, place)
        return nil
      }
      current = member
    }
    return current
  }

  private mutating func reportMember(
    _ name: String,
    _ parts: [String],
    _ index: Int,
    _ holder: ContextSchema,
    _ place: ScannedTemplate.Place
  ) {
    let before = parts[..<index].joined(separator: ".")
    guard case .object(let members) = holder else {
      report(.unknownName, place, "'\(before)' is \(holder.kindName) and holds no '\(name)'")
      return
    }
    report(
      .unknownName,
      place,
      "'\(before)' has no '\(parts[index])'",
      suggestion: EditDistance.nearest(to: parts[index], among: members.keys.sorted())
        .map { ([before, $0] + parts[(index + 1)...]).joined(separator: ".") }
    )
  }

  /// A name that ends with the wanted one somewhere in the outermost context.
  private func elsewhere(_ last: String, _ scopes: [ContextSchema]) -> String? {
    scopes.first?.paths.map(\.path).first { $0.hasSuffix(".\(last)") && !$0.contains("[]") }
  }

  private mutating func include(
    _ name: String,
    _ place: ScannedTemplate.Place,
    _ scopes: [ContextSchema]
  ) {
    guard let includer = path.last else { return }
    guard let partial = set.partial(name, from: includer.name) else {
      report(
        .unknownPartial,
        place,
        "there is no partial '\(name)' for .\(TemplateSet.ending(includer.name)) templates",
        suggestion: EditDistance.nearest(to: name, among: set.partialNames(for: includer.name))
      )
      return
    }
    if path.contains(where: { $0.name == partial.name }) {
      let names = path.map(\.name) + [partial.name]
      report(.cycle, place, "partials include each other: " + names.joined(separator: " > "))
      return
    }
    walk(partial, scopes: scopes)
  }
}

extension TemplateSet {
  /// Everything that is wrong with a template and its partials, sorted by file, line and column; empty when it can be rendered.
  ///
  /// - Throws: ``TemplateError/unknownTemplate(name:suggestion:)`` when there is no such template.
  public func check(_ name: String) throws(TemplateError) -> [TemplateProblem] {
    TemplateChecker.problems(of: try template(named: name), in: self, schema: .report)
  }

  /// Everything that is wrong with the lead's own Markdown, sorted by line and column.
  public func check(narrative text: String, file: String) -> [TemplateProblem] {
    let name = ContentType(fileName: file) == .markdown ? file : file + ".md"
    let set = adding(name, text)
    guard let template = try? set.template(named: name) else { return [] }
    return TemplateChecker.problems(of: template, in: set, schema: .report).map { problem in
      TemplateProblem(
        kind: problem.kind,
        file: problem.file == name ? file : problem.file,
        line: problem.line,
        column: problem.column,
        reason: problem.reason,
        suggestion: problem.suggestion
      )
    }
  }
}
