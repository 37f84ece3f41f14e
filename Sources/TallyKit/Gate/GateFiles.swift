import TallyModel
import TallyReport

extension GateAnswer {
  /// The answer as Markdown, for a job's summary or a comment.
  public var summary: String {
    let verdict: String
    switch decision {
    case .pass, .warn: verdict = "✅ The gate is passed"
    case .fail: verdict = "❌ The gate asks for changes"
    case .undecided: verdict = "⚠️ The gate could not decide"
    }
    var text = "## \(verdict)\n\n"
    text += "\(code(branch)) at \(code(String(commit.prefix(9)))) against \(code(base))"
    text += " \(MarkdownEscaping.prose(baseWords)): \(new.count) new, \(gone.count) gone, "
    text += "\(silenced.count) silenced. Policies: \(MarkdownEscaping.prose(policies)).\n\n"
    text += "| | Policy | Found | To pass |\n|---|---|---|---|\n"
    for check in checks {
      text +=
        "| \(check.state.sign) \(check.state.rawValue) | \(MarkdownEscaping.prose(check.title)) "
      text += "| \(MarkdownEscaping.prose(check.found)) "
      text += "| \(MarkdownEscaping.prose(check.remedy ?? "")) |\n"
    }
    text += table("New", new) + table("Silenced", silenced) + table("Gone", gone)
    text += "\n| Lane | | Compared with | New | Gone | Open |\n|---|---|---|---:|---:|---:|\n"
    for lane in lanes {
      let base = lane.base.map { code(String($0.prefix(9))) } ?? ""
      text += "| \(code(lane.name)) | \(lane.state) | \(base) "
      text += "| \(lane.new) | \(lane.gone) | \(lane.open) |\n"
    }
    if !warnings.isEmpty { text += "\n" }
    for warning in warnings { text += "- \(MarkdownEscaping.prose(warning))\n" }
    return text
  }

  private func code(_ text: String) -> String {
    "`\(MarkdownEscaping.code(text, inTable: true))`"
  }

  private func table(_ title: String, _ items: [Item]) -> String {
    if items.isEmpty { return "" }
    var text = "\n### \(title)\n\n| | Place | Rule | Cause | Message |\n|---|---|---|---|---|\n"
    for item in items.prefix(Self.limit) {
      text += "| \(item.id) | \(code(item.place)) | \(code(item.rule)) "
      text += "| \(item.isWaived ? "waived" : item.cause) "
      text += "| \(MarkdownEscaping.prose(Wording.clipped(item.message ?? "", to: 300))) |\n"
    }
    let rest = items.count - Self.limit
    return text + (rest > 0 ? "\nand \(rest) more\n" : "")
  }

  // MARK: GitLab

  /// What is open after the change as a code quality report of GitLab, which compares it with that of the target branch.
  public var codeQuality: String {
    let open = findings.filter {
      ($0.state == .new || $0.state == .unchanged) && !$0.isWaived
    }
    let items = open.map { finding in
      JSONValue.object([
        "description": .string(VisibleText.line(finding.message ?? finding.rule)),
        "check_name": .string(VisibleText.line(finding.rule)),
        "fingerprint": .string(finding.id.description),
        "severity": .string(finding.level.severity),
        "location": .object([
          // GitLab wants a path: what is about no file is about the repository.
          "path": .string(finding.path.text.isEmpty ? "." : finding.path.text),
          "lines": .object(["begin": .int(finding.region?.startLine ?? 1)]),
        ]),
      ])
    }
    return VisibleOutput.json(JSONValue.array(items).formatted())
  }

  // MARK: SARIF

