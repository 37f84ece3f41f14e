internal import TallyModel

extension ScanRecord {
  /// The listed rules come last, so that they can be stored apart from the rest.
  init(from reader: inout ByteReader) throws(FormatError) {
    let lane = try LaneKey(from: &reader)
    let commit: CommitID = try reader.git("commit")
    let toolName = try reader.string("tool name")
    let toolVersion = try reader.optionalString("tool version")
    let configDigest: RawDigest? = try reader.optionalHash("config digest")
    let rawDigest: RawDigest = try reader.hash("raw digest")
    let rawLength = try reader.number("raw length")
    let runIndex = try reader.number("run index")
    let sequence = try reader.optionalSigned("sequence")
    let ended = try reader.optionalTime("ended")
    let scope = try reader.sortedStrings("scope")
    let succeeded = try reader.flag("succeeded")
    let analysed: TextID? = try reader.optionalHash("analysed")
    let notices = try reader.list("notices") { (reader) throws(FormatError) in
      try ScanNotice(from: &reader)
    }
    let listsSilentRules = try reader.flag("lists silent rules")
    guard let columnUnit = ColumnUnit(rawValue: try reader.byte("column unit")) else {
      throw .invalid("column unit")
    }
    let claims: ContentID<ScanClaims> = try reader.hash("claims")
    let findingCount = try reader.number("finding count")
    let skipped = try SkippedCount.list(from: &reader)
    let rules = try reader.list("rules") { (reader) throws(FormatError) in
      try RuleRecord(from: &reader)
    }
    try Order.ascending(rules, "rules") { Order.bytes($0.id, $1.id) }
    self.init(
      lane: lane,
      commit: commit,
      toolName: toolName,
      toolVersion: toolVersion,
      configDigest: configDigest,
      rawDigest: rawDigest,
      rawLength: rawLength,
      runIndex: runIndex,
      sequence: sequence,
      ended: ended,
      scope: scope,
      succeeded: succeeded,
      analysed: analysed,
      notices: notices,
      rules: rules,
      listsSilentRules: listsSilentRules,
      columnUnit: columnUnit,
      claims: claims,
      findingCount: findingCount,
      skipped: skipped
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try encodeHead(to: &writer)
    try Order.ascending(rules, "rules") { Order.bytes($0.id, $1.id) }
    try writer.list(rules, "rules") { (writer, rule) throws(FormatError) in
      try rule.encode(to: &writer)
    }
  }

  /// Everything before the rules.
  private func encodeHead(to writer: inout ByteWriter) throws(FormatError) {
    try lane.encode(to: &writer)
    writer.git(commit)
    try writer.string(toolName, "tool name")
    try writer.optional(string: toolVersion, "tool version")
    writer.optional(hash: configDigest)
    writer.hash(rawDigest)
    try writer.number(rawLength, "raw length")
    try writer.number(runIndex, "run index")
    writer.optional(signed: sequence)
    writer.optional(time: ended)
    try writer.list(strings: scope, sorted: "scope")
    writer.flag(succeeded)
    writer.optional(hash: analysed)
    try writer.list(notices, "notices") { (writer, notice) throws(FormatError) in
      writer.byte(notice.level.rawValue)
      writer.flag(notice.path != nil)
      if let path = notice.path { try writer.path(path) }
      try writer.optional(string: notice.rule, "rule")
      writer.hash(notice.message)
    }
    writer.flag(listsSilentRules)
    writer.byte(columnUnit.rawValue)
    writer.hash(claims)
    try writer.number(findingCount, "finding count")
    try SkippedCount.encode(skipped, to: &writer)
  }
}

extension ScanNotice {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(
      level: try reader.level("level"),
      path: try reader.flag("path") ? try reader.path() : nil,
      rule: try reader.optionalString("rule"),
      message: try reader.hash("message")
    )
  }
}

extension RuleRecord {
  init(from reader: inout ByteReader) throws(FormatError) {
    self.init(
      id: try reader.string("rule"),
      name: try reader.optionalString("name"),
      defaultLevel: try reader.flag("level") ? try reader.level("level") : nil,
      tags: try reader.sortedStrings("tags"),
      deprecatedIDs: try reader.sortedStrings("deprecated ids"),
      helpURI: try reader.optionalString("help"),
      summary: try reader.optionalHash("summary"),
      securitySeverity: try reader.optionalString("security severity")
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try writer.string(id, "rule")
    try writer.optional(string: name, "name")
    writer.flag(defaultLevel != nil)
    if let defaultLevel { writer.byte(defaultLevel.rawValue) }
    try writer.list(strings: tags, sorted: "tags")
    try writer.list(strings: deprecatedIDs, sorted: "deprecated ids")
    try writer.optional(string: helpURI, "help")
    writer.optional(hash: summary)
    try writer.optional(string: securitySeverity, "security severity")
  }
}

extension SkippedCount {
  static func list(from reader: inout ByteReader) throws(FormatError) -> [SkippedCount] {
    let items = try reader.list("skipped") { (reader) throws(FormatError) in
      SkippedCount(reason: try reader.string("reason"), count: try reader.number("count"))
    }
    try check(items)
    return items
  }

