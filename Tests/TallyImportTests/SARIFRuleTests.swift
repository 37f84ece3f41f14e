import Foundation
import TallyModel
import Testing

@testable import TallyImport

@Suite struct SARIFRuleTests {
  /// The rows of SARIF 2.1.0 §3.27.10: what the result says, its kind, the override, the default.
  @Test(arguments: [
    (#""level": "error","#, "", Level.error),
    (#""level": "note", "kind": "fail","#, "", .note),
    (#""kind": "review","#, "", Level.none),
    (#""kind": "open", "level": "warning","#, "", .warning),
    ("", "", .warning),
    ("", #", "defaultConfiguration": {"level": "error"}"#, .error),
    ("", #", "defaultConfiguration": {"enabled": false}"#, .warning),
    (#""level": "Error","#, #", "defaultConfiguration": {"level": "note"}"#, .error),
    (#""level": "ERR","#, #", "defaultConfiguration": {"level": "note"}"#, .note),
    ("", #", "defaultConfiguration": {"level": "NOTE"}"#, .note),
  ])
  func `level`(_ more: String, _ rule: String, _ level: Level) throws {
    let sink = try sarifRun(
      results: result(#""ruleId": "R", "# + more),
      driver: #", "rules": [{"id": "R"\#(rule)}]"#
    )
    #expect(sink.findings.map(\.level) == [level])
  }

  @Test(arguments: [
    (#""provenance": {"invocationIndex": 1},"#, Level.error),
    (#""provenance": {"invocationIndex": 0},"#, .note),
    (#""provenance": {"invocationIndex": -1},"#, .note),
    (#""provenance": {"invocationIndex": 9},"#, .note),
    ("", .note),
  ])
  func `an override counts for results of its invocation`(_ more: String, _ level: Level) throws {
    let sink = try sarifRun(
      results: result(#""ruleId": "R", "# + more),
      run: #"""
        , "invocations": [{"executionSuccessful": true}, {"executionSuccessful": true,
        "ruleConfigurationOverrides": [{"descriptor": {"index": 0},
        "configuration": {"level": "error"}}]}]
        """#,
      driver: #", "rules": [{"id": "R", "defaultConfiguration": {"level": "note"}}]"#
    )
    #expect(sink.findings.map(\.level) == [level])
  }

  @Test func `the only invocation's override counts for all results`() throws {
    let sink = try sarifRun(
      results: result(#""ruleId": "R","#),
      run: #"""
        , "invocations": [{"executionSuccessful": true, "ruleConfigurationOverrides": [
        {"descriptor": {"id": "R"}, "configuration": {"level": "none"}}]}]
        """#,
      driver: #", "rules": [{"id": "R"}]"#
    )
    #expect(sink.findings.map(\.level) == [Level.none])
  }

  @Test(arguments: [
    (#""ruleId": "A","#, "A", Level.note),
    (#""ruleIndex": 1,"#, "B", .error),
    (#""ruleId": "B/x/y","#, "B/x/y", .error),
    (#""rule": {"id": "X", "toolComponent": {"index": 0}},"#, "X", .none),
    (#""rule": {"index": 0, "toolComponent": {"guid": "g"}},"#, "X", .none),
    (#""rule": {"id": "A", "toolComponent": {"name": "ext"}},"#, "A", .warning),
    (#""ruleId": "X","#, "X", .none),
    (#""ruleId": "A", "ruleIndex": 1,"#, "A", .note),
    (#""ruleId": "Z", "ruleIndex": 99,"#, "Z", .warning),
    (#""ruleId": "","#, "unnamed", .warning),
  ])
  func `a rule is found`(_ reference: String, _ id: String, _ level: Level) throws {
    let sink = try sarifRun(
      results: result(reference),
      driver: #"""
        , "rules": [{"id": "A", "defaultConfiguration": {"level": "note"}},
        {"id": "B", "defaultConfiguration": {"level": "error"}}]},
        "extensions": [{"name": "ext", "guid": "g",
        "rules": [{"id": "X", "defaultConfiguration": {"level": "none"}}]}], "properties": {"a": 1
        """#
    )
    #expect(sink.findings.map(\.ruleID) == [id])
    #expect(sink.findings.map(\.level) == [level])
  }

  @Test(arguments: [
    ("{0} and {1}", ["a", "b"], "a and b"),
    ("{1}{1}{0}", ["a", "b"], "bba"),
    ("{{0}} {0}", ["a"], "{0} a"),
    ("{2} {x} {", ["a"], "{2} {x} {"),
    ("}} }", ["a"], "} }"),
    ("{0}", [], "{0}"),
    ("{{", [], "{{"),
    ("{0}", ["{0}"], "{0}"),
  ])
  func `placeholders`(_ text: String, _ arguments: [String], _ filled: String) {
    #expect(fillPlaceholders(text, arguments, bytesMax: 100) == filled)
  }

  @Test(arguments: [
    ("Ruff", "ruff"), ("ruff", "ruff"), ("bandit", "bandit"), ("Bandit", "bandit"),
    ("Semgrep OSS", "semgrep"), ("CodeQL command-line toolchain", "codeql"), ("ESLint", "eslint"),
    ("cfn-lint", "cfn-lint"), ("PVS-Studio", "pvs-studio"), ("clang++", "clang++"),
    ("Microsoft (R) Visual C# Compiler", "csc"), ("  spaced  out  ", "spaced-out"),
    ("golangci.com/x", "golangci.com-x"), ("!!!", "unnamed"), ("日本", "日本"),
  ])
  func `tool ids`(_ name: String, _ id: String) {
    #expect(ToolIdentity.canonicalID(of: name) == id)
  }

  @Test(
    arguments: [
      (nil, nil), ("a/b/run", "a/b"), ("a/b/", "a/b"), ("no slash", ""), ("/run", ""), ("", ""),
    ] as [(String?, String?)]
  )
  func `categories`(_ id: String?, _ category: String?) throws {
    let run = id.map { #", "automationDetails": {"id": "\#($0)"}"# } ?? ""
    #expect(try sarifRun(results: "", run: run).runs[0].category == category)
  }

  @Test(arguments: [
    (#""startLine": 1"#, "1 - - -"), (#""startLine": 2, "endLine": 1"#, "2 - - - invalid"),
    (#""startLine": 2, "startColumn": 5, "endColumn": 5"#, "2 5 - 5"),
    (#""startLine": 2, "startColumn": 5, "endColumn": 4"#, "2 5 - - invalid"),
    (#""startLine": 2, "startColumn": 5, "endLine": 3, "endColumn": 4"#, "2 5 3 4"),
    (#""startLine": 2.0, "startColumn": 0"#, "2 - - - invalid"),
    (#""startLine": -1"#, "none invalid"), (#""startLine": 18446744073709551616"#, "none invalid"),
    (#""byteOffset": 7"#, "none"), ("", "none"),
  ])
  func `regions`(_ region: String, _ expected: String) throws {
    let sink = try sarifRun(
      results: """
        {"message": {"text": "m"}, "locations": [{"physicalLocation": {
        "artifactLocation": {"uri": "a"}, "region": {\(region)}}}]}
        """
    )
    var found = "none"
    if let region = sink.findings[0].region {
      found = [region.startLine, region.startColumn, region.endLine, region.endColumn]
        .map { $0.map(String.init) ?? "-" }.joined(separator: " ")
    }
    if sink.ends[0].adjusted.contains(where: { $0.reason == "invalid-region" }) {
      found += " invalid"
    }
    #expect(found == expected)
  }

  /// Whatever is dropped is counted: the results of a run are its findings and what was skipped.
  @Test func `nothing is lost`() throws {
    for name in fixtureNames("sarif") {
      let path = fixtures.appendingPathComponent("sarif/\(name)").path
      var sink = RecordingSink()
      let input = try InputBytes(path: path)
      try SARIFImporter().importRuns(from: input, limits: ImportLimits(), to: &sink)
      #expect(sink.ends.reduce(0) { $0 + $1.findingCount } == sink.findings.count)
      for end in sink.ends {
        #expect(end.resultCount == end.findingCount + end.skipped.reduce(0) { $0 + $1.count })
      }
    }
  }

  @Test func `silent rules are told from an only-fired list`() throws {
    let rules = #", "rules": [{"id": "A"}, {"id": "B"}]"#
    let both = result(#""ruleId": "A","#) + "," + result(#""ruleId": "B", "kind": "pass","#)
    #expect(try sarifRun(results: both, driver: rules).ends[0].listsSilentRules == false)
    #expect(
      try sarifRun(results: result(#""ruleId": "A","#), driver: rules).ends[0].listsSilentRules
    )
    #expect(try sarifRun(results: "").ends[0].listsSilentRules == false)
  }
}
