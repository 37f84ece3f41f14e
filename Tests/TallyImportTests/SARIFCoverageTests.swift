import Foundation
import TallyModel
import Testing

@testable import TallyImport

/// What a run says about what it looked at.
@Suite struct SARIFCoverageTests {
  /// The notice stands before what it refers to, as in most files.
  private func notices(_ text: String, in property: String) throws -> [ImportedNotice] {
    return try sarif(
      #"""
      {"version": "2.1.0", "runs": [{"invocations": [{"executionSuccessful": true,
      "\#(property)": [\#(text)]}], "results": [],
      "artifacts": [{"location": {"uri": "a.py"}}, {"location": {"uri": "b.py", "uriBaseId": "SRC"}}],
      "tool": {"driver": {"name": "t", "rules": [{"id": "A"}, {"id": "B", "guid": "g"}]},
      "extensions": [{"name": "ext", "guid": "AB", "rules": [{"id": "X"}],
      "notifications": [{"id": "parse", "guid": "CD", "defaultConfiguration": {"level": "error"}}]}]}}]}
      """#
    ).runs[0].notices
  }

  @Test(
    arguments: [
      (#"{"id": "A"}"#, "A"), (#"{"id": "Z"}"#, "Z"), (#"{"index": 1}"#, "B"),
      (#"{"guid": "g"}"#, "B"), (#"{"guid": "G"}"#, "B"),
      (#"{"index": 0, "toolComponent": {"guid": "ab"}}"#, "X"),
      (#"{"index": 0, "toolComponent": {"name": "ext"}}"#, "X"), (#"{"index": 9}"#, nil),
      ("{}", nil),
    ] as [(String, String?)]
  )
  func `the rule that a notification is about`(_ reference: String, _ rule: String?) throws {
    let text = #"{"level": "error", "message": {"text": "m"}, "associatedRule": \#(reference)}"#
    for property in ["toolExecutionNotifications", "toolConfigurationNotifications"] {
      #expect(try notices(text, in: property).map(\.ruleID) == [rule])
    }
  }

  @Test(
    arguments: [
      (#"{"index": 0}"#, "a.py", nil), (#"{"index": 1}"#, "b.py", "SRC"),
      (#"{"index": 9}"#, nil, nil), (#"{"uri": "c.py", "index": 0}"#, "c.py", nil),
    ] as [(String, String?, String?)]
  )
  func `the file of a notification`(_ artifact: String, _ uri: String?, _ base: String?) throws {
    let text = #"""
      {"message": {"text": "m"}, "locations": [{}, {"physicalLocation": {"artifactLocation": \#(artifact)}}]}
      """#
    for property in ["toolExecutionNotifications", "toolConfigurationNotifications"] {
      let found = try notices(text, in: property).map(\.location)
      #expect(found == [uri.map { ImportedLocation(uri: $0, uriBaseID: base) }])
    }
  }

  @Test func `every file that a notification names is left out, not only the first`() throws {
    let text = #"""
      {"level": "error", "message": {"text": "m"}, "locations": [
      {"physicalLocation": {"artifactLocation": {"index": 0}}}, {"message": {"text": "no file"}},
      {"physicalLocation": {"artifactLocation": {"uri": "c.py"}}}]}
      """#
    #expect(
      try notices(text, in: "toolExecutionNotifications").map(\.location?.uri) == ["a.py", "c.py"]
    )
  }

  @Test(
    arguments: [
      (#""exception": {"kind": "E"}"#, Level.error), (#""exception": null"#, .warning),
      (#""exception": {"kind": "E"}, "level": "note""#, .note),
      (#""level": "warning", "descriptor": {"id": "Syntax error"}"#, .error),
      (#""level": "warning", "descriptor": {"id": "PartialParsing"}"#, .error),
      (#""level": "warning", "descriptor": {"id": "Out of memory"}"#, .error),
      (#""level": "warning", "descriptor": {"id": "Timeout"}"#, .error),
      (#""level": "note", "descriptor": {"id": "Timeout"}"#, .note),
      (#""level": "warning", "descriptor": {"id": "deprecated-rule"}"#, .warning),
      (#""level": "ERROR""#, .error), (#""level": "Note""#, .note), (#""level": "fatal""#, .error),
      // What the descriptor says, where the notice gives itself no level (§3.58.6).
      (#""descriptor": {"index": 0, "toolComponent": {"name": "ext"}}"#, .error),
      (#""descriptor": {"guid": "cd", "toolComponent": {"index": 0}}"#, .error),
      (#""descriptor": {"id": "parse", "toolComponent": {"name": "ext"}}, "level": "note""#, .note),
      (#""descriptor": {"index": 0}"#, .warning),
    ] as [(String, Level)]
  )
  func `a failure that is told as a warning is an error`(_ text: String, _ level: Level) throws {
    let notice = #"{"message": {"text": "m"}, \#(text)}"#
    #expect(try notices(notice, in: "toolExecutionNotifications").map(\.level) == [level])
  }

  @Test func `an invocation gives notifications another level, by their descriptor`() throws {
    let text = #"""
      {"message": {"text": "m"}, "descriptor": {"id": "parse", "toolComponent": {"name": "ext"}}},
      {"message": {"text": "n"}, "descriptor": {"id": "load"}}], "notificationConfigurationOverrides": [
      {"descriptor": {"id": "parse", "toolComponent": {"name": "ext"}},
      "configuration": {"level": "note"}}
      """#
    #expect(
      try notices(text, in: "toolExecutionNotifications").map(\.level) == [.note, .warning]
    )
  }

  /// What drafts of the standard called them.
  @Test func `names of drafts`() throws {
    let text = #"{"level": "error", "message": {"text": "m"}}"#
    for property in ["toolNotifications", "configurationNotifications"] {
      #expect(try notices(text, in: property).map(\.level) == [.error])
    }
    let invocation = #", "invocations": [{"toolExecutionSuccessful": false}]"#
    #expect(try !sarifRun(results: "", run: invocation).runs[0].succeeded)
  }

  @Test(
    arguments: [
      (
        #"[{"location": {"uri": "a.py"}, "roles": ["analysisTarget"]}, {"location": {"uri": "b.py"}}]"#,
        ["a.py"]
      ),
      (#"[{"roles": ["resultFile", "analysisTarget"], "location": {"uri": "a.py"}}]"#, ["a.py"]),
      (#"[{"location": {"uri": "a.py"}, "roles": ["resultFile"]}]"#, nil),
      (#"[{"location": {"uri": "a.py"}}]"#, nil), ("[]", nil),
      // It says that there is a list, and of no file that it is on it.
      (#"[{"roles": ["analysisTarget"]}]"#, []),
    ] as [(String, [String]?)]
  )
  func `the files that the tool was told to analyse`(_ artifacts: String, _ uris: [String]?) throws
  {
    let run = try sarifRun(results: "", run: #", "artifacts": \#(artifacts)"#).runs[0]
    #expect(run.analysed?.map(\.uri) == uris)
  }

  @Test func `results of a run that was not successful are all kept`() throws {
    let sink = try sarifRun(
      results: result() + "," + result(),
      run: #", "invocations": [{"executionSuccessful": false}]"#
    )
    #expect(sink.runs.map(\.succeeded) == [false])
    #expect(sink.findings.count == 2)
  }

  @Test(
    arguments: [
      (#""exitCode": 2"#, false), (#""exitCode": 1"#, true), (#""exitCode": 0"#, true),
      (#""exitCode": 2, "executionSuccessful": true"#, true),
      (#""exitCode": 1, "executionSuccessful": "no""#, false),
      (#""exitSignalName": "SIGKILL""#, false),
      (#""exitSignalName": "SIGKILL", "executionSuccessful": true"#, true),
    ] as [(String, Bool)]
  )
  func `how a tool ended, where it does not say whether it was successful`(
    _ invocation: String,
    _ succeeded: Bool
  ) throws {
    let run = try sarifRun(results: "", run: #", "invocations": [{\#(invocation)}]"#).runs[0]
    #expect(run.succeeded == succeeded)
  }
}
