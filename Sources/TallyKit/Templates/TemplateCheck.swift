import TallyModel
import TallyReport

/// What is wrong with templates.
public struct TemplateCheckAnswer: CommandAnswer {
  /// One thing that is wrong, and where.
  public struct Problem: Codable, Sendable, Hashable {
    /// The file, relative to the folder of `tally.yml`; the name of a built-in template.
    public var file: String
    /// The line, from 1.
    public var line: Int
    /// The column in characters, from 1.
    public var column: Int
    /// The last word of the error's code, such as `unknown-name`.
    public var kind: String
    /// What is wrong.
    public var reason: String
    /// The nearest name that exists; nil where none is near.
    public var suggestion: String?
  }

  /// The form of this answer.
  public var version = 1
  /// What was checked, as it is named; a partial with the templates that include it.
  public var checked: [String]
  /// Sorted by file, line and column.
  public var problems: [Problem]

  /// A line for each problem, and one sentence.
  public func text(_ style: TextStyle) -> String {
    var text = problems.map { problem in
      let near = problem.suggestion.map { "; did you mean '\($0)'?" } ?? ""
      let place = "\(problem.file):\(problem.line):\(problem.column)"
      return VisibleText.line("\(place): \(problem.reason)\(near)") + "\n"
    }.joined()
    let count = Wording.counted(checked.count, "template")
    if checked.isEmpty {
      text += "nothing to check: tally.yml names no templates and no narrative\n"
    } else if problems.isEmpty {
      text += "\(count) checked, nothing wrong\n"
    } else {
      text += "\(count) checked, \(Wording.counted(problems.count, "problem"))\n"
    }
    return text
  }
}

extension Workspace {
  /// Checks templates without rendering them: those that are named, else the team's own and the lead's own words.
  ///
  /// - Throws: `TemplateError` for a name that is none; ``WorkspaceError`` for a partial that is missing.
  public func checkTemplates(_ names: [String] = []) throws -> TemplateCheckAnswer {
    let configuration = configurationFile ?? .none
    let set = configuration.templateSet
    var checked: [String] = []
    var problems: Set<TemplateProblem> = []
    if names.isEmpty {
      let own = set.all.filter { !$0.isBuiltIn }
      let included = Set(own.flatMap { set.partials(includedBy: $0) }.map(\.name))
      for template in own where !included.contains(template.name) {
        checked.append(template.name)
        problems.formUnion(try set.check(template.name))
      }
      let campaigns = configuration.configuration.campaigns
      for path in Set(campaigns.flatMap { $0.narrative.map(\.path) }).sorted() {
        guard let text = configuration.text(of: path) else {
          throw WorkspaceError.missingPartial(path)
        }
        checked.append(path)
        problems.formUnion(set.check(narrative: text, file: path))
      }
    } else {
      for name in names where !set.isData(name) {
        checked.append(try set.template(named: name).name)
        problems.formUnion(try set.check(name))
      }
    }
    return TemplateCheckAnswer(
      checked: checked,
      problems: problems.sorted().map { problem in
        TemplateCheckAnswer.Problem(
          file: problem.file,
          line: problem.line,
          column: problem.column,
          kind: problem.kind.rawValue,
          reason: problem.reason,
          suggestion: problem.suggestion
        )
      }
    )
  }
}
