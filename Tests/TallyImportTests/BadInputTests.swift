import Foundation
import TallyModel
import Testing

@testable import TallyImport

@Suite struct BadInputTests {
  private func fixture(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: fixtures.appendingPathComponent(name)))
  }

  /// Every refusal is one sentence, a code and a hint; the list of them is read like prose.
  @Test func `sentences`() throws {
    let log = #"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "t"}}, "results": ["#
    let inputs: [(String, String)] = [
      ("empty", ""), ("white space", " \n\t\r\n"), ("byte order mark only", "\u{FEFF}"),
      ("not JSON", "hello"), ("an array", "[]"), ("a number", "42"),
      ("no version", #"{"runs": []}"#),
      ("2.0.0", #"{"version": "2.0.0", "runs": []}"#),
      ("1.0.0", #"{"runs": [{"tool": {"name": "x"}}], "version": "1.0.0"}"#),
      ("a draft", #"{"version": "2.1.0-rtm.4", "runs": []}"#),
      ("version as number", #"{"version": 2.1, "runs": []}"#),
      ("runs as object", #"{"version": "2.1.0", "runs": {}}"#),
      ("run as string", #"{"version": "2.1.0", "runs": ["x"]}"#),
      ("no tool", #"{"version": "2.1.0", "runs": [{"results": []}]}"#),
      ("no driver", #"{"version": "2.1.0", "runs": [{"tool": {}, "results": []}]}"#),
      ("no name", #"{"version": "2.1.0", "runs": [{"tool": {"driver": {}}, "results": []}]}"#),
      (
        "results as object",
        #"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "t"}}, "results": {}}]}"#
      ),
      ("a result as number", log + "1]}]}"),
      ("a property twice", log + result(#""guid": "a", "guid": "b","#) + "]}]}"),
      ("results twice", log + #"], "results": []}]}"#), ("something behind", log + "]}]} {}"),
      ("cut in a string", log + #"{"message": {"te"#), ("cut between", log + #"{"message": "#),
    ]
    var text = ""
    for (name, input) in inputs {
      let refused = try #require(
        refusal(Array(input.utf8), name: "x.sarif", as: SARIFImporter()),
        "\(name)"
      )
      #expect(refused.split(separator: "\n").count == 2)
      text += "# \(name)\n\(refused)\n"
    }
    let junit: [(String, String)] = [
      ("white space", " \n"), ("not XML", "hello"), ("other XML", "<checkstyle/>"),
      ("cut", "<testsuites><testsuite name='a'><testca"), ("unclosed", "<testsuites><testsuite>"),
      ("crossed", "<testsuites><testsuite></testsuites></testsuite>"),
      ("DOCTYPE", "<!DOCTYPE x [<!ENTITY a 'aaaa'>]><testsuites>&a;</testsuites>"),
      ("entity", "<testsuites>&nope;</testsuites>"), ("two roots", "<testsuites/><testsuites/>"),
      ("unescaped elsewhere", "<testsuites><testsuite name='a < b'/></testsuites>"),
      ("twice the same attribute", "<testsuites><testsuite name='a' name='b'/></testsuites>"),
      ("not UTF-8 as declared", "<?xml version='1.0' encoding='UTF-8'?><testsuites/>\u{FFFF}"),
    ]
    text += "\n"
    for (name, input) in junit {
      let refused = try #require(
        refusal(Array(input.utf8), name: "x.xml", as: JUnitImporter()),
        "\(name)"
      )
      text += "# \(name)\n\(refused)\n"
    }
    try expectGolden(text, "bad-input.txt")
  }

  /// Cut anywhere, a report is refused: never taken as a shorter one, and never a crash.
  @Test(arguments: [
    "sarif/everything.sarif", "sarif/semgrep.sarif", "junit/pytest.junit.xml",
    "junit/mypy.junit.xml",
  ])
  func `cut anywhere`(_ name: String) throws {
    let bytes = try fixture(name)
    let whole = bytes.lastIndex { !isWhiteSpace($0) } ?? 0
    let importer: any ReportImporter = name.hasPrefix("sarif") ? SARIFImporter() : JUnitImporter()
    for length in stride(from: 0, through: whole, by: max(1, whole / 400)) {
      #expect(refusal(Array(bytes[..<length]), as: importer) != nil, "\(name) cut at \(length)")
    }
    #expect(refusal(Array(bytes[...whole]), as: importer) == nil)
  }

  @Test func `UTF-16 and UTF-32 are named`() throws {
    let text = #"{"version": "2.1.0", "runs": []}"#
    for (encoding, name) in [
      (String.Encoding.utf16LittleEndian, "UTF-16"), (.utf16BigEndian, "UTF-16"),
      (.utf16, "UTF-16"),
      (.utf32LittleEndian, "UTF-32"), (.utf32BigEndian, "UTF-32"),
    ] {
      let bytes = Array(try #require(text.data(using: encoding)))
      for importer in [nil, SARIFImporter()] as [(any ReportImporter)?] {
        let refused = try #require(refusal(bytes, as: importer))
        #expect(refused.contains("is \(name) text") && refused.contains("[import.encoding]"))
      }
    }
  }

  @Test func `a byte order mark is skipped`() {
    let text = Array("\u{FEFF}".utf8) + Array(#"{"version": "2.1.0", "runs": []}"#.utf8)
    #expect(refusal(text) == nil)
  }

  @Test func `limits are errors and never cut anything`() throws {
    let three = (0..<3).map { _ in result() }.joined(separator: ",")
    let text = Array(
      #"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "t"}}, "results": [\#(three)]}]}"#
        .utf8
    )
    for (limits, what) in [
      (ImportLimits(bytesMax: 100), "bytes, and at most 100"),
      (
        ImportLimits(depthMax: 5),
        "6 objects and arrays inside of each other at 'runs[0].results[0].locations[0]'"
      ),
      (ImportLimits(resultsMax: 2), "3 results, and at most 2"),
      (ImportLimits(messageBytesMax: 0), "1 bytes at 'runs[0].results[0].message.text'"),
    ] {
      let refused = try #require(refusal(text, limits: limits))
      #expect(refused.contains(what), "\(refused)")
    }
    #expect(refusal(text, limits: ImportLimits(resultsMax: 3)) == nil)
    let xml = Array(
      "<testsuites><testsuite><testcase name='a'><failure message='abc'/></testcase></testsuite></testsuites>"
        .utf8
    )
    for (limits, what) in [
      (ImportLimits(depthMax: 3), "4 elements inside of each other"),
      (ImportLimits(testCasesMax: 0), "1 test cases"),
      (ImportLimits(messageBytesMax: 2), "3 bytes"),
    ] {
      let refused = try #require(refusal(xml, limits: limits))
      #expect(refused.contains(what) && refused.contains("[import.limit]"), "\(refused)")
    }
  }

  /// Random damage gives a report or a sentence, never a crash; the seed is in the failure's text.
  @Test(arguments: 0..<8)
  func `random damage`(_ seed: Int) throws {
    var generator = SplitMix(seed: UInt64(seed) &* 7919)
    let names = [
      "sarif/everything.sarif", "sarif/runs-of-every-end.sarif", "junit/nested.xml",
      "junit/swift-testing.xml",
    ]
    let alphabet = Array(#"{}[]",:\u<>&=/-0eE. "'a"#.utf8) + [0, 0x1B, 0x80, 0xC3, 0xFF]
    for name in names {
      let original = try fixture(name)
      let importer: any ReportImporter = name.hasPrefix("sarif") ? SARIFImporter() : JUnitImporter()
      for round in 0..<80 {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let at = Int.random(in: 0..<bytes.count, using: &generator)
          let length = min(Int.random(in: 1...20, using: &generator), bytes.count - at)
          switch Int.random(in: 0..<5, using: &generator) {
          case 0: bytes[at] = alphabet.randomElement(using: &generator) ?? 0
          case 1: bytes.removeSubrange(at..<(at + length))
          case 2: bytes.insert(contentsOf: bytes[at..<(at + length)], at: at)
          case 3: bytes[at] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
          default:
            let from = Int.random(in: 0...(bytes.count - length), using: &generator)
            bytes.replaceSubrange(at..<(at + length), with: Array(bytes[from..<(from + length)]))
          }
        }
        if let refused = refusal(bytes, as: importer) {
          #expect(refused.hasPrefix("error: report "), "seed \(seed), round \(round) of \(name)")
        }
      }
    }
  }
}
