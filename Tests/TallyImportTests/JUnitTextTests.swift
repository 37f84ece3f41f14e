import TallyModel
import Testing

@testable import TallyImport

/// Pins which faults of the text are put right and counted, and which refuse the file.
@Suite struct JUnitTextTests {
  private func run(_ bytes: [UInt8]) throws -> ImportedTestRun {
    try imported(bytes, as: JUnitImporter()).testRuns[0]
  }

  private func document(_ declaration: String, _ output: [UInt8], name: String = "a") -> [UInt8] {
    let head = "\(declaration)<testsuite name='s'><testcase classname='b' name='\(name)'>"
    return Array("\(head)<system-out>".utf8) + output
      + Array("</system-out></testcase></testsuite>".utf8)
  }

  private func counts(_ run: ImportedTestRun) -> [String] {
    run.adjusted.map { "\($0.reason) \($0.count)" }
  }

  @Test(arguments: [
    "utf8", "UTF8", "utf_8", "utf-8-sig", "UTF8-BOM", "utf-16", "UCS-2", "cp65001", "x-unknown",
  ])
  func `names of UTF-8`(_ name: String) throws {
    let run = try run(document("<?xml version='1.0' encoding='\(name)'?>", [], name: "é"))
    #expect(run.cases.map(\.id) == ["b::é"])
    #expect(counts(run) == ["encoding-name 1"])
  }

  @Test(arguments: ["UTF-8", "utf-8", "us-ascii", "ISO-8859-1", "latin1", "cp1252"])
  func `encodings by their names`(_ name: String) throws {
    let run = try run(document("<?xml version=\"1.0\" encoding = \"\(name)\"?>", []))
    #expect(run.cases.map(\.id) == ["b::a"])
    #expect(run.adjusted.isEmpty)
  }

  @Test func `single bytes keep their meaning`() throws {
    for name in ["latin1", "iso8859-1", "ISO_8859-1", "windows-1252", "cp1252"] {
      let head = Array("<?xml version='1.0' encoding='\(name)'?><testsuite name='s'>".utf8)
      let test = Array("<testcase classname='b' name='".utf8) + [0xE9]
      // A control character and a byte without a meaning beside it.
      let rest = Array("'><system-out>".utf8) + [0x1B, 0x81]
      let end = Array("</system-out></testcase></testsuite>".utf8)
      let run = try run(head + test + rest + end)
      #expect(run.cases.map(\.id) == ["b::é"], "\(name)")
      #expect(counts(run) == ["repaired-character 1"], "\(name)")
    }
  }

  /// One fault each: what becomes U+FFFD, and how it is counted.
  @Test(arguments: [
    ([0xE9] as [UInt8], "repaired-byte 1"), ([0xFF], "repaired-byte 1"),
    ([0xC3], "repaired-byte 1"), ([0xE2, 0x82], "repaired-byte 1"),
    ([0xC0, 0x80], "repaired-byte 1"), ([0xF5, 0x80, 0x80, 0x80], "repaired-byte 1"),
    ([0x80, 0x80], "repaired-byte 2"), ([0xEF, 0xBF, 0xBE], "repaired-character 1"),
    ([0xEF, 0xBF, 0xBF], "repaired-character 1"), ([0xED, 0xA0, 0x80], "repaired-character 1"),
    ([0x00], "repaired-character 1"), ([0x1B], "repaired-character 1"),
    (Array("&#27;".utf8), "repaired-character 1"), (Array("&#xFFFE;".utf8), "repaired-character 1"),
    (Array("&#xd800;".utf8), "repaired-character 1"), (Array("&#0;".utf8), "repaired-character 1"),
    (Array("&#x110000;".utf8), "repaired-character 1"),
  ])
  func `what XML does not allow`(_ bytes: [UInt8], _ count: String) throws {
    for declaration in ["", "<?xml version='1.0' encoding='UTF-8'?>"] {
      let run = try run(document(declaration, bytes))
      #expect(run.cases.map(\.outcome) == [.passed])
      #expect(counts(run) == [count])
    }
    let inside = Array("<![CDATA[x".utf8) + bytes + Array("x]]>".utf8)
    #expect(try run(document("", inside)).cases.count == 1)
  }

  @Test func `a bad byte in a name or message`() throws {
    let head = Array("<testsuite><testcase classname='b' name='caf".utf8) + [0xE9]
    let failure = Array("'><failure message='na".utf8) + [0xEF] + Array("ve'/></testcase>".utf8)
    let run = try run(head + failure + Array("</testsuite>".utf8))
    #expect(run.cases.map(\.id) == ["b::caf\u{FFFD}"])
    #expect(run.cases.map(\.message) == ["na\u{FFFD}ve"])
    #expect(counts(run) == ["repaired-byte 2"])
  }

  @Test(arguments: ["\n", " ", "\r\n\t", "\u{FEFF}\n", "\n\u{FEFF}", "\u{FEFF}\u{FEFF}"])
  func `space before the declaration`(_ space: String) throws {
    let run = try run(document("\(space)<?xml version='1.0' encoding='UTF-8'?>", []))
    #expect(run.cases.count == 1)
    #expect(counts(run) == ["leading-space 1"])
  }

