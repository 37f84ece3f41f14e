import TallyModel
import Testing

@testable import TallyImport

@Suite struct JSONStrictnessTests {
  /// Puts a value where nobody reads it: it is checked all the same.
  private func ignoring(_ value: String) -> [UInt8] {
    Array(#"{"version": "2.1.0", "runs": [], "properties": \#(value)}"#.utf8)
  }

  @Test(arguments: [
    "null", "true", "[]", "{}", "-0", "1e400", "18446744073709551616", "1E-2", "0.10", #""""#,
    #""\ud83d\ude00 \/ \b\f\n\r\t\"\\""#, #"{"a": 1, "b": {"a": 1}}"#, #"["\u0000"]"#,
    "[1, [2, [3]]]", #"{"": 0}"#,
  ])
  func `accepts JSON that nobody reads`(_ value: String) {
    #expect(refusal(ignoring(value), as: SARIFImporter()) == nil)
  }

  @Test(arguments: [
    ("[1,2}", "cannot stand here"), ("tru", "cannot stand here"), ("nulll", "cannot stand here"),
    ("NaN", "not a JSON number"), ("Infinity", "not a JSON number"),
    ("01", "not a JSON number"), ("1.", "not a JSON number"), ("+1", "not a JSON number"),
    (".5", "not a JSON number"), ("1e", "not a JSON number"), ("-", "not a JSON number"),
    ("0x10", "not a JSON number"), ("[1,]", "cannot stand here"), ("{,}", "cannot stand here"),
    (#"{"a": 1,}"#, "cannot stand here"), (#"{"a" 1}"#, "cannot stand here"),
    (#"{a: 1}"#, "cannot stand here"), (#"{1: 1}"#, "cannot stand here"),
    ("[1 2]", "cannot stand here"),
    ("'a'", "cannot stand here"), (#""a" "b""#, "cannot stand here"),
    (#""a"b"#, "cannot stand here"), ("// c\n1", "cannot stand here"),
    (#""\x41""#, "escape"), (#""\u12g4""#, "escape"), (#""\u12""#, "escape"),
    (#"{"a": 1, "a": 2}"#, "twice"), (#"{"a": 1, "\u0061": 2}"#, "twice"),
    (#"{"ruleId": 1, "rule\u0049d": 2}"#, "twice"),
    ("\"a\nb\"", "control character"), ("\"a\u{0}b\"", "control character"),
    ("\u{0}", "cannot stand here"), ("[\u{1F}]", "cannot stand here"),
  ])
  func `refuses what is not JSON even where nobody reads it`(_ value: String, _ reason: String)
    throws
  {
    let refused = try #require(refusal(ignoring(value), as: SARIFImporter()))
    #expect(refused.contains(reason), "\(refused)")
    #expect(refused.contains("[import.malformed]"))
  }

  /// Half a surrogate pair, and bytes that are no UTF-8, as where a tool quotes a line in Latin-1.
  @Test(
    arguments: [
      (Array(#"\ud83d"#.utf8), "\u{FFFD}"), (Array(#"\ude00"#.utf8), "\u{FFFD}"),
      (Array(#"\ud83d\u0041"#.utf8), "\u{FFFD}A"),
      (Array(#"\ud83d\ud83d\ude00"#.utf8), "\u{FFFD}\u{1F600}"),
      (Array(#"\u0000"#.utf8), "\u{FFFD}"), ([0xFF], "\u{FFFD}"), ([0xC3], "\u{FFFD}"),
      ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"), (Array("\u{FFFD}".utf8) + [0xE9], "\u{FFFD}\u{FFFD}"),
    ] as [([UInt8], String)]
  )
  func `a broken character costs one character and no file`(_ bytes: [UInt8], _ read: String)
    throws
  {
    let head = """
      {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "T"}}, "results": [
      {"ruleId": "R", "message": {"text": "caf
      """
    let text = Array(head.utf8) + bytes + Array(#" é"}}]}]}"#.utf8)
    let sink = try imported(text, as: SARIFImporter())
    #expect(sink.findings.map(\.message) == ["caf\(read) é"])
    // A mark that was there before is none of them.
    let given = bytes.starts(with: Array("\u{FFFD}".utf8)) ? 1 : 0
    let marks = read.unicodeScalars.count { $0 == "\u{FFFD}" } - given
    #expect(sink.ends[0].adjusted == [SkippedCount(reason: "character-replaced", count: marks)])
  }

  /// Depth 64 is the last that is taken, counted from the log's own object.
  @Test func `nesting has a limit`() throws {
    func nested(_ depth: Int) -> [UInt8] {
      ignoring(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
    }
    #expect(refusal(nested(63), as: SARIFImporter()) == nil)
    let refused = try #require(refusal(nested(64), as: SARIFImporter()))
    #expect(refused.contains("65 objects and arrays inside of each other at 'properties[0]"))
    #expect(
      try #require(refusal(nested(1_000_000), as: SARIFImporter())).contains(
        "65 objects and arrays inside of each other"
      )
    )
  }

  /// Large objects are compared by another way than small ones.
  @Test(arguments: [2, 15, 16, 17, 40, 5000])
  func `finds a property given twice among many`(_ count: Int) throws {
    var keys = (0..<count).map { "k\($0)" }
    #expect(refusal(ignoring(object(keys)), as: SARIFImporter()) == nil)
    keys.append("k\(count / 2)")
    let refused = try #require(refusal(ignoring(object(keys)), as: SARIFImporter()))
    #expect(
      refused.contains("twice") && refused.contains("'properties.k\(count / 2)'"),
      "\(refused)"
    )
  }

  private func object(_ keys: [String]) -> String {
    "{" + keys.map { #""\#($0)": 0"# }.joined(separator: ",") + "}"
  }

  /// Method: logs whose strings, escapes and tokens cross the half-megabyte windows at every kind
  /// of place, pretty and compact; what comes out is what went in.
  @Test(arguments: [7, 262_143, 524_280, 524_288, 524_291, 1_100_003])
  func `windows cut anywhere`(_ padding: Int) throws {
    var generator = SplitMix(seed: UInt64(padding))
    for separator in ["", "\n"] {
      for filler in ["x,", "\\\\", "\\\"", "é"] {
        let count = padding / filler.utf8.count
        let long = String(repeating: filler, count: count)
        let tail = Int.random(in: 0..<40, using: &generator)
        let more = String(repeating: "\(separator)0,", count: tail)
        let text = """
          {"properties":\(separator){"a":"\(long)","b":[\(more)"\(long)"]},\(separator)"version":"2.1.0",\
          "runs":[{"tool":{"driver":{"name":"t"}},"results":[\(result(message: #"{"text":"\#(long)"}"#))]}]}
          """
        let sink = try sarif(text, limits: ImportLimits(messageBytesMax: 3_000_000))
        #expect(sink.findings.count == 1)
        let length = sink.findings[0].message.utf8.count
        #expect(length == count * (filler.hasPrefix("\\") ? 1 : 2))
      }
    }
  }

  @Test(arguments: [0, 100_000, 700_000])
  func `a string that never ends is found in every window`(_ padding: Int) throws {
    let start = #"{"version": "2.1.0", "x": ""# + String(repeating: "y, \n", count: 0)
    let text = start + String(repeating: "y, ", count: padding)
    let refused = try #require(refusal(Array(text.utf8), as: SARIFImporter()))
    #expect(refused.contains("no closing quote") && refused.contains("(byte 26)"), "\(refused)")
  }
}
