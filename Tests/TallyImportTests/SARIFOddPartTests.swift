import Foundation
import TallyModel
import Testing

@testable import TallyImport

/// A part that isn't needed never refuses a file: it is repaired or left out, and counted.
@Suite struct SARIFOddPartTests {
  private func finding(_ property: String) throws -> (ImportedFinding, [SkippedCount]) {
    let sink = try sarifRun(results: result(#""ruleId": "R","# + property + ","))
    return (try #require(sink.findings.first), sink.ends[0].adjusted)
  }

  private func region(_ region: String) throws -> (ImportedFinding, [SkippedCount]) {
    let sink = try sarifRun(
      results: #"""
        {"ruleId": "R", "message": {"text": "m"}, "locations": [{"physicalLocation": {
        "artifactLocation": {"uri": "a.py"}, "region": {\#(region)}}}]}
        """#
    )
    return (try #require(sink.findings.first), sink.ends[0].adjusted)
  }

  @Test(arguments: [
    (#""startLine": "3", "startColumn": "1", "endLine": "4", "endColumn": "2""#, "3:1-4:2"),
    (#""startLine": 3, "startColumn": "one""#, "3:---:-"),
    (#""startLine": 3, "startColumn": []"#, "3:---:-"),
    (#""startLine": 3, "endLine": {"a": 1}"#, "3:---:-"),
    (#""startLine": 3, "endColumn": 2.5"#, "3:---:-"),
    (#""startLine": "3.0", "endLine": true"#, "3:---:-"), (#""startLine": 3.5"#, "-"),
    (#""startLine": 1e400"#, "-"), (#""startLine": "third""#, "-"), (#""startLine": """#, "-"),
  ])
  func `numbers of a region`(_ text: String, _ expected: String) throws {
    let (finding, adjusted) = try region(text)
    let numbers = finding.region.map { region in
      let end = [region.endLine, region.endColumn].map { $0.map(String.init) ?? "-" }
      let column = region.startColumn.map(String.init) ?? "-"
      return "\(region.startLine):\(column)-\(end[0]):\(end[1])"
    }
    #expect((numbers ?? "-") == expected)
    #expect(adjusted.contains { $0.reason == "wrong-type" })
  }

  /// A place as text, and a list of one in the place of an object.
  @Test(
    arguments: [
      (#"["a.py"]"#, "a.py", nil), (#"[{"physicalLocation": "a.py"}]"#, "a.py", nil),
      (
        #"[{"physicalLocation": [{"artifactLocation": {"uri": "a.py"}, "region": {"startLine": 3}}]}]"#,
        "a.py", 3
      ),
      (
        #"[{"physicalLocation": {"artifactLocation": [{"uri": "a.py"}], "region": [{"startLine": 3}]}}]"#,
        "a.py", 3
      ),
      (
        #"[{"physicalLocation": {"artifactLocation": "a.py", "region": {"startLine": 3}}}]"#,
        "a.py", 3
      ),
      (#"[{"physicalLocation": [{"artifactLocation": {"uri": "a.py"}}, {}]}]"#, "", nil),
    ] as [(String, String, Int?)]
  )
  func `a location in another form`(_ locations: String, _ uri: String, _ line: Int?) throws {
    let text = #"{"ruleId": "R", "message": {"text": "m"}, "locations": \#(locations)}"#
    let sink = try sarifRun(results: text)
    #expect(sink.findings.map(\.location.uri) == [uri])
    #expect(sink.findings.map(\.region?.startLine) == [line])
    #expect(sink.ends[0].adjusted.map(\.reason) == ["wrong-type"])
  }

  @Test func `an artifact that is not listed`() throws {
    let place = #""physicalLocation": {"artifactLocation": {"index": 7}}"#
    let sink = try sarifRun(
      results: #"{"ruleId": "R", "message": {"text": "m"}, "locations": [{\#(place)}]}"#
    )
    #expect(sink.findings.map(\.location.uri) == [""])
    #expect(sink.ends[0].adjusted == [SkippedCount(reason: "missing-artifact", count: 1)])
  }

  @Test(arguments: [
    #""partialFingerprints": {"h": 12, "k/v1": "x"}"#,
    #""fingerprints": {"h": {"a": "b"}, "k/v1": "x"}"#,
    #""partialFingerprints": {"h": ["a"], "g": true, "k/v1": "x"}"#,
  ])
  func `a fingerprint that is no text is left out`(_ property: String) throws {
    let (finding, adjusted) = try finding(property)
    #expect(finding.fingerprints.map(\.key) == ["k"])
    #expect(adjusted.map(\.reason) == ["wrong-type"])
  }

  @Test(arguments: [
    #""kind": "bad""#, #""kind": 7"#, #""level": 3"#, #""level": {}"#, #""ruleIndex": "zero""#,
    #""ruleIndex": -2"#, #""rule": "R""#, #""fingerprints": []"#, #""partialFingerprints": "x""#,
    #""suppressions": "none""#, #""suppressions": {}"#,
    #""baselineState": 1"#, #""suppressions": ["inSource"]"#,
  ])
  func `another part of a result`(_ property: String) throws {
    let (finding, adjusted) = try finding(property)
    #expect(finding.location.uri == "a.py" && finding.region?.startLine == 3)
    #expect(finding.suppressions.isEmpty)
    #expect(!adjusted.isEmpty)
  }

  @Test(arguments: [
    (#"{"kind": "magic"}"#, Suppression.Kind.inSource, Suppression.Status.accepted),
    (#"{"kind": "external", "status": "maybe"}"#, .external, .underReview),
    (#"{"kind": "external", "status": 1, "justification": 12}"#, .external, .underReview),
  ])
  func `a suppression is accepted only where that is certain`(
    _ text: String,
    _ kind: Suppression.Kind,
    _ status: Suppression.Status
  ) throws {
    let (finding, adjusted) = try finding(#""suppressions": [\#(text)]"#)
    #expect(finding.suppressions.map(\.kind) == [kind])
    #expect(finding.suppressions.map(\.status) == [status])
    #expect(adjusted.contains { $0.reason == "invalid-suppression" })
  }

  @Test func `what plainly means something is taken`() throws {
    let sink = try sarifRun(
      results: #"""
        {"ruleId": 17, "message": "plain", "locations": {"physicalLocation": {
        "artifactLocation": "a.py", "region": {"startLine": 1, "snippet": "x = 1"}}}}
        """#
    )
    let finding = try #require(sink.findings.first)
    #expect(finding.ruleID == "17" && finding.message == "plain")
    #expect(finding.location.uri == "a.py" && finding.snippet == "x = 1")
    #expect(sink.ends[0].adjusted == [SkippedCount(reason: "wrong-type", count: 5)])
  }

  @Test(arguments: [
    (#""executionSuccessful": "true""#, true), (#""executionSuccessful": "False""#, false),
    (#""executionSuccessful": 0"#, false), (#""executionSuccessful": "perhaps""#, true),
    (#""executionSuccessful": true, "exitCode": "one""#, true),
    (#""executionSuccessful": true, "startTimeUtc": 12"#, true),
    (#""executionSuccessful": true, "toolExecutionNotifications": "none""#, true),
    (#""executionSuccessful": true, "toolExecutionNotifications": ["none"]"#, true),
    (#""executionSuccessful": true, "ruleConfigurationOverrides": 1"#, true),
  ])
  func `an invocation`(_ invocation: String, _ succeeded: Bool) throws {
    let sink = try sarifRun(results: result(), run: #", "invocations": [{\#(invocation)}]"#)
    #expect(sink.runs.map(\.succeeded) == [succeeded])
    #expect(sink.findings.count == 1)
    #expect(!sink.ends[0].adjusted.isEmpty)
  }

  @Test(arguments: [
    #""columnKind": "bytes""#, #""columnKind": 8"#, #""invocations": "x""#, #""artifacts": "x""#,
    #""artifacts": [1]"#, #""artifacts": [{"location": 1}]"#, #""logicalLocations": 4"#,
    #""automationDetails": "nightly""#, #""versionControlProvenance": [1]"#,
    #""originalUriBaseIds": []"#, #""originalUriBaseIds": {"SRC": "file:///w/"}"#,
    #""externalPropertyFileReferences": []"#,
  ])
  func `another part of a run`(_ property: String) throws {
    let sink = try sarifRun(results: result(), run: ", " + property)
    #expect(sink.findings.count == 1 && sink.runs[0].succeeded)
    #expect(!sink.ends[0].adjusted.isEmpty)
  }

  @Test(arguments: [
    #""rules": {}"#, #""rules": [7]"#, #""rules": [{}]"#, #""rules": [{"id": "R", "name": []}]"#,
    #""rules": [{"id": "R", "defaultConfiguration": "error"}]"#,
    #""rules": [{"id": "R", "shortDescription": "short"}]"#, #""semanticVersion": 2"#,
    #""rules": [{"id": "R", "messageStrings": []}]"#, #""rules": [{"id": 7}]"#,
    #""rules": [{"id": "R", "deprecatedIds": [7, {}]}]"#, #""globalMessageStrings": 1"#,
  ])
  func `a part of the tool`(_ property: String) throws {
    let sink = try sarifRun(results: result(#""ruleIndex": 0,"#), driver: ", " + property)
    #expect(sink.findings.count == 1)
    #expect(!sink.ends[0].adjusted.isEmpty)
  }

  /// A rule that cannot be named keeps its place: results refer to rules by it.
  @Test func `a rule without id moves no other`() throws {
    let sink = try sarifRun(
      results: result(#""ruleIndex": 0,"#) + "," + result(#""ruleIndex": 1,"#),
      driver: #", "rules": [{"name": "x"}, {"id": "B"}]"#
    )
    #expect(sink.findings.map(\.ruleID) == ["unnamed", "B"])
    #expect(sink.runs[0].rules.map(\.id) == ["B"])
    #expect(!sink.ends[0].listsSilentRules)
  }

  @Test(arguments: [
    #"{"version": "2.1.0", "runs": null}"#, #"{"version": "2.1.0"}"#,
    #"{"runs": null, "version": "2.1.0"}"#,
  ])
  func `a file without runs holds none`(_ text: String) throws {
    #expect(try sarif(text).runs.isEmpty)
  }

  @Test(
    arguments: [
      ("a.py#L10", "a.py", 10, nil), ("a.py#L10C5", "a.py", 10, nil),
      ("a.py#L10-L12", "a.py", 10, 12),
      ("a.py#L10-12", "a.py", 10, 12), ("a.py#L12-L10", "a.py", 12, nil),
      ("a.py#top", "a.py#top", nil, nil),
      ("a.py#L", "a.py#L", nil, nil), ("a.py#10", "a.py#10", nil, nil),
      ("a.py#L0", "a.py#L0", nil, nil),
      ("#L3", "#L3", nil, nil),
    ] as [(String, String, Int?, Int?)]
  )
  func `lines behind a URI`(_ uri: String, _ kept: String, _ line: Int?, _ end: Int?) throws {
    let sink = try sarifRun(
      results: #"""
        {"ruleId": "R", "message": {"text": "m"}, "locations": [{"physicalLocation": {
        "artifactLocation": {"uri": "\#(uri)"}}}]}
        """#
    )
    #expect(sink.findings.map(\.location.uri) == [kept])
    #expect(sink.findings[0].region?.startLine == line && sink.findings[0].region?.endLine == end)
  }

  @Test(
    arguments: [
      (#""locations": []"#, "", nil), ("", "", nil),
      (
        #""locations": [{"logicalLocations": [{"fullyQualifiedName": "a.b", "name": "b"}]}]"#, "",
        "a.b"
      ),
      (#""locations": [{"logicalLocations": [{"name": "b"}]}]"#, "", "b"),
      (#""locations": [{}, {"logicalLocations": [{"name": "b"}]}]"#, "", "b"),
      (#""locations": [{"physicalLocation": {"region": {"startLine": 3}}}]"#, "", nil),
      (#""locations": [{"physicalLocation": {"artifactLocation": {"uri": ""}}}]"#, "", nil),
      (#""analysisTarget": {"uri": "a.exe"}"#, "a.exe", nil),
      (#""analysisTarget": {"index": 0}, "locations": []"#, "listed.exe", nil),
      (
        #""analysisTarget": {"uri": "a.exe"}, "locations": [{"logicalLocations": [{"name": "b"}]}]"#,
        "a.exe", "b"
      ),
      (
        #""analysisTarget": {"uri": "a.exe"}, "locations": [{"physicalLocation": {"artifactLocation": {"uri": "b.c"}}}]"#,
        "b.c", nil
      ),
      (#""locations": null"#, "", nil),
    ] as [(String, String, String?)]
  )
  func `a result without a location is kept`(_ more: String, _ uri: String, _ symbol: String?)
    throws
  {
    let comma = more.isEmpty ? "" : ", "
    let sink = try sarifRun(
      results: #"{"ruleId": "R", "message": {"text": "m"}\#(comma)\#(more)}"#,
      run: #", "artifacts": [{"location": {"uri": "listed.exe"}}]"#
    )
    let finding = try #require(sink.findings.first)
    #expect(finding.location.uri == uri && finding.symbol == symbol && finding.region == nil)
    #expect(sink.ends[0].skipped.isEmpty)
  }

  /// A text of a few hundred bytes can ask for one of terabytes.
  @Test func `placeholders are filled up to the limit`() throws {
    let argument = String(repeating: "x", count: 10_000)
    let text = String(repeating: "{0}", count: 1000)
    let log = #"""
      {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "t"}}, "results": [
      {"message": {"text": "\#(text)", "arguments": ["\#(argument)"]}}]}]}
      """#
    let refused = try #require(refusal(Array(log.utf8), as: SARIFImporter()))
    #expect(refused.contains("bytes in the message of 'runs[0].results[0]'"), "\(refused)")
  }

  @Test func `a long text that is not needed is left out`() throws {
    let long = String(repeating: "x", count: (1 << 20) + 1)
    let (finding, adjusted) = try region(#""startLine": 1, "snippet": {"text": "\#(long)"}"#)
    #expect(finding.snippet == nil && adjusted.map(\.reason) == ["too-long"])
    let log =
      #"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "t"}}, "results": [{"ruleId": "\#(long)"}]}]}"#
    let refused = try #require(refusal(Array(log.utf8), as: SARIFImporter()))
    #expect(refused.contains("1048577 bytes at 'runs[0].results[0].ruleId'"))
  }
}