  /// A byte order mark behind anything is white space, also where nothing is declared.
  @Test(arguments: [("\u{FEFF}\u{FEFF}", 1), ("\n\u{FEFF}", 1), ("\u{FEFF}", 0), ("\n", 0)])
  func `space before the first element`(_ space: String, _ count: Int) throws {
    let run = try run(document(space, []))
    #expect(counts(run) == (count == 0 ? [] : ["leading-space 1"]))
  }

  @Test(arguments: ["\0\0", "\u{1A}", "\u{FEFF}", "\n\u{FEFF}\n"])
  func `what is no text behind the last element`(_ tail: String) throws {
    let run = try run(document("", []) + Array(tail.utf8))
    #expect(counts(run) == ["trailing-space 1"])
  }

  @Test(arguments: [
    "<?xml version='1.0' encoding=''?>", "<?xml encoding='UTF-8'?>", "<?XML version='1.0'?>",
    "<?xml version='1.0' encoding='utf-8 '?>", "\u{FEFF}<?xml version='1.0' standalone='maybe'?>",
  ])
  func `a declaration that is none`(_ declaration: String) throws {
    let run = try run(document(declaration, [], name: "é"))
    #expect(run.cases.map(\.id) == ["b::é"])
    #expect(counts(run) == ["xml-declaration 1"])
  }

  /// What transcoded a file often leaves the declaration as it was.
  @Test(arguments: ["ISO-8859-1", "windows-1252", "latin1"])
  func `a byte order mark counts over the declaration`(_ name: String) throws {
    let declaration = "\u{FEFF}<?xml version='1.0' encoding='\(name)'?>"
    let run = try run(document(declaration, [], name: "é"))
    #expect(run.cases.map(\.id) == ["b::é"])
    #expect(counts(run) == ["encoding-name 1"])
    let single = try self.run(document(declaration, [0xE9], name: "é"))
    #expect(single.cases.count == 1)
  }

  @Test func `an error is placed in the file as it is`() {
    let text = Array("\n\n<?xml version='1.0'?>\n<testsuite>\n<testcase name='a'></x>".utf8)
    #expect(refusal(text, as: JUnitImporter())?.contains("line 5") == true)
  }

  @Test(arguments: [true, false]) func `UTF-16 that is faulty`(_ hasMark: Bool) throws {
    for declared in ["utf-16", "UTF-8"] {
      let text =
        "<?xml version='1.0' encoding='\(declared)'?>"
        + "<testsuite><testcase classname='b' name='é'><system-out>\u{1B}</system-out></testcase>"
        + "</testsuite>"
      let units = (hasMark ? [0xFEFF] : []) + Array(text.utf16)
      let bytes = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
      #expect(try run(bytes).cases.map(\.id) == ["b::é"])
    }
  }

  /// What is odd is counted by its own name: a newline before the declaration, half a character.
  @Test(arguments: [
    ("\n", [] as [UInt16], [] as [UInt8], ["leading-space 1"]),
    ("", [0xDC00], [], ["repaired-character 1"]),
    ("", [0xD800, 0xD800], [], ["repaired-character 2"]),
    ("", [], [0x0A], ["repaired-byte 1"]), ("", [0xFFFD], [], []),
    ("\r\n", [0xD800], [0x0A], ["leading-space 1", "repaired-byte 1", "repaired-character 1"]),
  ])
  func `UTF-16 with odd parts`(
    _ lead: String,
    _ inside: [UInt16],
    _ tail: [UInt8],
    _ found: [String]
  ) throws {
    let start = "\u{FEFF}\(lead)<?xml version='1.0' encoding='utf-16'?><testsuite><testcase name='a"
    let units = Array(start.utf16) + inside + Array("é'/></testsuite>".utf16)
    let run = try run(units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } + tail)
    #expect(counts(run) == found)
    #expect(run.cases.map(\.id) == ["::a\(String(repeating: "\u{FFFD}", count: inside.count))é"])
  }

  @Test func `depth has a limit`() {
    let deep = String(repeating: "<testsuite>", count: 65)
    #expect(refusal(Array(deep.utf8), as: JUnitImporter())?.contains("[import.limit]") == true)
    let cases = "<testsuite>" + String(repeating: "<testcase name='a'>", count: 100_000)
    #expect(refusal(Array(cases.utf8), as: JUnitImporter())?.contains("[import.limit]") == true)
  }

  @Test func `what is no text is refused`() {
    let cut = Array("<testsuite><testcase name='a'>".utf8)
    #expect(refusal(cut, as: JUnitImporter())?.contains("cut off") == true)
    let foreign = Array("<?xml version='1.0' encoding='x-none'?><testsuite name='".utf8) + [0xE9]
    let end = Array("'/>".utf8)
    let refused = refusal(foreign + end, as: JUnitImporter())
    #expect(refused?.contains("an encoding that is not") == true)
  }
}