  static func encode(
    _ items: [SkippedCount],
    to writer: inout ByteWriter
  ) throws(FormatError) {
    try check(items)
    try writer.list(items, "skipped") { (writer, item) throws(FormatError) in
      try writer.string(item.reason, "reason")
      try writer.number(item.count, "count")
    }
  }

  private static func check(_ items: [SkippedCount]) throws(FormatError) {
    try Order.strictlyAscending(items, "skipped") { Order.bytes($0.reason, $1.reason) }
    for item in items where item.count < 1 { throw .invalid("count") }
  }
}

extension TestRunRecord {
  /// The cases come last, so that they can be stored apart from the rest.
  init(from reader: inout ByteReader) throws(FormatError) {
    let lane = try LaneKey(from: &reader)
    let commit: CommitID = try reader.git("commit")
    let rawDigest: RawDigest = try reader.hash("raw digest")
    let rawLength = try reader.number("raw length")
    let sequence = try reader.optionalSigned("sequence")
    let started = try reader.optionalTime("started")
    let duration = try reader.flag("duration") ? try reader.number("duration") : nil
    let succeeded = try reader.flag("succeeded")
    let skipped = try SkippedCount.list(from: &reader)
    let cases = try reader.list("cases") { (reader) throws(FormatError) in
      try TestCaseResult(from: &reader)
    }
    try Order.strictlyAscending(cases, "cases") { Order.bytes($0.id, $1.id) }
    self.init(
      lane: lane,
      commit: commit,
      rawDigest: rawDigest,
      rawLength: rawLength,
      sequence: sequence,
      started: started,
      durationMilliseconds: duration,
      succeeded: succeeded,
      cases: cases,
      skipped: skipped
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try lane.encode(to: &writer)
    writer.git(commit)
    writer.hash(rawDigest)
    try writer.number(rawLength, "raw length")
    writer.optional(signed: sequence)
    writer.optional(time: started)
    writer.flag(durationMilliseconds != nil)
    if let durationMilliseconds { try writer.number(durationMilliseconds, "duration") }
    writer.flag(succeeded)
    try SkippedCount.encode(skipped, to: &writer)
    try Order.strictlyAscending(cases, "cases") { Order.bytes($0.id, $1.id) }
    try writer.list(cases, "cases") { (writer, item) throws(FormatError) in
      try item.encode(to: &writer)
    }
  }
}

extension TestCaseResult {
  init(from reader: inout ByteReader) throws(FormatError) {
    let id = try reader.string("case")
    guard let outcome = TestOutcome(rawValue: try reader.byte("outcome")) else {
      throw .invalid("outcome")
    }
    self.init(
      id: id,
      outcome: outcome,
      message: try reader.optionalHash("message"),
      path: try reader.flag("path") ? try reader.path() : nil
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try writer.string(id, "case")
    writer.byte(outcome.rawValue)
    writer.optional(hash: message)
    writer.flag(path != nil)
    if let path { try writer.path(path) }
  }
}

extension MeasurementRecord {
  init(from reader: inout ByteReader) throws(FormatError) {
    let project = try reader.string("project")
    let branch = try reader.string("branch")
    let commit: CommitID = try reader.git("commit")
    let measured = try reader.time("measured")
    let samples = try reader.list("samples") { (reader) throws(FormatError) in
      Sample(name: try reader.string("name"), value: try reader.string("value"))
    }
    try Order.ascending(samples, "samples") { Order.bytes($0.name, $1.name) }
    self.init(
      project: project,
      branch: branch,
      commit: commit,
      measured: measured,
      samples: samples
    )
  }

  func encode(to writer: inout ByteWriter) throws(FormatError) {
    try writer.string(project, "project")
    try writer.string(branch, "branch")
    writer.git(commit)
    writer.time(measured)
    try Order.ascending(samples, "samples") { Order.bytes($0.name, $1.name) }
    try writer.list(samples, "samples") { (writer, sample) throws(FormatError) in
      try writer.string(sample.name, "name")
      try writer.string(sample.value, "value")
    }
  }
}
