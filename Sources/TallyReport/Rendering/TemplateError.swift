public import TallyModel

/// One thing that is wrong with a template, and where.
public struct TemplateProblem: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// What kind of thing is wrong.
  public enum Kind: String, Sendable, Hashable {
    /// A tag isn't closed, or what closes isn't what opened.
    case syntax
    /// A name the context doesn't have.
    case unknownName = "unknown-name"
    /// A partial that is neither built in nor in the team's folder.
    case unknownPartial = "unknown-partial"
    /// A partial that includes itself, directly or through others.
    case cycle
    /// A list, object or flag printed, or text and numbers opened as a section.
    case wrongKind = "wrong-kind"
    /// Something that isn't standard Mustache.
    case unsupported
  }
  /// What kind of thing it is.
  public let kind: Kind
  /// The template's file name.
  public let file: String
  /// The line of the tag, from 1.
  public let line: Int
  /// The column of the tag in characters, from 1.
  public let column: Int
  /// What is wrong, without a period.
  public let reason: String
  /// The nearest name that exists, if one is near.
  public let suggestion: String?

  /// `file:line:column: reason`, and the nearest name.
  public var description: String {
    let near = suggestion.map { "; did you mean '\($0)'?" } ?? ""
    return "\(file):\(line):\(column): \(reason)\(near)"
  }

  /// Says whether the left problem comes first: by file, line, column.
  public static func < (lhs: Self, rhs: Self) -> Bool {
    (lhs.file, lhs.line, lhs.column) < (rhs.file, rhs.line, rhs.column)
  }
}

/// Why a template could not be rendered.
///
/// Nothing was rendered.
public enum TemplateError: UserFacingError, Equatable {
  /// There is no such template.
  case unknownTemplate(name: String, suggestion: String?)
  /// The template, or a partial it includes, is wrong; at least one problem, sorted.
  case invalid([TemplateProblem])
  /// The context isn't one that this version can render.
  case invalidContext(reason: String)

  /// `template.unknown`, `template.context`, or `template.` and the kind of the first problem.
  public var code: String {
    switch self {
    case .unknownTemplate: "template.unknown"
    case .invalid(let problems): "template." + (problems.first?.kind.rawValue ?? "invalid")
    case .invalidContext: "template.context"
    }
  }

  /// One sentence; the first problem stands for all.
  public var description: String {
    switch self {
    case .unknownTemplate(let name, _): "there is no template named '\(name)'"
    case .invalid(let problems):
      (problems.first?.description ?? "the template is wrong")
        + (problems.count > 1
          ? " (and \(problems.count - 1) more)" : "")
    case .invalidContext(let reason): "the report's context can't be rendered: \(reason)"
    }
  }

  /// The nearest template's name, or where names are documented.
  public var hint: String? {
    switch self {
    case .unknownTemplate(_, let suggestion):
      suggestion.map { "did you mean '\($0)'?" }
        ?? "'status-update' is built in; others are files in the folder that 'templates:' names"
    case .invalid: "docs/template-context.md lists every name"
    case .invalidContext: "make it with 'tally report --context'"
    }
  }
}