  /// Every violation before and after as SARIF 2.1.0, a run for each lane, each result with its `baselineState`.
  public var sarif: String {
    let lanes = Set(findings.map(\.lane)).union(tools.keys).sorted()
    let runs = lanes.map { lane in
      run(lane, findings.filter { $0.lane == lane })
    }
    return VisibleOutput.json(
      JSONValue.object([
        "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"),
        "version": .string("2.1.0"),
        "runs": .array(runs),
      ]).formatted()
    )
  }

  private func run(_ lane: LaneKey, _ findings: [GateFinding]) -> JSONValue {
    let tool = tools[lane]
    var known = Set((tool?.rules ?? []).map(\.id))
    var rules: [JSONValue] = (tool?.rules ?? []).map { rule in
      .object(
        ["id": .string(rule.id)].merging(
          rule.helpURI.map { ["helpUri": .string($0)] } ?? [:]
        ) { first, _ in first }
      )
    }
    for finding in findings where known.insert(finding.rule).inserted {
      rules.append(.object(["id": .string(finding.rule)]))
    }
    var driver: [String: JSONValue] = [
      "name": .string(tool?.name ?? lane.tool), "rules": .array(rules),
    ]
    if let version = tool?.version { driver["version"] = .string(version) }
    var run: [String: JSONValue] = [
      "tool": .object(["driver": .object(driver)]),
      "columnKind": .string("unicodeCodePoints"),
      "results": .array(findings.map(result)),
      "versionControlProvenance": .array([
        .object(["repositoryUri": .string("."), "revisionId": .string(commit)])
      ]),
    ]
    if !lane.category.isEmpty {
      run["automationDetails"] = .object(["id": .string("\(lane.category)/")])
    }
    return .object(run)
  }

  private func result(_ finding: GateFinding) -> JSONValue {
    var result: [String: JSONValue] = [
      "ruleId": .string(finding.rule),
      "level": .string(finding.level.name),
      "message": .object(["text": .string(finding.message ?? finding.rule)]),
      "baselineState": .string(finding.state.baseline),
      "partialFingerprints": .object(["tally/v1": .string(finding.id.description)]),
    ]
    if !finding.path.text.isEmpty {
      var place: [String: JSONValue] = [
        "artifactLocation": .object(["uri": .string(Self.uri(finding.path.text))])
      ]
      if let region = finding.region {
        var values = ["startLine": JSONValue.int(region.startLine)]
        if let column = region.startColumn { values["startColumn"] = .int(column) }
        if let line = region.endLine { values["endLine"] = .int(line) }
        if let column = region.endColumn { values["endColumn"] = .int(column) }
        place["region"] = .object(values)
      }
      result["locations"] = .array([.object(["physicalLocation": .object(place)])])
    }
    if finding.isWaived {
      result["suppressions"] = .array([.object(["kind": .string("external")])])
    } else if finding.state == .silenced {
      result["suppressions"] = .array([.object(["kind": .string("inSource")])])
    }
    return .object(result)
  }

  /// A path as a relative URI (RFC 3986): what is not unreserved is percent-encoded.
  private static func uri(_ path: String) -> String {
    let digits = Array("0123456789ABCDEF")
    var result = ""
    for byte in path.utf8 {
      let isPlain =
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
        || (0x61...0x7A).contains(byte) || "-._~/".utf8.contains(byte)
      if isPlain {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        result += "%" + String(digits[Int(byte >> 4)]) + String(digits[Int(byte & 15)])
      }
    }
    return result
  }
}

extension GateAnswer.State {
  fileprivate var sign: String {
    switch self {
    case .pass: "✅"
    case .warn: "⚠️"
    case .fail: "❌"
    case .undecided: "❔"
    }
  }
}

extension GateFinding.State {
  /// SARIF's word (§3.27.24).
  fileprivate var baseline: String {
    switch self {
    case .new, .silenced: "new"
    case .unchanged: "unchanged"
    case .absent: "absent"
    }
  }
}

extension Level {
  /// GitLab's word.
  fileprivate var severity: String {
    switch self {
    case .error: "major"
    case .warning: "minor"
    case .note, .none: "info"
    }
  }
}
