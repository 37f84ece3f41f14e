import TallyReport

/// The forms in which a host shows remarks beside the code.
public enum AnnotationForm: String, Sendable, Hashable, CaseIterable {
  /// Workflow commands of GitHub Actions.
  case github
  /// A code quality report for GitLab, which is a file.
  case gitlab
  /// Logging commands of Azure Pipelines.
  case azure
  /// Nothing.
  case none

  /// The form of a CI system; nothing outside of one that has one.
  public init(_ provider: CIProvider?) {
    switch provider {
    case .githubActions: self = .github
    case .gitlab: self = .gitlab
    case .azurePipelines: self = .azure
    default: self = .none
    }
  }
}

extension GateAnswer {
  /// Remarks as commands of the host, a line each, ending in a line break; empty where the host has none.
  ///
  /// Whatever a scanner, a path or a test says stays data: no line of it can become a command.
  public func annotations(_ form: AnnotationForm) -> String {
    let remarks = remarks
    switch form {
    case .github: return remarks.map(Self.github).joined()
    case .azure: return remarks.map(Self.azure).joined()
    case .gitlab, .none: return ""
    }
  }

  /// One remark.
  private struct Remark {
    var isError: Bool
    var path = ""
    var line: Int?
    var column: Int?
    var title: String
    var text: String
  }

  /// What the failing policies are about, each violation once; then the policies themselves.
  private var remarks: [Remark] {
    let failing = Set(checks.filter { $0.state == .fail }.flatMap(\.violations))
    let items = (new + silenced).filter { !$0.isWaived }
    var result = items.prefix(Self.limit).map { item in
      Remark(
        isError: failing.contains(item.id),
        path: item.path,
        line: item.line,
        column: item.column,
        title: "\(item.rule) (\(item.cause))",
        text: "\(item.message ?? item.rule) [\(item.id)]"
      )
    }
    for check in checks where check.state != .pass {
      result.append(
        Remark(
          isError: check.state != .warn,
          title: "tally gate: \(check.policy)",
          text: "\(check.title): \(check.found)" + (check.remedy.map { "; to pass: \($0)" } ?? "")
        )
      )
    }
    return result
  }

  /// One line of visible text in which no other command begins.
  private static func safe(_ text: String) -> String {
    VisibleOutput.withoutCommands(VisibleText.line(text))
  }

  // MARK: GitHub

  private static func github(_ remark: Remark) -> String {
    var properties: [String] = []
    if !remark.path.isEmpty { properties.append("file=\(property(remark.path))") }
    if let line = remark.line { properties.append("line=\(line)") }
    if let column = remark.column { properties.append("col=\(column)") }
    properties.append("title=\(property(safe(remark.title)))")
    return "::\(remark.isError ? "error" : "warning") \(properties.joined(separator: ","))::"
      + "\(data(safe(remark.text)))\n"
  }

  /// Text after the second pair of colons.
  private static func data(_ text: String) -> String {
    text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }

  /// The value of a property.
  private static func property(_ text: String) -> String {
    data(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }

  // MARK: Azure

  private static func azure(_ remark: Remark) -> String {
    var properties = ["type=\(remark.isError ? "error" : "warning")"]
    if !remark.path.isEmpty {
      properties.append("sourcepath=\(azureProperty(remark.path))")
    }
    if let line = remark.line { properties.append("linenumber=\(line)") }
    if let column = remark.column { properties.append("columnnumber=\(column)") }
    properties.append("code=\(azureProperty(safe(remark.title)))")
    return "##vso[task.logissue \(properties.joined(separator: ";"))]"
      + "\(azureData(safe(remark.text)))\n"
  }

  private static func azureData(_ text: String) -> String {
    text.replacing("%", with: "%AZP25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }

  private static func azureProperty(_ text: String) -> String {
    azureData(text).replacing(";", with: "%3B").replacing("]", with: "%5D")
  }
}
