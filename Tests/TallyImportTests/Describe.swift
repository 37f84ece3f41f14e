import TallyImport
import TallyModel

/// A text on one line, its control characters visible.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case "\"": result += "\\\""
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}

private func list(_ name: String, _ counts: [SkippedCount]) -> [String] {
  counts.map { "  \(name) \($0.reason): \($0.count)" }
}

private func optional(_ name: String, _ value: (some CustomStringConvertible)?) -> [String] {
  value.map { ["  \(name): \($0)"] } ?? []
}

private func place(_ location: ImportedLocation) -> String {
  quoted(location.uri) + (location.uriBaseID.map { " base \($0)" } ?? "")
}

func describe(_ run: ImportedRun) -> [String] {
  var lines = ["run \(run.index): \(quoted(run.toolName)) = \(run.toolID)"]
  lines += optional("version", run.toolVersion)
  lines += optional("category", run.category.map(quoted))
  lines += optional("columns", run.columnUnit.map { String(describing: $0) })
  lines.append("  succeeded: \(run.succeeded)\(run.failure.map { " (\($0))" } ?? "")")
  lines += optional("exit code", run.exitCode)
  lines += optional("started", run.started?.iso8601) + optional("ended", run.ended?.iso8601)
  lines.append("  artifacts: \(run.artifactCount)")
  lines += optional("analysed", run.analysed.map { $0.map(place).joined(separator: ", ") })
  for base in run.baseURIs {
    lines.append("  base \(base.name): \(base.uri ?? "-") in \(base.baseName ?? "-")")
  }
  for revision in run.revisions {
    let parts = [revision.repositoryURI, revision.revisionID, revision.branch].map { $0 ?? "-" }
    lines.append("  revision: \(parts.joined(separator: " "))")
  }
  for notice in run.notices {
    let file = notice.location.map(place) ?? "-"
    let id = notice.descriptorID ?? "-"
    let rule = notice.ruleID.map { " of rule \($0)" } ?? ""
    lines.append("  notice \(notice.level) \(id) \(file)\(rule): \(quoted(notice.message))")
  }
  for rule in run.rules { lines.append("  rule \(describe(rule))") }
  return lines
}

private func describe(_ rule: ImportedRule) -> String {
  var parts = [rule.id]
  if let name = rule.name { parts.append("name \(quoted(name))") }
  if let level = rule.defaultLevel { parts.append("level \(level)") }
  if !rule.tags.isEmpty { parts.append("tags \(rule.tags.joined(separator: ","))") }
  if !rule.deprecatedIDs.isEmpty {
    parts.append("was \(rule.deprecatedIDs.joined(separator: ","))")
  }
  if let severity = rule.securitySeverity { parts.append("severity \(severity)") }
  if let uri = rule.helpURI { parts.append("help \(uri)") }
  if let summary = rule.summary { parts.append(quoted(summary)) }
  return parts.joined(separator: " | ")
}

private func describe(_ region: SourceRegion) -> String {
  let end = region.endLine.map(String.init) ?? "-"
  let columns = [region.startColumn, region.endColumn].map { $0.map(String.init) ?? "-" }
  return "\(region.startLine):\(columns[0])-\(end):\(columns[1])"
}

func describe(_ finding: ImportedFinding) -> [String] {
  let region = finding.region.map { " " + describe($0) } ?? ""
  var lines = [
    "finding \(finding.index): \(finding.ruleID) \(finding.level) \(finding.kind)",
    "  at \(place(finding.location))\(region)",
    "  message: \(quoted(finding.message))",
  ]
  lines += optional("snippet", finding.snippet.map(quoted))
  lines += optional("context", finding.contextSnippet.map(quoted))
  lines += optional("symbol", finding.symbol)
  for print in finding.fingerprints {
    let version = print.version.map { " version \($0)" } ?? ""
    let kind = print.isFull ? "fingerprint" : "partial fingerprint"
    lines.append("  \(kind) \(print.key)\(version): \(quoted(print.value))")
  }
  for suppression in finding.suppressions {
    let why = suppression.justification.map { ": \(quoted($0))" } ?? ""
    lines.append("  suppressed \(suppression.kind) \(suppression.status)\(why)")
  }
  if finding.furtherLocations > 0 { lines.append("  and \(finding.furtherLocations) more") }
  return lines
}

func describe(_ end: ImportedRunEnd) -> [String] {
  [
    "end: \(end.resultCount) results, \(end.findingCount) findings, "
      + "\(end.furtherLocations) further locations, lists silent rules: \(end.listsSilentRules)"
  ] + list("skipped", end.skipped) + list("adjusted", end.adjusted)
    + list("ignored", end.ignoredProperties) + list("unknown", end.unknownProperties)
}

func describe(_ run: ImportedTestRun) -> [String] {
  var lines = ["test run: \(run.runner)"]
  for suite in run.suites { lines.append("  suite \(quoted(suite))") }
  lines += optional("started", run.started?.iso8601)
  lines += optional("milliseconds", run.durationMilliseconds)
  lines.append("  succeeded: \(run.succeeded)\(run.failure.map { " (\($0))" } ?? "")")
  lines.append("  elements: \(run.elementCount), cases: \(run.cases.count)")
  for item in run.cases {
    let file = item.file.map { " [\($0)]" } ?? ""
    let message = item.message.map { ": \(quoted($0))" } ?? ""
    lines.append("  \(item.outcome.name) \(quoted(item.id))\(file)\(message)")
  }
  return lines + list("adjusted", run.adjusted) + list("ignored", run.ignored)
}
