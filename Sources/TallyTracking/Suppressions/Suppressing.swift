public import TallyModel

extension SuppressionComment {
  /// Says whether this comment silences a finding on some lines.
  ///
  /// - Parameters:
  ///   - lines: The lines of the finding's region in the new text, from 1.
  ///   - tool: The canonical tool id, such as `ruff`.
  ///   - rule: The rule id as results name it.
  ///   - names: Other names of the rule, such as pylint's `unused-import` for `W0611`.
  /// - Returns: True when the tool obeys the marker, and the comment names no rule or this one.
  public func silences(
    lines: ClosedRange<Int>,
    tool: String,
    rule: String,
    names: [String] = []
  ) -> Bool {
    guard firstLine <= lines.upperBound, lastLine >= lines.lowerBound else { return false }
    guard let known = SuppressionMarker.byName[marker], known.concerns(tool) else { return false }
    if rules.isEmpty { return true }
    let isPrefix = if case .codes = known.rules { true } else { false }
    return ([rule] + names).contains { name in
      rules.contains { Self.names($0, name, isPrefix: isPrefix) }
    }
  }

  /// Says whether a rule as written in a comment means a rule as reported.
  ///
  /// Equal but for case; a trailing `*` stands for anything; codes are prefixes (`E5`); `a.b.rule` and `tool/rule` are named by
  /// their last part as well.
  private static func names(_ written: String, _ rule: String, isPrefix: Bool) -> Bool {
    let (written, rule) = (written.lowercased(), rule.lowercased())
    if written == rule { return true }
    if written.hasSuffix("*") { return rule.hasPrefix(written.dropLast()) }
    if isPrefix && rule.hasPrefix(written) { return true }
    for separator in [".", "/"] {
      if rule.hasSuffix(separator + written) || written.hasSuffix(separator + rule) { return true }
    }
    return false
  }
}

extension FileMap {
  /// Says whether a comment of the new text silences a tool's rule on some new lines, from 1.
  ///
  /// - Parameters:
  ///   - newLines: Where the finding would be now (``FileMap/newLines(of:)``).
  ///   - tool: The canonical tool id, such as `ruff`.
  ///   - rule: The rule id as results name it.
  ///   - names: Other names of the rule.
  /// - Returns: True when one of ``FileMap/suppressions`` silences it.
  public func isSuppressed(
    newLines: ClosedRange<Int>,
    tool: String,
    rule: String,
    names: [String] = []
  ) -> Bool {
    suppressions.contains { $0.silences(lines: newLines, tool: tool, rule: rule, names: names) }
  }

  /// Says whether a comment of the new text silences an old finding at its place there.
  ///
  /// - Parameters:
  ///   - finding: A finding of the old text.
  ///   - tool: The canonical tool id, such as `ruff`.
  ///   - names: Other names of its rule.
  /// - Returns: False as well where the place of the finding is gone or not known.
  public func isSuppressed(_ finding: Finding, tool: String, names: [String] = []) -> Bool {
    guard let region = finding.region else {
      return isSuppressed(newLines: 1...1, tool: tool, rule: finding.rule, names: names)
    }
    guard let lines = newLines(of: region) else { return false }
    return isSuppressed(newLines: lines, tool: tool, rule: finding.rule, names: names)
  }
}
