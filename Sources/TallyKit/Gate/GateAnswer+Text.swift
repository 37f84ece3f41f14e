import TallyModel
import TallyReport

extension GateAnswer {
  /// A line for each policy with what would pass, the violations that came, and the decision last.
  public func text(_ style: TextStyle) -> String {
    var table = TextTable(columns: [.init(""), .init(""), .init("")])
    for check in checks {
      table.add([
        .init(check.state.rawValue, check.state.style), .init(check.title), .init(check.found),
      ])
    }
    var text = table.rendered(width: nil, colour: style.colour)
    for check in checks {
      if let remedy = check.remedy {
        text += "to pass: \(VisibleText.line(check.title)): \(VisibleText.line(remedy))\n"
      }
    }
    text += Self.list("new", new, style) + Self.list("silenced", silenced, style)
    let gone = gone.isEmpty ? "" : ", \(gone.count) gone"
    text += "gate: \(decision.rawValue)  \(VisibleText.line(branch)) \(commit.prefix(9)) against "
    text += "\(VisibleText.line(base))\(baseWords): \(new.count) new\(gone)\n"
    return text
  }

  /// What it was compared with, in brackets.
  var baseWords: String {
    let commit = baseCommit.map { " \($0.prefix(9))" } ?? ""
    switch comparedWith {
    case "previous": return " (the scan before)"
    case "newest": return " (its newest scan)"
    default: return " (\(comparedWith)\(commit))"
    }
  }

  /// How many violations a text lists.
  static let limit = 50

  private static func list(_ title: String, _ items: [Item], _ style: TextStyle) -> String {
    if items.isEmpty { return "" }
    var table = TextTable(columns: [
      .init(""), .init(""), .init("", minimum: 20, cut: .start), .init(""), .init(""),
      .init("", minimum: 20),
    ])
    for item in items.prefix(limit) {
      table.add([
        .init(title, .dim), .init(item.id, .bold), .init(item.place), .init(item.rule),
        .init(item.isWaived ? "waived" : item.cause), .init(item.message ?? "", .dim),
      ])
    }
    let rest = items.count - limit
    return table.rendered(width: style.columns, colour: style.colour)
      + (rest > 0 ? "\(title)  and \(rest) more\n" : "")
  }
}

extension GateAnswer.State {
  fileprivate var style: TextTable.Style {
    switch self {
    case .pass: .good
    case .warn: .notable
    case .fail, .undecided: .bad
    }
  }
}

extension GateAnswer.Item {
  /// File and line.
  var place: String { PlaceText.of(path, line: line) }
}
