/// The templates that a report can use: the built-in ones, and a team's own that override or add to them.
public struct TemplateSet: Sendable {
  /// One template.
  public struct Template: Sendable, Hashable {
    /// The file's name relative to the folder of templates, such as `status-update.md` or `partials/footer.md`.
    public let name: String
    /// The text, line breaks as `\n`.
    public let text: String
    /// True for a template that ships with the program.
    public let isBuiltIn: Bool
    /// The path for messages: the name for a built-in template.
    public let file: String
  }

  private var templates: [String: Template] = [:]

  /// Creates a set; where both have a name, the team's counts.
  ///
  /// - Parameters:
  ///   - builtIn: name and text of what ships with the program.
  ///   - own: name and text of the team's files, names relative to their folder.
  ///   - folder: the team's folder, for messages only.
  public init(
    builtIn: [(name: String, text: String)],
    own: [(name: String, text: String)] = [],
    folder: String = ""
  ) {
    for (name, text) in builtIn { add(name, text, isBuiltIn: true, file: name) }
    for (name, text) in own {
      add(name, text, isBuiltIn: false, file: folder.isEmpty ? name : "\(folder)/\(name)")
    }
  }

  private mutating func add(_ name: String, _ text: String, isBuiltIn: Bool, file: String) {
    templates[name] = Template(
      name: name,
      text: text.utf8.contains(UInt8(ascii: "\r")) ? text.replacing("\r\n", with: "\n") : text,
      isBuiltIn: isBuiltIn,
      file: file
    )
  }

  /// The set with one more template that isn't built in.
  func adding(_ name: String, _ text: String) -> TemplateSet {
    var copy = self
    copy.add(name, text, isBuiltIn: false, file: name)
    return copy
  }

  /// Every template, sorted by name; partials among them.
  public var all: [Template] {
    templates.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// True when no team has added to what ships or replaced any of it.
  var isAllBuiltIn: Bool { templates.values.allSatisfy(\.isBuiltIn) }

  /// The templates a report can be made from: all but those in `partials/`, sorted by name.
  public var reports: [Template] { all.filter { !$0.name.hasPrefix("partials/") } }

  /// The bytes that the digest of a template covers: name and text of it and of every partial it reaches, each with its length
  /// before it, sorted by name.
  ///
  /// The partials that some narrative texts reach are among them; the texts themselves are not.
  public func digestInput(of template: Template, narrative: [String] = []) -> [UInt8] {
    var covered = Set([template] + partials(includedBy: template))
    for text in narrative where text.contains("{{>") {
      let set = adding("narrative.md", text)
      guard let own = set.templates["narrative.md"] else { continue }
      covered.formUnion(set.partials(includedBy: own))
    }
    var result: [UInt8] = []
    for template in covered.sorted(by: { $0.name < $1.name }) {
      for part in [template.name, template.text] {
        let length = UInt64(part.utf8.count)
        for shift in stride(from: 56, through: 0, by: -8) {
          result.append(UInt8(truncatingIfNeeded: length >> UInt64(shift)))
        }
        result += Array(part.utf8)
      }
    }
    return result
  }

  /// The template a person names: `status-update.md`, or `status-update` where only one ending exists or Markdown is among them.
  ///
  /// - Throws: ``TemplateError/unknownTemplate(name:suggestion:)`` with the nearest name.
  public func template(named name: String) throws(TemplateError) -> Template {
    if let exact = templates[name] { return exact }
    let sameStem = reports.filter { Self.stem($0.name) == name }
    if let markdown = sameStem.first(where: { ContentType(fileName: $0.name) == .markdown }) {
      return markdown
    }
    if let first = sameStem.first, sameStem.count == 1 { return first }
    let candidates = reports.flatMap { [$0.name, Self.stem($0.name)] } + [Self.dataName]
    throw .unknownTemplate(
      name: name,
      suggestion: EditDistance.nearest(to: name, among: candidates)
    )
  }

  /// The partial that a tag names inside a template of some ending; `{{> footer}}` in `a.md` is `partials/footer.md`, else `footer.md`.
  func partial(_ name: String, from includer: String) -> Template? {
    let ending = Self.ending(includer)
    for candidate in ["partials/\(name).\(ending)", "\(name).\(ending)", "partials/\(name)", name] {
      if let found = templates[candidate], Self.ending(found.name) == ending { return found }
    }
    return nil
  }

  /// What a partial of some ending may be called, for suggestions.
  func partialNames(for includer: String) -> [String] {
    let ending = Self.ending(includer)
    return all.filter { Self.ending($0.name) == ending && $0.name.hasPrefix("partials/") }
      .map { Self.stem(String($0.name.dropFirst("partials/".count))) }
  }

  static func ending(_ name: String) -> String {
    if ContentType(fileName: name) == .slack { return ContentType.slack.rawValue }
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return "" }
    return String(name[name.utf8.index(after: dot)...])
  }

  /// A name without its ending.
  public static func stem(_ name: String) -> String {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return name }
    return String(name[..<dot])
  }
}
